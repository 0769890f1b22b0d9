"""Repeated fields are validated once, and nothing that is wrong escapes by it."""

import sys
from functools import cache
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.graphql import sdl, validation
from tests.dev.local_backend.asking import introspection
from tests.dev.local_backend.documents import documents, spoilt


@cache
def schema(name: str) -> GraphQLSchema:
    return build_schema(sdl.write(Introspection(introspection(name))), assume_valid=True)


def check(name: str, query: str) -> list[dict[str, Any]]:
    """The entries, which are those of every rule on the whole document."""
    document = parse(query)
    found = validation.check(schema(name), document)
    whole = validate(schema(name), document, validation.RULES, validation.MAX_ERRORS)
    assert [bool(found), len(found)] == [bool(whole), len(whole)]
    return found


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("name", ["sample", "blog"])
def test_finds_what_every_rule_finds_on_the_whole_document(name: str, data: st.DataObject) -> None:
    request = data.draw(documents(schema(name)) | spoilt(schema(name)))
    query = request["query"]
    for text in (query, query.replace("{", "{ again: __typename again: __typename ", 1)):
        try:
            parse(text)
        except GraphQLError:
            continue
        check(name, text)


@pytest.mark.parametrize(
    "query",
    [
        "{ a: getTodo(id: 1) { id } a: listTodos { items { id } } }",
        "{ a: getTodo(id: 1) { id } b: getTodo(id: 1) { id } b: getTodo(id: 2) { id } }",
        "{ getTodo(id: 1) { id x: name } getTodo(id: 1) { id x: createdAt } }",
        "{ a: getTodo(id: 1) { nme } b: getTodo(id: 1) { nme } }",
        "query ($id: ID!) { a: getTodo(id: 1) { id } b: getTodo(id: 1) { id } }",
        "subscription { a: onCreateTodo { id } b: onCreateTodo { id } }",
        "{ a: getTodo(id: 1) { ...A } b: getTodo(id: 1) { ...A } } fragment A on Todo { id id: name }",
    ],
)
def test_a_fault_among_repeated_fields_is_found(query: str) -> None:
    assert check("todo", query)


def test_fields_that_differ_in_their_alias_only_are_fine() -> None:
    assert check("todo", "{ a: getTodo(id: 1) { id } b: getTodo(id: 1) { id } ... on Query { c: __typename } }") == []


def steps(query: str) -> int:
    """How many functions are called for the validation of a document."""
    document, calls = parse(query), 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        assert validation.check(schema("todo"), document) == []
    finally:
        sys.setprofile(before)
    return calls


def test_thousands_of_aliases_of_one_field_cost_little() -> None:
    same = steps(f"{{ {' '.join(f'a{n}: listTodos {{ items {{ id name }} }}' for n in range(1000))} }}")
    different = steps(
        f"{{ {' '.join(f'a{n}: listTodos(limit: {n}) {{ items {{ id name }} }}' for n in range(1000))} }}"
    )
    assert same * 5 < different
