"""Describes the calls that load a hasMany or hasOne: by a key of the child, through the parent's field, by a list.

All three ask for the children of one parent. The first two query an index of the child's table; a list scans the table
and filters it.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from functools import partial
from typing import Any, Literal, NamedTuple, TypeAlias

from amplify_data_client._core.schema.capabilities import operations
from amplify_data_client._core.schema.introspection import Field, Index, Model
from amplify_data_client._core.schema.keys import list_field, required, root_field
from amplify_data_client.errors import ErrorEntry, OperationError

from .answers import PAGE, Expected
from .api import Api, ClientBinding
from .arguments import ParsedArguments
from .operation import Call, Envelope, Operation
from .queries import index_head, list_head, page_call, page_reader

Way: TypeAlias = Literal["key", "parent", "list"]

GONE = "RelationParentNotFound"  # errorType of the entry that stands for a parent that is null
_NUMBERS = ("Int", "Float", "AWSTimestamp")
_ONE = Expected("object", is_nullable=True)
_OPTIONS = ("filter", "limit", "nextToken")


class Related(NamedTuple):
    """The children of one record, and what is asked of them.

    Attributes:
        keys: The wire values of the parent's identifier.
        variables: `filter`, `limit` and `nextToken`, as far as they are given.
    """

    binding: ClientBinding
    parent: Model
    field: Field
    child: Model
    keys: tuple[Any, ...]
    given: ParsedArguments
    variables: Mapping[str, Any]

    @property
    def what(self) -> str:
        return f"{self.parent.name}.{self.field.name}"

    @property
    def foreign(self) -> tuple[str, ...]:
        """The child's foreign key, in the order of the parent's identifier."""
        assert self.field.association is not None  # noqa: S101  # only relations are loaded
        return self.field.association.fields

    @property
    def is_one(self) -> bool:
        assert self.field.association is not None  # noqa: S101  # as above
        return self.field.association.connection == "HAS_ONE"

    @property
    def can_get_parent(self) -> bool:
        return "get" in self.binding.api.once(_offered, self.parent, "")

    @property
    def can_list(self) -> bool:
        return "list" in self.binding.api.once(_offered, self.child, "")


def _offered(_api: Api, model: Model, _word: str) -> frozenset[str]:
    return operations(model)


def first_way(related: Related) -> Way:
    """Choose the way of a first page, as far as that is known before anything is sent."""
    if _key_query(related) is not None:
        return "key"
    if not related.can_list and not related.can_get_parent:
        raise OperationError(
            f"{related.what} cannot be loaded: the schema disables 'get' of {related.parent.name} and 'list' of "
            f"{related.child.name} (.disableOperations([…])). Enable one of them and deploy."
        )
    return "list" if related.can_list and _must_list(related) else "parent"


def _must_list(related: Related) -> bool:
    """Whether the parent's field cannot be asked, or would not give all that the list gives."""
    filter_ = related.variables.get("filter")
    if not related.can_get_parent or related.child.is_sql:
        return True  # a database looks the children up by their column in any case
    if len(related.keys) > 2 and any("#" in str(key) for key in related.keys[1:]):
        return True  # the index has the parts joined with "#", so two keys can be one there
    if related.is_one:
        return filter_ is not None or "nextToken" in related.variables  # its field has no arguments
    if len(related.keys) == 2 and related.parent.fields[related.parent.identifier[1]].type.name in _NUMBERS:
        return True  # Amplify's resolver writes the number as text, so DynamoDB refuses the query
    if filter_ is None:
        return False
    # DynamoDB takes no filter on the index's own keys, and a model named in lower case has another filter type there
    return related.child.name[:1].islower() or not set(_attributes(related.foreign)).isdisjoint(_names_in(filter_))


def _names_in(filter_: Mapping[str, Any]) -> Iterator[str]:
    for name, value in filter_.items():
        if name in ("and", "or", "not"):
            for inner in value if isinstance(value, list) else [value]:
                yield from _names_in(inner)
        else:
            yield name


def call_of(related: Related, way: Way, mark: str = "") -> Call[Any]:
    """Describe the call of one way.

    Args:
        mark: What the tokens of its pages begin with, so that they are told from those of the first way.
    """
    describe = {"key": _by_key, "parent": _through_parent, "list": _by_list}[way]
    return describe(related, mark)


# ---------------------------------------------------------------- by a key of the child


def _key_query(related: Related) -> Index | Literal["own"] | None:
    """Find the child's own key or secondary index whose partition key is the foreign key, if it has all the children."""
    # a SQL model's list has no key arguments that an index would answer
    if len(related.foreign) != 1 or related.foreign[0] in _OPTIONS or related.child.is_sql:
        return None
    filtered = set(_names_in(related.variables.get("filter") or {}))
    # DynamoDB takes no filter on the keys of what it queries
    return next((key for key, fields in _keys(related) if filtered.isdisjoint(_attributes(fields))), None)


def _keys(related: Related) -> Iterator[tuple[Index | Literal["own"], tuple[str, ...]]]:
    child, foreign = related.child, related.foreign[0]
    if child.has_custom_identifier and child.identifier[0] == foreign and related.can_list:
        yield "own", child.identifier
    for index in child.indexes:
        if index.query_field and index.fields[0] == foreign and _has_all(child, index):
            yield index, index.fields


