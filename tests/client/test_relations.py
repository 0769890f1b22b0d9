"""Relations of every kind, with options, and related records as input."""

from typing import Any

import pytest

from amplify_data_client import Client, NotSelectedError, OperationError, Page


@pytest.fixture
def models(client: Client[Any]) -> Any:
    return client.models


pytestmark = pytest.mark.schema("blog")


def test_composite_identifiers_relate_in_both_directions(models: Any):
    warehouse = models.Warehouse.create(country="ES", city="Vigo", number=0, capacity=5).data
    models.Warehouse.create(country="ES", city="Vigo", number=1)
    shelf = models.Shelf.create(code="A", warehouse=warehouse).data
    models.Shelf.create(code="B", warehouse={"country": "ES", "city": "Vigo", "number": 1})
    manager = models.Manager.create(name="M", warehouse=warehouse).data
    assert (shelf.warehouse_country, shelf.warehouse_city, shelf.warehouse_number) == ("ES", "Vigo", 0)
    assert shelf.warehouse().data == warehouse
    assert [one.code for one in warehouse.shelves()] == ["A"]
    assert warehouse.manager().data == manager
    moved = models.Shelf.update(shelf, warehouse=None).data
    assert (moved.warehouse_number, moved.warehouse().data, warehouse.shelves().data) == (None, None, [])
    with pytest.raises(OperationError, match=r"city.* missing"):
        models.Shelf.create(code="C", warehouse={"country": "ES", "number": 1})


def test_models_relate_to_themselves(models: Any):
    parent = models.Comment.create(text="parent").data
    made = [models.Comment.create(text=f"r{number}", parent=parent).data for number in range(3)]
    assert made[0].parent().data == parent
    assert parent.parent().data is None
    assert sorted(one.text for one in parent.replies().iterate()) == ["r0", "r1", "r2"]
    fetched = models.Comment.get(made[0], selection_set=["text", "parent.text", "parent.replies.text"]).data
    assert fetched.parent.text == "parent"
    assert sorted(one.text for one in fetched.parent.replies) == ["r0", "r1", "r2"]


def test_many_relate_to_many_through_the_model_between(models: Any):
    author = models.Author.create(name="N").data
    posts = [models.Post.create(title=f"p{number}", author=author).data for number in range(2)]
    tags = [models.Tag.create(label=label).data for label in ("news", "old")]
    for post, tag in ((posts[0], tags[0]), (posts[0], tags[1]), (posts[1], tags[0])):
        models.PostTag.create(post=post, tag=tag)
    assert sorted(between.tag().data.label for between in posts[0].tags()) == ["news", "old"]
    assert sorted(between.post().data.title for between in tags[0].posts()) == ["p0", "p1"]
    chosen = models.Tag.get(tags[0], selection_set=["label", "posts.post.title", "posts.post.tags.tag.label"]).data
    labels = {one.post.title: sorted(other.tag.label for other in one.post.tags) for one in chosen.posts}
    assert labels == {"p0": ["news", "old"], "p1": ["news"]}


def test_two_relations_to_one_model_are_kept_apart(models: Any):
    author, reviewer = (models.Author.create(name=name).data for name in "AR")
    post = models.Post.create(title="T", author=author, reviewer=reviewer).data
    assert (post.author().data, post.reviewer().data) == (author, reviewer)
    assert ([one.title for one in reviewer.posts()], [one.title for one in reviewer.reviewed_posts()]) == ([], ["T"])
    assert models.Post.update(post, reviewer=None).data.reviewer().data is None


def test_pages_of_a_relation_lead_to_the_next_and_can_be_filtered(models: Any):
    post = models.Post.create(title="T", author=models.Author.create(name="N").data).data
    for number in range(7):
        models.Comment.create(text=f"c{number}", post=post)
    first = post.comments(limit=3)
    assert isinstance(first, Page)
    assert first.next_token
    second = post.comments(limit=3, next_token=first.next_token)
    assert not {one.id for one in first} & {one.id for one in second}
    assert sorted(one.text for one in first.iterate()) == [f"c{number}" for number in range(7)]
    found = post.comments(filter={"text": {"gt": "c4"}}, selection_set=["text"])
    assert sorted(one.text for one in found.iterate()) == ["c5", "c6"]
    with pytest.raises(NotSelectedError):
        _ = found.data[0].id


def test_a_relation_inherits_how_the_record_was_loaded_but_not_its_headers(scripted: Any):
    comment = {"id": "c", "text": "x", "postId": "p"}

    def answer(body: Any, number: int) -> Any:
        if "getComment" in body["query"]:
            return {"data": {"getComment": comment}}
        return {"data": {"getPost": {"id": "p", "title": "T"}}}

    heard: list[dict[str, str]] = []
    client = scripted(answer, "blog", auth_mode="iam", api_key="da2-key")
    send = client._sender.send
    client._sender.send = lambda *parts: heard.append(parts[0].headers) or send(*parts)
    loaded = client.models.Comment.get(id="c", auth_mode="api_key", headers={"x-trace": "1"}).data
    loaded.post()
    loaded.post(headers={"x-trace": "2"})
    loaded.post(auth_mode="lambda", auth_token="token")
    assert [headers.get("x-api-key") for headers in heard] == ["da2-key", "da2-key", "da2-key", None]
    assert [headers.get("x-trace") for headers in heard] == ["1", None, "2", None]
    assert heard[3]["authorization"] == "token"
