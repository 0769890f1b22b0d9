"""Records from replies, good and odd."""

import copy
import inspect
import json
import pickle
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from awslambdaric.lambda_runtime_marshaller import to_json
from hypothesis import given, settings
from hypothesis import strategies as st

from amplify_data_client import NotSelectedError, OperationError, Page, Record, Result, UnknownNameError
from amplify_data_client._core.operations.api import Api
from amplify_data_client._core.operations.inputs import create_input
from amplify_data_client._core.records import classes
from amplify_data_client._core.schema.introspection import Introspection
from tests.core.conftest import SCHEMAS

TODO = {
    "id": "1",
    "name": "A",
    "description": None,
    "isDone": False,
    "createdAt": "2024-01-01T00:00:00.000Z",
    "updatedAt": "2024-01-02T00:00:00Z",
}
PLACE = {
    "id": "1",
    "name": "P",
    "address": {
        "street": "s",
        "lines": ["a", None],
        "geo": {"lat": 1.5, "long": 2.5, "label": None},
        "history": [{"lat": 0.5, "long": 0.5, "label": "x"}, None],
        "kind": None,
    },
    "otherAddresses": None,
    "inline": {
        "floor": 3,
        "open": True,
        "geo": None,
        "nested": {"deep": "x", "deeper": {"value": '{"a": 1.0,  "b":"é"}'}},
    },
    "bag": {"items": ["x"], "nextToken": "t"},
    "items": ["y"],
    "createdAt": "2024-01-01T00:00:00.000Z",
    "updatedAt": "2024-01-02T00:00:00.123456789Z",
}


def loaded(name: str) -> Api:
    return Api(Introspection(json.loads((SCHEMAS / name / "model-introspection.json").read_text())))


