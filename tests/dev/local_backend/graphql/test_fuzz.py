"""Whatever is sent, the answer is one: never a 500, a traceback or a hang."""

import json
import string
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    parse,
    validate,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import introspection
from tests.dev.local_backend.documents import documents, spoilt

pytestmark = pytest.mark.one_python

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=["sample", "blog", "identifiers", "scalars", "operations", "ai"])
def backend(request: pytest.FixtureRequest) -> Iterator[LocalBackend]:
    with LocalBackend(introspection(request.param)) as made:
        yield made


def check(backend: LocalBackend, method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
    reply = backend.handle(method, target, headers, body)
    assert 200 <= reply.status < 500
    assert b"Traceback" not in reply.body
    assert reply.headers["x-amzn-requestid"]
    return reply


def ask(backend: LocalBackend, body: object, headers: dict[str, str] | None = None) -> Any:
    sent = {"x-api-key": backend.api_key} if headers is None else headers
    reply = check(backend, "POST", "/graphql", sent, json.dumps(body).encode())
    answer = json.loads(reply.body)
    assert reply.status == 200 or set(answer) == {"errors"}
    if reply.status == 200:
        assert set(answer) in ({"data"}, {"data", "errors"})
        for error in answer.get("errors", ()):
            assert isinstance(error["message"], str)
            assert {"path", "locations", "message"} <= set(error)
    return answer


texts = st.text(st.characters(), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "X"]),
    st.binary(max_size=200),
    st.text(string.printable, max_size=40),
)
@FUZZ
def test_any_bytes(todo, method: str, body: bytes, target: str) -> None:
    check(todo.backend, method, f"/{target}", {"x-api-key": todo.backend.api_key}, body)
    check(todo.backend, method, "/graphql", {"x-api-key": todo.backend.api_key}, body)
    check(todo.backend, method, "/", {"x-amz-target": "AmazonSSM.GetParameters", "authorization": target}, body)


@given(st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions"]), json_values))
@FUZZ
def test_any_json(todo, body: dict[str, Any]) -> None:
    ask(todo.backend, body)


@given(st.text(string.printable + "é😀", max_size=60))
@FUZZ
def test_any_credentials(todo, text: str) -> None:
    body = b'{"query": "{ __typename }"}'
    for headers in (
        {"authorization": text},
        {"authorization": f"AWS4-HMAC-SHA256 {text}", "x-amz-date": text},
        {"authorization": f"Bearer {text}.{text}.{text}"},
        {"x-api-key": text},
    ):
        check(todo.backend, "POST", "/graphql", headers, body)


words = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "...",
    "on",
    "$x",
    "@skip(if: true)",
    "query",
    "mutation",
    "fragment F",
    '"a"',
    "1",
    "listTodos",
    "items",
    "id",
    "F",
    "subscription",
    '"""',
    "#",
    "é",
]


@given(st.lists(st.sampled_from(words), max_size=25).map(" ".join))
@FUZZ
def test_any_words(todo, query: str) -> None:
    ask(todo.backend, {"query": query})


