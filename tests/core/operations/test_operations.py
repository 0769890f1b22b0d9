"""Documents, variables and refusals of the operations, as values."""

import copy
import enum
import sys
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client import OperationError, UnknownNameError
from amplify_data_client._core.operations import custom, mutations, names, queries, relations
from amplify_data_client._core.operations.api import Api
from amplify_data_client._core.operations.arguments import Arguments
from amplify_data_client._core.operations.document import graphql_call
from amplify_data_client._core.operations.operation import Envelope
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.options import DEFAULT


class Stage(enum.Enum):
    WON = "WON"


def given(values: Any = None, options: Any = None, /, **keywords: Any) -> Arguments:
    return Arguments(values, options, keywords)


@pytest.fixture
def create(context: Any) -> Any:
    def make(schema: str, model: str, arguments: Arguments) -> Any:
        found = context(schema)
        return mutations.create(found, found.api.model(model), arguments).operation

    return make


@pytest.fixture
def list_of(context: Any) -> Any:
    def make(schema: str, model: str, arguments: Arguments) -> Any:
        found = context(schema)
        return queries.list_(found, found.api.model(model), arguments).operation

    return make


def test_a_create_is_a_document_variables_and_a_reader(create: Any):
    operation = create("todo", "Todo", given(name="A", is_done=False, selection_set=["id", "is_done"]))
    assert operation.document == "mutation ($input: CreateTodoInput!) { createTodo(input: $input) { id isDone } }"
    assert operation.variables == {"input": {"name": "A", "isDone": False}}
    result = operation.read(Envelope({"createTodo": {"id": "1", "isDone": False}}, request_id="r"))
    assert (result.data.id, result.request_id) == ("1", "r")
    assert "A" not in repr(operation)


def test_documents_are_made_once(context: Any):
    found = context("todo")
    model = found.api.model("Todo")
    one, other = (mutations.create(found, model, given(name=name)).operation for name in "AB")
    assert one.document is other.document


@pytest.mark.parametrize(
    "describe",
    [
        lambda found, model: mutations.create(found, model, given(venue_id="v", row="A", number=1)),
        lambda found, model: mutations.update(found, model, given(venue_id="v", row="A", number=1, price=2)),
        lambda found, model: mutations.delete(found, model, given(venue_id="v", row="A", number=1)),
        lambda found, model: queries.get(found, model, given(venue_id="v", row="A", number=1)),
        lambda found, model: queries.list_(found, model, given(limit=5)),
    ],
    ids=["create", "update", "delete", "get", "list"],
)
def test_a_second_call_works_nothing_out_of_the_schema_again(context: Any, describe: Any):
    found = context("identifiers")
    model = found.api.model("Seat")
    describe(found, model)
    files: list[str] = []
    known = sys.getprofile()
    sys.setprofile(lambda frame, event, _: files.append(frame.f_code.co_filename) if event == "call" else None)
    try:
        describe(found, model)
    finally:
        sys.setprofile(known)
    assert not {"keys.py", "naming.py", "selection.py"} & {Path(file).name for file in files}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (given(nme="A"), "Did you mean 'name'"),
        (given(is_dne=True), "Did you mean 'is_done'"),
        (given(isDne=True), "Did you mean 'is_done'"),
        (
            given(nope=1),
            r"It takes id, name, description, is_done\. .*options are auth_mode, .*selection_set, condition",
        ),
        (given(id=None, name="A"), "Todo.id identifies the item and cannot be null. Leave it out"),
        (given({"name": "A"}, name="B"), "'name' is given twice"),
        (given({"isDone": True, "is_done": True}), "'isDone' is given twice"),
        (given(created_at="2024-01-01T00:00:00Z"), "the API sets it"),
        (given({"name": "A", "authMode": "iam"}), "is an option"),
        (given({"name": "A"}, {"nope": 1}), "no option 'nope'"),
        (given(name=5), "Todo.name takes text, got int"),
        (given(name="A", selection_set="id"), "give a list of paths"),
        (given(name="A", selection_set=[]), "one or more"),
        (given(name="A", selection_set=["name.x"]), "has no fields"),
        (given(name="A", timeout=0), "more than 0"),
        (given("text"), "values are str"),
        (given(name="A", condition={"id": {"eq": "1"}}), "identifies the item"),
        (given(name="A", condition={"name": {"equals": "1"}}), "no operator 'equals'"),
    ],
)
def test_a_create_that_does_not_fit_is_refused(create: Any, arguments: Arguments, reason: str):
    with pytest.raises(OperationError, match=reason):
        create("todo", "Todo", arguments)


