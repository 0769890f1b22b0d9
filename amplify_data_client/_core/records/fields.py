"""Works out what a record class knows of its fields, and writes their values back as they came.

A writer takes the record and the field's value. A field without a writer holds its wire value.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from amplify_data_client._core.schema import scalars
from amplify_data_client.results import wire_text

from .spec import FieldSpec, RecordSpec

Writer: TypeAlias = Callable[[Any, Any], Any]
_DATETIMES = ("AWSDateTime", "AWSDate", "AWSTime")


class Layout(NamedTuple):
    """What a record class knows of its fields; worked out once per class.

    Attributes:
        fields: By schema name, the Python name and the writer.
        json: The schema and Python names of AWSJSON fields: their records keep the text that came.
        connections: The schema and Python names of hasMany fields: their records keep the token of the next page.
        records: By schema name, the classes of the fields that hold records.
        nested: The schema and Python names of fields whose classes are bound too, and whether they come as a connection.
        is_bound: Whether records of this class need more than their values: a loader for relations, JSON texts, or
            records in their fields that do.
    """

    fields: Mapping[str, tuple[str, Writer | None]]
    json: tuple[tuple[str, str], ...]
    connections: tuple[tuple[str, str], ...]
    records: Mapping[str, type[Any]]
    nested: tuple[tuple[str, str, bool], ...]
    is_bound: bool


def layout_of(spec: RecordSpec, records: Mapping[str, type[Any]]) -> Layout:
    """Work out the layout of a record class from its spec and the classes of the records in its fields."""
    json = tuple((one.name, one.python) for one in spec.fields if _is_json(one))
    nested = tuple(
        (one.name, one.python, one.field.is_connection)
        for one in spec.fields
        if one.name in records and records[one.name].__amplify_layout__.is_bound
    )
    connections = tuple((one.name, one.python) for one in spec.fields if one.field.is_connection)
    fields = {one.name: (one.python, _writer(one)) for one in spec.fields}
    return Layout(fields, json, connections, records, nested, bool(spec.relations or json or nested))


def items_of(connection: Any) -> Any:
    """Take the items out of a connection: a record shows it as a list, as JavaScript does."""
    return connection.get("items") if isinstance(connection, dict) and "items" in connection else connection


def token_of(connection: Any) -> str | None:
    """Take the token of the next page out of a connection; None where it is whole."""
    token = connection.get("nextToken") if isinstance(connection, dict) else None
    return token if isinstance(token, str) else None


def _is_json(spec: FieldSpec) -> bool:
    return spec.record is None and spec.field.type.name == "AWSJSON"


def _writer(spec: FieldSpec) -> Writer | None:
    if _is_json(spec):
        return _json_writer(spec.python)
    if spec.record is None and spec.field.type.name not in _DATETIMES:
        return _list if spec.field.type.is_array else None
    return _write_all if spec.field.type.is_array else _write


def _list(_record: Any, value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _write(_record: Any, value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return wire_text(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def _write_all(record: Any, value: Any) -> Any:
    return [_write(record, item) for item in value] if isinstance(value, list) else _write(record, value)


def _json_writer(python: str) -> Writer:
    def write(record: Any, value: Any) -> Any:
        kept = (record._texts or {}).get(python)
        if not isinstance(kept, list) or not isinstance(value, list):
            return _json(value, kept, python)
        texts = [*kept, *[None] * len(value)]
        return [_json(item, text, python) for item, text in zip(value, texts, strict=False)]

    return write


def _json(value: Any, kept: Any, where: str) -> Any:
    if kept is not None and _canonical(scalars.read_json(kept)) == _canonical(value):
        return kept
    # the value was changed since it came (AWSJSON may hold lists and mappings), or it was not JSON and stays text
    is_odd = isinstance(value, str) and not isinstance(value, scalars.JSONText)
    return value if value is None or is_odd else scalars.encode("AWSJSON", value, where)


def _canonical(value: Any) -> str:
    return json.dumps(value, default=repr)
