"""What is refused before sending, and what messages advise."""

import copy
import json
from typing import Any

import pytest

from amplify_data_client import GraphQLError, OperationError, is_not_null, is_null
from amplify_data_client._core.operations import custom, mutations, queries
from amplify_data_client._core.operations.api import Api, ClientBinding
from amplify_data_client._core.operations.arguments import Arguments
from amplify_data_client._core.operations.document import graphql_call
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client._core.wire.exchange import exchange
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client.options import DEFAULT
from amplify_data_client.results import Page


def given(values: Any = None, options: Any = None, /, **keywords: Any) -> Arguments:
    return Arguments(values, options, keywords)


def refused(call: Any, **entry: Any) -> str:
    """The words of the error that a call raises when AppSync answers with this entry."""
    steps = exchange(call, DEFAULT, raise_errors=True)
    next(steps)
    with pytest.raises(GraphQLError) as caught:
        steps.send(Reply(200, json.dumps({"data": None, "errors": [entry]}).encode(), {}))
    return str(caught.value)


def binding_of(raw: Any) -> ClientBinding:
    return ClientBinding(Api(Introspection(raw)), Page, lambda options: None)  # type: ignore[arg-type,return-value]


NULL = {"message": "Variable 'input' has coerced Null value for NonNull type 'String!'", "locations": [{"line": 1}]}


# ---------------------------------------------------------------- required fields


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"title": "T"}, "author_id (authorId)"),
        ({}, "title, author_id (authorId)"),
        ({"title": None, "author_id": "1"}, "title"),
    ],
)
def test_a_refused_create_lists_the_required_fields_that_were_absent_or_null(context: Any, values: Any, names: str):
    found = context("blog")
    call = mutations.create(found, found.api.model("Post"), given(values))
    assert f"absent or null in this call: {names}. Give a value." in refused(call, **NULL)


def test_custom_types_and_members_of_lists_are_looked_through_for_required_fields(context: Any):
    found = context("scalars")
    place = found.api.model("Place")
    call = mutations.create(found, place, given(name="P", address={"geo": {"lat": 1}}))
    assert "absent or null in this call: address.street, address.geo.long. Give" in refused(call, **NULL)
    everything = found.api.model("EverythingArray")
    values = {"required_array": [], "both_required": [], "required_strings": ["a", None]}
    call = mutations.create(found, everything, given(values))
    assert "required_strings[1] (requiredStrings[1])" in refused(call, **NULL)
    call = mutations.update(found, place, given(id="1", address={"geo": None}))
    assert "absent or null in this call: address.street. Give" in refused(call, **NULL)


def test_arguments_of_custom_operations_are_looked_through_too(context: Any):
    found = context("operations")
    search = found.api.introspection.queries["search"]
    call = custom.call(found, search, "query", given(filters={}, required_points=[{"x": 1}]))
    assert "required_points[0].y (requiredPoints[0].y)" in refused(call, **NULL)


def test_other_refusals_say_nothing_of_required_fields(context: Any):
    found = context("blog")
    call = mutations.create(found, found.api.model("Post"), given())
    for entry in (
        {"message": "no", "path": ["createPost"]},
        {"message": "Validation error of type X", "locations": [1]},
    ):
        assert "absent or null" not in refused(call, **entry)


@pytest.mark.parametrize("value", [None, "unfetched"])
def test_null_for_a_required_relation_is_no_update(context: Any, value: Any):
    found = context("blog")
    post = found.api.model("Post")
    if value == "unfetched":
        selected = found.api.selection("Comment", ["id", "post.id"])
        value = selected.read_one({"id": "1", "post": None}, None).post
        comment = found.api.model("Comment")
        assert (
            mutations.update(found, comment, given(id="1", post=value)).operation.variables["input"]["postId"] is None
        )
        selected = found.api.selection("Post", ["id", "author.id"])
        value = selected.read_one({"id": "1", "author": None}, None).author
    for describe in (mutations.update, lambda *parts: next(mutations.upsert(*parts))):
        with pytest.raises(OperationError, match=r"Post\.author is required, and null would remove it"):
            describe(found, post, given(id="1", author=value))


def test_null_for_an_optional_relation_clears_it(context: Any):
    found = context("blog")
    call = mutations.update(found, found.api.model("Post"), given(id="1", reviewer=None))
    assert call.operation.variables["input"] == {"id": "1", "reviewerId": None}


# ---------------------------------------------------------------- identifiers


