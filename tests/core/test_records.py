"""Records from replies, good and odd."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amplify_data_client import NotSelectedError, OperationError, UnknownNameError

TODO = {
    "id": "1",
    "name": "A",
    "description": None,
    "isDone": False,
    "createdAt": "2024-01-01T00:00:00.000Z",
    "updatedAt": "2024-01-02T00:00:00Z",
}


@pytest.fixture
def todo(schema: Any) -> Any:
    selection = schema("todo").selection("Todo")
    return lambda wire: selection.read_one(wire, None)


def test_a_record_has_pythons_names_and_reads_by_the_schemas_too(todo: Any):
    record = todo(TODO)
    assert (record.is_done, record.isDone, record.created_at.year) == (False, False, 2024)
    assert record.to_dict() == TODO


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


def test_a_field_that_did_not_come_is_told_apart_from_null(todo: Any):
    record = todo({"id": "1", "description": None})
    assert record.description is None
    with pytest.raises(NotSelectedError, match="selection_set"):
        _ = record.name
    with pytest.raises(UnknownNameError, match="Did you mean 'name'"):
        _ = record.nam
    assert record.to_dict() == {"id": "1", "description": None}


def test_a_reply_that_is_no_object_is_handed_over(todo: Any):
    assert todo("text") == "text"
    assert todo(None) is None


def test_a_record_is_frozen_and_shows_its_data_only(todo: Any):
    record = todo(TODO)
    with pytest.raises(ValueError, match="frozen"):
        record.name = "B"
    assert "tie" not in repr(record)
    assert "name='A'" in repr(record)
    assert hash(record) == hash(todo(TODO))


def test_two_schemas_that_agree_share_their_classes(schema: Any):
    one, other = (schema("todo").selection("Todo").record_type for _ in range(2))
    assert one is other


def test_pages_are_read_in_one_pass_or_one_by_one(schema: Any):
    selection = schema("todo").selection("Todo")
    good = selection.read_many([TODO, None, {**TODO, "id": "2"}], None)
    assert [record and record.id for record in good] == ["1", None, "2"]
    odd = selection.read_many([TODO, {**TODO, "isDone": "yes"}, None], None)
    assert [record and record.is_done for record in odd] == [False, "yes", None]
    assert selection.read_many(None, None) == []


def test_nested_custom_types_are_records_and_items_stays_a_field(schema: Any):
    selection = schema("scalars").selection("Place")
    wire = {
        "id": "1",
        "name": "P",
        "address": {"street": "s", "lines": ["a", None], "geo": {"lat": 1.5, "long": 2.5, "label": None}},
        "bag": {"items": ["x"], "nextToken": "t"},
        "items": ["y"],
        "inline": {"nested": {"deeper": {"value": '{"a": 1}'}}},
    }
    place = selection.read_one(wire, None)
    assert place.address.geo.lat == 1.5
    assert (place.bag.items, place.bag.next_token, place.items) == (["x"], "t", ["y"])
    assert place.inline.nested.deeper.value == {"a": 1}
    assert place.to_dict()["address"] == wire["address"]


def test_a_relation_without_a_client_says_so(schema: Any):
    post = schema("blog").selection("Post").read_one({"id": "1", "authorId": "a"}, None)
    with pytest.raises(OperationError, match="does not know a client"):
        post.comments()
    with pytest.raises(OperationError, match="has not been fetched"):
        list(post.comments)
    with pytest.raises(ValueError, match="frozen"):
        post.comments = []


def test_what_a_selection_set_fetched_behaves_as_it_is(schema: Any):
    selection = schema("blog").selection("Post", ["id", "author.name", "comments.text"])
    wire = {"id": "1", "author": None, "comments": {"items": [{"text": "x"}, None], "nextToken": "t"}}
    post = selection.read_one(wire, None)
    assert not post.author
    assert post.author == None  # noqa: E711  # equality, not identity: a relation stands there
    assert post.author().data is None
    assert (len(post.comments), post.comments[0].text, post.comments[1]) == (2, "x", None)
    assert [comment and comment.text for comment in post.comments().data] == ["x", None]
    assert post.to_dict() == {"id": "1", "author": None, "comments": [{"text": "x"}, None]}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from([*TODO, "extra"]), VALUES))
def test_no_reply_makes_reading_fail_and_nothing_is_lost(wire: Any):
    import json
    from pathlib import Path

    from amplify_data_client._core.operations.schema import Schema
    from amplify_data_client._core.schema.introspection import Introspection

    path = Path(__file__).parents[1] / "data" / "schemas" / "todo" / "model-introspection.json"
    selection = Schema(Introspection(json.loads(path.read_text()))).selection("Todo")
    assert selection.read_one(wire, None).to_dict() == wire
