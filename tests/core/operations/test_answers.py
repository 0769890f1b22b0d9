"""Which replies answer a question, and which do not."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from amplify_data_client import GraphQLError, ReplyError
from amplify_data_client._core.operations import custom, mutations, queries
from amplify_data_client._core.operations.answers import Expected, expected_of
from amplify_data_client._core.operations.api import Api, ClientBinding
from amplify_data_client._core.operations.arguments import Arguments
from amplify_data_client._core.schema.introspection import Introspection, TypeRef
from amplify_data_client._core.wire.exchange import exchange
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client.options import DEFAULT
from amplify_data_client.results import Page


def given(values: Any = None, options: Any = None, /, **keywords: Any) -> Arguments:
    return Arguments(values, options, keywords)


def answered(call: Any, body: Any, *, raise_errors: bool = True, distrust: Any = None) -> Any:
    """What comes of a call whose reply this is."""
    steps = exchange(call, DEFAULT, raise_errors=raise_errors)
    next(steps)
    with pytest.raises(StopIteration) as done:
        steps.send(Reply(200, json.dumps(body).encode(), {"x-amzn-requestid": "r"}, distrust))
    return done.value.value


@pytest.fixture
def calls(context: Any) -> Any:
    """A call of each kind of operation, by its root field."""
    todo, blog, operations = context("todo"), context("blog"), context("operations")
    model = todo.api.model("Todo")
    customs = operations.api.introspection.queries
    return {
        "createTodo": mutations.create(todo, model, given(name="A")),
        "updateTodo": mutations.update(todo, model, given(id="1", name="A")),
        "deleteTodo": mutations.delete(todo, model, given(id="1")),
        "getTodo": queries.get(todo, model, given(id="1")),
        "listTodos": queries.list_(todo, model, given()),
        "getComment": queries.get(blog, blog.api.model("Comment"), given(id="1")),
        "keywords": custom.call(operations, customs["keywords"], "query", given()),
    }


NULL_IS_AN_ANSWER = {"updateTodo", "deleteTodo", "getTodo", "getComment", "keywords"}
PAGED = {"listTodos"}


def fields() -> list[str]:
    return ["createTodo", "updateTodo", "deleteTodo", "getTodo", "listTodos", "getComment", "keywords"]


@pytest.mark.parametrize("field", fields())
def test_a_reply_to_another_document_is_no_answer(calls: Any, field: str):
    call = calls[field]
    for body in ({"data": {"somebodyElses": {"id": "9"}}}, {"data": {}}):
        with pytest.raises(ReplyError, match=f"reply to {field} lacks the field") as caught:
            answered(call, body)
        is_mutation = call.operation.kind == "mutation"
        assert caught.value.may_have_executed is is_mutation
        assert ("look before you try again" in str(caught.value)) is is_mutation
        assert caught.value.request_id == "r"
        shown = answered(call, body, raise_errors=False)
        assert [type(entry.cause) for entry in shown.errors] == [ReplyError]
        assert not shown.data


@pytest.mark.parametrize("field", fields())
@pytest.mark.parametrize("value", ["secret", 5, True, [1], {"a": 1}])
def test_a_root_field_of_another_shape_is_no_answer(calls: Any, field: str, value: Any):
    fits = isinstance(value, list) if field == "keywords" else isinstance(value, dict) and field not in PAGED
    body = {"data": {field: value}}
    if fits:
        assert answered(calls[field], body).data is not None
        return
    with pytest.raises(ReplyError) as caught:
        answered(calls[field], body)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("field", fields())
def test_null_without_an_error_is_an_answer_where_nothing_may_be_found(calls: Any, field: str):
    body = {"data": {field: None}}
    if field in NULL_IS_AN_ANSWER:
        assert answered(calls[field], body).data is None
        return
    with pytest.raises(ReplyError, match=f"reply to {field} has null"):
        answered(calls[field], body)


@pytest.mark.parametrize("field", fields())
@pytest.mark.parametrize("data", [None, {}, {"field": None}])
@pytest.mark.parametrize("path", [None, [], ["field"], ["field", "id"]])
def test_an_error_explains_a_field_that_is_null_or_absent(calls: Any, field: str, data: Any, path: Any):
    body = {"data": data and {field: None}, "errors": [{"message": "no", "path": path and [field, *path[1:]]}]}
    with pytest.raises(GraphQLError, match="no"):
        answered(calls[field], body)


@pytest.mark.parametrize("field", fields())
def test_an_error_about_another_field_explains_nothing(calls: Any, field: str):
    with pytest.raises(ReplyError):
        answered(calls[field], {"data": {"other": None}, "errors": [{"message": "no", "path": ["other"]}]})


@pytest.mark.parametrize("page", [{}, {"items": None}, {"items": {}}, {"items": "secret"}, {"nextToken": "t"}])
def test_a_page_has_a_list_of_items(calls: Any, page: Any):
    with pytest.raises(ReplyError, match="reply to listTodos has a page"):
        answered(calls["listTodos"], {"data": {"listTodos": page}})
    assert answered(calls["listTodos"], {"data": {"listTodos": {"items": [None]}}}).data == [None]


def test_the_connection_of_a_reply_that_is_no_answer_is_not_trusted(calls: Any):
    closed: list[str] = []
    with pytest.raises(ReplyError):
        answered(calls["getTodo"], {"data": {"getTodo": {"id": "2"}}}, distrust=lambda: closed.append("a"))
    answered(calls["getTodo"], {"data": {"getTodo": {"id": "1"}}}, distrust=lambda: closed.append("b"))
    assert closed == ["a"]


@pytest.mark.parametrize("field", ["getTodo", "updateTodo", "deleteTodo", "getComment"])
def test_another_item_than_the_one_asked_for_is_no_answer(calls: Any, field: str):
    with pytest.raises(ReplyError, match="another id than the one asked for") as caught:
        answered(calls[field], {"data": {field: {"id": "secret", "name": "n"}}})
    assert "secret" not in str(caught.value)
    for item in ({"id": "1"}, {"id": None}, {}, {"id": 1}):
        assert answered(calls[field], {"data": {field: item}}).data is not None


def test_a_create_is_judged_by_the_identifier_that_it_gave(context: Any):
    todo = context("todo")
    call = mutations.create(todo, todo.api.model("Todo"), given(id="a", name="A"))
    with pytest.raises(ReplyError, match="another id"):
        answered(call, {"data": {"createTodo": {"id": "b"}}})
    assert answered(call, {"data": {"createTodo": {"id": "a"}}}).data.id == "a"


def test_every_part_of_a_composite_identifier_counts(context: Any):
    found = context("identifiers")
    call = queries.get(found, found.api.model("Seat"), given(venue_id="v", row="A", number=1))
    assert answered(call, {"data": {"getSeat": {"venueId": "v", "row": "A", "number": 1}}}).data.number == 1
    with pytest.raises(ReplyError, match="another number"):
        answered(call, {"data": {"getSeat": {"venueId": "v", "row": "A", "number": 2}}})


def model_with_key(kind: Any, *, is_sql: bool = False) -> ClientBinding:
    properties: dict[str, Any] = {"timestamps": None} if is_sql else {}
    raw = {
        "version": 1,
        "enums": {"Kind": {"name": "Kind", "values": ["A", "B"]}},
        "nonModels": {},
        "models": {
            "Thing": {
                "name": "Thing",
                "pluralName": "Things",
                "fields": {"key": {"name": "key", "type": kind, "isArray": False, "isRequired": True}},
                "attributes": [{"type": "model", "properties": properties}],
                "primaryKeyInfo": {
                    "isCustomPrimaryKey": True, "primaryKeyFieldName": "key", "sortKeyFieldNames": []
                },
            }
        },
    }  # fmt: skip
    return ClientBinding(Api(Introspection(raw)), Page, lambda options: None)  # type: ignore[arg-type,return-value]


# every form that the input takes, with what AppSync may write back for it, and another value
EAST = timezone(timedelta(hours=2))
SCALARS: list[tuple[str, list[Any], list[Any], list[Any]]] = [
    ("ID", ["5", 5, UUID(int=1)], ["itself", 5], ["6", ""]),
    ("String", ["é", "", "a b", UUID(int=1)], ["itself"], ["e", "A B"]),
    ("Int", [5, 5.0, Decimal(5)], [5, 5.0], [6, -5]),
    ("Float", [0.1, 1, 10**22, Decimal("0.5"), -0.0], ["itself"], [0.2, 7]),
    ("Boolean", [True], [True], [False]),
    ("AWSTimestamp", [1706695200, datetime(2024, 1, 31, 10, tzinfo=UTC)], [1706695200], [1]),
    (
        "AWSDateTime",
        [datetime(2024, 1, 31, 10, tzinfo=UTC), datetime(2024, 1, 31, 12, tzinfo=EAST), "2024-01-31T10:00Z"],
        ["2024-01-31T10:00:00.000Z", "2024-01-31T10:00:00.000000000Z", "2024-01-31T12:00:00+02:00", "soon"],
        ["2024-01-31T10:00:01.000Z"],
    ),
    ("AWSDate", [date(2024, 1, 31), "2024-01-31"], ["2024-01-31", "2024-01-31Z", "soon"], ["2024-02-01"]),
    (
        "AWSTime",
        [time(10), "10:00", "10:00:00.000", time(10, tzinfo=UTC)],
        ["10:00:00.000", "10:00:00.000Z", "soon"],
        [],
    ),
    ("AWSTime", [time(10, tzinfo=UTC)], ["10:00:00.000Z"], ["11:00:00.000Z"]),
    ("AWSEmail", ["A@B.example"], ["a@b.example"], []),
    ("AWSURL", ["https://a.example"], ["https://a.example/"], []),
    ("AWSPhone", ["+34 600 000 000"], ["+34600000000"], []),
    ("AWSIPAddress", ["2001:DB8::1"], ["2001:db8::1"], []),
    ("AWSJSON", ['{"a": 1}'], ['{"a":1}'], []),
    ("enum", ["A"], ["A"], ["B"]),
]


@pytest.mark.parametrize(("kind", "inputs", "same", "others"), SCALARS, ids=lambda case: str(case)[:20])
def test_an_identifier_of_any_scalar_in_any_form_raises_no_false_alarm(
    kind: str, inputs: list[Any], same: list[Any], others: list[Any]
):
    binding = model_with_key({"enum": "Kind"} if kind == "enum" else kind)
    thing = binding.api.model("Thing")
    for value in inputs:
        for describe in (mutations.create, mutations.update, mutations.delete, queries.get):
            call = describe(binding, thing, given(key=value))
            sent = call.operation.variables.get("input", call.operation.variables)["key"]
            for wire in (sent, *(one for one in same if one != "itself" and kind != "ID"), None, [], {"odd": 1}):
                assert answered(call, {"data": {call.operation.name: {"key": wire}}}).data is not None
            for wire in others:
                with pytest.raises(ReplyError, match="another key"):
                    answered(call, {"data": {call.operation.name: {"key": wire}}})


def test_half_a_surrogate_pair_is_no_evidence():
    binding = model_with_key("String")
    call = queries.get(binding, binding.api.model("Thing"), given(key="\ud800"))
    assert answered(call, {"data": {"getThing": {"key": "\ufffd"}}}).data is not None


@pytest.mark.parametrize("kind", ["ID", "String", "AWSDate", "Boolean"])
def test_of_sql_models_only_integers_are_compared_as_databases_write_the_rest_in_their_own_way(kind: str):
    binding = model_with_key(kind, is_sql=True)
    value = {"AWSDate": date(2024, 1, 1), "Boolean": True}.get(kind, "abc")
    call = queries.get(binding, binding.api.model("Thing"), given(key=value))
    assert answered(call, {"data": {"getThing": {"key": "ABC  "}}}).data is not None


def test_of_sql_models_integers_are_compared():
    binding = model_with_key("Int", is_sql=True)
    call = queries.get(binding, binding.api.model("Thing"), given(key=5))
    with pytest.raises(ReplyError, match="another key"):
        answered(call, {"data": {"getThing": {"key": 6}}})


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (TypeRef("scalar", "String"), Expected("scalar", is_nullable=True)),
        (TypeRef("scalar", "String", is_required=True), Expected("scalar")),
        (TypeRef("scalar", "AWSJSON", is_required=True), Expected("json")),
        (TypeRef("enum", "Mood"), Expected("scalar", is_nullable=True)),
        (TypeRef("non_model", "Report", is_required=True), Expected("object")),
        (TypeRef("model", "Todo", is_array=True, is_required=True), Expected("list", is_nullable=True)),
        (TypeRef("enum", "Mood", is_array=True, is_array_required=True), Expected("list")),
    ],
)
def test_a_custom_operation_returns_what_its_type_says(returned: TypeRef, expected: Expected):
    assert expected_of(returned) == expected


@pytest.mark.parametrize("value", [{}, {"items": []}, [], ["x"]])
def test_a_scalar_is_no_object_and_no_list(value: Any):
    assert expected_of(TypeRef("scalar", "String")).flaw(value) is not None
    assert expected_of(TypeRef("scalar", "AWSJSON")).flaw(value) is None
    assert [expected_of(TypeRef("scalar", "String")).flaw(one) for one in ("x", 5, 0.5, False)] == [None] * 4


def test_a_document_of_the_users_own_is_not_judged():
    from amplify_data_client._core.operations.document import graphql_call

    call = graphql_call("query Q { mine: getTodo(id: 1) { id } }", None, None, DEFAULT)
    assert answered(call, {"data": {"anything": "goes"}}).data == {"anything": "goes"}
