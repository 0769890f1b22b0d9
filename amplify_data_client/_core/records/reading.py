"""Makes records of what a reply holds.

pydantic reads a whole record in one pass, strictly. Where a reply is odd (a field that did not come, text where a number
belongs), the record is read again, field by field: a value that does not parse stays as it came. One odd value never
makes a reply unreadable.
"""

from typing import TYPE_CHECKING, Any

from amplify_data_client._core.schema import scalars

from .fields import items_of, token_of
from .spec import FieldSpec

if TYPE_CHECKING:
    from .loader import RelationLoader
    from .record import Record


def read_one(record_type: "type[Record]", wire: Any, loader: "RelationLoader | None") -> Any:
    """Make a record of a reply's object."""
    record = _parsed(record_type, wire)
    if record_type.__amplify_layout__.is_bound:
        _bind(record, wire, loader)
    return record


def read_many(record_type: "type[Record]", wires: list[Any], loader: "RelationLoader | None") -> list[Any]:
    """Make records of a reply's list; null stays null."""
    parse = record_type.__pydantic_validator__.validate_python
    is_bound = record_type.__amplify_layout__.is_bound
    records: list[Any] = []
    for wire in wires:
        # what _parsed does, without a call for each: pages are made in this loop
        try:
            record = None if wire is None else parse(wire)
        except ValueError:
            record = _read_leniently(record_type, wire)
        if is_bound:
            _bind(record, wire, loader)
        records.append(record)
    return records


def _parsed(record_type: "type[Record]", wire: Any) -> Any:
    try:
        return record_type.__pydantic_validator__.validate_python(wire)
    except ValueError:  # pydantic's ValidationError is one, and need not be imported
        return _read_leniently(record_type, wire)


def _bind(record: Any, wire: Any, loader: "RelationLoader | None") -> None:
    layout = getattr(type(record), "__amplify_layout__", None)
    if layout is None:  # null, or an odd value
        return
    texts = {python: wire[name] for name, python in layout.json if wire.get(name) is not None} if layout.json else None
    tokens = {python: token for name, python in layout.connections if (token := token_of(wire.get(name))) is not None}
    record._attach(loader, texts, tokens)
    for name, python, is_in_items in layout.nested:
        below, came = record.__dict__.get(python), wire.get(name)
        if is_in_items:
            came = items_of(came)
        if isinstance(below, list):
            for one, one_came in zip(below, came, strict=True):
                _bind(one, one_came, loader)
        else:
            _bind(below, came, loader)


def _read_leniently(record_type: "type[Record]", wire: Any) -> Any:
    if not isinstance(wire, dict):
        return wire
    spec, layout = record_type.__amplify_spec__, record_type.__amplify_layout__
    values = {
        one.python: _read_field(one, layout.records.get(one.name), wire[one.name])
        for one in spec.fields
        if one.name in wire
    }
    known = layout.fields
    record = record_type.__new__(record_type)
    object.__setattr__(record, "__dict__", values)
    object.__setattr__(record, "__pydantic_fields_set__", set(values))
    object.__setattr__(record, "__pydantic_extra__", {name: item for name, item in wire.items() if name not in known})
    object.__setattr__(record, "__pydantic_private__", None)
    return record


def _read_field(spec: FieldSpec, record_type: "type[Record] | None", wire: Any) -> Any:
    if spec.field.is_connection:
        wire = items_of(wire)
    if spec.field.type.is_array and isinstance(wire, list):
        return [_read_item(spec, record_type, item) for item in wire]
    return _read_item(spec, record_type, wire)


def _read_item(spec: FieldSpec, record_type: "type[Record] | None", wire: Any) -> Any:
    if wire is None:
        return None
    if record_type is not None:
        return _parsed(record_type, wire)
    return scalars.decode(spec.field.type.name, wire)
