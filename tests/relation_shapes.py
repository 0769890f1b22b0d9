"""Loads every relation of a schema for every kind of caller, beside the list that JavaScript sends for it.

The schema `relations` has every shape of key, every kind of rule on parent, child and field, disabled operations and odd
names; both the local backend and Amplify's own resolvers are asked.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from amplify_data_client import Client
from amplify_data_client._core.schema.capabilities import operations
from amplify_data_client._core.schema.introspection import Field, Introspection, Model
from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.options import DEFAULT

_ADMINS, _OWNER = {"allow": "groups", "groups": ["Admins"]}, {"allow": "owner"}
FIELD_RULES: Mapping[str, Any] = {
    "FieldParent": {"kids": [_ADMINS], "one": [_ADMINS]},
    "SecretKid": {"text": [_OWNER], "parentId": [_OWNER, _ADMINS]},
    "LockParent": {"name": [_ADMINS]},
}
USERS: Mapping[str, tuple[str, ...]] = {"ann": (), "bob": (), "dan": ("Admins",), "sue": ("Staff", "red")}
CALLERS = ("a function", "an API key", *USERS)
# what only a rule for `get` admits is found through the parent, and not by the list
GET_ONLY = {"SomeParent.got", "SomeParent.gotOne", "MixParent.kids", "MixParent.one"}
_VALUES: Mapping[str, tuple[Any, Any, Any]] = {
    "ID": ("p", "q", "none"),
    "String": ("p", "q", "none"),
    "Int": (1, 2, 99),
    "Float": (1.5, 2.5, 99.5),
    "AWSTimestamp": (1700000000, 1700000001, 99),
    "AWSDate": ("2024-01-02", "2024-01-03", "2020-01-01"),
    "AWSDateTime": ("2024-01-02T03:04:05.000Z", "2024-01-02T03:04:06.000Z", "2020-01-01T00:00:00.000Z"),
}


class Asked(Protocol):
    """A backend that clients ask: the local one or a real one."""

    api_key: str

    def client(self, **options: Any) -> Client[Any]: ...


class Question(NamedTuple):
    """A relation of one parent (0 and 1 are stored, 2 is not), as one caller asks for it."""

    parent: Model
    field: Field
    number: int
    caller: str
    filter: Any
    limit: int | None

    @property
    def relation(self) -> str:
        return f"{self.parent.name}.{self.field.name}"

    def __str__(self) -> str:
        return f"{self.relation} of parent {self.number} by {self.caller}, filter={self.filter}, limit={self.limit}"


class Answer(NamedTuple):
    """The identifiers that came, and the kinds of errors."""

    found: list[str]
    errors: set[str | None]


def relations_of(introspection: Introspection) -> Iterator[tuple[Model, Field]]:
    """Every hasMany and hasOne."""
    for model in introspection.models.values():
        for field in model.fields.values():
            if field.association is not None and field.association.connection != "BELONGS_TO":
                yield model, field


def view(backend: Asked, tokens: LocalBackend, caller: str) -> Client[Any]:
    """The client of a caller."""
    if caller == "a function":
        return backend.client(raise_errors=False)
    if caller == "an API key":
        return backend.client(raise_errors=False, auth_mode="api_key", api_key=backend.api_key)
    token = tokens.token(caller, groups=USERS[caller])
    return backend.client(raise_errors=False, auth_mode="user_pool", auth_token=token)


def seed(views: Mapping[str, Client[Any]], introspection: Introspection) -> None:
    """Make two parents and seven children for every relation; owners' items belong to ann and bob in turn."""
    parents: dict[str, Model] = {}
    for parent, field in relations_of(introspection):
        parents[parent.name] = parent
        for number in range(7 if field.is_connection else 2):
            _create(views, introspection.models[field.type.name], _child(introspection, parent, field, number), number)
    for parent in parents.values():
        for number in (0, 1):
            _create(views, parent, _keys(parent, parent.identifier, number), number)


def _keys(model: Model, names: tuple[str, ...], number: int) -> dict[str, Any]:
    return {
        name: _VALUES[model.fields[key].type.name][number] for name, key in zip(names, model.identifier, strict=True)
    }


