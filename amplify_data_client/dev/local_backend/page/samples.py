"""Write a sample document for every query and mutation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)

_Fielded = GraphQLObjectType | GraphQLInterfaceType
_DEPTH = 3
_OPTIONAL_FIELDS = 4
_VALUES: Mapping[str, Any] = {
    "ID": "1",
    "Int": 1,
    "Float": 1.5,
    "Boolean": False,
    "AWSDate": "2026-01-31",
    "AWSTime": "10:00:00",
    "AWSDateTime": "2026-01-31T10:00:00.000Z",
    "AWSTimestamp": 1769853600,
    "AWSEmail": "ann@example.com",
    "AWSURL": "https://example.com",
    "AWSPhone": "+12065550100",
    "AWSIPAddress": "127.0.0.1",
    "AWSJSON": "{}",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A document and its variables, for the user to edit."""

    document: str
    variables: Mapping[str, Any]


def samples(schema: GraphQLSchema, models: frozenset[str]) -> dict[str, Sample]:
    """Return a sample for each query and mutation. Relations (fields of the types in `models`) are left out."""
    found: dict[str, Sample] = {}
    for word, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for name, field in root.fields.items() if root else ():
            found[name] = _sample(word, name, field, models)
    return found


def _sample(word: str, name: str, field: GraphQLField, models: frozenset[str]) -> Sample:
    given = {key: argument for key, argument in field.args.items() if _is_wanted(key, argument, field)}
    declared = ", ".join(f"${key}: {argument.type}" for key, argument in given.items())
    passed = ", ".join(f"{key}: ${key}" for key in given)
    head = f"{word} {name[:1].upper()}{name[1:]}" + (f"({declared})" if declared else "")
    call = name + (f"({passed})" if passed else "")
    # below a model, a field of another model's type is a relation
    lines = _selection(field.type, models, 0)
    body = f"  {call} {{\n{_indented(lines)}\n  }}" if lines else f"  {call}"
    return Sample(f"{head} {{\n{body}\n}}\n", {key: _value(key, argument.type) for key, argument in given.items()})


def _is_wanted(name: str, argument: GraphQLArgument, field: GraphQLField) -> bool:
    is_generated = "limit" in field.args or "condition" in field.args
    return name == "limit" or isinstance(argument.type, GraphQLNonNull) or not is_generated


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _selection(type_: Any, models: frozenset[str], depth: int) -> list[str]:
    named = get_named_type(type_)
    if not is_composite_type(named):
        return []
    lines: list[str] = []
    for name, field in named.fields.items() if isinstance(named, _Fielded) else ():
        inner = get_named_type(field.type)
        if not is_composite_type(inner):
            lines.append(name)
        elif depth < _DEPTH and not _is_relation(named, inner, models):
            lines += [f"{name} {{", *(f"  {line}" for line in _selection(inner, models, depth + 1)), "}"]
    return lines or ["__typename"]


def _is_relation(parent: GraphQLNamedType, inner: Any, models: frozenset[str]) -> bool:
    is_connection = isinstance(inner, _Fielded) and {"items", "nextToken"} <= set(inner.fields)
    return parent.name in models and (is_connection or inner.name in models)


def _value(name: str, type_: Any, depth: int = 0) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _value(name, type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return [_value(name, type_.of_type, depth)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, depth)
    return 10 if name == "limit" else _VALUES.get(type_.name, name)


def _object(type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
    if depth > _DEPTH:
        return {}
    needed = {name: field for name, field in type_.fields.items() if isinstance(field.type, GraphQLNonNull)}
    optional = {name: field for name, field in type_.fields.items() if name not in needed and _is_plain(field)}
    more = dict(list(optional.items())[:_OPTIONAL_FIELDS])
    return {name: _value(name, field.type, depth + 1) for name, field in type_.fields.items() if name in needed | more}


def _is_plain(field: GraphQLInputField) -> bool:
    return not isinstance(field.type, GraphQLInputObjectType | GraphQLList) and get_named_type(field.type).name != "ID"
