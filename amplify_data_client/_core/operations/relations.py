"""Loads what a record is related to, as flows of calls.

A belongsTo is a get by the foreign keys. A hasMany or hasOne goes through an index where it can (`relation_calls` has the
three ways), and falls back to the list that JavaScript sends: what it gives is never less than that list.
"""

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, TypeAlias

from amplify_data_client._core.records.spec import selected_paths
from amplify_data_client._core.schema.introspection import Field, Model
from amplify_data_client.errors import ErrorEntry, GraphQLError, NotSelectedError, OperationError
from amplify_data_client.options import DEFAULT, CallOptions
from amplify_data_client.results import Result, json_text, repeated_token

from .api import ClientBinding
from .arguments import LIST, NO_NAMES, READ, Arguments, ParsedArguments, signature
from .operation import Call, CallFlow, Envelope
from .queries import get_by, list_variables
from .relation_calls import GONE, Related, Way, call_of, first_way

# what tokens begin with that are not of the relation's first way: each way refuses the others' tokens, or, where their
# keys are alike, would go on at another place
MARKS: Mapping[str, Way] = {"list:": "list", "parent:": "parent"}
_MANY = {word: name for word, name in LIST.items() if name != "sort_direction"}
_Change: TypeAlias = Callable[[Call[Any]], Call[Any]]
_IsRefusal: TypeAlias = Callable[[ErrorEntry], bool]


def load(
    binding: ClientBinding, record: Any, field: Field, inherited: CallOptions, arguments: Arguments
) -> CallFlow[Any]:
    """Load a relation of a record.

    Args:
        inherited: The options with which the record was loaded; the call's own are laid over them.

    Raises:
        NotSelectedError: The record was loaded without the keys that this takes.
    """
    association = field.association
    assert association is not None  # noqa: S101  # only relations are loaded
    what = f"{record.__amplify_type__}.{field.name}"
    is_one = association.connection == "BELONGS_TO"
    given = arguments.parse(signature(what, NO_NAMES, READ if is_one else _MANY, mixed=True))
    given = given._replace(call=given.call.with_defaults(inherited))
    if is_one:
        other = binding.api.model(field.type.name)
        _check_keys(what, association.fields, other)
        keys = _wire_values(record, association.fields, what)
        return _belongs_to(binding, other, dict(zip(other.identifier, keys, strict=True)), given)
    related, way = _at_its_way(_related(binding, record, field, given))
    return _one(related, way) if related.is_one else _many(related, way)


def _belongs_to(binding: ClientBinding, other: Model, keys: dict[str, Any], given: ParsedArguments) -> CallFlow[Any]:
    # an empty string is no key either: DynamoDB does not store one
    if any(key is None or key == "" for key in keys.values()):
        return Result(None)
    return (yield get_by(binding, other, keys, given))


def _related(binding: ClientBinding, record: Any, field: Field, given: ParsedArguments) -> Related:
    parent, child = binding.api.model(record.__amplify_type__), binding.api.model(field.type.name)
    what = f"{parent.name}.{field.name}"
    assert field.association is not None  # noqa: S101  # as above
    _check_keys(what, field.association.fields, parent)
    keys = tuple(_wire_values(record, parent.identifier, what))
    return Related(binding, parent, field, child, keys, given, list_variables(binding, child, given, None, what))


def _check_keys(what: str, foreign: tuple[str, ...], model: Model) -> None:
    if len(foreign) != len(model.identifier):
        raise OperationError(
            f"{what} cannot be loaded: the model introspection gives it the foreign key ({', '.join(foreign)}), and "
            f"{model.name} has the identifier ({', '.join(model.identifier)}). Deploy the backend again, and use its "
            "introspection."
        )


def _wire_values(record: Any, names: tuple[str, ...], what: str) -> list[Any]:
    try:
        return [record.wire_value(name) for name in names]
    except KeyError as missing:
        raise NotSelectedError(
            f"{what} cannot be loaded: the record has no {missing}. Add it to the selection_set that loaded the record."
        ) from None


def _at_its_way(related: Related) -> tuple[Related, Way]:
    """Find the way of a token, or of a first page."""
    token = related.variables.get("nextToken", "")
    for mark, way in MARKS.items():
        if token.startswith(mark):
            if way == "parent" and not related.can_get_parent:
                raise OperationError(
                    f"{related.what} cannot go on from this next_token: a selection set fetched its page, and the schema "
                    f"disables 'get' of {related.parent.name}. Use .iterate() of that page, or load the relation anew."
                )
            variables = {**related.variables, "nextToken": token.removeprefix(mark)}
            return related._replace(variables=variables), way
    return related, first_way(related)


def _marked(related: Related, way: Way) -> str:
    """What the tokens of a way begin with."""
    if way == first_way(related):
        return ""
    return next(mark for mark, marked in MARKS.items() if marked == way)


# ---------------------------------------------------------------- hasMany


def _as_it_is(call: Call[Any]) -> Call[Any]:
    return call


