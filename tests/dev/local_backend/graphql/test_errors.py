"""The shapes and words of errors inside an answer."""

import pytest

from amplify_data_client.dev.local_backend import context
from tests.dev.local_backend.asking import Api

CREATE = "mutation M($input: CreateTodoInput!) { createTodo(input: $input) { id } }"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("query { listZ { a } }", "FieldUndefined: Field 'listZ' in type 'Query' is undefined @ 'listZ'"),
        (
            "{ listTodos { items { zzz } } }",
            "FieldUndefined: Field 'zzz' in type 'Todo' is undefined @ 'listTodos/items/zzz'",
        ),
        ("{ listTodos(x: 1) { nextToken } }", "UnknownArgument: Unknown field argument x @ 'listTodos'"),
        ("query Q($x: Zzz) { listTodos(limit: $x) { nextToken } }", "UnknownType: Unknown type Zzz"),
        (
            "{ listTodos }",
            "SubSelectionRequired: Sub selection required for type ModelTodoConnection of field listTodos @ 'listTodos'",
        ),
        (
            '{ getTodo(id: "1") { id { x } } }',
            "SubSelectionNotAllowed: Sub selection not allowed on leaf type ID! of field id @ 'getTodo/id'",
        ),
        ("{ getTodo { id } }", "MissingFieldArgument: Missing field argument id @ 'getTodo'"),
        ("{ getTodo(id: $id) { id } }", "UndefinedVariable: Undefined variable id @ 'getTodo'"),
        ('query Q($a: ID) { getTodo(id: "1") { id } }', "UnusedVariable: Unused variable a"),
        (
            "query Q($a: String) { getTodo(id: $a) { id } }",
            "VariableTypeMismatch: Variable type 'String' doesn't match expected type 'ID!'",
        ),
        ("{ ...F }", "UndefinedFragment: Undefined fragment F"),
        (
            '{ listTodos(limit: "x") { nextToken } }',
            "WrongType: argument 'limit' with value '\"x\"' is not a valid 'Int' @ 'listTodos'",
        ),
        (
            '{ getTodo(id: "1") { a: name a: description } }',
            "FieldsConflict: a: they have differing arguments or names @ 'getTodo/a'",
        ),
        ("query { listTodos {", "InvalidSyntax: Syntax Error: Expected Name, found <EOF>."),
        ("{ }", "InvalidSyntax: Syntax Error: Expected Name, found '}'."),
    ],
)
def test_an_invalid_document_is_refused_as_a_whole(todo: Api, query: str, message: str) -> None:
    answer = todo.ask(query)
    first = answer["errors"][0]
    assert answer["data"] is None
    assert first["message"].removesuffix("/a'").startswith(f"Validation error of type {message}".removesuffix("/a'"))
    assert set(first) == {"path", "locations", "message"}
    assert first["path"] is None
    assert first["locations"][0]["sourceName"] is None


def test_an_entry_points_at_the_field(todo: Api) -> None:
    assert todo.error("query { listZ { a } }")["locations"] == [{"line": 1, "column": 9, "sourceName": None}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"content": "x", "dueOn": "nope"},
            "Variable 'input' has an invalid value. Unable to parse `nope` as a valid date.",
        ),
        (
            {"content": "x", "dueAt": "2024-01-02"},
            "Variable 'input' has an invalid value. Unable to parse `2024-01-02` as a valid DateTime.",
        ),
        (
            {"content": "x", "meta": "{bad"},
            "Variable 'input' has an invalid value. Unable to parse `{bad` as a valid JSON.",
        ),
        (
            {"content": "x", "contact": "nope"},
            "Variable 'input' has an invalid value. Unable to parse `nope` as a valid email.",
        ),
        (
            {"content": "x", "link": "nope"},
            "Variable 'input' has an invalid value. Unable to parse `nope` as a valid URL.",
        ),
        (
            {"content": "x", "priority": "urgent"},
            'Variable \'input\' has an invalid value. Value "urgent" does not exist in "TodoPriority" enum.',
        ),
        (
            {"content": "x", "rank": 1.5},
            "Variable 'input' has an invalid value. Int cannot represent non-integer value: 1.5",
        ),
        (
            {"content": "x", "zzz": 1},
            "The variables input contains a field that is not defined for input object type 'CreateTodoInput' ",
        ),
        ({"isDone": True}, "Variable 'input' has coerced Null value for NonNull type 'String!'"),
        ({"content": None}, "Variable 'input' has coerced Null value for NonNull type 'String!'"),
        (None, "Variable 'input' has coerced Null value for NonNull type 'CreateTodoInput!'"),
    ],
)
def test_a_variable_that_does_not_fit_is_named(sample: Api, given, message: str) -> None:
    answer = sample.ask(CREATE, {"input": given})
    assert answer == {
        "data": None,
        "errors": [{"path": None, "locations": [{"line": 1, "column": 12, "sourceName": None}], "message": message}],
    }


def test_a_resolver_error_leaves_the_siblings_alone(todo: Api) -> None:
    answer = todo.ask(
        'mutation {\n  a: deleteTodo(input: {id: "1"}) { id }\n  b: createTodo(input: {name: "x"}) { name }\n}'
    )
    [error] = answer["errors"]
    assert answer["data"] == {"a": None, "b": {"name": "x"}}
    assert error["message"].startswith(
        "The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: "
    )
    del error["message"]
    assert error == {
        "path": ["a"],
        "data": None,
        "errorType": "DynamoDB:ConditionalCheckFailedException",
        "errorInfo": None,
        "locations": [{"line": 2, "column": 3, "sourceName": None}],
    }


