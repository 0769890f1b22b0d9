"""Makes the class of a record from its spec, on first use.

The class is an ordinary pydantic model with annotations, but its validator is made here, straight from the schema:
pydantic's own way over annotations costs a cold start a seventh more (it looks through the metadata of every installed
package for plugins, and imports what reading metadata takes).
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client._core.schema.selection import Tree

from .fields import items_of, layout_of
from .reading import read_one
from .spec import FieldSpec, RecordSpec, spec_of

if TYPE_CHECKING:
    from .record import Record

_TYPES: dict[str, tuple[str, Any]] = {
    "Int": ("int", int),
    "AWSTimestamp": ("int", int),
    "Float": ("float", float),
    "Boolean": ("bool", bool),
    "AWSDateTime": ("", datetime),
    "AWSDate": ("", date),
    "AWSTime": ("", time),
    "AWSJSON": ("", Any),
}
_SHOWN: dict[str, Callable[[Any, Any], dict[str, str]]] = {
    "AWSDateTime": lambda *_: {"type": "string", "format": "date-time"},
    "AWSDate": lambda *_: {"type": "string", "format": "date"},
    "AWSTime": lambda *_: {"type": "string", "format": "time"},
    "AWSJSON": lambda *_: {},
}
_TEXT = ("str", str)
_built: "dict[RecordSpec, type[Record]]" = {}


def record_type(introspection: Introspection, type_name: str, tree: Tree) -> "type[Record]":
    """Find or make the class for what is selected of a type; clients share the classes of equal specs."""
    return class_of(spec_of(introspection, type_name, tree))


def class_of(spec: RecordSpec) -> "type[Record]":
    """Find or make the class of a spec."""
    made = _built.get(spec)
    if made is None:
        made = _built.setdefault(spec, _make(spec))  # two threads get the same class
    return made


def restore(spec: RecordSpec, data: dict[str, Any]) -> Any:
    """Make a record of its pickle."""
    return read_one(class_of(spec), data, None)


def _make(spec: RecordSpec) -> "type[Record]":
    from pydantic import Field
    from pydantic_core import SchemaSerializer, SchemaValidator

    from .record import Record

    # `_x`, or the name of a member that a later pydantic adds: pydantic refuses it as a field, we do not
    shown = [one for one in spec.fields if not one.python.startswith("_") and not hasattr(Record, one.python)]
    records = {one.name: class_of(one.record) for one in spec.fields if one.record is not None}
    metaclass: Any = type(Record)
    made: type[Record] = metaclass(
        spec.type_name,
        (Record,),
        {
            "__module__": __name__,
            "__qualname__": spec.type_name,
            "__annotations__": {one.python: _annotation(one, records.get(one.name)) for one in shown},
            **{one.python: Field(alias=one.name) for one in shown},
            "__amplify_type__": spec.type_name,
            "__amplify_spec__": spec,
            "__amplify_layout__": layout_of(spec, records),
            "__amplify_restore__": staticmethod(restore),
        },
    )
    made.__pydantic_core_schema__ = _model_schema(made, spec, lambda one: _field_schema(one, records.get(one.name)))
    made.__pydantic_validator__ = SchemaValidator(made.__pydantic_core_schema__)
    # an odd value is dumped as it is, without pydantic's warnings about its type
    made.__pydantic_serializer__ = SchemaSerializer(_model_schema(made, spec, lambda _: {"type": "any"}))
    made.__pydantic_complete__ = True
    for python, field in spec.relations:
        from .relation import Relation

        setattr(made, python, Relation(python, field))
    return made


def _annotation(spec: FieldSpec, record_type: "type[Record] | None") -> Any:
    item = record_type or _TYPES.get(spec.field.type.name, _TEXT)[1]
    if item is Any and not spec.field.type.is_array:
        return Any
    return list[item | None] | None if spec.field.type.is_array else item | None  # type: ignore[valid-type]  # at run time


def _model_schema(made: "type[Record]", spec: RecordSpec, schema_of: Callable[[FieldSpec], Any]) -> Any:
    fields = {
        one.python: {
            "type": "model-field",
            "schema": schema_of(one),
            "validation_alias": one.name,
            "serialization_alias": one.name,
        }
        for one in spec.fields
    }
    inner = {"type": "model-fields", "fields": fields, "extra_behavior": "allow", "model_name": spec.type_name}
    config = {"title": spec.type_name, "extra_fields_behavior": "allow"}
    return {"type": "model", "cls": made, "schema": inner, "config": config}


def _field_schema(spec: FieldSpec, record_type: "type[Record] | None") -> Any:
    """Every field may be null, also a required one: an error makes it null."""
    schema: Any = {"type": "nullable", "schema": _item_schema(spec, record_type)}
    if not spec.field.type.is_array:
        return schema
    schema = {"type": "nullable", "schema": {"type": "list", "items_schema": schema, "strict": True}}
    if not spec.field.is_connection:
        return schema
    return {"type": "function-before", "function": {"type": "no-info", "function": items_of}, "schema": schema}


def _item_schema(spec: FieldSpec, record_type: "type[Record] | None") -> Any:
    if record_type is not None:
        return record_type.__pydantic_core_schema__
    name = spec.field.type.name
    if name in scalars.READERS:
        read = {"type": "no-info", "function": scalars.READERS[name]}
        # pydantic cannot tell what a function returns: this says it, for model_json_schema()
        return {"type": "function-plain", "function": read, "metadata": {"pydantic_js_functions": [_SHOWN[name]]}}
    return {"type": _TYPES.get(name, _TEXT)[0], "strict": True}
