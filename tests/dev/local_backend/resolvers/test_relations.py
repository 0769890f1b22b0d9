"""Related models."""

from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection


@pytest.fixture
def lists(sample: Api) -> Api:
    sample.backend.seed({"TodoList": [{"id": "l1", "name": "L1"}, {"id": "l2", "name": "L2"}]})
    sample.backend.seed({"Todo": [{"id": f"t{n}", "content": "x", "rank": n, "listId": "l1"} for n in range(5)]})
    sample.backend.seed({"Todo": [{"id": "alone", "content": "x"}, {"id": "lost", "content": "x", "listId": "gone"}]})
    sample.backend.seed({"ListProfile": [{"id": "p", "listId": "l1", "color": "red"}]})
    return sample


def test_has_many_lists_the_children_and_filters_and_pages(lists: Api) -> None:
    found = lists.run("getTodoList", "todos { items { id list { name } } nextToken }", id="l1")["todos"]
    assert sorted(item["id"] for item in found["items"]) == [f"t{n}" for n in range(5)]
    assert {item["list"]["name"] for item in found["items"]} == {"L1"}
    assert lists.run("getTodoList", "todos(filter: {rank: {eq: 3}}) { items { id } }", id="l1") == {
        "todos": {"items": [{"id": "t3"}]}
    }
    first = lists.run("getTodoList", "todos(limit: 3) { items { id } nextToken }", id="l1")["todos"]
    token = first["nextToken"]
    rest = lists.run("getTodoList", f'todos(limit: 3, nextToken: "{token}") {{ items {{ id }} nextToken }}', id="l1")[
        "todos"
    ]
    assert len(first["items"]) == 3
    assert sorted(item["id"] for item in first["items"] + rest["items"]) == [f"t{n}" for n in range(5)]


def test_has_many_turns_round(lists: Api) -> None:
    asc = lists.run("getTodoList", "todos(sortDirection: ASC) { items { id } }", id="l1")["todos"]["items"]
    desc = lists.run("getTodoList", "todos(sortDirection: DESC) { items { id } }", id="l1")["todos"]["items"]
    assert desc == asc[::-1]


def test_has_many_without_children_is_an_empty_page(lists: Api) -> None:
    assert lists.run("getTodoList", "todos { items { id } nextToken }", id="l2") == {
        "todos": {"items": [], "nextToken": None}
    }


def test_has_one_is_the_first_match_or_null(lists: Api) -> None:
    assert lists.run("getTodoList", "profile { color }", id="l1") == {"profile": {"color": "red"}}
    assert lists.run("getTodoList", "profile { color }", id="l2") == {"profile": None}


def test_belongs_to_is_null_without_a_key_or_a_target(lists: Api) -> None:
    assert lists.run("getTodo", "list { name }", id="t1") == {"list": {"name": "L1"}}
    assert lists.run("getTodo", "list { name }", id="alone") == {"list": None}
    assert lists.run("getTodo", "list { name }", id="lost") == {"list": None}


def test_a_changed_foreign_key_moves_the_child(lists: Api) -> None:
    lists.run("updateTodo", "id", input={"id": "t1", "listId": "l2"})
    assert lists.run("getTodoList", "todos { items { id } }", id="l2") == {"todos": {"items": [{"id": "t1"}]}}
    lists.run("updateTodo", "id", input={"id": "t1", "listId": None})
    assert lists.run("getTodoList", "todos { items { id } }", id="l2") == {"todos": {"items": []}}


def test_composite_identifiers_relate_in_both_directions(blog: Api) -> None:
    key = {"country": "CH", "city": "Bern", "number": 1}
    blog.run("createWarehouse", "city", input={**key, "capacity": 5})
    blog.run("createWarehouse", "city", input={**key, "number": 2})
    foreign = {"warehouseCountry": "CH", "warehouseCity": "Bern", "warehouseNumber": 1}
    blog.run("createShelf", "id", input={"id": "s", "code": "a", **foreign})
    blog.run("createManager", "id", input={"id": "m", **foreign})
    assert blog.run("getWarehouse", "shelves { items { id } } manager { id }", **key) == {
        "shelves": {"items": [{"id": "s"}]},
        "manager": {"id": "m"},
    }
    assert blog.run("getWarehouse", "shelves { items { id } }", **{**key, "number": 2}) == {"shelves": {"items": []}}
    assert blog.run("getShelf", "warehouse { capacity shelves { items { code } } }", id="s") == {
        "warehouse": {"capacity": 5, "shelves": {"items": [{"code": "a"}]}}
    }


def test_a_model_relates_to_itself(blog: Api) -> None:
    blog.run("createComment", "id", input={"id": "a", "text": "a"})
    blog.run("createComment", "id", input={"id": "b", "text": "b", "parentId": "a"})
    found = blog.run("getComment", "replies { items { parent { replies { items { text } } } } }", id="a")
    assert found == {"replies": {"items": [{"parent": {"replies": {"items": [{"text": "b"}]}}}]}}