def test_a_null_in_a_required_field_makes_the_object_null(sample: Api) -> None:
    sample.backend.seed({"Todo": [{"id": "1", "content": None}]})
    assert sample.ask('{ getTodo(id: "1") { id content } }') == {
        "data": {"getTodo": None},
        "errors": [
            {
                "path": ["getTodo", "content"],
                "locations": None,
                "message": "Cannot return null for non-nullable type: 'String' within parent 'Todo' (/getTodo/content)",
            }
        ],
    }


def test_one_bad_item_of_a_list_is_null_and_the_others_stay(sample: Api) -> None:
    sample.backend.seed({"Todo": [{"id": "1", "content": "x"}, {"id": "2"}, {"id": "3", "content": "z"}]})
    answer = sample.ask("{ listTodos { items { content } } }")
    items = answer["data"]["listTodos"]["items"]
    bad = items.index(None)
    assert sorted(item["content"] for item in items if item) == ["x", "z"]
    assert answer["errors"][0]["path"] == ["listTodos", "items", bad, "content"]
    assert answer["errors"][0]["message"].endswith(f"(/listTodos/items[{bad}]/content)")


def test_every_failing_field_is_listed_though_the_parent_is_null_already(scalars: Api) -> None:
    scalars.backend.seed({"EverythingRequired": [{"id": "1", "anId": "x"}]})
    answer = scalars.ask('{ getEverythingRequired(id: "1") { anId aString aDate anInteger } }')
    assert answer["data"] == {"getEverythingRequired": None}
    assert [error["path"][-1] for error in answer["errors"]] == ["aString", "aDate", "anInteger"]


@pytest.mark.parametrize(
    ("field", "stored", "message"),
    [
        (
            "aDatetime",
            "2020-05-23T06:4:37.000Z",
            "Unable to serialize `2020-05-23T06:4:37.000Z` as a valid DateTime Object.",
        ),
        ("anInteger", "x", "Unable to serialize `x` as a valid Int Object."),
        ("anInteger", 2**31, "Unable to serialize `2147483648` as a valid Int Object."),
        ("namedEnum", "NONE", "Unable to serialize `NONE` as a valid Level Object."),
    ],
)
def test_a_stored_value_that_the_scalar_does_not_have_is_null_and_reported(
    scalars: Api, field, stored, message
) -> None:
    scalars.backend.seed({"Everything": [{"id": "1", field: stored}]})
    assert scalars.ask(f'{{ getEverything(id: "1") {{ id {field} }} }}') == {
        "data": {"getEverything": {"id": "1", field: None}},
        "errors": [
            {
                "path": ["getEverything", field],
                "locations": None,
                "message": f"Can't serialize value (/getEverything/{field}) : {message}",
            }
        ],
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"query": "query A { __typename } query B { __typename }"},
            "Must provide operation name if query contains multiple operations.",
        ),
        ({"query": "query A { __typename }", "operationName": "B"}, "Unknown operation named 'B'."),
        ({"query": "fragment F on Todo { id }"}, "Validation error of type UnusedFragment: Unused fragment F @ 'F'"),
    ],
)
def test_an_operation_that_is_not_there_is_refused(todo: Api, body, message) -> None:
    import json

    status, answer = todo.post(json.dumps(body).encode())
    assert (status, answer["data"], answer["errors"][0]["message"]) == (200, None, message)


def test_the_named_operation_runs(todo: Api) -> None:
    import json

    body = {"query": "query A { a: __typename } query B { b: __typename }", "operationName": "B"}
    assert todo.post(json.dumps(body).encode()) == (200, {"data": {"b": "Query"}})


def test_skip_include_fragments_and_aliases_work(todo: Api) -> None:
    todo.backend.seed({"Todo": [{"id": "1", "name": "x"}]})
    query = """
        query Q($yes: Boolean!, $id: ID = "1") {
          one: getTodo(id: $id) { ...F id @skip(if: $yes) ... on Todo @include(if: $yes) { isDone } __typename }
          two: getTodo(id: "none") { id }
        }
        fragment F on Todo { title: name }
    """
    one = {"title": "x", "isDone": None, "__typename": "Todo"}
    assert todo.data(query, {"yes": True}) == {"one": one, "two": None}


def test_introspection_is_answered(todo: Api) -> None:
    from graphql import build_client_schema, get_introspection_query

    schema = build_client_schema(todo.data(get_introspection_query()))
    assert "createTodo" in schema.mutation_type.fields


def test_more_than_ten_thousand_resolver_runs_are_refused(sample: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_SECONDS", float("inf"))  # a busy machine needs longer than AppSync allows
    sample.backend.seed({"TodoList": [{"id": "l", "name": "L"}]})
    sample.backend.seed({"Todo": [{"content": "x", "listId": "l"} for _ in range(150)]})
    query = '{ getTodoList(id: "l") { todos(limit: 150) { items { list { todos(limit: 150) { items { list { id } } } } } } } }'
    answer = sample.ask(query)
    assert answer["errors"][0]["errorType"] == "ResolverExecutionLimitReached"
