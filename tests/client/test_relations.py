"""Relations of every kind, with options, and related records as input."""

import copy
import json
import pickle
from typing import Any

import pytest

from amplify_data_client import (
    AmplifyDataError,
    AsyncClient,
    Client,
    GraphQLError,
    NotSelectedError,
    OperationError,
    Page,
)
from amplify_data_client.dev.local_backend import LocalBackend


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
    client._sender.send = lambda request, *more: heard.append(request.headers) or send(request, *more)
    loaded = client.models.Comment.get(id="c", auth_mode="api_key", headers={"x-trace": "1"}).data
    loaded.post()
    loaded.post(headers={"x-trace": "2"})
    loaded.post(auth_mode="lambda", auth_token="token")
    assert [headers.get("x-api-key") for headers in heard] == ["da2-key", "da2-key", "da2-key", None]
    assert [headers.get("x-trace") for headers in heard] == ["1", None, "2", None]
    assert heard[3]["authorization"] == "token"


@pytest.fixture
def asked(backend: LocalBackend) -> list[str]:
    """The documents that the backend is asked."""
    documents: list[str] = []
    handle = backend._router.handle

    def noting(method: str, target: str, headers: Any, body: bytes = b"") -> Any:
        documents.append(json.loads(body)["query"])
        return handle(method, target, headers, body)

    backend._router.handle = noting  # type: ignore[method-assign]
    return documents


def seeded(backend: LocalBackend, mine: int, others: int) -> None:
    backend.seed({"Post": [{"id": name, "title": name, "authorId": "a"} for name in "pq"]})
    backend.seed({"Comment": [{"id": f"c{n}", "text": f"c{n}", "postId": "p"} for n in range(mine)]})
    backend.seed({"Comment": [{"id": f"o{n}", "text": f"o{n}", "postId": "q"} for n in range(others)]})


def test_a_relation_is_loaded_from_its_index_not_from_the_whole_table(client: Any, backend: Any, asked: list[str]):
    seeded(backend, 3, 450)
    post = client.models.Post.get(id="p").data
    del asked[:]
    page = post.comments()
    assert (len(page), page.next_token, len(asked)) == (3, None, 1)
    del asked[:]
    assert len(list(post.comments(limit=2).iterate())) == 3
    assert len(asked) == 2


async def test_a_relation_is_loaded_from_its_index_by_the_awaiting_client_too(
    async_client: AsyncClient[Any], backend: Any, asked: list[str]
):
    seeded(backend, 3, 450)
    post: Any = (await async_client.models.Post.get(id="p")).data
    del asked[:]
    page = await post.comments(limit=2)
    assert sorted([one.id async for one in page.iterate()]) == ["c0", "c1", "c2"]
    assert len(asked) == 2


SELECTED = ["id", "title", "comments.text"]


def test_a_list_in_a_selection_set_goes_on_where_it_was_cut(client: Any, backend: Any, asked: list[str]):
    seeded(backend, 230, 30)
    post = client.models.Post.get(id="p", selection_set=SELECTED).data
    page = post.comments()
    assert (len(post.comments), len(page), page.next_token) == (100, 100, post.comments.next_token)
    assert page.next_token
    found = list(page.iterate())
    assert sorted(one.text for one in found) == sorted(f"c{n}" for n in range(230))
    assert len(asked) == 3
    with pytest.raises(NotSelectedError):
        _ = found[-1].id
    assert [one.text for one in post.comments(next_token=page.next_token)] == [one.text for one in found[100:200]]


async def test_a_list_in_a_selection_set_goes_on_in_the_awaiting_client_too(
    async_client: AsyncClient[Any], backend: Any
):
    seeded(backend, 150, 0)
    post: Any = (await async_client.models.Post.get(id="p", selection_set=SELECTED)).data
    page = await post.comments()
    assert len({one.text async for one in page.iterate()}) == 150


def test_lists_at_every_depth_go_on(client: Any, backend: Any):
    backend.seed({"Author": [{"id": "a", "name": "A"}], "Post": [{"id": "p", "title": "p", "authorId": "a"}]})
    backend.seed({"Comment": [{"id": f"c{n}", "text": "x", "postId": "p"} for n in range(120)]})
    backend.seed({"Comment": [{"id": f"r{n}", "text": "y", "parentId": "c7"} for n in range(110)]})
    paths = ["id", "posts.id", "posts.comments.id", "posts.comments.replies.id"]
    [author] = client.models.Author.list(selection_set=paths)
    [post] = author.posts().iterate()
    comments = list(post.comments().iterate())
    assert len({one.id for one in comments}) == 120
    [replied] = [one for one in comments if one.id == "c7"]
    assert sorted(one.id for one in replied.replies().iterate()) == sorted(f"r{n}" for n in range(110))