def test_owner_fields_are_refused_with_the_reason(create: Any):
    with pytest.raises(OperationError, match="owner rule fills it"):
        create("blog", "Author", given(name="N", owner="me"))


def test_enums_and_related_records_become_what_the_api_takes(create: Any):
    variables = create(
        "identifiers", "Customer", given(account_representative_id=uuid.UUID(int=0), stage=Stage.WON)
    ).variables
    assert variables["input"]["stage"] == "WON"
    with pytest.raises(OperationError, match=r"LEAD, QUALIFIED, WON, LOST"):
        create("identifiers", "Customer", given(account_representative_id="a", stage="WONN"))
    warehouse = {"country": "ES", "city": "Vigo", "number": 0}
    assert create("blog", "Shelf", given(code="A", warehouse=warehouse)).variables["input"] == {
        "code": "A",
        "warehouseCountry": "ES",
        "warehouseCity": "Vigo",
        "warehouseNumber": 0,
    }
    with pytest.raises(OperationError, match="number is missing or null"):
        create("blog", "Shelf", given(code="A", warehouse={"country": "ES", "city": "Vigo"}))
    with pytest.raises(OperationError, match="given twice, with different values"):
        create("blog", "Comment", given(text="x", post={"id": "1"}, post_id="2"))
    with pytest.raises(OperationError, match="hasMany relation"):
        create("blog", "Author", given(name="N", posts=[]))


def test_custom_types_are_checked_inside(create: Any):
    place = {"name": "P", "address": {"street": "s", "geo": {"lat": 1, "long": 2.5}, "kind": "HOME"}}
    assert create("scalars", "Place", given(place)).variables["input"] == place
    with pytest.raises(OperationError, match=r"Place\.address\.geo has no field 'latt'"):
        create("scalars", "Place", given(name="P", address={"street": "s", "geo": {"latt": 1}}))
    with pytest.raises(OperationError, match=r"Place\.address\.kind .* \(HOME, WORK\).* Did you mean 'HOME'"):
        create("scalars", "Place", given(name="P", address={"street": "s", "kind": "HOM"}))
    with pytest.raises(OperationError, match="give a mapping of its fields"):
        create("scalars", "Place", given(name="P", address="s"))


def test_a_field_of_a_custom_type_is_given_once(create: Any):
    with pytest.raises(OperationError, match="'wordCount' is given twice, in two spellings"):
        create("blog", "Post", given(title="T", metadata={"word_count": 1, "wordCount": 2}))


def test_members_of_an_enum_stand_for_their_value_or_their_name(list_of: Any, create: Any):
    class Phase(enum.Enum):
        WON = 1

    for member in (Stage.WON, Phase.WON, "WON"):
        assert create("identifiers", "Customer", given(stage=member)).variables["input"] == {"stage": "WON"}


def test_a_list_of_scalars_is_read_item_by_item(context: Any):
    found = context("operations")
    keywords = found.api.introspection.queries["keywords"]
    days = keywords._replace(type=keywords.type._replace(name="AWSDate"))
    read = custom.call(found, days, "query", given()).operation.read
    assert read(Envelope({"keywords": ["2024-01-31", None, "soon"]})).data == [date(2024, 1, 31), None, "soon"]
    assert read(Envelope({"keywords": None})).data is None


def test_a_null_item_stays_null_whatever_is_made_of_the_others(context: Any):
    found = context("todo")
    call = queries.list_(found, found.api.model("Todo"), given()).mapped(lambda todo: todo.id)
    assert call.operation.read(Envelope({"listTodos": {"items": [None, {"id": "1"}]}})).data == [None, "1"]