def values_of(type_: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values that fit a type most of the time."""
    if isinstance(type_, GraphQLNonNull):
        return values_of(type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return st.lists(values_of(type_.of_type, depth + 1), max_size=3) | st.none()
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from(sorted(type_.values)) | st.none()
    if isinstance(type_, GraphQLInputObjectType):
        if depth > 3:
            return st.none()
        fields = {name: values_of(field.type, depth + 1) for name, field in type_.fields.items()}
        required = {
            name: fields.pop(name) for name, field in type_.fields.items() if isinstance(field.type, GraphQLNonNull)
        }
        return st.fixed_dictionaries(required, optional=fields)
    assert isinstance(type_, GraphQLScalarType)
    return SCALARS.get(type_.name, st.none()) | st.none() | json_values


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "Int": st.integers(-3, 3),
    "Float": st.floats(-3, 3),
    "Boolean": st.booleans(),
    "String": st.sampled_from(["", "a", "b", "a#b", "é"]) | texts,
    "ID": st.sampled_from(["", "1", "2", "3"]),
    "AWSDate": st.dates().map(str),
    "AWSDateTime": st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    "AWSTime": st.times().map(str),
    "AWSTimestamp": st.integers(-10, 10),
    "AWSJSON": json_values.map(json.dumps),
    "AWSEmail": st.just("a@b.co"),
    "AWSURL": st.just("https://a.b"),
    "AWSPhone": st.just("+12065550100"),
    "AWSIPAddress": st.just("::1"),
}


def selection(type_: Any, depth: int = 0) -> str:
    named = get_named_type(type_)
    if not hasattr(named, "fields"):
        return ""
    fields = [
        f"{name} {selection(field.type, depth + 1)}"
        for name, field in named.fields.items()
        if depth < 3 or not hasattr(get_named_type(field.type), "fields")
    ]
    return f"{{ {' '.join(fields) or '__typename'} }}"


@st.composite
def operations(draw: st.DrawFn, schema: GraphQLSchema) -> dict[str, Any]:
    root = draw(st.sampled_from([type_ for type_ in (schema.query_type, schema.mutation_type) if type_]))
    assert isinstance(root, GraphQLObjectType)
    name = draw(st.sampled_from(sorted(root.fields)))
    field = root.fields[name]
    given_ = {key: draw(values_of(argument.type)) for key, argument in field.args.items()}
    declared = ", ".join(f"${key}: {argument.type}" for key, argument in field.args.items())
    passed = ", ".join(f"{key}: ${key}" for key in field.args)
    kind = "query" if root is schema.query_type else "mutation"
    head, tail = (f"({declared})", f"({passed})") if field.args else ("", "")
    return {"query": f"{kind} Q{head} {{ {name}{tail} {selection(field.type)} }}", "variables": given_}


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_operation_with_any_variables(backend: LocalBackend, data: st.DataObject) -> None:
    schema = schema_of(backend.sdl)
    user = {"authorization": backend.token("ann", groups=["Admins"])}
    for headers in (None, user):
        answer = ask(backend, data.draw(operations(schema)), headers)
        for error in answer.get("errors", ()):
            assert error.get("errorType") != "InternalFailure", error


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_valid_documents_are_never_refused(backend: LocalBackend, data: st.DataObject) -> None:
    schema = schema_of(backend.sdl)
    request = data.draw(documents(schema))
    assert validate(schema, parse(request["query"])) == []
    for error in ask(backend, request).get("errors", ()):
        assert error["path"] is not None, error
        assert error.get("errorType") != "InternalFailure", error


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_nearly_valid_documents_are_answered(backend: LocalBackend, data: st.DataObject) -> None:
    schema = schema_of(backend.sdl)
    request = data.draw(spoilt(schema))
    answer = ask(backend, request, {"authorization": backend.token("ann", groups=["Admins"])})
    for error in answer.get("errors", ()):
        assert error.get("errorType") != "InternalFailure", error


@cache
def schema_of(sdl: str) -> GraphQLSchema:
    return build_schema(sdl, assume_valid=True)


@pytest.mark.parametrize(
    "query",
    [
        "{" * 50_000,
        "{ a" * 20_000 + "}" * 20_000,
        "{ listTodos { items { " + "id " * 40_000 + "} } }",
        "{ listTodos { items { " + "".join(f"id{n}: id " for n in range(20_000)) + "} } }",
        "{ " + "listTodos { items { id } } " * 5_000 + "}",
        "{ " + "__typename @include(if: true) " * 8_000 + "}",
        "query ($a: [[[[[[[[[[String]]]]]]]]]]) { __typename }",
        "{ listTodos(filter: " + "{not: " * 3_000 + "{}" + "}" * 3_000 + ") { nextToken } }",
        "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(500))
        + " fragment F500 on Query { __typename }",
        "{ a: getTodo(id: 1) { ...F0 } } "
        + " ".join(
            f"fragment F{n} on Todo {{ list {{ todos {{ items {{ ...F{n + 1} }} }} }} "
            f"x{n}: list {{ todos {{ items {{ ...F{n + 1} }} }} }} }}"
            for n in range(30)
        )
        + " fragment F30 on Todo { id }",
        "fragment A on Query { ...B } fragment B on Query { ...A } { ...A }",
        "#" * 300_000,
        '{ getTodo(id: "' + "x" * 500_000 + '") { id } }',
    ],
    ids=lambda query: query[:24],
)
def test_documents_made_to_be_expensive_are_answered(sample, query: str) -> None:
    ask(sample.backend, {"query": query})


def test_a_request_that_takes_too_long_is_cut_off(sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_data_client.dev.local_backend.context.MAX_SECONDS", 0)
    answer = ask(sample.backend, {"query": "{ a: listTodos { nextToken } b: listTodos { nextToken } }"})
    assert answer["data"] == {"a": None, "b": None}
    assert [error["errorType"] for error in answer["errors"]] == ["ExecutionTimeout", "ExecutionTimeout"]


def test_variables_nested_very_deeply_are_answered(sample) -> None:
    body = b'{"query": "query Q($f: ModelTodoFilterInput) { listTodos(filter: $f) { nextToken } }", "variables": {"f": '
    body += b'{"not": ' * 900 + b"{}" + b"}" * 900 + b"}}"
    check(sample.backend, "POST", "/graphql", {"x-api-key": sample.backend.api_key}, body)