class RelationLoader:
    """What a shell gives a record; it notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def load(self, record: Any, field: Any, options: Any) -> Any:
        self.asked.append((record, field.name, options))
        return "loaded"

    def fetched(self, record: Any, field: Any, value: Any, next_token: str | None) -> Any:
        return ("fetched", value) if next_token is None else ("fetched", value, next_token)

    def __deepcopy__(self, memo: object) -> "RelationLoader":
        return self


@pytest.fixture
def todo(schema: Any) -> Any:
    selection = schema("todo").selection("Todo")
    return lambda wire: selection.read_one(wire, None)


@pytest.fixture
def place(schema: Any) -> Any:
    return schema("scalars").selection("Place").read_one(PLACE, None)


def test_a_record_has_pythons_names_and_reads_by_the_schemas_too(todo: Any):
    record = todo(TODO)
    assert (record.is_done, record.isDone, record.created_at.year) == (False, False, 2024)
    assert record.to_dict() == TODO
    assert record.to_json() == json.dumps(TODO)


def test_a_record_is_a_pydantic_model(todo: Any, place: Any):
    from pydantic import BaseModel, TypeAdapter, create_model

    record = todo(TODO)
    assert isinstance(record, BaseModel) and isinstance(record, Record)
    assert record.model_dump()["is_done"] is False
    assert json.loads(record.model_dump_json(by_alias=True))["isDone"] is False
    assert set(type(record).model_fields) == {"id", "name", "description", "is_done", "created_at", "updated_at"}
    assert TypeAdapter(list[type(record)]).validate_python([TODO]) == [record]

    Event = create_model("Event", place=(type(place), ...))
    assert Event(place=place).place is place
    assert Event.model_validate_json(json.dumps({"place": PLACE})).place == place


def test_a_record_class_has_a_json_schema(schema: Any):
    described = schema("scalars").selection("Everything", None).record_type.model_json_schema()
    kinds = {name: field["anyOf"][0] for name, field in described["properties"].items()}
    assert kinds["aDatetime"] == {"type": "string", "format": "date-time"}
    assert kinds["aDate"] == {"type": "string", "format": "date"}
    assert kinds["aTime"] == {"type": "string", "format": "time"}
    assert kinds["anInteger"] == {"type": "integer"}
    assert kinds["aJson"] == {}


def test_a_good_reply_is_read_in_one_pass_nested_types_and_all(schema: Any):
    # what the validator refuses is read leniently, five times slower, with the same outcome: so ask the validator itself
    for name, type_name, wire in [("todo", "Todo", TODO), ("scalars", "Place", PLACE)]:
        selection = schema(name).selection(type_name)
        assert selection.record_type.__pydantic_validator__.validate_python(wire) == selection.read_one(wire, None)


def test_what_was_handed_over_is_dumped_without_a_warning(todo: Any):
    record = todo({**TODO, "isDone": "yes", "createdAt": 5})
    assert (record.model_dump()["is_done"], json.loads(record.model_dump_json())["created_at"]) == ("yes", 5)
    assert todo({"id": "1"}).model_dump() == {"id": "1"}


@pytest.mark.parametrize(
    "odd",
    [
        {"isDone": "yes"},
        {"id": 5},
        {"name": "\ud800"},
        {"createdAt": "soon"},
        {"id": None},
        {"name": {"not": "text"}},
        {"extra": {"a": [1, None]}},
    ],
)
def test_an_odd_value_is_handed_over_and_the_rest_is_read(todo: Any, odd: Any):
    record = todo({**TODO, **odd})
    assert record.to_dict() == {**TODO, **odd}
    [(name, value)] = odd.items()
    assert getattr(record, name) == value
    assert record.updated_at.day == 2
    assert json.loads(record.to_json()) == {**TODO, **odd}
    record.to_json().encode()


def test_a_field_that_did_not_come_is_told_apart_from_null(todo: Any):
    record = todo({"id": "1", "description": None})
    assert record.description is None
    with pytest.raises(NotSelectedError, match="selection_set"):
        _ = record.name
    with pytest.raises(UnknownNameError, match="Did you mean 'name'"):
        _ = record.nam
    with pytest.raises(NotSelectedError, match="the reply had only id, is_done"):
        _ = todo({"id": "1", "isDone": True}).name
    assert not hasattr(record, "name") and not hasattr(record, "isDone")
    assert record.to_dict() == {"id": "1", "description": None}
    assert repr(record) == "Todo(id='1', description=None)"
    assert record == todo({"id": "1", "description": None}) != todo({"id": "1"})
    assert hash(record) == hash(todo({"id": "1", "description": None}))


def test_a_reply_that_is_no_object_is_handed_over(todo: Any):
    assert todo("text") == "text"
    assert todo([TODO]) == [TODO]
    assert todo(None) is None


def test_a_record_is_frozen_and_shows_its_data_only(todo: Any, schema: Any):
    record = schema("todo").selection("Todo").read_one(TODO, RelationLoader())
    with pytest.raises(ValueError, match="frozen"):
        record.name = "B"
    with pytest.raises(ValueError, match="frozen"):
        del record.name
    assert "loader" not in f"{record!r} {record}".lower()
    assert "name='A'" in repr(record) and "updated_at=datetime.datetime(2024" in repr(record)
    assert hash(record) == hash(todo(TODO))


def test_setting_an_attribute_says_what_changes_the_item(todo: Any, place: Any):
    record = todo(TODO)
    for change in (lambda: setattr(record, "is_done", True), lambda: delattr(record, "is_done")):
        with pytest.raises(
            OperationError, match=r"^Todo\.is_done cannot be .* frozen.* the item, .*update\(record, is_done="
        ):
            change()
    with pytest.raises(AttributeError, match=r"^Address\.street .* the item that has this value"):
        place.address.street = "other"
    assert (record.to_dict(), place.to_dict()) == (TODO, PLACE)


def test_an_unknown_attribute_lists_the_fields(todo: Any):
    with pytest.raises(
        UnknownNameError, match=r"Its fields: id, name, description, is_done, created_at, updated_at\.$"
    ):
        _ = todo(TODO).nothing


def test_a_record_is_hashed_by_its_type_and_identifier_whatever_it_holds(schema: Any, place: Any):
    assert len({place, place.address, place, place.address}) == 2
    everything = schema("scalars").selection("Everything")
    wire = {"id": "1", "aJson": '{"a": [1]}', "aString": "x"}
    one, other = everything.read_one(wire, None), everything.read_one({**wire, "aString": "y"}, None)
    assert hash(one) == hash(other) and one != other
    assert hash(one) != hash(everything.read_one({**wire, "id": "2"}, None))
    seat = schema("identifiers").selection("Seat")
    seats = [seat.read_one({"venueId": "v", "row": "A", "number": number}, None) for number in (1, 2)]
    assert len({hash(one) for one in seats}) == 2
    assert hash(everything.read_one({"id": ["odd"]}, None)) == hash(everything.read_one({"id": {"more": "odd"}}, None))


def test_what_makes_another_item_like_this_one(schema: Any, place: Any, todo: Any):
    assert todo(TODO).to_input() == {"name": "A", "is_done": False}
    assert place.to_input() == {
        "name": "P",
        "address": {
            "street": "s",
            "lines": ["a", None],
            "geo": {"lat": 1.5, "long": 2.5},
            "history": [{"lat": 0.5, "long": 0.5, "label": "x"}, None],
        },
        "inline": {
            "floor": 3,
            "open": True,
            "nested": {"deep": "x", "deeper": {"value": '{"a": 1.0,  "b":"é"}'}},
        },
        "bag": {"items": ["x"], "next_token": "t"},
        "items": ["y"],
    }
    wire = {"venueId": "v", "row": "A", "number": 1, "createdAt": "2024-01-01T00:00:00.000Z"}
    assert schema("identifiers").selection("Seat").read_one(wire, None).to_input() == {
        "venue_id": "v",
        "row": "A",
        "number": 1,
    }
    selection = schema("blog").selection("Comment", ["id", "text", "postId", "post.title", "postedBy"])
    comment = selection.read_one(
        {"id": "1", "text": "t", "postId": "p", "post": {"title": "x"}, "postedBy": "me"}, None
    )
    assert comment.to_input() == {"text": "t", "post_id": "p"}


def test_records_are_compared_by_data(todo: Any, schema: Any):
    one = todo(TODO)
    assert one == todo(dict(TODO))
    assert one != todo({**TODO, "name": "B"})
    assert one != todo({**TODO, "extra": 1})
    assert one != TODO
    part = schema("todo").selection("Todo", ["id"])
    assert part.read_one({"id": "1"}, None) != part.read_one({"id": "2"}, None)
    assert len({one, todo(TODO)}) == 1
    parts = [schema("todo").selection("Todo", names) for names in (["id", "name"], ["name", "id"])]
    here, there = (part.read_one({"id": "1", "name": "A"}, None) for part in parts)
    assert here == there and hash(here) == hash(there)
    tag = schema("blog").selection("Tag", ["label"]).read_one({"label": "x"}, None)
    assert tag != schema("identifiers").selection("ExplicitId", ["label"]).read_one({"label": "x"}, None)


def test_two_schemas_that_agree_share_their_classes(schema: Any):
    one, other = (schema("todo").selection("Todo").record_type for _ in range(2))
    assert one is other


def test_threads_that_build_a_class_at_once_get_the_same_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(classes, "_built", {})
    start, made = threading.Barrier(8), []

    def build() -> None:
        selection = loaded("scalars").selection("Place")
        start.wait()
        made.append(selection.read_one(PLACE, None))

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({type(record) for record in made}) == 1
    assert all(record == made[0] for record in made)


def test_pages_are_read_good_odd_and_null(schema: Any):
    selection = schema("todo").selection("Todo")
    good = selection.read_many([TODO, None, {**TODO, "id": "2"}], None)
    assert [record and record.id for record in good] == ["1", None, "2"]
    odd = selection.read_many([TODO, {**TODO, "isDone": "yes"}, None, "text"], None)
    assert [getattr(record, "is_done", record) for record in odd] == [False, "yes", None, "text"]
    assert selection.read_many(None, None) == []


def test_nested_custom_types_are_records_and_items_stays_a_field(place: Any):
    assert place.address.geo.lat == 1.5
    assert place.address.history[0].label == "x" and place.address.history[1] is None
    assert (place.bag.items, place.bag.next_token, place.items) == (["x"], "t", ["y"])
    assert place.inline.nested.deeper.value == {"a": 1, "b": "é"}
    assert place.to_dict() == PLACE


def test_what_is_changed_inside_a_record_shows(place: Any):
    taken = place.to_dict()
    taken["items"].append("not the record's")
    assert place.items == ["y"]
    place.items.append("z")
    place.inline.nested.deeper.value["a"] = True
    shown = place.to_dict()
    assert shown["items"] == ["y", "z"]
    assert shown["inline"]["nested"]["deeper"]["value"] == '{"a":true,"b":"é"}'
    place.inline.nested.deeper.value["a"] = 1.0
    assert place.to_dict()["inline"] == PLACE["inline"]


@pytest.mark.parametrize(
    "wire",
    [
        '"text"',
        "null",
        " 1e2 ",
        '{"b": 1, "a": 12345678901234567890.123456789}',
        "{",
        "NaN",
        ["x", '{"a": 1}'],
        {"a": 1},
    ],
)
def test_awsjson_goes_back_as_it_came(schema: Any, wire: Any):
    for type_name, name, came in [("Everything", "aJson", wire), ("EverythingArray", "jsons", [wire, None, "[]"])]:
        record = schema("scalars").selection(type_name, [name]).read_one({name: came}, None)
        for again in (record, copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
            assert again == record and again.to_dict() == {name: came} and again.wire_value(name) == came


def test_a_copy_with_another_value_writes_that_value(schema: Any):
    selection = schema("scalars").selection("Everything", ["aJson", "aDatetime"])
    record = selection.read_one({"aJson": '{"a": 1}', "aDatetime": "2024-01-01T00:00Z"}, None)
    changed = record.model_copy(update={"a_json": {"b": 2}, "a_datetime": record.a_datetime + timedelta(days=1)})
    assert changed.to_dict() == {"aJson": '{"b":2}', "aDatetime": "2024-01-02T00:00:00.000Z"}
    assert record.to_dict() == {"aJson": '{"a": 1}', "aDatetime": "2024-01-01T00:00Z"}


def test_names_that_pydantic_would_not_take_are_fields_all_the_same():
    def field(name: str) -> dict[str, Any]:
        return {"name": name, "type": "String", "isArray": False, "isRequired": False, "attributes": []}

    names = ["id", "_version", "version", "_", "copy", "copy_", "toDict", "schema", "modelFields", "class"]
    model = {
        "name": "Odd",
        "pluralName": "Odds",
        "fields": {name: field(name) for name in names},
        "attributes": [],
        "primaryKeyInfo": {"isCustomPrimaryKey": False, "primaryKeyFieldName": "id", "sortKeyFieldNames": []},
    }
    selection = Api(Introspection({"version": 1, "models": {"Odd": model}})).selection("Odd")
    wire = {name: f"the {name}" for name in names}
    record = selection.read_one(wire, None)
    assert record.to_dict() == wire
    assert (record._version, record.version, record._) == ("the _version", "the version", "the _")
    assert (record.copy__, record.copy_, record.to_dict_) == ("the copy", "the copy_", "the toDict")
    assert (record.class_, record.model_fields_, record.schema_) == ("the class", "the modelFields", "the schema")
    assert record != selection.read_one({**wire, "_version": "other"}, None)
    assert pickle.loads(pickle.dumps(record)) == copy.deepcopy(record) == record


def test_pickles_are_opened_where_nothing_was_built_yet(place: Any, todo: Any):
    tied = loaded("blog").selection("Post", ["id", "author.name", "comments.text"])
    wire = {"id": "1", "author": {"name": "A"}, "comments": {"items": [{"text": "x"}, None], "nextToken": None}}
    result = Page([place, todo({**TODO, "isDone": "yes"}), None, tied.read_one(wire, RelationLoader())], next_token="t")
    program = (
        "import pickle, sys; page = pickle.load(sys.stdin.buffer); print(page.to_json()); place, todo, _, post = page;"
        "assert (place.address.geo.lat, todo.is_done, post.author.name, post.comments[0].text) == (1.5, 'yes', 'A', 'x');"
        "sys.stdout.flush(); sys.stdout.buffer.write(b'====' + pickle.dumps(page))"
    )
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(result), capture_output=True, check=True)
    text, back = done.stdout.split(b"\n====", 1)
    assert json.loads(text) == result.to_dict()
    assert pickle.loads(back) == result
    assert type(pickle.loads(back).data[0]) is type(place)


def test_a_loader_stays_with_copies_and_is_dropped_in_pickles(schema: Any):
    loader = RelationLoader()
    record = schema("blog").selection("Post").read_one({"id": "1", "authorId": "a"}, loader)
    for again in (copy.copy(record), copy.deepcopy(record), record.model_copy(update={"title": "t"})):
        assert again.comments(limit=1) == "loaded"
    assert [(name, options) for _, name, options in loader.asked] == [("comments", {"limit": 1})] * 3
    opened = pickle.loads(pickle.dumps(record))
    assert opened == record
    with pytest.raises(OperationError, match="does not know a client"):
        opened.comments()


def test_a_relation_without_a_client_says_so(schema: Any):
    post = schema("blog").selection("Post").read_one({"id": "1", "authorId": "a"}, None)
    with pytest.raises(OperationError, match="does not know a client"):
        post.comments()
    for use in (list, len, bool, lambda relation: relation[0], lambda relation: relation.name):
        with pytest.raises(OperationError, match="has not been fetched"):
            use(post.comments)
    with pytest.raises(ValueError, match="frozen"):
        post.comments = []
    assert repr(post.comments) == "<relation Post.comments, not fetched>"
    for name in ("name", "__amplify_type__", "_private", "__wrapped__", "__signature__"):
        assert not hasattr(post.author, name) and not hasattr(post.comments, name)
    assert str(inspect.signature(post.author)).startswith("(options:")
    assert "to_dict" in dir(post.author) and inspect.getdoc(post.author) and not inspect.isawaitable(post.author)
    author = schema("blog").selection("Author").read_one({"id": "1"}, None)
    assert repr(author.reviewedPosts) == repr(author.reviewed_posts) == "<relation Author.reviewedPosts, not fetched>"


def test_what_a_selection_set_fetched_behaves_as_it_is(schema: Any):
    selection = schema("blog").selection("Post", ["id", "author.name", "comments.text"])
    wire = {"id": "1", "author": None, "comments": {"items": [{"text": "x"}, None], "nextToken": "t"}}
    post = selection.read_one(wire, None)
    assert not post.author
    assert post.author == None  # noqa: E711  # equality, not identity: a relation stands there
    assert post.author().data is None
    assert (len(post.comments), post.comments[0].text, post.comments[1]) == (2, "x", None)
    assert isinstance(post.comments, list)
    assert [comment and comment.text for comment in post.comments().data] == ["x", None]
    assert post.to_dict() == {"id": "1", "author": None, "comments": [{"text": "x"}, None]}


def test_the_records_of_a_relation_leave_as_a_list(schema: Any):
    selection = schema("blog").selection("Post", ["id", "comments.text"])
    comments = selection.read_one({"id": "1", "comments": {"items": [{"text": "x"}]}}, None).comments
    for left in (pickle.loads(pickle.dumps(comments)), copy.copy(comments), copy.deepcopy(comments)):
        assert type(left) is list
        assert [comment.text for comment in left] == ["x"]


def test_what_a_selection_set_fetched_is_not_fetched_again_without_options(schema: Any):
    loader = RelationLoader()
    selection = schema("blog").selection("Post", ["id", "author.name", "comments.text", "comments.id"])
    wire = {"id": "1", "author": {"name": "A"}, "comments": {"items": [{"text": "x", "id": "c"}]}}
    post = selection.read_one(wire, loader)
    assert post.author() == ("fetched", post.author) and post.author.name == "A" and bool(post.author)
    assert post.comments() == ("fetched", post.comments)
    assert loader.asked == []
    assert post.comments({"limit": 5}) == post.comments[0].post(auth_mode="iam") == "loaded"
    assert [(type(record).__name__, name, options) for record, name, options in loader.asked] == [
        ("Post", "comments", {"limit": 5}),
        ("Comment", "post", {"auth_mode": "iam"}),
    ]
    assert hash(post.author) == hash(post.author().__getitem__(1))
    assert {"name", "to_input"} <= set(dir(post.author))
    assert repr(post.author) == "Author(name='A')"
    assert copy.deepcopy(post.comments) == copy.copy(post.comments) == pickle.loads(pickle.dumps(post.comments))


@pytest.mark.parametrize("execution", [None, "AWS_Lambda_python3.13"])
def test_lambdas_encoder_takes_what_a_handler_returns(
    schema: Any, place: Any, monkeypatch: pytest.MonkeyPatch, execution: str | None
):
    monkeypatch.setenv("AWS_EXECUTION_ENV", execution or "")
    selection = schema("blog").selection("Post", ["id", "author.name", "comments.text"])
    wire = {"id": "1", "author": {"name": "A"}, "comments": {"items": [{"text": "x"}, None]}}
    post = selection.read_one(wire, RelationLoader())
    shown = {"id": "1", "author": {"name": "A"}, "comments": [{"text": "x"}, None]}
    for returned, meant in [
        (place, PLACE),
        ({"a": [place, None]}, {"a": [PLACE, None]}),
        (Result(place), {"data": PLACE}),
        (Page([place, None], next_token="t"), {"data": [PLACE, None], "nextToken": "t"}),
        ((post,), [shown]),
        (
            {"author": post.author, "comments": post.comments},
            {"author": {"name": "A"}, "comments": [{"text": "x"}, None]},
        ),
    ]:
        assert json.loads(to_json(returned)) == meant


ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False)
    | ANY_TEXT
    | st.datetimes().map(lambda at: at.replace(tzinfo=UTC).isoformat()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT | st.just("items"), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def selections() -> Any:
    scalars = loaded("scalars")
    return {
        "Todo": loaded("todo").selection("Todo"),
        "Everything": scalars.selection("Everything"),
        "EverythingArray": scalars.selection("EverythingArray"),
        "Place": scalars.selection("Place"),
        "Post": loaded("blog").selection("Post", ["id", "metadata.*", "author.*", "comments.*"]),
    }


@settings(max_examples=300)
@given(st.data())
@pytest.mark.parametrize("type_name", ["Todo", "Everything", "EverythingArray", "Place"])
def test_no_reply_makes_reading_fail_and_nothing_is_lost(selections: Any, type_name: str, data: Any):
    selection = selections[type_name]
    keys = [*selection.tree, "extra"]
    wire = data.draw(st.dictionaries(st.sampled_from(keys), VALUES))
    if data.draw(st.booleans()):
        wire = {key: wire.get(key) for key in keys}
    before = copy.deepcopy(wire)
    record = selection.read_one(wire, RelationLoader())
    assert record.to_dict() == before
    assert wire == before
    assert pickle.loads(pickle.dumps(record)) == record == copy.deepcopy(record)
    assert selection.read_many([wire], None) == [record]
    assert hash(record) == hash(selection.read_one(wire, None))
    repr(record)
    record.to_input()
    for name in type(record).__amplify_spec__.all_names:
        assert hasattr(record, name) or name not in wire
    json.loads(record.to_json().encode())


@settings(max_examples=200)
@given(VALUES)
def test_whatever_comes_in_a_records_place_is_handed_over(selections: Any, wire: Any):
    for selection in selections.values():
        for read in (selection.read_one(wire, None), *selection.read_many([wire], None)):
            assert (read.to_dict() if isinstance(read, Record) else read) == wire


@settings(max_examples=100)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "metadata", "author", "comments"), VALUES)))
def test_no_relation_makes_reading_fail(selections: Any, wire: Any):
    record = selections["Post"].read_one(wire, RelationLoader())
    assert set(record.to_dict()) == set(wire)
    hash(record)
    record.to_input()
    assert pickle.loads(pickle.dumps(record)) == record == copy.deepcopy(record)
    repr(record)
    json.loads(record.to_json().encode())


MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1)).map(
    lambda at: at.isoformat(timespec="milliseconds") + "Z"
)


@given(st.fixed_dictionaries({**{key: ANY_TEXT | st.none() for key in ("name", "description")}, "createdAt": MOMENTS}))
def test_what_came_in_order_goes_back_to_the_letter(selections: Any, given_values: Any):
    wire = {**TODO, **given_values}
    assert selections["Todo"].read_one(wire, None).to_json() == Result(wire).to_json()[9:-1]


def test_a_create_with_a_whole_record_names_what_copies_it() -> None:
    api = loaded("todo")
    with pytest.raises(OperationError, match=r"record\.to_input\(\)"):
        create_input(api, api.model("Todo"), TODO)
