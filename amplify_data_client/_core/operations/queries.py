"""Describes the generated queries of a model: what each sends, and how its reply is read."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from amplify_data_client._core.schema.introspection import Index, Model
from amplify_data_client._core.schema.keys import (
    KeyArguments,
    identifier_arguments,
    index_arguments,
    list_field,
    required,
    root_field,
)
from amplify_data_client._core.schema.naming import Names
from amplify_data_client.errors import OperationError
from amplify_data_client.options import shown
from amplify_data_client.results import AsyncPage, Page, Result

from .answers import PAGE, Comparisons, comparisons, expected_item
from .api import Api, ClientBinding, Selection
from .arguments import LIST, NO_NAMES, READ, Arguments, ParsedArguments, Signature, signature
from .encoding import encode, is_record
from .identifiers import given_identifier, identifier_of, record_keys
from .operation import Call, Envelope, Operation

AnyPage = Page[Any] | AsyncPage[Any]


class _Get(NamedTuple):
    """What all gets of a model have in common; `head` is the document up to the selection set."""

    signature: Signature
    field: str
    head: str
    comparisons: Comparisons


def _get_of(api: Api, model: Model, verb: str) -> _Get:
    field = root_field(verb, model)
    declared = [(name, required(model.fields[name].type)) for name in model.identifier]
    taken = signature(f"{model.name}.{verb}", api.names(model.name), READ, used=model.identifier)
    return _Get(taken, field, _head(field, declared), comparisons(model))


def get(binding: ClientBinding, model: Model, arguments: Arguments) -> Call[Result[Any]]:
    """Describe a get. Only the identifier is sent."""
    api, is_fetched = binding.api, is_record(arguments.values)
    taken = api.once(_get_of, model, "get").signature
    given = arguments.parse(taken, record=is_fetched)
    found = (
        record_keys(model, arguments.values, taken.what)
        if is_fetched
        else given_identifier(api, model, given, taken.what)
    )
    return get_by(binding, model, identifier_of(api, model, found, "get"), given)


def get_by(binding: ClientBinding, model: Model, keys: dict[str, Any], given: ParsedArguments) -> Call[Result[Any]]:
    """Describe a get by the wire values of an identifier."""
    _, field, head, compared = binding.api.once(_get_of, model, "get")
    selection = binding.api.selection(model.name, given.options.get("selection_set"))
    loader = binding.loader(given.call.without_headers())

    def read(envelope: Envelope) -> Result[Any]:
        return envelope.result(selection.read_one((envelope.data or {}).get(field), loader))

    document = binding.api.document(head, selection.text, lambda: f"{head} {selection.text} }}")
    expected = expected_item("get", compared, keys)
    return Call(Operation(field, "query", document, keys, read, is_generated=True, expected=expected), given.call)


class _List(NamedTuple):
    """What all calls of a list or index query have in common."""

    signature: Signature
    field: str
    keys: KeyArguments | None


def _list_of(api: Api, model: Model, verb: str) -> _List:
    keys = identifier_arguments(model) if model.has_custom_identifier else None
    names = api.names(model.name)
    taken = signature(f"{model.name}.{verb}", _key_names(keys), LIST, mixed=True, filterable=names)
    return _List(taken, list_field(model), keys)


def _index_of(api: Api, model: Model, query_field: str) -> _List:
    keys, names = index_arguments(model, _index(model, query_field)), api.names(model.name)
    taken = signature(f"{model.name}.{query_field}", _key_names(keys), LIST, mixed=True, filterable=names)
    return _List(taken, query_field, keys)


def list_(binding: ClientBinding, model: Model, arguments: Arguments) -> Call[AnyPage]:
    """Describe one page of a model's list."""
    taken, field, keys = binding.api.once(_list_of, model, "list")
    given = arguments.parse(taken)
    if keys is None and given.options.get("sort_direction") is not None:
        raise OperationError(
            f"{taken.what} has no sort_direction: without a custom identifier the API returns items in no order. Sort "
            "in Python, or query an index (.secondaryIndexes(…) in the schema)."
        )
    variables = list_variables(binding, model, given, keys, taken.what)
    return page_call(binding, model, field, list_head(binding.api, model, variables), variables, given)


def by_index(binding: ClientBinding, model: Model, index: Index, arguments: Arguments) -> Call[AnyPage]:
    """Describe one page of a secondary index's query."""
    taken, field, keys = binding.api.once(_index_of, model, index.query_field or "")
    assert keys is not None  # noqa: S101  # an index has keys
    given = arguments.parse(taken)
    if given.values.get(keys.partition.name) is None:
        raise OperationError(
            f"{taken.what} needs the index's partition key: give {_key_names(keys).python(keys.partition.name)}=…."
        )
    variables = list_variables(binding, model, given, keys, taken.what)
    return page_call(binding, model, field, index_head(binding.api, model, field), variables, given)


def _key_names(keys: KeyArguments | None) -> Names:
    if keys is None:
        return NO_NAMES
    return Names((keys.partition.name,) if keys.sort is None else (keys.partition.name, keys.sort.name))


