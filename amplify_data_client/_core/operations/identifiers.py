"""Finds the identifier of an item among values, in a mapping or in a record."""

from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.schema.introspection import Model
from amplify_data_client.errors import OperationError

from .api import Api
from .arguments import ParsedArguments
from .encoding import encode, is_record


def given_identifier(api: Api, model: Model, given: ParsedArguments, where: str) -> dict[str, Any]:
    """The identifier's wire values among the values of a call, as far as they are there; the rest of them is ignored."""
    return {
        name: encode(api, model.fields[name], given.values[name], f"{where}.{given.spelled.get(name, name)}")
        for name in model.identifier
        if name in given.values
    }


def identifying(api: Api, model: Model, given: Any, where: str) -> dict[str, Any]:
    """The identifier's wire values in a record or mapping, as far as they are there; the rest of it is ignored."""
    if is_record(given):
        return record_keys(model, given, where)
    if not isinstance(given, Mapping):
        raise OperationError(
            f"{where}: expected a {model.name} record or a mapping with {', '.join(model.identifier)}, "
            f"got {type(given).__name__}."
        )
    names = api.names(model.name)
    return {
        name: encode(api, model.fields[name], value, f"{where}.{key}")
        for key, value in given.items()
        if (name := names.schema(key) if isinstance(key, str) else None) in model.identifier
    }


def record_keys(model: Model, record: Any, where: str) -> dict[str, Any]:
    """The identifier of a fetched record.

    Raises:
        OperationError: It is a record of another type, or was loaded without its identifier.
    """
    if record.__amplify_type__ != model.name:
        raise OperationError(f"{where}: expected a {model.name} record, got a {record.__amplify_type__} record.")
    keys = {}
    for name in model.identifier:
        try:
            keys[name] = record.wire_value(name)
        except KeyError:
            raise OperationError(
                f"{where}: the {model.name} record was loaded without {name!r}, which identifies it. "
                f"Add it to the selection_set."
            ) from None
    return keys


def identifier_of(api: Api, model: Model, given: Mapping[str, Any], verb: str) -> dict[str, Any]:
    """The identifier among wire values, all of it.

    Raises:
        OperationError: A part is missing or null.
    """
    missing = [name for name in model.identifier if given.get(name) is None]
    if missing:
        names = api.names(model.name)
        shown = ", ".join(f"{names.python(name)}=…" for name in model.identifier)
        raise OperationError(
            f"{model.name}.{verb} needs the identifier: {', '.join(map(names.python, missing))} "
            f"{'is' if len(missing) == 1 else 'are'} missing or null. Give {shown}."
        )
    return {name: given[name] for name in model.identifier}
