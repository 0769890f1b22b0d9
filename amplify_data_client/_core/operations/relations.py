"""How does a record load what it is related to?

As JavaScript does: a belongsTo is a get by the foreign keys, a hasMany or hasOne a list of the other model, filtered
by its foreign keys.
"""

from collections.abc import Generator
from typing import Any

from amplify_data_client._core.schema.introspection import Field, Model
from amplify_data_client._core.schema.keys import list_field
from amplify_data_client.errors import NotSelectedError
from amplify_data_client.options import CallOptions
from amplify_data_client.results import Result

from .api import ClientBinding
from .arguments import LIST, NO_NAMES, READ, Arguments, ParsedArguments, signature
from .filters import filter_input
from .operation import Call
from .queries import AnyPage, get_by, list_head, list_variables, page_call

CallFlow = Generator[Call[Any], Any, Any]
_MANY = {word: name for word, name in LIST.items() if name != "sort_direction"}


def load(binding: ClientBinding, record: Any, field: Field, inherited: CallOptions, arguments: Arguments) -> CallFlow:
    """Load a relation of a record: a generator that yields calls, is sent their results, and returns the last word.

    Args:
        inherited: The options with which the record was loaded; the call's own are laid over them.

    Raises:
        NotSelectedError: The record was loaded without the keys that this takes.
    """
    association = field.association
    assert association is not None  # noqa: S101  # only relations are loaded
    model = binding.api.model(record.__amplify_type__)
    other = binding.api.model(field.type.name)
    what = f"{model.name}.{field.name}"
    is_one = association.connection == "BELONGS_TO"
    given = arguments.parse(signature(what, NO_NAMES, READ if is_one else _MANY, mixed=True))
    given = given._replace(call=given.call.over(inherited))
    if is_one:
        keys = _wire_values(record, association.fields, what)
        return _belongs_to(binding, other, dict(zip(other.identifier, keys, strict=True)), given)
    keys = _wire_values(record, model.identifier, what)
    if association.connection == "HAS_ONE":
        return _has_one(binding, other, association.fields, keys, given, what)
    return _has_many(binding, other, association.fields, keys, given, what)


def _wire_values(record: Any, names: tuple[str, ...], what: str) -> list[Any]:
    try:
        return [record.wire_value(name) for name in names]
    except KeyError as missing:
        raise NotSelectedError(
            f"{what} cannot be loaded: the record has no {missing}. Add it to the selection_set that loaded the record."
        ) from None


def _belongs_to(binding: ClientBinding, other: Model, keys: dict[str, Any], given: ParsedArguments) -> CallFlow:
    # an empty string is no key either: DynamoDB does not store one
    if any(key is None or key == "" for key in keys.values()):
        return Result(None)
    return (yield get_by(binding, other, keys, given))


def _listing(
    binding: ClientBinding, other: Model, foreign: tuple[str, ...], keys: list[Any], given: ParsedArguments, what: str
) -> Call[AnyPage]:
    variables = list_variables(binding, other, given, None, what)
    clauses: list[Any] = [{name: {"eq": key}} for name, key in zip(foreign, keys, strict=True)]
    if given.options.get("filter") is not None:
        clauses.append(filter_input(binding.api, other, given.options["filter"], f"{what} filter"))
    variables["filter"] = {"and": clauses}
    return page_call(binding, other, list_field(other), list_head(binding.api, other, variables), variables, given)


def _has_many(
    binding: ClientBinding, other: Model, foreign: tuple[str, ...], keys: list[Any], given: ParsedArguments, what: str
) -> CallFlow:
    if any(key is None for key in keys):
        return binding.page_type([])
    return (yield _listing(binding, other, foreign, keys, given, what))


def _has_one(
    binding: ClientBinding, other: Model, foreign: tuple[str, ...], keys: list[Any], given: ParsedArguments, what: str
) -> CallFlow:
    if any(key is None for key in keys):
        return Result(None)
    call = _listing(binding, other, foreign, keys, given, what)
    while True:
        page = yield call
        # pages are cut before they are filtered, so the one related record may be on a later page
        if page.data or page.next_token is None or page.errors:
            return Result(
                page.data[0] if page.data else None,
                errors=page.errors,
                extensions=page.extensions,
                request_id=page.request_id,
            )
        call = call.at(page.next_token)