def keyed(*identifier: str, is_sql: bool = False) -> ClientBinding:
    def field(name: str) -> Any:
        return {"name": name, "type": "String", "isArray": False, "isRequired": name in identifier, "attributes": []}

    properties: Any = {"timestamps": None} if is_sql else {}
    thing = {
        "name": "Thing",
        "pluralName": "Things",
        "fields": {name: field(name) for name in (*identifier, "note")},
        "attributes": [
            {"type": "model", "properties": properties},
            {"type": "key", "properties": {"fields": list(identifier)}},
        ],
        "primaryKeyInfo": {
            "isCustomPrimaryKey": True,
            "primaryKeyFieldName": identifier[0],
            "sortKeyFieldNames": list(identifier[1:]),
        },
    }
    return binding_of({"version": 1, "models": {"Thing": thing}, "enums": {}, "nonModels": {}})


@pytest.mark.parametrize(("identifier", "is_sql"), [(("key",), False), (("key",), True), (("a_id", "b_id"), True)])
def test_a_create_may_leave_out_an_identifier_that_the_api_or_the_database_may_make(
    identifier: tuple[str, ...], is_sql: bool
):
    found = keyed(*identifier, is_sql=is_sql)
    call = mutations.create(found, found.api.model("Thing"), given(note="n"))
    assert call.operation.variables == {"input": {"note": "n"}}
    with pytest.raises(OperationError, match=r"cannot be null\. Give a value, or leave it out"):
        mutations.create(found, found.api.model("Thing"), given({identifier[0]: None, "note": "n"}))


def test_a_create_has_to_give_a_composite_identifier_on_dynamodb():
    found = keyed("a_id", "b_id")
    with pytest.raises(OperationError, match="b_id is missing or null"):
        mutations.create(found, found.api.model("Thing"), given(a_id="a"))


def test_a_list_names_only_the_keys_that_are_given():
    found = keyed("a_id", "b_id")
    model = found.api.model("Thing")
    for keys, arguments in (
        ((), ""),
        (("a_id",), "a_id: $a_id, "),
        (("a_id", "b_id"), "a_id: $a_id, b_id: $b_id, "),
    ):
        values: Any = {"a_id": "a", "b_id": {"eq": "b"}}
        document = queries.list_(found, model, given({name: values[name] for name in keys})).operation.document
        assert f"listThings({arguments}filter: $filter, limit: $limit, nextToken: $nextToken)" in document


def test_the_identifier_of_a_record_may_be_given_again_if_it_is_the_same(context: Any):
    found = context("identifiers")
    seat = found.api.model("Seat")
    record = found.api.selection("Seat").read_one({"venueId": "v", "row": "A", "number": 1}, None)
    call = mutations.update(found, seat, given(record, venue_id=record.venue_id, number=1, price=2))
    assert call.operation.variables["input"]["number"] == 1
    with pytest.raises(OperationError, match="'venue_id' comes from the record, and cannot be changed"):
        mutations.update(found, seat, given(record, venue_id="w", price=2))


# ---------------------------------------------------------------- composite sort keys


def measured(*sort: str) -> ClientBinding:
    def field(name: str, kind: str = "String") -> Any:
        return {"name": name, "type": kind, "isArray": False, "isRequired": name == "id", "attributes": []}

    stamps = {name: {**field(name, "AWSDateTime"), "isReadOnly": True} for name in ("createdAt", "updatedAt")}
    fields = {
        **{name: field(name) for name in ("kind", "status", "unitName", "note")},
        "id": field("id", "ID"),
        **stamps,
    }
    key = {"name": "byKind", "queryField": "listByKind", "fields": ["kind", *sort]}
    thing = {
        "name": "Thing",
        "pluralName": "Things",
        "fields": fields,
        "attributes": [{"type": "model", "properties": {}}, {"type": "key", "properties": key}],
        "primaryKeyInfo": {"isCustomPrimaryKey": False, "primaryKeyFieldName": "id", "sortKeyFieldNames": []},
    }
    return binding_of({"version": 1, "models": {"Thing": thing}, "enums": {}, "nonModels": {}})


@pytest.mark.parametrize(
    ("sort", "changes", "added"),
    [
        (("status", "unitName"), {"note": "n"}, {}),
        (("status", "unitName"), {"status": "s"}, {"unitName": "u"}),
        (("status", "unitName"), {"status": "s", "unit_name": "v"}, {}),
        (("status", "updatedAt"), {"note": "n"}, {"status": "open"}),
        (("unitName", "status", "id"), {"note": "n"}, {"status": "open", "unitName": "u"}),
        (("status",), {"status": "s"}, {}),
    ],
)
def test_an_update_gets_the_missing_parts_of_a_sort_key_from_the_record(
    sort: tuple[str, ...], changes: dict[str, Any], added: dict[str, Any]
):
    found = measured(*sort)
    model = found.api.model("Thing")
    record = found.api.selection("Thing").read_one({"id": "1", "status": "open", "unitName": "u"}, None)
    sent = mutations.update(found, model, given(record, **changes)).operation.variables["input"]
    changed = {"unitName" if name == "unit_name" else name: value for name, value in changes.items()}
    assert sent == {"id": "1", **changed, **added}
    if not added:
        assert mutations.update(found, model, given(id="1", **changes)).operation.variables["input"] == sent
        return
    shown = ", ".join("unit_name" if name == "unitName" else name for name in sort if name in added)
    with pytest.raises(OperationError, match=f"update needs {shown} too: an index .* Give "):
        mutations.update(found, model, given(id="1", **changes))
    with pytest.raises(OperationError, match=f"update needs {shown} too"):
        next(mutations.upsert(found, model, given(id="1", **changes)))
    partial = found.api.selection("Thing", ["id"]).read_one({"id": "1"}, None)
    with pytest.raises(OperationError, match="loaded without them: add them to its selection_set"):
        mutations.update(found, model, given(partial, **changes))


