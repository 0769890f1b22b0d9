"""How is a record class built?"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import Introspection

from .relation import Relation
from .spec import FieldSpec, RecordSpec, spec_of
from .tree import Tree

if TYPE_CHECKING:
    from .record import Record

_TYPES: dict[str, type] = {"Int": int, "AWSTimestamp": int, "Float": float, "Boolean": bool}
_built: "dict[RecordSpec, type[Record]]" = {}


def record_type(introspection: Introspection, type_name: str, tree: Tree, *, is_partial: bool) -> "type[Record]":
    """Build the class for what is selected of a type, or find it: clients share the classes of equal specs."""
    return class_of(spec_of(introspection, type_name, tree, is_partial=is_partial))


def class_of(spec: RecordSpec) -> "type[Record]":
    """Build the class of a spec, or find it."""
    made = _built.get(spec)
    if made is None:
        made = _built.setdefault(spec, _build(spec))  # of two threads one wins, for both
    return made


def restored(spec: RecordSpec, data: dict[str, Any]) -> Any:
    """Make a record again that was pickled."""
    from .reading import read_one

    return read_one(class_of(spec), data, None)


def _build(spec: RecordSpec) -> "type[Record]":
    from pydantic import Field, create_model

    from .record import Record

    fields: dict[str, Any] = {one.python: (_annotation(one), Field(alias=one.name)) for one in spec.fields}
    made = create_model(spec.type_name, __base__=Record, __module__=__name__, **fields)
    made.__amplify_type__ = spec.type_name
    made.__amplify_spec__ = spec
    made.__amplify_fields__ = {one.name: one for one in spec.fields}
    for python, field in spec.relations:
        setattr(made, python, Relation(python, field))
    return made


def _annotation(spec: FieldSpec) -> Any:
    item = _item(spec)
    if not spec.field.type.is_array:
        return item | None
    listed: Any = list[item | None] | None  # type: ignore[valid-type]  # a class at run time
    if spec.field.type.kind == "model":
        from typing import Annotated

        from pydantic import BeforeValidator

        return Annotated[listed, BeforeValidator(items_of)]
    return listed


def _item(spec: FieldSpec) -> Any:
    if spec.record is not None:
        return class_of(spec.record)
    reader: Callable[[Any], Any] | None = scalars.READERS.get(spec.field.type.name)
    if reader is not None:
        from typing import Annotated

        from pydantic import PlainValidator

        return Annotated[Any, PlainValidator(reader)]
    return _TYPES.get(spec.field.type.name, str)


def items_of(connection: Any) -> Any:
    """The items of a connection: a hasMany is shown as the list it is, as in JavaScript."""
    return connection.get("items") if isinstance(connection, dict) and "items" in connection else connection
