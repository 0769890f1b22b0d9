"""What a selection set asks for."""

import copy
import json
from typing import Any

import pytest

from amplify_data_client._core.operations.api import Api
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.errors import OperationError
from tests.core.conftest import SCHEMAS


def loaded(name: str) -> Any:
    return json.loads((SCHEMAS / name / "model-introspection.json").read_text())


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
        ("Post", ["comments.text"], "{ comments { items { text } nextToken } }"),
        ("Post", ["author.name", "title", "author.email"], "{ author { name email } title }"),
        ("Comment", ["post.author.profile.bio"], "{ post { author { profile { bio } } } }"),
        (
            "Comment",
            ["replies.replies.text"],
            "{ replies { items { replies { items { text } nextToken } } nextToken } }",
        ),
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
        (["comments.nope"], r"Comment has no field 'nope'\.$"),
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


def holding_models() -> Api:
    """An API made from SDL: its custom types may hold models, which are no relations."""
    raw = copy.deepcopy(loaded("todo"))

    def field(name: str, type_: Any, *, is_array: bool = False) -> dict[str, Any]:
        return {"name": name, "type": type_, "isArray": is_array, "isRequired": False, "attributes": []}

    todos = field("todos", {"model": "Todo"}, is_array=True)
    raw["nonModels"] = {
        "TodoPage": {"fields": {"items": {**todos, "name": "items"}, "nextToken": field("nextToken", "String")}},
        "Found": {"fields": {"todos": todos}},
        "Around": {"fields": {"found": field("found", {"nonModel": "Found"}), "count": field("count", "Int")}},
    }
    return Api(Introspection(raw))


def test_only_a_has_many_is_a_connection():
    api = holding_models()
    chosen = api.selection("TodoPage", ["items.id", "next_token"])
    assert chosen.text == "{ items { id } nextToken }"
    wire = {"items": [{"id": "1"}, None], "nextToken": "t"}
    page = chosen.read_one(wire, None)
    assert page.to_dict() == wire and page.items[0].id == "1"


def test_a_selection_set_without_fields_is_never_sent():
    api = holding_models()
    assert api.selection("TodoPage").text == "{ nextToken }"
    assert api.selection("Around").text == "{ count }"
    with pytest.raises(OperationError, match=r"^Found has no fields but relations to models\. Give a selection_set"):
        api.selection("Found")
    with pytest.raises(OperationError, match=r"Found has no fields but relations"):
        api.selection("Around", ["count", "found.*"])


def nested(fields: dict[str, dict[str, str]]) -> Api:
    """An API of one model whose custom types, by name, have these fields and types."""

    def field(name: str, type_: Any) -> dict[str, Any]:
        return {"name": name, "type": type_, "isArray": False, "isRequired": False, "attributes": []}

    types = {
        name: {
            "name": name,
            "fields": {one: field(one, {"nonModel": of} if of in fields else of) for one, of in of_type.items()},
        }
        for name, of_type in fields.items()
    }
    model = {
        "name": "Top",
        "pluralName": "Tops",
        "fields": {"id": field("id", "ID"), "below": field("below", {"nonModel": next(iter(fields))})},
        "attributes": [],
        "primaryKeyInfo": {"isCustomPrimaryKey": False, "primaryKeyFieldName": "id", "sortKeyFieldNames": []},
    }
    return Api(Introspection({"version": 1, "models": {"Top": model}, "nonModels": types}))


def doubling(levels: int) -> dict[str, dict[str, str]]:
    """Each type has the next one twice: a document of it doubles with each level."""
    return {f"L{at}": dict.fromkeys("xy", f"L{at + 1}" if at + 1 < levels else "String") for at in range(levels)}


@pytest.mark.parametrize("fields", [doubling(13), doubling(23), doubling(3000)])
def test_custom_types_that_double_a_document_are_refused(fields: Any):
    with pytest.raises(
        OperationError, match=r"^Top cannot be selected by default.* 10000 fields.*Give a selection_set"
    ):
        nested(fields).selection("Top")


@pytest.mark.parametrize("levels", [100, 3000])
def test_a_long_chain_of_custom_types_is_refused(levels: int):
    chain = {f"L{at}": {"x": f"L{at + 1}" if at + 1 < levels else "String"} for at in range(levels)}
    with pytest.raises(OperationError, match="100 levels"):
        nested(chain).selection("Top")
    with pytest.raises(OperationError, match=r"goes through 3002 fields; the most is 100"):
        nested(chain).selection("Top", [".".join(["below", *["x"] * 3001])])


def test_what_may_be_selected_is_read_too():
    wire: Any = "text"
    for _ in range(99):
        wire = {"x": wire}
    chain = nested({f"L{at}": {"x": f"L{at + 1}" if at < 98 else "String"} for at in range(99)}).selection("Top")
    record = chain.read_one({"id": "1", "below": wire}, None)
    assert record.to_dict() == {"id": "1", "below": wire}
    assert record == copy.deepcopy(record) and hash(record) is not None
    wide = nested(doubling(9)).selection("Top")
    assert wide.text.count("x") == 2**9 - 1
    assert wide.read_one({"id": "1", "below": {"x": None, "y": 5}}, None).below.y == 5


def test_the_same_paths_are_worked_out_once(schema: Any):
    blog = schema("blog")
    assert blog.selection("Post", ["id"]) is blog.selection("Post", iter(["id"]))
    assert blog.selection("Post") is blog.selection("Post")
