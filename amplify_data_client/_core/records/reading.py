"""How do replies become records?

pydantic reads a whole page in one pass, strictly. Where a reply is odd (a field that did not come, text where a number
belongs), its records are read again, field by field: what does not parse is handed over as it came. One odd value never
makes a reply unreadable.
"""

from typing import TYPE_CHECKING, Any

from amplify_data_client._core.schema import scalars

from .builder import class_of, items_of
from .spec import FieldSpec, RecordSpec
from .tie import Tie

if TYPE_CHECKING:
    from .record import Record

_pages: dict[Any, Any] = {}


def read_one(record_type: "type[Record]", wire: Any, tie: Tie | None) -> Any:
    """Make a record of a reply's object."""
    from pydantic_core import ValidationError

    try:
        record = record_type.__pydantic_validator__.validate_python(wire)
    except ValidationError:
        record = _read_leniently(record_type, wire)
    _tie(record, record_type.__amplify_spec__, tie)
    return record


def read_many(record_type: "type[Record]", wires: list[Any], tie: Tie | None) -> list[Any]:
    """Make records of a reply's list; null stays null."""
    from pydantic_core import ValidationError

    page = _pages.get(record_type)
    if page is None:
        from pydantic import TypeAdapter

        page = _pages[record_type] = TypeAdapter(list[record_type | None]).validator  # type: ignore[valid-type]  # a class at run time
    try:
        records: list[Any] = page.validate_python(wires)
    except ValidationError:
        return [None if wire is None else read_one(record_type, wire, tie) for wire in wires]
    spec = record_type.__amplify_spec__
    for record in records:
        _tie(record, spec, tie)
    return records


def _tie(record: Any, spec: RecordSpec, tie: Tie | None) -> None:
    if tie is None or not hasattr(type(record), "__amplify_type__"):
        return
    object.__setattr__(record, "_tie", tie)
    for one in spec.fields:
        if one.record is not None:
            below = record.__dict__.get(one.python)
            for nested in below if isinstance(below, list) else (below,):
                _tie(nested, one.record, tie)


def _read_leniently(record_type: "type[Record]", wire: Any) -> Any:
    if not isinstance(wire, dict):
        return wire
    spec = record_type.__amplify_spec__
    values = {one.python: _read_field(one, wire[one.name]) for one in spec.fields if one.name in wire}
    known = {one.name for one in spec.fields}
    record = record_type.__new__(record_type)
    object.__setattr__(record, "__dict__", values)
    object.__setattr__(record, "__pydantic_fields_set__", set(values))
    object.__setattr__(record, "__pydantic_extra__", {name: item for name, item in wire.items() if name not in known})
    object.__setattr__(record, "__pydantic_private__", None)
    return record


def _read_field(spec: FieldSpec, wire: Any) -> Any:
    if spec.field.type.kind == "model" and spec.field.type.is_array:
        wire = items_of(wire)
    if spec.field.type.is_array and isinstance(wire, list):
        return [_read_item(spec, item) for item in wire]
    return _read_item(spec, wire)


def _read_item(spec: FieldSpec, wire: Any) -> Any:
    if wire is None:
        return None
    if spec.record is not None:
        return read_one(class_of(spec.record), wire, None)
    return scalars.decode(spec.field.type.name, wire)