def _child(introspection: Introspection, parent: Model, field: Field, number: int) -> dict[str, Any]:
    child = introspection.models[field.type.name]
    assert field.association is not None
    item = _keys(parent, field.association.fields, number % 2 if not field.is_connection else int(number > 3))
    for name in child.identifier:
        is_text = child.fields[name].type.name in ("ID", "String")
        item.setdefault(name, f"{field.name}{number}" if is_text else number)
    if "writer" in child.fields:
        viewer = number + number // 2 + (not field.is_connection)
        item |= {"writer": ("ann", "bob")[number % 2], "viewer": ("ann", "bob")[viewer % 2]}
    if "team" in child.fields:
        item["team"] = ("red", "blue")[number % 2]
    return item


def _create(views: Mapping[str, Client[Any]], model: Model, item: dict[str, Any], number: int) -> None:
    is_owned = any(rule.get("allow") == "owner" and not rule.get("ownerField") for rule in model.auth_rules)
    by = views[("ann", "bob")[number % 2]] if is_owned else views["a function"]
    made = by.models[model.name].create(item, selection_set=list(model.identifier))
    if "ConditionalCheck" not in str([entry.error_type for entry in made.errors]):  # a child of two relations is there
        assert not made.errors, (model.name, item, made.errors)


def questions(introspection: Introspection, *, thorough: bool) -> Iterator[Question]:
    """Everything that is asked."""
    for parent, field in relations_of(introspection):
        assert field.association is not None
        child, foreign = introspection.models[field.type.name], field.association.fields[0]
        is_text = child.fields[foreign].type.name in ("ID", "String")
        options: list[tuple[Any, int | None]] = [(None, None)]
        if field.is_connection and thorough:
            on_key = {"and": [{foreign: {"ne": "zzz" if is_text else 12345}}]}
            other = {"or": [{"text": {"ne": "zzz"}}]}
            options = [*itertools.product((None, on_key, other), (None, 2))]
        for number, caller in itertools.product(range(3), CALLERS):
            # filters and limits do not depend on who asks
            for filter_, limit in options if caller not in USERS else options[:1]:
                yield Question(parent, field, number, caller, filter_, limit)


def loaded(client: Client[Any], question: Question) -> Answer:
    """What the relation of a record gives, page by page."""
    binding, parent = client._binding, question.parent
    selection = binding.api.selection(parent.name, list(parent.identifier))
    record = selection.read_one(_keys(parent, parent.identifier, question.number), binding.loader(DEFAULT))
    relation = getattr(record, question.field.name)
    child = client._api.model(question.field.type.name)
    options: dict[str, Any] = {"selection_set": list(child.identifier)}
    if not question.field.is_connection:
        result = relation(**options)
        return _answer(child, [] if result.data is None else [result.data], result.errors)
    if question.filter is not None:
        options["filter"] = question.filter
    page = relation(limit=question.limit, **options)
    return _pages(child, page, lambda token: relation(limit=question.limit, next_token=token, **options))


def listed(client: Client[Any], question: Question) -> Answer | None:
    """What JavaScript's list gives; None where the API has none."""
    child = client._api.model(question.field.type.name)
    if "list" not in operations(child):
        return None
    association = question.field.association
    assert association is not None
    keys = _keys(question.parent, association.fields, question.number)
    clauses = [{name: {"eq": value}} for name, value in keys.items()] + ([question.filter] if question.filter else [])
    model = client.models[child.name]
    options: dict[str, Any] = {"filter": {"and": clauses}, "selection_set": list(child.identifier)}
    options["limit"] = question.limit
    found = _pages(child, model.list(**options), lambda token: model.list(next_token=token, **options))
    return found if question.field.is_connection else found._replace(found=found.found[:1])


def _pages(child: Model, page: Any, following: Any) -> Answer:
    found, errors = [*page.data], [*page.errors]
    while page.next_token is not None and not page.errors:
        page = following(page.next_token)
        found += page.data
        errors += page.errors
    return _answer(child, found, errors)


def _answer(child: Model, found: list[Any], errors: list[Any]) -> Answer:
    names = [str([one.wire_value(name) for name in child.identifier]) for one in found if one is not None]
    return Answer(sorted(names), {entry.error_type for entry in errors})


def objection(question: Question, relation: Answer, as_list: Answer | None) -> str | None:
    """Say where a relation gives less than the list, or what only a rule for `get` explains, without one."""
    if as_list is None or relation == as_list:
        return None
    is_more = set(relation.found) > set(as_list.found) and not relation.errors
    if question.relation in GET_ONLY and is_more:
        return None
    return f"{question}: the relation gives {relation}, the list {as_list}"