def _many(related: Related, way: Way, change: _Change = _as_it_is) -> CallFlow[Any]:
    if any(key is None for key in related.keys):
        return related.binding.page_type([])
    is_first = "nextToken" not in related.variables
    if way != "parent" or (is_first and _is_known_to_be_refused(related)):
        way = "list" if way == "parent" else way
        return (yield change(call_of(related, way, _marked(related, way))))
    call = change(call_of(related, way, _marked(related, way)))
    if not is_first:
        return (yield call)  # never the list: it would not go on from here
    page = yield from _unless(call, _refusal(related))
    if page is not None:
        return page
    if not related.can_list:
        return related.binding.page_type([])
    return (yield change(call_of(related, "list", _marked(related, "list"))))


# ---------------------------------------------------------------- hasOne


def _one(related: Related, way: Way) -> CallFlow[Any]:
    if any(key is None for key in related.keys):
        return Result(None)
    if way == "parent" and not _is_known_to_be_refused(related):
        found = yield from _unless(call_of(related, way), _refusal(related))
        if found is not None:
            return found
        if not related.can_list:
            return Result(None)
    return (yield from _first_of(call_of(related, "list" if way == "parent" else way)))


def _first_of(call: Call[Any]) -> CallFlow[Any]:
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
        if page.next_token == call.operation.next_token:
            raise repeated_token(page.next_token)
        call = call.at(page.next_token)


# ---------------------------------------------------------------- when the parent's field is refused


def _unless(call: Call[Any], is_refusal: _IsRefusal) -> Generator[Call[Any], Any, Any]:
    """Carry a call out; None where an error says that another way is to be taken."""
    try:
        result = yield call
    except GraphQLError as error:
        if not any(map(is_refusal, error.errors)):
            raise
        return None
    return None if any(map(is_refusal, result.errors)) else result


def _refusal(related: Related) -> _IsRefusal:
    """Make the test for an entry that says: ask the list. Every other error is the call's."""

    def is_refusal(entry: ErrorEntry) -> bool:
        if entry.path != (related.what,):
            return False
        if entry.error_type != "Unauthorized" or not related.can_list:
            return entry.error_type == GONE
        if entry.message.endswith("on type Query") and related.binding.refused is not None:
            related.binding.refused.add(_caller(related))
        return True

    return is_refusal


def _is_known_to_be_refused(related: Related) -> bool:
    return related.can_list and _caller(related) in (related.binding.refused or ())


def _caller(related: Related) -> tuple[str, str | None]:
    """The parent's model and the kind of credential: the schema refuses them whatever the item."""
    return related.parent.name, related.given.call.auth_mode


# ---------------------------------------------------------------- what a selection set fetched


def fetched(binding: ClientBinding, record: Any, field: Field, value: Any, token: str | None) -> Any:
    """Give what a selection set fetched as the call of the relation does: a page, with the token behind it, or a result."""
    if not isinstance(value, list):
        return Result(value)
    return binding.page_type(value, next_token=None if token is None else _shown(binding, record, field, token))


def _shown(binding: ClientBinding, record: Any, field: Field, token: str) -> str:
    try:
        related = _related(binding, record, field, ParsedArguments({}, {}, DEFAULT))
        return _marked(related, "parent") + token
    except NotSelectedError:  # going on will say so
        return token


def go_on(
    binding: ClientBinding, record: Any, field: Field, inherited: CallOptions, given: Sequence[Any], token: str
) -> CallFlow[Any]:
    """Load the page behind a list that a selection set fetched, with the same selection.

    The token is one of the parent's field. Where that cannot be asked, or refuses the token, the relation is loaded anew,
    without the records that were given.
    """
    selection = selected_paths(record.__amplify_spec__, field.name)
    related = _related(binding, record, field, ParsedArguments({}, {"selection_set": selection}, inherited))
    anew = _many(related, first_way(related), lambda call: _without(call, given, related.child))
    if not related.can_get_parent:
        return (yield from anew)
    behind = related._replace(variables={"nextToken": token.removeprefix("parent:")})
    is_refusal = _refusal(related)
    page = yield from _unless(
        call_of(behind, "parent", _marked(related, "parent")),
        lambda entry: (related.can_list and is_refusal(entry)) or _is_refused_token(entry, related),
    )
    return (yield from anew) if page is None else page


def _is_refused_token(entry: ErrorEntry, related: Related) -> bool:
    refusals = ("BadRequestException", "DynamoDB:ValidationException")
    return entry.path == (related.what,) and entry.error_type in refusals


def _without(call: Call[Any], given: Sequence[Any], child: Model) -> Call[Any]:
    """Leave out of a call's pages what was given already."""
    left = Counter(_identity(record, child) for record in given)
    read = call.operation.read

    def read_without(envelope: Envelope) -> Any:
        page: Any = read(envelope)
        page.data = [record for record in page.data if not _is_taken(left, _identity(record, child))]
        return page

    return call._replace(operation=call.operation._replace(read=read_without))


def _is_taken(left: Counter[Any], identity: Any) -> bool:
    if left[identity] == 0:
        return False
    left[identity] -= 1
    return True


def _identity(record: Any, child: Model) -> Any:
    """The identifier, or where it was not selected all that was: two that are alike in that are as good as one another."""
    if record is None:
        return None
    try:
        return tuple(record.wire_value(name) for name in child.identifier)
    except KeyError:
        return json_text(record.to_dict())