def test_a_part_that_the_record_has_as_null_is_sent_as_it_was_read():
    found = measured("status", "updatedAt")
    record = found.api.selection("Thing").read_one({"id": "1", "status": None}, None)
    sent = mutations.update(found, found.api.model("Thing"), given(record, note="n")).operation.variables["input"]
    assert sent == {"id": "1", "note": "n", "status": None}


def test_a_create_is_not_refused_for_a_part_that_may_have_a_default_but_told_all_that_it_lacks():
    found = measured("unitName", "status", "createdAt")
    call = mutations.create(found, found.api.model("Thing"), given(kind="k"))
    entry = {
        "message": "When creating any part of the composite sort key for @index 'byKind', you must provide all fields for "
        "the key. Missing key: 'unitName'.",
        "path": ["createThing"],
    }
    assert "absent or null in this call: unit_name (unitName), status. Give" in refused(call, **entry)


# ---------------------------------------------------------------- filters


def test_is_null_of_an_enum_asks_for_each_of_its_values(context: Any):
    found = context("blog")
    post, values = found.api.model("Post"), found.api.introspection.enums["PostStatus"].values

    def filter_of(given_filter: Any) -> Any:
        return queries.list_(found, post, given(filter=given_filter)).operation.variables["filter"]

    some = [{"status": {"eq": value}} for value in values]
    assert filter_of(is_null("status")) == {"not": {"or": some}}
    assert filter_of(is_not_null("status")) == {"or": some}
    assert filter_of({"and": [is_null("status"), {"not": is_null("title")}]}) == {
        "and": [
            {"not": {"or": some}},
            {"not": {"or": [{"title": {"attributeExists": False}}, {"title": {"eq": None}}]}},
        ]
    }
    with pytest.raises(OperationError, match=r"no operator 'attributeExists'\. Give is_null\('status'\)"):
        filter_of({"status": {"attributeExists": False}})


@pytest.mark.parametrize("word", ["in", "in_", "not_in", "notIn"])
def test_a_list_of_values_in_a_filter_is_told_to_be_an_or(context: Any, word: str):
    found = context("blog")
    with pytest.raises(OperationError, match=r"no operator .* Give .*'or': \[\{'title': \{'eq': …\}\}"):
        queries.list_(found, found.api.model("Post"), given(filter={"title": {word: ["A"]}}))


def test_a_field_given_to_a_list_is_told_to_be_a_filter(context: Any):
    found = context("todo")
    with pytest.raises(OperationError, match=r"takes no 'is_done'.*filter=\{'is_done': \{'eq': …\}\}"):
        queries.list_(found, found.api.model("Todo"), given(is_done=True))


ENDLESS: dict[str, Any] = {}
ENDLESS["not"] = ENDLESS