def test_a_cut_list_says_so_and_a_whole_one_does_not(client: Any, backend: Any):
    seeded(backend, 101, 2)
    cut, whole = (client.models.Post.get(id=name, selection_set=SELECTED).data for name in "pq")
    assert "<the first 100 of Post.comments, and more" in repr(cut.comments)
    assert "<the first 100 of Post.comments, and more" in repr(cut)
    assert "more" not in repr(whole)
    assert whole.comments.next_token is None
    assert cut.to_dict()["comments"] == [one.to_dict() for one in cut.comments]
    assert set(cut.to_dict()) == {"id", "title", "comments"}
    for copied in (copy.copy(cut), copy.deepcopy(cut)):
        assert len(list(copied.comments().iterate())) == 101
        assert copied == cut


def test_a_cut_list_stays_one_when_it_is_pickled(client: Any, backend: Any):
    seeded(backend, 101, 0)
    author = client.models.Post.get(id="p", selection_set=["id", "comments.text", "comments.post.comments.id"]).data
    loaded = pickle.loads(pickle.dumps(author))
    assert loaded == author
    assert loaded.comments.next_token == author.comments.next_token
    assert loaded.comments[0].post.comments.next_token
    page = loaded.comments()
    assert page.next_token
    with pytest.raises(OperationError, match="more pages"):
        list(page.iterate())


def test_going_on_names_the_identifier_that_was_not_selected(client: Any, backend: Any):
    seeded(backend, 101, 0)
    post = client.models.Post.get(id="p", selection_set=["title", "comments.text"]).data
    page = post.comments()
    assert len(page) == 100
    with pytest.raises(NotSelectedError, match=r"Post\.comments cannot be loaded: the record has no 'id'"):
        list(page.iterate())


def test_going_on_after_the_parent_was_deleted_starts_anew_without_what_was_given(client: Any, backend: Any):
    seeded(backend, 130, 50)
    post = client.models.Post.get(id="p", selection_set=SELECTED).data
    page = post.comments()
    client.models.Post.delete(id="p")
    assert sorted(one.text for one in page.iterate()) == sorted(f"c{n}" for n in range(130))


def test_a_lazy_chain_says_that_the_parent_was_deleted(client: Any, backend: Any):
    seeded(backend, 5, 0)
    page = client.models.Post.get(id="p").data.comments(limit=2)
    client.models.Post.delete(id="p")
    with pytest.raises(AmplifyDataError, match="The Post is no longer there, or hidden"):
        list(page.iterate())


def test_an_error_of_a_relation_can_be_resumed_from(client: Any, backend: Any):
    seeded(backend, 5, 0)
    post = client.models.Post.get(id="p").data
    first = post.comments(limit=2)
    client.models.Post.delete(id="p")
    with pytest.raises(GraphQLError) as raised:
        list(first.iterate())
    backend.seed({"Post": [{"id": "p", "title": "p", "authorId": "a"}]})
    rest = list(post.comments(limit=2, next_token=raised.value.next_token).iterate())
    assert sorted(one.id for one in [*first, *rest]) == [f"c{n}" for n in range(5)]
    assert raised.value.errors[0].path == ("Post.comments",)


@pytest.mark.parametrize("raise_errors", [True, False])
def test_children_of_a_parent_that_is_gone_are_still_found(backend: LocalBackend, raise_errors: bool):
    seeded(backend, 5, 150)
    models: Any = backend.client(raise_errors=raise_errors).models
    post = models.Post.get(id="p").data
    models.Post.delete(id="p")
    page = post.comments(limit=50)
    assert sorted(one.id for one in page.iterate()) == [f"c{n}" for n in range(5)]
    assert page.errors == []


def test_a_throttled_relation_is_tried_again(scripted: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("amplify_data_client._core.wire.retry.FIRST_WAIT", 0.0)
    throttled = {"errorType": "DynamoDB:ThrottlingException", "message": "slow", "path": ["getPost", "comments"]}

    def answer(body: Any, number: int) -> Any:
        if "comments" not in body["query"]:
            return {"data": {"getPost": {"id": "p", "title": "T"}}}
        if number == 2:
            return {"data": {"getPost": {"comments": None}}, "errors": [throttled]}
        return {"data": {"getPost": {"comments": {"items": [{"id": "c"}], "nextToken": None}}}}

    client = scripted(answer, "blog")
    assert [one.id for one in client.models.Post.get(id="p").data.comments()] == ["c"]
    assert len(client.requests) == 3