def test_many_to_many_goes_through_the_join_model(blog: Api) -> None:
    blog.backend.seed({"Post": [{"id": "p", "title": "P", "authorId": "a"}], "Tag": [{"label": "t"}]})
    blog.run("createPostTag", "id", input={"postId": "p", "tagLabel": "t"})
    assert blog.run("getPost", "tags { items { tag { label posts { items { post { title } } } } } }", id="p") == {
        "tags": {"items": [{"tag": {"label": "t", "posts": {"items": [{"post": {"title": "P"}}]}}}]}
    }


def test_relations_to_models_with_other_readers_are_left_out_of_what_a_mutation_returns(blog: Api) -> None:
    blog.backend.seed({"Post": [{"id": "p", "title": "P", "authorId": "a"}]})
    created = blog.run("createPostTag", "post { title } tag { label }", input={"postId": "p", "tagLabel": "t"})
    assert created == {"post": None, "tag": None}
    comment = blog.run(
        "createComment", "post { title } replies { items { id } nextToken }", input={"text": "x", "postId": "p"}
    )
    assert comment == {"post": None, "replies": {"items": [], "nextToken": None}}


def test_relations_between_models_with_the_same_readers_stay(sample: Api) -> None:
    sample.backend.seed({"TodoList": [{"id": "l", "name": "L"}]})
    created = sample.run(
        "createTodo", "list { name todos { items { content } } }", input={"content": "x", "listId": "l"}
    )
    assert created == {"list": {"name": "L", "todos": {"items": [{"content": "x"}]}}}


@pytest.fixture
def relations() -> Iterator[Api]:
    rules = {"FieldParent": {"kids": [{"allow": "groups", "groups": ["Admins"]}]}}
    with LocalBackend(introspection("relations"), field_rules=rules) as backend:
        yield Api(backend)


def by(api: Api, name: str) -> dict[str, str]:
    return {"authorization": api.backend.token(name)}


@pytest.mark.parametrize(("field", "parent"), [("got", "GotKid"), ("listed", "ListedKid")])
def test_has_many_takes_a_rule_for_get_or_for_list(relations: Api, field: str, parent: str) -> None:
    relations.backend.seed({"SomeParent": [{"id": "p"}], parent: [{"id": "k", "parentId": "p"}]})
    found = relations.run("getSomeParent", f"{field} {{ items {{ id }} }}", id="p")
    assert found == {field: {"items": [{"id": "k"}]}}


@pytest.mark.parametrize(("field", "model"), [("gotOne", "GotOne"), ("listedOne", "ListedOne")])
def test_has_one_takes_a_rule_for_get_or_for_list(relations: Api, field: str, model: str) -> None:
    relations.backend.seed({"SomeParent": [{"id": "p"}], model: [{"id": "k", "parentId": "p"}]})
    assert relations.run("getSomeParent", f"{field} {{ id }}", id="p") == {field: {"id": "k"}}


def test_belongs_to_takes_a_rule_for_get_or_for_list(relations: Api) -> None:
    relations.backend.seed({"ListParent": [{"id": "p"}], "ListKid": [{"id": "k", "parentId": "p"}]})
    assert relations.refuse("getListParent", "id", id="p")["errorType"] == "Unauthorized"
    assert relations.run("getListKid", "parent { id }", id="k") == {"parent": {"id": "p"}}


@pytest.mark.parametrize(("user", "seen"), [("ann", "124"), ("bob", "123"), ("cat", "")])
def test_relations_unite_the_owners_of_get_and_list(relations: Api, user: str, seen: str) -> None:
    owners = (("1", "ann", "bob"), ("2", "bob", "ann"), ("3", "bob", "bob"), ("4", "ann", "ann"))
    kids = [{"id": n, "parentId": "p", "writer": get, "viewer": list_} for n, get, list_ in owners]
    relations.backend.seed({"MixParent": [{"id": "p"}], "MixKid": kids})
    found = relations.run("getMixParent", "kids { items { id } }", by(relations, user), id="p")
    assert sorted(item["id"] for item in found["kids"]["items"]) == [*seen]


def test_has_one_looks_through_all_children(relations: Api) -> None:
    others = [{"id": f"bob{n:03}", "parentId": "p", "owner": "bob"} for n in range(250)]
    relations.backend.seed({"OwnParent": [{"id": "p", "owner": "ann"}]})
    relations.backend.seed({"OwnOne": [*others, {"id": "mine", "parentId": "p", "owner": "ann"}]})
    assert relations.run("getOwnParent", "one { id }", by(relations, "ann"), id="p") == {"one": {"id": "mine"}}


