"""Sequences of operations on some models of a schema, made up by Hypothesis.

Keys and values are few, so that items meet: a create finds its key taken, a condition its item, a query its children.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)
from hypothesis import strategies as st

from amplify_data_client._core.schema import keys
from amplify_data_client._core.schema.introspection import Model

from .api import Api
from .callers import API_KEY, FUNCTION, Caller, user
from .notation import Pages, Run, Step

_SCALARS: dict[str, Sequence[Any]] = {
    "ID": ["1", "2", "3", "1", "2", "1", "2", ""],
    "String": ["a", "b", "ab", "é", "a#1", "1", "a", "b", "a", "b", ""],
    "Int": [-1, 0, 1, 2, 10],
    "Float": [-0.5, 0, 1, 2.5, 10],
    "Boolean": [True, False],
    "AWSDate": ["2024-01-01", "2024-01-02", "2025-01-01"],
    "AWSTime": ["01:00:00.000Z", "23:00:00Z"],
    "AWSDateTime": ["2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00.000Z"],
    "AWSTimestamp": [-1, 1, 2, 10],
    "AWSEmail": ["a@b.co", "b@b.co"],
    "AWSJSON": ['{"a": 1}', "[]", '"a"', "1", "null"],
    "AWSURL": ["https://a.example/", "https://b.example/"],
    "AWSPhone": ["+12025550123", "+12025550199"],
    "AWSIPAddress": ["10.0.0.1", "::1"],
}
# what the stand-in for $util.transform in node/corrections is not made for
_NEVER_NULL = {"between", "size", "and", "or", "attributeType", "attributeExists"}
# named as values are, so that they meet in fields of owners and groups
_USERS = (user("a", "a"), user("b", "b"))
_VERBS = ("create", "update", "delete")


def steps(api: Api, models: Sequence[str]) -> st.SearchStrategy[list[Step]]:
    """Make lists of steps: more mutations than queries, and of these many creates, for there has to be something to find."""
    found = [api.introspection.models[name] for name in models]
    mutations = [name for model in found for name in _mutations(api, model)]
    queries = [name for model in found for name in _queries(api, model)]
    creates = [name for name in mutations if name.startswith("create")]
    callers = [API_KEY, FUNCTION, *(_USERS if any(map(_has_owners, found)) else ())]
    asked = {name: _step(api, name, st.sampled_from(callers)) for name in (*mutations, *queries)}
    names = st.sampled_from(creates) | st.sampled_from(mutations) | st.sampled_from(queries)
    return st.lists(names.flatmap(asked.__getitem__), min_size=3, max_size=12)


def _has_owners(model: Model) -> bool:
    return any(rule.get("allow") in ("owner", "groups", "private") for rule in model.auth_rules)


def _mutations(api: Api, model: Model) -> list[str]:
    assert api.schema.mutation_type is not None
    name = f"{model.name[0].upper()}{model.name[1:]}"
    return [f"{verb}{name}" for verb in _VERBS if f"{verb}{name}" in api.schema.mutation_type.fields]


def _queries(api: Api, model: Model) -> list[str]:
    assert api.schema.query_type is not None
    name = f"{model.name[0].upper()}{model.name[1:]}"
    indexes = [index.query_field for index in model.indexes if index.query_field]
    wanted = [f"get{name}", keys.list_field(model), *indexes]
    return [one for one in wanted if one in api.schema.query_type.fields]


def _step(api: Api, name: str, callers: st.SearchStrategy[Caller]) -> st.SearchStrategy[Step]:
    _, field = api.root(name)
    given = _arguments(field)
    return st.builds(lambda arguments, caller: _asking(api, name, field, arguments).by(caller), given, callers)


def _asking(api: Api, name: str, field: GraphQLField, given: dict[str, Any]) -> Step:
    kind = Pages if given.get("limit") is not None and not api.is_sorted(name, given) else Run
    return kind(name, _selection(field.type), given)


def _arguments(field: GraphQLField) -> st.SearchStrategy[dict[str, Any]]:
    pools = {
        name: st.sampled_from([1, 2, 100]) if name == "limit" else _sometimes(name, _values(argument.type))
        for name, argument in field.args.items()
        if name != "nextToken"
    }
    required = {name for name, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)}
    return st.fixed_dictionaries(
        {name: pool for name, pool in pools.items() if name in required},
        optional={name: pool for name, pool in pools.items() if name not in required},
    )


def _sometimes(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), values) if name in ("condition", "filter") else values


@cache
def _values(type_: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    if isinstance(type_, GraphQLNonNull):
        return _values(type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return st.lists(_values(type_.of_type, depth + 1), min_size=1, max_size=2)
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from(sorted(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return _objects(type_, depth)
    return st.sampled_from(_SCALARS[type_.name])


def _objects(type_: GraphQLInputObjectType, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = {}, {}
    for name, field in type_.fields.items():
        if name in ("and", "or", "not") and depth > 1:
            continue
        values = _values(field.type, depth + 1)
        if isinstance(field.type, GraphQLNonNull):
            required[name] = values
        else:
            optional[name] = values if name in _NEVER_NULL else st.one_of(st.none(), *[values] * 9)
    if required or not _is_condition(type_):
        return st.fixed_dictionaries(required, optional=optional)
    return st.lists(st.sampled_from(sorted(optional)), min_size=1, max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: optional[name] for name in names})
    )


def _is_condition(type_: GraphQLInputObjectType) -> bool:
    """Whether an object is one of tests, of which a few are enough; an item has many fields."""
    return type_.name.startswith("Model")


def _selection(type_: Any, depth: int = 0) -> str:
    named = get_named_type(type_)
    assert isinstance(named, GraphQLObjectType)
    fields = []
    for name, field in named.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            fields.append(name)
        elif depth < 2:
            fields.append(f"{name} {{ {_selection(inner, depth + 1)} }}")
    return " ".join(fields) or "__typename"