def test_an_index_without_a_query_has_no_method(schema: Any):
    model = schema("identifiers").model("Customer")
    silent = model._replace(indexes=tuple(index._replace(query_field=None) for index in model.indexes[:1]))
    assert names.index_names(silent) == {}
    assert len(names.index_names(model)) == len(model.indexes)


def test_null_for_a_required_field_is_not_an_update(context: Any):
    found = context("blog")
    with pytest.raises(OperationError, match="required, and null would remove it"):
        mutations.update(found, found.api.model("Post"), given(id="1", title=None))


def test_a_missing_identifier_is_refused(context: Any):
    found = context("identifiers")
    seat = found.api.model("Seat")
    for describe in (mutations.update, mutations.delete, queries.get):
        with pytest.raises(OperationError, match="number is missing or null"):
            describe(found, seat, given(venue_id="v", row="A"))


def test_filters_are_translated_with_their_values(list_of: Any):
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    filters = {
        "id": {"begins_with": 5},
        "created_at": {"between": [moment, "2025"]},
        "and": [{"name": {"begins_with": "A"}}, {"not": {"isDone": {"eq": True}}}],
        "or": [{"name": {"size": {"ge": 3, "between": [1, 2]}}}, {"name": {"attribute_exists": False}}],
    }
    assert list_of("todo", "Todo", given(filter=filters)).variables["filter"] == {
        "id": {"beginsWith": "5"},
        "createdAt": {"between": ["2024-01-01T00:00:00.000Z", "2025"]},
        "and": [{"name": {"beginsWith": "A"}}, {"not": {"isDone": {"eq": True}}}],
        "or": [{"name": {"size": {"ge": 3, "between": [1, 2]}}}, {"name": {"attributeExists": False}}],
    }


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"nme": {"eq": 1}}, "Did you mean 'name'"),
        ({"is_dne": {"eq": True}}, "Did you mean 'is_done'"),
        ({"name": {"begins": "1"}}, "Did you mean 'begins_with'"),
        ({"name": "A"}, "takes operators"),
        ({"name": {"like": "A"}}, "no operator 'like'"),
        ({"name": {"between": ["A"]}}, "two values"),
        ({"name": {"attributeType": "text"}}, "DynamoDB's types"),
        ({"name": {"size": 3}}, "takes operators"),
        ({"isDone": {"gt": True}}, "no operator 'gt'"),
        ({"isDone": {"eq": "yes"}}, "True or False"),
        ({"and": {"name": {"eq": "A"}}}, "takes a list"),
        ({"createdAt": {"gt": datetime(2024, 1, 1)}}, "naive"),
        (["name"], "give a mapping"),
    ],
)
def test_a_filter_that_does_not_fit_is_refused(list_of: Any, filters: Any, reason: str):
    with pytest.raises(OperationError, match=reason):
        list_of("todo", "Todo", given(filter=filters))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (given(limit=0), "limit is 0"),
        (given(limit=True), "limit is True"),
        (given(limit={"a": 1}), "limit is of type dict"),
        (given(sort_direction="ASC"), "returns items in no order"),
        (given(id="1"), "takes no 'id'"),
        (given(limt=1), "Did you mean 'limit'"),
        (given(foo=1), "It takes no values. Its options are auth_mode, .*filter, limit, next_token"),
        (given(next_token=3), "next_token is int; give the next_token of a page"),
    ],
)
def test_list_options_that_do_not_fit_are_refused(list_of: Any, arguments: Arguments, reason: str):
    with pytest.raises(OperationError, match=reason):
        list_of("todo", "Todo", arguments)


