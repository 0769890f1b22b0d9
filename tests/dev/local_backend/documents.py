"""Documents and variables made from a schema: valid ones, and nearly valid ones."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)
from hypothesis import strategies as st

SCALARS: Mapping[str, st.SearchStrategy[Any]] = {
    "Int": st.integers(-3, 3),
    "Float": st.floats(-3, 3) | st.integers(-3, 3),
    "Boolean": st.booleans(),
    "String": st.sampled_from(["", "a", "b", "a#b", "é😀"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "ID": st.sampled_from(["", "1", "2", "3"]),
    "AWSDate": st.dates().map(str),
    "AWSDateTime": st.datetimes().map(lambda at: f"{at.isoformat(timespec='milliseconds')}Z"),
    "AWSTime": st.times().map(str),
    "AWSTimestamp": st.integers(-10, 10),
    "AWSJSON": st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=2).map(json.dumps),
    "AWSEmail": st.just("a@b.co"),
    "AWSURL": st.just("https://a.b"),
    "AWSPhone": st.just("+12065550100"),
    "AWSIPAddress": st.sampled_from(["::1", "10.0.0.1"]),
}
_DEPTH = 4


class EnumName(str):
    """A value that is written without quotes."""

    __slots__ = ()


def fitting(type_: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of an input type."""
    if isinstance(type_, GraphQLNonNull):
        return _present(type_.of_type, depth)
    return st.none() | _present(type_, depth)


def _present(type_: Any, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(type_, GraphQLList):
        return st.lists(fitting(type_.of_type, depth + 1), max_size=2)
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from(sorted(type_.values)).map(EnumName)
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, depth)
    return SCALARS[type_.name]


@st.composite
def _object(draw: st.DrawFn, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
    needed = [name for name, one in type_.fields.items() if isinstance(one.type, GraphQLNonNull)]
    others = [name for name in type_.fields if name not in needed]
    chosen = draw(st.lists(st.sampled_from(others), max_size=3, unique=True)) if others and depth < _DEPTH else []
    return {name: draw(fitting(type_.fields[name].type, depth + 1)) for name in (*needed, *chosen)}


def written(value: Any) -> str:
    """A value as a document writes it."""
    if isinstance(value, EnumName):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@dataclass
class _Writer:
    """One document in the making."""

    draw: st.DrawFn
    schema: GraphQLSchema
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    count: Iterator[int] = field(default_factory=itertools.count)

    def selection(self, type_: Any, depth: int) -> str:
        named = get_named_type(type_)
        if not is_composite_type(named):
            return ""
        fields = dict(getattr(named, "fields", {}))
        names = [
            name for name, one in fields.items() if depth < _DEPTH or not is_composite_type(get_named_type(one.type))
        ]
        chosen = self.draw(st.lists(st.sampled_from([*names, "__typename"]), min_size=1, max_size=4))
        lines = [self.field(name, fields[name], depth) if name in fields else name for name in chosen]
        return "{ " + " ".join(self.wrapped(named.name, line) for line in lines) + " }"

    def wrapped(self, type_name: str, line: str) -> str:
        match self.draw(st.integers(0, 9)):
            case 0:
                return f"... on {type_name} {{ {line} }}"
            case 1:
                return f"... @include(if: {self.value(GraphQLArgument(GraphQLNonNull(GraphQLBoolean)))}) {{ {line} }}"
            case 2:
                name = f"F{len(self.fragments)}"
                self.fragments.append(f"fragment {name} on {type_name} {{ {line} }}")
                return f"...{name}"
            case _:
                return line

    def field(self, name: str, found: GraphQLField, depth: int) -> str:
        given = [
            f"{key}: {self.value(argument)}"
            for key, argument in found.args.items()
            if isinstance(argument.type, GraphQLNonNull) or self.draw(st.booleans())
        ]
        # fields of one name fit together if they have no arguments; the others get an alias of their own
        alias = f"a{next(self.count)}: " if found.args or self.draw(st.booleans()) else ""
        arguments = f"({', '.join(given)})" if given else ""
        return f"{alias}{name}{arguments} {self.selection(found.type, depth + 1)}"

    def value(self, argument: GraphQLArgument) -> str:
        value = self.draw(fitting(argument.type))
        if self.draw(st.booleans()):
            return written(value)
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        self.declared.append(f"${name}: {argument.type}")
        return f"${name}"


@st.composite
def documents(draw: st.DrawFn, schema: GraphQLSchema) -> dict[str, Any]:
    """A valid request with several root fields, aliases, fragments, directives, literals and variables."""
    word = draw(st.sampled_from(["query", "mutation"] if schema.mutation_type else ["query"]))
    root = schema.query_type if word == "query" else schema.mutation_type
    assert isinstance(root, GraphQLObjectType)
    writer = _Writer(draw, schema)
    names = draw(st.lists(st.sampled_from(sorted(root.fields)), min_size=1, max_size=3))
    body = " ".join(writer.field(name, root.fields[name], 0) for name in names)
    head = f"({', '.join(writer.declared)})" if writer.declared else ""
    query = " ".join([f"{word} Q{head} {{ {body} }}", *writer.fragments])
    return {"query": query, "variables": writer.variables}


_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\w$@.]+|\S')


@st.composite
def spoilt(draw: st.DrawFn, schema: GraphQLSchema) -> dict[str, Any]:
    """A request of `documents` with a few tokens lost, doubled or exchanged, or a variable of another kind."""
    request = draw(documents(schema))
    tokens = _TOKENS.findall(request["query"])
    words = [*_WORDS, *schema.type_map]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(tokens) - 1)) if tokens else 0
        match draw(st.integers(0, 3)):
            case 0:
                del tokens[place : place + 1]
            case 1:
                tokens[place:place] = tokens[place : place + 1]
            case 2:
                tokens[place : place + 1] = [draw(st.sampled_from(words))]
            case _ if request["variables"]:
                name = draw(st.sampled_from(sorted(request["variables"])))
                request["variables"][name] = draw(_ODD)
    return request | {"query": " ".join(tokens)}


_WORDS = (
    '"',
    '""',
    "null",
    "[]",
    "{",
    "}",
    "(",
    ")",
    "!",
    "$v0",
    "...",
    "@skip",
    "on",
    "items",
    "id",
    "1e999",
    "-",
    "true",
)
_ODD = st.sampled_from(
    [None, "", "x", 0, -1, 1.5, 10**30, True, [], [None], {}, {"x": None}, [[]], "\ud800", float("inf")]
)
