"""Related models."""

import pytest

from tests.dev.local_backend.asking import Api


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