def test_composite_keys_are_one_argument(list_of: Any):
    operation = list_of(
        "identifiers", "Seat", given(venue_id="v", row_number={"between": [{"row": "A", "number": 1}, {"row": "B"}]})
    )
    assert "$rowNumber: ModelSeatPrimaryCompositeKeyConditionInput" in operation.document
    assert operation.variables["rowNumber"] == {"between": [{"row": "A", "number": 1}, {"row": "B"}]}
    for bad, reason in (
        ({"eq": {"roww": "A"}}, "no part 'roww'"),
        ({"eq": "A"}, "takes a mapping"),
        ({"eq": {"row": "A"}, "gt": {"row": "A"}}, "one per sort key"),
        ("A", "takes one operator"),
        ({"ne": {"row": "A"}}, "no operator 'ne'"),
    ):
        with pytest.raises(OperationError, match=reason):
            list_of("identifiers", "Seat", given(venue_id="v", row_number=bad))
    with pytest.raises(OperationError, match="needs the partition key"):
        list_of("identifiers", "Seat", given(row_number={"eq": {"row": "A"}}))
    with pytest.raises(OperationError, match="sort_direction is 'down'; give 'ASC' or 'DESC'"):
        list_of("identifiers", "Seat", given(venue_id="v", sort_direction="down"))


@pytest.mark.parametrize(
    ("model", "values", "missing"),
    [
        ("Reading", {}, "device_id, taken_at are missing"),
        ("Reading", {"deviceId": "d"}, "taken_at is missing"),
        ("Reading", {"deviceId": "d", "takenAt": None}, "taken_at is missing or null"),
        (
            "Country",
            {"isoCode": None, "name": "Chile"},
            "iso_code identifies the item and cannot be null. Give a value",
        ),
    ],
)
def test_a_create_without_its_identifier_is_refused_where_the_api_makes_none_up(
    create: Any, model: str, values: dict[str, Any], missing: str
):
    with pytest.raises(OperationError, match=missing):
        create("identifiers", model, given(values))


def test_a_create_may_leave_out_what_the_api_fills_in_of_an_identifier(context: Any, schema: Any):
    raw = copy.deepcopy(schema("identifiers").introspection.raw)
    owned = raw["models"]["OwnedExplicit"]
    owned["primaryKeyInfo"] = {
        "isCustomPrimaryKey": True, "primaryKeyFieldName": "owner", "sortKeyFieldNames": ["createdAt", "value"]
    }  # fmt: skip
    found = context("identifiers")._replace(api=Api(Introspection(raw)))
    model = found.api.model("OwnedExplicit")
    assert mutations.create(found, model, given(value="v")).operation.variables == {"input": {"value": "v"}}
    with pytest.raises(OperationError, match="value is missing"):
        mutations.create(found, model, given())
    with pytest.raises(OperationError, match=r"owner identifies the item and cannot be null\. Leave it out"):
        mutations.create(found, model, given(value="v", owner=None))


def test_a_record_of_another_model_identifies_nothing(context: Any):
    found = context("blog")
    post, comment = found.api.model("Post"), found.api.model("Comment")
    stranger = found.api.selection("Tag").read_one({"label": "x"}, None)
    for describe, model, arguments in (
        (queries.get, post, given(stranger)),
        (mutations.update, post, given(stranger, title="A")),
        (mutations.delete, post, given(stranger)),
        (mutations.create, comment, given(text="A", post=stranger)),
    ):
        with pytest.raises(OperationError, match="expected a Post record, got a Tag record"):
            describe(found, model, arguments)


@pytest.mark.parametrize("key", [None, ""])
def test_a_relation_without_a_key_is_empty_without_a_request(context: Any, key: str | None):
    found = context("blog")
    fields = found.api.model("Comment").fields
    comment = found.api.selection("Comment").read_one({"id": key, "postId": key}, None)
    for field, data in (("post", None), *([("replies", [])] if key is None else [])):
        with pytest.raises(StopIteration) as done:
            next(relations.load(found, comment, fields[field], DEFAULT, given()))
        assert done.value.value.data == data


