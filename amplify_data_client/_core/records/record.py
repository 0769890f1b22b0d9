"""Defines the base class of all records; it is imported with the first record, because it imports pydantic."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from pydantic import BaseModel, ConfigDict

from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import NotSelectedError, OperationError, UnknownNameError
from amplify_data_client.results import json_text

from .fields import Layout
from .spec import RecordSpec

if TYPE_CHECKING:
    from .loader import RelationLoader


class FrozenRecordError(OperationError, AttributeError, ValueError):
    """An attribute of a record was set or deleted. (A ValueError too: pydantic's own error for frozen models is one.)"""


class Record(BaseModel):
    """An item of a model, or a value of a custom type: frozen, compared by data.

    Attributes have Python's names; reading by the schema's works too (`todo.isDone`).
    """

    # each class gets its validator from `classes`, which knows more than annotations say
    model_config = ConfigDict(frozen=True, extra="allow", protected_namespaces=(), defer_build=True)
    __slots__ = ("_loader", "_texts", "_tokens")
    __amplify_type__: ClassVar[str]
    __amplify_spec__: ClassVar[RecordSpec]
    __amplify_layout__: ClassVar[Layout]
    __amplify_restore__: ClassVar[Callable[[RecordSpec, dict[str, Any]], Any]]

    def to_dict(self) -> dict[str, Any]:
        """Give the data with the schema's names, JSON-ready, as it came: dates as text, AWSJSON as JSON text."""
        data = self.__dict__
        shown = {}
        for name, (python, write) in self.__amplify_layout__.fields.items():
            if python in data:
                value = data[python]
                shown[name] = value if write is None else write(self, value)
        if self.__pydantic_extra__:
            shown.update(self.__pydantic_extra__)
        return shown

    def to_input(self) -> dict[str, Any]:
        """Give what makes another item like this one: `create({**todo.to_input(), "name": "a copy"})`.

        It has the fields that were loaded and that a create takes, under Python's names: no relations, no nulls, none
        of the fields that the API sets, and no `id` where that alone is the identifier.
        """
        spec, given = self.__amplify_spec__, {}
        for one in spec.fields:
            value = self.__dict__.get(one.python)
            if value is None or one.field.type.kind == "model" or not one.field.is_settable:
                continue
            given[one.python] = self.wire_value(one.name) if one.record is None else _as_input(value)
        if spec.identifier == ("id",):
            given.pop("id", None)
        return given

    # the encoder of the managed Lambda runtime (simplejson's) calls this, so a handler may return a record as it is
    def _asdict(self) -> dict[str, Any]:
        return self.to_dict()

    def to_json(self) -> str:
        """Give `to_dict()` as JSON text."""
        return json_text(self.to_dict())

    def wire_value(self, name: str) -> Any:
        """Give what to send back for a field, by its schema name.

        Raises:
            KeyError: The record has no such field.
        """
        python, write = self.__amplify_layout__.fields[name]
        value = self.__dict__[python]
        return value if write is None else write(self, value)

    def __getattr__(self, name: str) -> Any:
        if name in ("_loader", "_texts", "_tokens"):  # a slot that was never filled
            return None
        if name.startswith("__"):
            raise AttributeError(name)
        own = type(self)
        known = own.__amplify_layout__.fields.get(name)
        if known is not None and known[0] != name:
            return getattr(self, known[0])
        extra = self.__pydantic_extra__
        if extra and name in extra:
            return extra[name]
        for python, field in own.__amplify_spec__.relations:
            if field.name == name != python:
                return getattr(self, python)
        raise _missing(self, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return (
            self.__amplify_type__ == other.__amplify_type__
            and self.__dict__ == other.__dict__
            and (self.__pydantic_extra__ or {}) == (other.__pydantic_extra__ or {})
        )

    def __hash__(self) -> int:
        names = self.__amplify_spec__.identifier or self.__dict__
        found = [(name, self.__dict__[name]) for name in names if name in self.__dict__]
        # lists and mappings, which a custom type or an odd reply may have, are told apart by == alone
        return hash((self.__amplify_type__, frozenset(one for one in found if _is_hashable(one))))

    if not TYPE_CHECKING:  # to a type checker, these would let any attribute be set

        def __setattr__(self, name: str, value: object) -> NoReturn:
            raise _frozen(self, name)

        def __delattr__(self, name: str) -> NoReturn:
            raise _frozen(self, name)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        tokens = self._tokens or ()
        yield from ((name, getattr(self, name) if name in tokens else value) for name, value in self.__dict__.items())
        yield from (self.__pydantic_extra__ or {}).items()

    def __copy__(self) -> Self:
        return super().__copy__()._attach(self._loader, self._texts, self._tokens)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return super().__deepcopy__(memo)._attach(self._loader, self._texts, self._tokens)

    def _attach(
        self, loader: "RelationLoader | None", texts: dict[str, Any] | None, tokens: dict[str, str] | None
    ) -> Self:
        """Keep what belongs to a record and is not data.

        Args:
            texts: The JSON texts that values were read from, by Python's names.
            tokens: The tokens of hasMany fields that are not whole, by Python's names.
        """
        if loader is not None:
            _SET_LOADER(self, loader)
        if texts:
            _SET_TEXTS(self, texts)
        if tokens:
            _SET_TOKENS(self, tokens)
        return self

    def __reduce__(self) -> Any:
        return type(self).__amplify_restore__, (self.__amplify_spec__, _reply_of(self))


# the way around __setattr__
_SET_LOADER, _SET_TEXTS, _SET_TOKENS = (getattr(Record, name).__set__ for name in ("_loader", "_texts", "_tokens"))


def _reply_of(value: Any) -> Any:
    """Give a record as a reply has it: `to_dict()` with its hasMany fields as connections, tokens included."""
    if isinstance(value, list):
        return [_reply_of(item) for item in value]
    if not isinstance(value, Record):
        return value
    layout, shown = value.__amplify_layout__, value.to_dict()
    for name in layout.records.keys() & shown.keys():
        shown[name] = _reply_of(value.__dict__[layout.fields[name][0]])
    for name, python in layout.connections:
        if name in shown:
            shown[name] = {"items": shown[name], "nextToken": (value._tokens or {}).get(python)}
    return shown


def _missing(record: Record, name: str) -> AttributeError:
    spec = record.__amplify_spec__
    names = Names(spec.all_names)
    if names.schema(name) is not None:
        return NotSelectedError(
            f"This {spec.type_name} has no {name!r}: the reply had only {', '.join(record.__dict__)}. "
            "Add it to the selection_set."
        )
    near = did_you_mean(name, names.pythons)
    return UnknownNameError(f"{spec.type_name} has no field {name!r}.{near} Its fields: {', '.join(names.pythons)}.")


def _frozen(record: Record, name: str) -> FrozenRecordError:
    what = "item" if record.__amplify_spec__.identifier else "item that has this value"
    return FrozenRecordError(
        f"{record.__amplify_type__}.{name} cannot be changed here: records are frozen. To change the {what}, call "
        f"update(record, {name}=…)."
    )


def _as_input(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_input(item) for item in value]
    return value.to_input() if isinstance(value, Record) else value


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