def test_a_child_named_in_lower_case_has_a_filter_and_a_connection_of_its_own(relations: Api) -> None:
    things = [{"id": text, "text": text, "profileId": "p"} for text in "ab"]
    relations.backend.seed({"userProfile": [{"id": "p"}], "userThing": things})
    nested = 'query ($f: %s) { getUserProfile(id: "p") { kids(filter: $f) { items { id } __typename } } }'
    filter_ = {"f": {"text": {"eq": "a"}}}
    assert relations.data(nested % "ModeluserThingFilterInput", filter_)["getUserProfile"] == {
        "kids": {"items": [{"id": "a"}], "__typename": "ModeluserThingConnection"}
    }
    assert "ModelUserThingFilterInput" in relations.error(nested % "ModelUserThingFilterInput", filter_)["message"]
    assert relations.run("listUserThings", "__typename") == {"__typename": "ModelUserThingConnection"}


@pytest.mark.parametrize(("model", "key"), [("TsPair", {"s": "x", "t": 17}), ("FloatPair", {"s": "x", "f": 1.5})])
def test_has_many_over_two_parts_cannot_have_a_number_as_the_second(relations: Api, model: str, key: Any) -> None:
    relations.backend.seed({model: [key], "TsOne": [{"id": "o", "s": "x", "t": 17}]})
    error = relations.refuse(f"get{model}", "kids { items { id } }", **key)
    assert error["errorType"] == "DynamoDB:ValidationException"
    assert error["message"].startswith("One or more parameter values were invalid: Condition parameter type")


def test_has_one_over_two_parts_may_have_a_number_as_the_second(relations: Api) -> None:
    relations.backend.seed({"TsPair": [{"s": "x", "t": 17}], "TsOne": [{"id": "o", "s": "x", "t": 17}]})
    assert relations.run("getTsPair", "one { id }", s="x", t=17) == {"one": {"id": "o"}}


def test_a_numeric_part_among_three_is_text_in_the_joined_key(relations: Api) -> None:
    key = {"s": "x", "f": 1.0, "g": 2}
    relations.backend.seed({"FloatTriple": [key], "FloatTripleKid": [{"id": "k", **key}]})
    assert relations.run("getFloatTriple", "kids { items { id } }", **key) == {"kids": {"items": [{"id": "k"}]}}


_SIZE = "Exclusive Start Key must have same size as table's key schema"
_PARTITION = "The provided starting key does not match the range key predicate"


def comments(blog: Api) -> str:
    """Two posts with comments; gives the token of the first post's first page."""
    blog.backend.seed({"Post": [{"id": n, "title": n, "authorId": "a"} for n in "pq"]})
    blog.backend.seed(
        {"Comment": [{"id": f"{post}{n}", "text": "x", "postId": post} for post in "pq" for n in range(4)]}
    )
    first = blog.run("getPost", "comments(limit: 2) { nextToken }", id="p")["comments"]
    token: str = first["nextToken"]
    return token


def test_a_token_of_a_relation_goes_on_in_the_same_parent(blog: Api) -> None:
    token = comments(blog)
    found = blog.run("getPost", f'comments(nextToken: "{token}", limit: 9) {{ items {{ id }} nextToken }}', id="p")
    first = blog.run("getPost", "comments(limit: 2) { items { id } }", id="p")["comments"]["items"]
    assert sorted(item["id"] for item in first + found["comments"]["items"]) == ["p0", "p1", "p2", "p3"]


def test_a_token_of_another_parent_or_way_is_a_validation_exception(blog: Api) -> None:
    token = comments(blog)
    listed = blog.run("listComments", "nextToken", limit=2)["nextToken"]
    refused = [
        blog.refuse("getPost", f'comments(nextToken: "{token}") {{ items {{ id }} }}', id="q"),
        blog.refuse("listComments", "items { id }", nextToken=token),
        blog.refuse("getPost", f'comments(nextToken: "{listed}") {{ items {{ id }} }}', id="p"),
        blog.refuse("listTags", "items { label }", nextToken=listed),
    ]
    assert {error["errorType"] for error in refused} == {"DynamoDB:ValidationException"}
    said = [error["message"].partition(" (Service")[0] for error in refused]
    assert said == [_PARTITION, _SIZE, _SIZE, "The provided starting key is invalid"]


def test_a_token_outside_the_range_of_a_key_condition_is_a_validation_exception(blog: Api) -> None:
    blog.backend.seed({"Warehouse": [{"country": "CH", "city": "Bern", "number": n} for n in range(3)]})
    token = blog.run("listWarehouses", "nextToken", country="CH", limit=1)["nextToken"]
    beyond = {"gt": {"city": "Bern", "number": 1}}
    error = blog.refuse("listWarehouses", "items { number }", country="CH", cityNumber=beyond, nextToken=token)
    assert error["message"].startswith(_PARTITION)