ITSELF: list[Any] = []
ITSELF.append(ITSELF)
ODD = [
    True, 2**40, 10**400, float("inf"), float("nan"), "", "\ud800", b"x", [], {}, [None], {"a": 1}, {1: 2}, (), {1}, ITSELF,
    {"eq": [1]}, {"between": "ab"}, {"size": 1}, object(), datetime.min.replace(tzinfo=UTC), datetime(2024, 1, 1), Stage,
    Decimal("1e999"), Decimal("NaN"), uuid.UUID(int=1), lambda: 1, range(3), 1j, type, Exception("x"),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize("name", ["Everything", "EverythingArray", "Place"])
def test_no_value_however_odd_is_worse_than_refused(context: Any, name: str, odd: Any):
    found = context("scalars")
    model = found.api.model(name)
    for field in model.fields:
        for describe, arguments in (
            (mutations.create, given({field: odd})),
            (mutations.update, given({"id": "1", field: odd})),
            (mutations.delete, given(id="1", condition={field: odd})),
            (queries.get, given({field: odd})),
            (queries.list_, given(filter={field: {"eq": odd}})),
            (queries.list_, given(filter={field: odd})),
        ):
            with suppress(OperationError):
                describe(found, model, arguments)


def test_an_index_query_needs_its_partition_key(context: Any):
    found = context("identifiers")
    customer = found.api.model("Customer")
    index = next(one for one in customer.indexes if one.query_field == "customersByScore")
    with pytest.raises(OperationError, match="account_representative_id=…"):
        queries.by_index(found, customer, index, given(score={"gt": 1}))


def test_an_unknown_model_is_named_with_those_there_are(schema: Any):
    with pytest.raises(UnknownNameError, match="Did you mean 'Todo'"):
        schema("todo").model("Tdo")


def test_custom_operations_declare_all_their_arguments(context: Any):
    found = context("operations")
    operation = found.api.introspection.queries["echoArrays"]
    described = custom.call(found, operation, "query", given(required_array=[], both_required=[1]))
    assert described.operation.document == (
        "query ($plain: [String], $requiredItems: [String!], $requiredArray: [String]!, $bothRequired: [Int!]!) "
        "{ echoArrays(plain: $plain, requiredItems: $requiredItems, requiredArray: $requiredArray, bothRequired: $bothRequired) }"
    )
    with pytest.raises(OperationError, match="needs required_array"):
        custom.call(found, operation, "query", given(both_required=[1]))
    with pytest.raises(OperationError, match=r"both_required\[1\]"):
        custom.call(found, operation, "query", given(required_array=[], both_required=[1, "2"]))
    with pytest.raises(OperationError, match="no fields to select"):
        custom.call(found, operation, "query", given(required_array=[], both_required=[1], selection_set=["id"]))


@pytest.mark.parametrize(
    ("document", "name", "kind"),
    [
        ("{ listTodos { nextToken } }", None, "query"),
        ("query Q { a }", None, "query"),
        ('# mutation M { }\nmutation M { a(x: "} {") }', None, "mutation"),
        ('fragment F on T { a } mutation M($a: I = {b: """ } """}) { x ...F }', None, "mutation"),
        ("query A { a } mutation B { b }", "B", "mutation"),
        (r'query A { a(x: "} \" mutation B { b") } mutation C { c }', "C", "mutation"),
        ('mutation A { a(x: "{") }', None, "mutation"),
    ],
)
def test_a_document_tells_what_it_does(document: str, name: str | None, kind: str):
    operation = graphql_call(document, None, name, DEFAULT).operation
    assert (operation.kind, operation.operation_name, operation.document) == (kind, name, document)


@pytest.mark.parametrize(
    ("document", "name", "reason"),
    [
        ("query {", None, "does not end"),
        ("query { a } }", None, "does not end"),
        ("", None, "holds no operation"),
        ("fragment F on T { a }", None, "holds no operation"),
        ("query A { a } query B { b }", None, "operation_name"),
        ("query A { a }", "C", "no operation 'C'"),
        ("subscription S { onCreateTodo { id } }", None, "WebSocket"),
        (5, None, "give text"),
    ],
)
def test_a_document_that_cannot_be_sent_is_refused(document: Any, name: str | None, reason: str):
    with pytest.raises(OperationError, match=reason):
        graphql_call(document, None, name, DEFAULT)


def test_gql_and_graphql_core_documents_are_taken():
    from gql import gql
    from graphql import parse

    text = "query Q($id: ID!) { getTodo(id: $id) { id } }"
    for document in (gql(text), parse(text)):
        operation = graphql_call(document, {"id": 1}, None, DEFAULT).operation
        assert "getTodo(id: $id)" in operation.document
        assert operation.variables == {"id": 1}