def deep(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {"name": {"eq": "x"}}
    for _ in range(levels):
        made = {"not": made}
    return made


@pytest.mark.parametrize("filters", [ENDLESS, deep(2000), {"and": [ENDLESS]}], ids=["endless", "deep", "listed"])
def test_a_filter_or_condition_without_an_end_is_refused(context: Any, filters: Any):
    found = context("todo")
    model = found.api.model("Todo")
    for describe, arguments in (
        (queries.list_, given(filter=filters)),
        (mutations.create, given(name="A", condition=filters)),
        (mutations.delete, given(id="1", condition=filters)),
    ):
        with pytest.raises(OperationError, match="nested too deeply, or contains itself"):
            describe(found, model, arguments)


@pytest.mark.parametrize("levels", range(50, 1000, 50))
def test_a_deep_filter_is_sent_or_refused(context: Any, levels: int):
    found = context("todo")
    try:
        call = queries.list_(found, found.api.model("Todo"), given(filter=deep(levels)))
        next(exchange(call, DEFAULT, raise_errors=True))
    except OperationError as error:
        assert "too deeply" in str(error)  # noqa: PT017  # either outcome is right


def test_a_value_without_an_end_is_refused(context: Any):
    schema = copy.deepcopy(context("scalars").api.introspection.raw)
    schema["nonModels"]["Geo"]["fields"]["again"] = {
        "name": "again", "type": {"nonModel": "Geo"}, "isArray": False, "isRequired": False, "attributes": []
    }  # fmt: skip
    found = binding_of(schema)
    geo: dict[str, Any] = {"lat": 1}
    geo["again"] = geo
    for describe in (mutations.create, mutations.update):
        with pytest.raises(OperationError, match=r"Place\.address is nested too deeply, or contains itself"):
            describe(found, found.api.model("Place"), given({"id": "1", "address": {"geo": geo}}))


@pytest.mark.parametrize("limit", [2**31, 10**5000], ids=["32 bits", "huge"])
def test_a_limit_beyond_an_int_is_refused(context: Any, limit: int):
    found = context("todo")
    with pytest.raises(OperationError, match="limit is beyond GraphQL's Int"):
        queries.list_(found, found.api.model("Todo"), given(limit=limit))


# ---------------------------------------------------------------- arguments


@pytest.fixture
def busy() -> ClientBinding:
    """A model with fields that are called as options are."""
    found = measured("status")
    raw = copy.deepcopy(found.api.introspection.raw)
    for name in ("deadline", "timeout", "condition", "headers"):
        raw["models"]["Thing"]["fields"][name] = {
            "name": name, "type": "String", "isArray": False, "isRequired": False, "attributes": []
        }  # fmt: skip
    return binding_of(raw)


def test_a_field_called_as_an_option_is_ambiguous_only_where_the_call_takes_the_field(busy: ClientBinding):
    model = busy.api.model("Thing")
    assert queries.get(busy, model, given(id="1", timeout=5)).options.timeout == 5
    call = mutations.delete(busy, model, given(id="1", condition={"note": {"eq": "A"}}))
    assert call.operation.variables["condition"] == {"note": {"eq": "A"}}
    for describe in (mutations.create, mutations.update):
        with pytest.raises(OperationError, match="'timeout' is both a field and an option"):
            describe(busy, model, given(id="1", timeout="5"))


def test_an_identifier_by_itself_is_told_to_need_its_name(context: Any):
    found = context("todo")
    for describe in (queries.get, mutations.delete):
        with pytest.raises(OperationError, match=r"values are str; give names too: (get|delete)\(id=…\)"):
            describe(found, found.api.model("Todo"), given("1"))


def test_what_a_create_does_not_take_is_not_offered(context: Any):
    found = context("todo")
    with pytest.raises(OperationError, match="takes no 'nope'") as caught:
        mutations.create(found, found.api.model("Todo"), given(nope=1))
    assert "created_at" not in str(caught.value)


@pytest.mark.parametrize("verb", ["create", "update", "upsert"])
def test_relations_whose_keys_the_other_model_stores_are_not_offered(context: Any, verb: str):
    found = context("blog")
    taken = found.api.once(mutations._mutation_of, found.api.model("Post"), verb).signature
    assert {"author", "author_id", "reviewer", "metadata"} <= {*taken.offered}
    assert not {"comments", "tags"} & {*taken.offered}


@pytest.mark.parametrize(
    ("arguments", "spelled"),
    [
        (given(is_done="yes"), "Todo.is_done takes"),
        (given(isDone="yes"), "Todo.isDone takes"),
        (given({"isDone": "yes"}), "Todo.isDone takes"),
        (given(name="A", condition={"is_done": {"eq": "yes"}}), "condition.is_done.eq takes"),
        (given(name="A", condition={"isDone": {"eq": "yes"}}), "condition.isDone.eq takes"),
        (given(name="A", condition={"created_at": {"begins_with": 5j}}), "condition.created_at.begins_with takes"),
    ],
)
def test_messages_use_the_spelling_of_the_caller(context: Any, arguments: Arguments, spelled: str):
    found = context("todo")
    with pytest.raises(OperationError, match=spelled):
        mutations.create(found, found.api.model("Todo"), arguments)


# ---------------------------------------------------------------- replies and documents


def test_a_reply_that_is_too_large_is_told_what_makes_it_smaller(context: Any):
    found = context("todo")
    call = queries.list_(found, found.api.model("Todo"), given(limit=1000))
    words = refused(call, message="Transformation too large", errorType="MappingTemplate", path=["listTodos"])
    assert "limit=…" in words
    assert "selection_set=[…]" in words


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ("query @cached { a }", "anonymous query"),
        ("query Q @cached { a }", "Q"),
        ("mutation @a(b: 1) { c }", "anonymous mutation"),
        ("query ($x: Int) @cached { a }", "anonymous query"),
    ],
)
def test_a_directive_is_no_name(document: str, shown: str):
    assert graphql_call(document, None, None, DEFAULT).operation.name == shown