def _attributes(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The key attributes of a table or index: several sort fields are joined into another attribute."""
    return fields[: 2 if len(fields) == 2 else 1]


def _has_all(child: Model, index: Index) -> bool:
    """Whether every item with the partition key is in an index: one without its sort key is not."""
    sort = [child.fields[name] for name in index.fields[1:]]
    return all(field.type.is_required or field.is_read_only for field in sort)


def _by_key(related: Related, mark: str) -> Call[Any]:
    index, api, child = _key_query(related), related.binding.api, related.child
    assert index is not None  # noqa: S101  # this way was chosen because there is one
    variables = {related.foreign[0]: related.keys[0], **related.variables}
    if index == "own":
        field, head = list_field(child), list_head(api, child, variables)
    else:
        field = index.query_field or ""
        head = index_head(api, child, field)
    return page_call(related.binding, child, field, head, variables, related.given, mark)


# ---------------------------------------------------------------- through the parent's field


def _through_parent(related: Related, mark: str) -> Call[Any]:
    binding, api = related.binding, related.binding.api
    selection = api.selection(related.child.name, related.given.options.get("selection_set"))
    head = api.once(_nested_head, related.parent, _head_word(related))
    asked = selection.text if related.is_one else f"{{ items {selection.text} nextToken __typename }}"
    document = api.document(head, selection.text, lambda: f"{head} {asked} }} }}")
    get, what = root_field("get", related.parent), related.what
    identifier = dict(zip(_variable_names(related.parent), related.keys, strict=True))
    loader = binding.loader(related.given.call.without_headers())

    def read_one(envelope: Envelope) -> Any:
        return envelope.result(selection.read_one((envelope.data or {}).get(what), loader))

    return Call(
        Operation(
            what,
            "query",
            document,
            identifier if related.is_one else {**identifier, **related.variables},
            read_one if related.is_one else page_reader(binding, what, selection, loader, mark),
            is_generated=True,
            expected=_ONE if related.is_one else PAGE,
            unwrap=partial(_unwrap, get, related.field.name, related.parent.name, what),
            token_mark=mark,
        ),
        related.given.call,
        is_paged=not related.is_one,
    )


def _head_word(related: Related) -> str:
    return f"{related.field.name} {'filter' if 'filter' in related.variables else ''}"


def _nested_head(_api: Api, parent: Model, word: str) -> str:
    name, _, option = word.partition(" ")
    field = parent.fields[name]
    variables = _variable_names(parent)
    declared = {
        variable: required(parent.fields[one].type) for variable, one in zip(variables, parent.identifier, strict=True)
    }
    passed = ", ".join(f"{one}: ${variable}" for variable, one in zip(variables, parent.identifier, strict=True))
    arguments = ""
    if field.is_connection:
        # the filter's type is declared only where it is used: of a model named in lower case it is another than the list's
        options = {"filter": f"Model{field.type.name}FilterInput"} if option else {}
        options |= {"limit": "Int", "nextToken": "String"}
        declared |= options
        arguments = f"({', '.join(f'{option}: ${option}' for option in options)})"
    shown = ", ".join(f"${variable}: {kind}" for variable, kind in declared.items())
    return f"query ({shown}) {{ {root_field('get', parent)}({passed}) {{ {name}{arguments}"


def _variable_names(parent: Model) -> list[str]:
    """Name a variable for each field of the identifier, none like an option."""
    taken, names = {*_OPTIONS, *parent.identifier}, []
    for name in parent.identifier:
        variable = name
        while variable in _OPTIONS or (variable != name and variable in taken):
            variable += "_"
        taken.add(variable)
        names.append(variable)
    return names


def _unwrap(get: str, field: str, parent: str, what: str, envelope: Envelope) -> Envelope:
    """Make the reply of `getPost { comments }` one of `Post.comments`, in its data and in the paths of its errors.

    A parent that is null without an error becomes an error, since that says nothing about its children.
    """
    if envelope.data is None:
        return envelope
    found = envelope.data.get(get)
    below = {what: found[field]} if isinstance(found, Mapping) and field in found else {}
    if get in envelope.data and not isinstance(found, Mapping):
        below = {what: found}
    errors = tuple(_moved(entry, get, field, what) for entry in envelope.errors)
    if below == {what: None} and found is None and not errors:
        errors = (_gone(parent, what),)
    return envelope._replace(data=below, errors=errors)


def _moved(entry: ErrorEntry, get: str, field: str, what: str) -> ErrorEntry:
    if not entry.path or entry.path[0] != get:
        return entry
    moved = copy(entry)
    moved.path = (what, *entry.path[2 if entry.path[1:2] == (field,) else 1 :])
    return moved


def _gone(parent: str, what: str) -> ErrorEntry:
    return ErrorEntry(
        f"The {parent} is no longer there, or hidden from this caller, so its records cannot be continued from this "
        "token. Load the relation again without next_token.",
        error_type=GONE,
        path=[what],
    )


# ---------------------------------------------------------------- by a list


def _by_list(related: Related, mark: str) -> Call[Any]:
    child = related.child
    clauses: list[Any] = [{name: {"eq": key}} for name, key in zip(related.foreign, related.keys, strict=True)]
    if "filter" in related.variables:
        clauses.append(related.variables["filter"])
    variables = {**related.variables, "filter": {"and": clauses}}
    head = list_head(related.binding.api, child, variables)
    return page_call(related.binding, child, list_field(child), head, variables, related.given, mark)
