"""What is a record? (Imported with the first one: it brings pydantic.)"""

import json
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import TypeRef
from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import NotSelectedError, UnknownNameError
from amplify_data_client.results import wire_text

from .spec import FieldSpec, RecordSpec
from .tie import Tie


class Record(BaseModel):
    """An item of a model, or a value of a custom type: frozen, compared by data.

    Attributes have Python's names; reading by the schema's works too (`todo.isDone`).
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", protected_namespaces=(), defer_build=False)
    __slots__ = ("_tie",)
    __amplify_type__: ClassVar[str]
    __amplify_spec__: ClassVar[RecordSpec]
    __amplify_fields__: ClassVar[dict[str, FieldSpec]]

    def to_dict(self) -> dict[str, Any]:
        """Give the data with the schema's names, JSON-ready, as it came: dates as text, AWSJSON as JSON text."""
        shown = {
            spec.name: _wire(spec, self.__dict__[spec.python])
            for spec in self.__amplify_spec__.fields
            if spec.python in self.__dict__
        }
        return {**shown, **(self.__pydantic_extra__ or {})}

    # the encoder of the managed Lambda runtime (simplejson's) calls this, so a handler may return a record as it is
    def _asdict(self) -> dict[str, Any]:
        return self.to_dict()

    def to_json(self) -> str:
        """Give `to_dict()` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def wire_value(self, name: str) -> Any:
        """Give what to send back for a field, by its schema name.

        Raises:
            KeyError: The record has no such field.
        """
        spec = self.__amplify_fields__[name]
        return _wire(spec, self.__dict__[spec.python])

    def __getattr__(self, name: str) -> Any:
        if name == "_tie":
            return None
        if name.startswith("__"):
            raise AttributeError(name)
        own = type(self)
        spec = own.__amplify_fields__.get(name)
        if spec is not None and spec.python != name:
            return getattr(self, spec.python)
        extra = self.__pydantic_extra__
        if extra and name in extra:
            return extra[name]
        for python, field in own.__amplify_spec__.relations:
            if field.name == name:
                return getattr(self, python)
        raise _missing(own, name)

    def __copy__(self) -> "Record":
        return _tied(super().__copy__(), self._tie)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> "Record":
        return _tied(super().__deepcopy__(memo), self._tie)

    def __reduce__(self) -> Any:
        from .builder import restored

        return restored, (self.__amplify_spec__, self.to_dict())


def _tied(record: Record, tie: Tie | None) -> Record:
    object.__setattr__(record, "_tie", tie)
    return record


def _missing(own: type[Record], name: str) -> AttributeError:
    spec = own.__amplify_spec__
    names = Names(spec.all_names)
    if names.schema(name) is not None:
        had = ", ".join(field.name for field in spec.fields)
        return NotSelectedError(
            f"This {spec.type_name} has no {name!r}: the reply had only {had}. Add it to the selection_set."
        )
    near = did_you_mean(name, map(names.python, names))
    return UnknownNameError(f"{spec.type_name} has no field {name!r}.{near}")


def _wire(spec: FieldSpec, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, list) and spec.field.type.is_array:
        return [_wire_item(spec.field.type, item) for item in value]
    return _wire_item(spec.field.type, value)


def _wire_item(kind: TypeRef, value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if kind.name == "AWSJSON":
        # what came as other than text, or as text that is no JSON, was handed over as it came
        return value if _is_odd_json(value) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return wire_text(value) if hasattr(value, "isoformat") else value


def _is_odd_json(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, scalars.JSONText)