def list_variables(
    binding: ClientBinding, model: Model, given: ParsedArguments, keys: KeyArguments | None, what: str
) -> dict[str, Any]:
    """The variables of a list or index query; what is not given, or None, is left out, as in JavaScript."""
    variables: dict[str, Any] = {}
    if keys is not None:
        _put_keys(binding, given, keys, what, variables)
    options = given.options
    if options.get("filter") is not None:
        from .filters import filter_input

        variables["filter"] = filter_input(binding.api, model, options["filter"], f"{what} filter")
    if options.get("limit") is not None:
        variables["limit"] = _limit(options["limit"], what)
    if options.get("next_token") is not None:
        variables["nextToken"] = _token(options["next_token"], what)
    if options.get("sort_direction") is not None:
        variables["sortDirection"] = _direction(options["sort_direction"], what)
    return variables


def _put_keys(
    binding: ClientBinding, given: ParsedArguments, keys: KeyArguments, what: str, into: dict[str, Any]
) -> None:
    partition, sort = keys.partition, keys.sort
    if given.values.get(partition.name) is not None:
        where = f"{what} {given.spelled.get(partition.name, partition.name)}"
        into[partition.name] = encode(binding.api, partition, given.values[partition.name], where)
    if sort is not None and given.values.get(sort.name) is not None:
        from .filters import key_condition

        where = f"{what} {given.spelled.get(sort.name, sort.name)}"
        into[sort.name] = key_condition(binding.api, sort, given.values[sort.name], where)
    if partition.name not in into and (into or given.options.get("sort_direction") is not None):
        raise OperationError(
            f"{what}: a condition on the sort key, or a sort_direction, needs the partition key too: give "
            f"{_key_names(keys).python(partition.name)}=…."
        )


def _limit(limit: Any, what: str) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise OperationError(f"{what}: limit is {shown(limit)}; give how many items to examine, 1 or more.")
    if limit >= 2**31:
        raise OperationError(f"{what}: limit is beyond GraphQL's Int; AppSync examines 1000 items at most.")
    return limit


def _token(token: Any, what: str) -> str:
    if not isinstance(token, str):
        raise OperationError(f"{what}: next_token is {type(token).__name__}; give the next_token of a page or error.")
    return token


def _direction(direction: Any, what: str) -> str:
    word = str(getattr(direction, "value", direction))
    if word not in ("ASC", "DESC"):
        raise OperationError(f"{what}: sort_direction is {shown(direction)}; give 'ASC' or 'DESC'.")
    return word


def list_head(api: Api, model: Model, variables: Mapping[str, Any]) -> str:
    """The document of a list up to `items`. It names the key arguments that are given: SQL models lack some of them."""
    given = [name for name in variables if name not in ("filter", "limit", "nextToken")]
    return api.once(_list_head, model, " ".join(given))


def _list_head(_api: Api, model: Model, given: str) -> str:
    keys = identifier_arguments(model)
    types = {keys.partition.name: keys.partition.type.name, "sortDirection": "ModelSortDirection"}
    if keys.sort is not None:
        types[keys.sort.name] = keys.sort.input_type
    declared = [(name, types[name]) for name in given.split()]
    return _head(
        list_field(model), [*declared, ("filter", _filter_type(model)), ("limit", "Int"), ("nextToken", "String")]
    )


def index_head(api: Api, model: Model, field: str) -> str:
    """The document of an index query up to `items`."""
    return api.once(_index_head, model, field)


def _index_head(_api: Api, model: Model, field: str) -> str:
    keys = index_arguments(model, _index(model, field))
    declared = [(keys.partition.name, required(keys.partition.type))]
    if keys.sort is not None:
        declared.append((keys.sort.name, keys.sort.input_type))
    declared += [("filter", _filter_type(model)), ("sortDirection", "ModelSortDirection")]
    return _head(field, [*declared, ("limit", "Int"), ("nextToken", "String")])


def _index(model: Model, field: str) -> Index:
    return next(index for index in model.indexes if index.query_field == field)


def _filter_type(model: Model) -> str:
    return f"Model{model.name[:1].upper()}{model.name[1:]}FilterInput"


def _head(field: str, declared: list[tuple[str, str]]) -> str:
    variables = ", ".join(f"${name}: {kind}" for name, kind in declared)
    passed = ", ".join(f"{name}: ${name}" for name, _ in declared)
    return f"query ({variables}) {{ {field}({passed})"


def page_call(
    binding: ClientBinding,
    model: Model,
    field: str,
    head: str,
    variables: dict[str, Any],
    given: ParsedArguments,
    token_mark: str = "",
) -> Call[AnyPage]:
    """Describe a query for a connection (`items`, `nextToken`)."""
    selection = binding.api.selection(model.name, given.options.get("selection_set"))
    loader = binding.loader(given.call.without_headers())
    read = page_reader(binding, field, selection, loader, token_mark)

    def make() -> str:
        return f"{head} {{ items {selection.text} nextToken __typename }} }}"

    document = binding.api.document(head, selection.text, make)
    operation = Operation(
        field, "query", document, variables, read, is_generated=True, expected=PAGE, token_mark=token_mark
    )
    return Call(operation, given.call, is_paged=True)


def page_reader(
    binding: ClientBinding, field: str, selection: Selection, loader: Any, token_mark: str = ""
) -> Callable[[Envelope], AnyPage]:
    """Make the function that reads the connection under `field` as a page."""

    def read(envelope: Envelope) -> AnyPage:
        connection = (envelope.data or {}).get(field)
        found = connection if isinstance(connection, dict) else {}
        token = found.get("nextToken")
        return binding.page_type(
            selection.read_many(found.get("items"), loader),
            next_token=token_mark + token if isinstance(token, str) else None,
            errors=envelope.errors,
            extensions=envelope.extensions,
            request_id=envelope.request_id,
        )

    return read
