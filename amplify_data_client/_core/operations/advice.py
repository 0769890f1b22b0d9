"""Says what to do about the errors of a reply, in sentences that follow AppSync's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from amplify_data_client._core.schema.introspection import CustomOperation, Field, Model
from amplify_data_client._core.schema.naming import Names
from amplify_data_client.errors import (
    ConditionFailedError,
    ErrorEntry,
    GraphQLError,
    NotAuthorizedError,
    ThrottledOperationError,
)

from .api import Api
from .input_fields import input_fields
from .inputs import missing_on_create

Where: TypeAlias = tuple[str, str]  # a path in Python's and in the schema's names

_BY_CLASS: dict[type[GraphQLError], str] = {
    NotAuthorizedError: (
        " The caller got into the API, but a rule of the schema denies this field. For a function: allow.resource(fn) "
        "belongs on the schema (a custom operation needs its own rule); for others: the model's authorization rules."
    ),
    ConditionFailedError: (
        " A create fails with this error if an item with this identifier exists, an update or delete if none exists, "
        "and each of them if its condition does not hold."
    ),
    ThrottledOperationError: (
        " DynamoDB throttles the table or an index of it: send less at a time, or allow more attempts and the time for "
        "them (max_attempts=12, timeout=120)."
    ),
}
_BY_MESSAGE = {
    "Transformation too large": (
        " The reply is larger than AppSync allows. Ask for fewer items (limit=…) or fewer fields (selection_set=[…])."
    ),
}


def advice_on(kind: type[GraphQLError], first: ErrorEntry) -> str:
    """Say what to do about an error of this class and message, whatever the call was."""
    by_message = next((advice for words, advice in _BY_MESSAGE.items() if words in first.message), "")
    return _BY_CLASS.get(kind, "") + by_message


def advice_on_input(api: Api, model: Model, verb: str, given: Mapping[str, Any], entries: Sequence[ErrorEntry]) -> str:
    """Say what a mutation's input lacks, where that is why it was refused. AppSync names the variable or one field."""
    if any(_is_partial_key(entry) for entry in entries):
        python = api.names(model.name).python
        return _give((python(name), name) for name in missing_on_create(api, model, given))
    if not any(map(_is_unfit_variable, entries)):
        return ""
    taken = input_fields(api, model).settable
    fields = [field for name, field in model.fields.items() if name in taken]
    if not model.has_custom_identifier:
        fields = [field for field in fields if field.name not in model.identifier]
    return _give(_absent(api, fields, api.names(model.name), given, ("", ""), is_whole=verb == "create"))


def advice_on_arguments(
    api: Api, operation: CustomOperation, given: Mapping[str, Any], entries: Sequence[ErrorEntry]
) -> str:
    """Say what the arguments of a custom operation lack, where that is why it was refused."""
    if not any(map(_is_unfit_variable, entries)):
        return ""
    names = Names(operation.arguments)
    return _give(_absent(api, operation.arguments.values(), names, given, ("", ""), is_whole=True))


def _give(names: Iterable[tuple[str, str]]) -> str:
    listed = ", ".join(python if python == schema else f"{python} ({schema})" for python, schema in names)
    return f" Required, and absent or null in this call: {listed}. Give a value." if listed else ""


def _is_unfit_variable(entry: ErrorEntry) -> bool:
    return not entry.path and entry.message.startswith("Variable ")


def _is_partial_key(entry: ErrorEntry) -> bool:
    return "any part of the composite sort key" in entry.message


def _absent(
    api: Api, fields: Iterable[Field], names: Names, given: Mapping[str, Any], above: Where, *, is_whole: bool
) -> Iterator[Where]:
    """The required fields that are absent or null, in custom types and lists too, in Python's and the schema's names."""
    for field in fields:
        if field.association is not None or (field.name not in given and not is_whole):
            continue
        where, value = (f"{above[0]}{names.python(field.name)}", f"{above[1]}{field.name}"), given.get(field.name)
        if value is None:
            if field.type.must_be_given:
                yield where
        elif field.type.is_array and isinstance(value, list):
            for position, item in enumerate(value):
                yield from _absent_in(api, field, item, _below(where, f"[{position}]"))
        else:
            yield from _absent_in(api, field, value, where)


def _absent_in(api: Api, field: Field, value: Any, where: Where) -> Iterator[Where]:
    if value is None:
        if field.type.is_required:
            yield where
    elif field.type.kind in ("non_model", "input") and isinstance(value, Mapping):
        name = field.type.name
        yield from _absent(api, api.fields(name).values(), api.names(name), value, _below(where, "."), is_whole=True)


def _below(where: Where, step: str) -> Where:
    return where[0] + step, where[1] + step
