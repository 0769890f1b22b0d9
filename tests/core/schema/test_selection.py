"""What a selection set asks for."""

import copy
from typing import Any

import pytest

from amplify_data_client._core.operations.api import Api
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.errors import OperationError


@pytest.fixture
def text(schema: Any) -> Any:
    return lambda name, type_name, paths=None: schema(name).selection(type_name, paths).text


def test_by_default_it_is_every_scalar_enum_and_custom_type_and_no_relation(text: Any):
    assert text("blog", "Comment") == "{ id text postId parentId createdAt updatedAt postedBy moderators }"
    place = text("scalars", "Place")
    assert place.startswith("{ id name address { street ")
    assert place.endswith("} items createdAt updatedAt }")


@pytest.mark.parametrize(
    ("type_name", "paths", "expected"),
    [
        ("Post", ["id", "title"], "{ id title }"),
        ("Post", ["authorId", "author_id"], "{ authorId }"),
        ("Post", ["comments.text"], "{ comments { items { text } } }"),
        ("Post", ["author.name", "title", "author.email"], "{ author { name email } title }"),
        ("Comment", ["post.author.profile.bio"], "{ post { author { profile { bio } } } }"),
        ("Comment", ["replies.replies.text"], "{ replies { items { replies { items { text } } } } }"),
        ("Profile", ["*"], "{ id bio website authorId createdAt updatedAt }"),
        ("Profile", ["*", "author.name"], "{ id bio website authorId createdAt updatedAt author { name } }"),
        ("Profile", ["author.*", "author.name"], "{ author { id name email createdAt updatedAt owner } }"),
        ("Profile", ["author.owner", "author.*"], "{ author { owner id name email createdAt updatedAt } }"),
        ("Comment", ["post.author.name", "post.title", "post.author.id"], "{ post { author { name id } title } }"),
    ],
)
def test_paths_name_fields_in_both_spellings_however_deep(text: Any, type_name: str, paths: list[str], expected: str):
    assert text("blog", type_name, paths) == expected


def test_a_wildcard_adds_to_what_was_named_before_it(text: Any, schema: Any):
    whole = schema("scalars").selection("Place", ["address.*"])
    for paths in (["address.geo.lat", "address.*"], ["address.*", "address.geo.lat"], ["address.street", "*"]):
        chosen = schema("scalars").selection("Place", paths)
        below: Any = chosen.tree["address"]
        assert below.keys() == whole.tree["address"].keys()
        assert below["geo"].keys() == whole.tree["address"]["geo"].keys()


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (["titel"], r"'titel' does not fit the schema: Post has no field 'titel'\. Did you mean 'title'\?$"),
        (["comments.txt"], "Comment has no field 'txt'"),
        (["title.x"], "'title' is a String, which has no fields"),
        (["comments"], r"'comments' is a Comment: say which of its fields, as 'comments\.\*'"),
        (["comments.*.text"], "'\\*' stands for all fields of Comment, so nothing can follow it"),
        (["comments."], "Comment has no field ''"),
        ([""], "Post has no field ''"),
        ([5], "one or more strings"),
        ((), "one or more strings"),
        ("id", "is str; give a list of paths"),
        (5, "is int; give a list of paths"),
    ],
)
def test_a_path_that_does_not_fit_says_where(text: Any, paths: Any, reason: str):
    with pytest.raises(OperationError, match=reason):
        text("blog", "Post", paths)


def test_a_custom_type_that_contains_itself_has_no_end_to_select_by_default(schema: Any):
    raw = copy.deepcopy(schema("scalars").introspection.raw)
    geo = raw["nonModels"]["Geo"]["fields"]
    geo["within"] = {"name": "within", "type": {"nonModel": "Address"}, "isArray": False, "isRequired": False}
    endless = Api(Introspection(raw))
    with pytest.raises(OperationError, match=r"Address contains itself .*> Address > Geo > Address.*selection_set"):
        endless.selection("Place")
    assert endless.selection("Place", ["address.geo.within.street"]).text.count("within") == 1


def test_the_same_paths_are_worked_out_once(schema: Any):
    blog = schema("blog")
    assert blog.selection("Post", ["id"]) is blog.selection("Post", iter(["id"]))
    assert blog.selection("Post") is blog.selection("Post")
