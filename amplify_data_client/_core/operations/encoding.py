"""Encodes the values of fields as their GraphQL types take them."""

from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import Field
from amplify_data_client._core.schema.naming import did_you_mean
from amplify_data_client.errors import OperationError

from .api import Api


def is_record(value: Any) -> bool:
    """Whether a value came from a reply."""
    return hasattr(type(value), "__amplify_type__")


def encode(api: Api, field: Field, value: Any, where: str) -> Any:
    """Turn a Python value into what the field's GraphQL type takes; None is null.

    Raises:
        OperationError: The value does not fit.
    """
    if field.type.kind == "scalar" and not field.type.is_array:  # nearly all of them
        return scalars.encode(field.type.name, value, where)
    try:
        return _encode(api, field, value, where)
    except RecursionError:
        raise OperationError(f"{where} is nested too deeply, or contains itself.") from None


def _encode(api: Api, field: Field, value: Any, where: str) -> Any:
    if value is None:
        return None
    if not field.type.is_array:
        return _encode_item(api, field, value, where)
    if isinstance(value, str | bytes | Mapping) or not hasattr(value, "__iter__"):
        raise OperationError(f"{where} is a list of {field.type.name}, got {type(value).__name__}.")
    return [
        None if item is None else _encode_item(api, field, item, f"{where}[{position}]")
        for position, item in enumerate(value)
    ]


def _encode_item(api: Api, field: Field, value: Any, where: str) -> Any:
    kind = field.type.kind
    if kind == "scalar":
        return scalars.encode(field.type.name, value, where)
    if kind == "enum":
        return encode_enum(api, field.type.name, value, where)
    return _encode_object(api, field.type.name, value, where)


def encode_enum(api: Api, enum_name: str, value: Any, where: str) -> str:
    """Check an enum value: its name, or a member of a Python enum that has it as value (or name)."""
    values = api.introspection.enum_values(enum_name)
    for candidate in (getattr(value, "value", value), getattr(value, "name", None)):
        if isinstance(candidate, str) and candidate in values:
            return str(candidate)
    found = (
        f"this text is not one of them.{did_you_mean(value, values)}"
        if isinstance(value, str)
        else f"got {type(value).__name__}."
    )
    raise OperationError(f"{where} takes a value of {enum_name} ({', '.join(values)}); {found}")


def _encode_object(api: Api, type_name: str, value: Any, where: str) -> dict[str, Any]:
    if is_record(value):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        raise OperationError(f"{where} is a {type_name}: give a mapping of its fields, got {type(value).__name__}.")
    names, fields = api.names(type_name), api.fields(type_name)
    found: dict[str, Any] = {}
    for key, item in value.items():
        name = names.schema(key) if isinstance(key, str) else None
        if name is None:
            raise OperationError(
                f"{where} has no field {key!r}.{did_you_mean(key, names.pythons)} Its fields: {', '.join(names.pythons)}."
            )
        if name in found:
            raise OperationError(f"{where}: {name!r} is given twice, in two spellings.")
        found[name] = _encode(api, fields[name], item, f"{where}.{key}")
    return found
