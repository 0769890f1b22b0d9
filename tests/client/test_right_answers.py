"""What the two clients keep from being lost or misread, on the local backend."""

import asyncio
import copy
import inspect
from typing import Any

import pytest

from amplify_data_client import BatchError, GraphQLError, OperationError, is_not_null, is_null
from amplify_data_client.dev.local_backend import LocalBackend


@pytest.fixture(params=["blocking", "awaiting"])
def models(request: pytest.FixtureRequest, backend: LocalBackend) -> Any:
    """The models of a client of either kind; what a call gives is awaited where it has to be."""
    client: Any = backend.client() if request.param == "blocking" else backend.async_client()
    return client.models


def done(call: Any) -> Any:
    """The result of a call of either client."""
    return asyncio.run(_awaited(call)) if inspect.isawaitable(call) else call


async def _awaited(call: Any) -> Any:
    return await call


@pytest.mark.schema("blog")
def test_a_required_relation_is_never_removed(models: Any, backend: LocalBackend):
    author = done(models.Author.create(name="N")).data
    post = done(models.Post.create(title="T", author=author)).data
    for refused in (
        lambda: done(models.Post.update(post, author=None)),
        lambda: done(models.Post.update(post, author_id=None)),
        lambda: done(models.Post.upsert(id=post.id, author=None)),
    ):
        with pytest.raises(OperationError, match="is required, and null would remove it"):
            refused()
    with pytest.raises(BatchError) as caught:
        done(models.Post.batch_update([{"id": post.id, "author": None}]))
    [outcome] = caught.value.result.outcomes
    assert isinstance(outcome.error, OperationError)
    assert done(models.Post.get(post)).data.author_id == author.id
    assert backend.items("Post")[0]["authorId"] == author.id


@pytest.mark.schema("blog")
def test_an_enum_that_is_null_is_found(models: Any):
    author = done(models.Author.create(name="N")).data
    status = {"null": {"status": None}, "absent": {}, "here": {"status": "DRAFT"}}
    for name, values in status.items():
        done(models.Post.create(id=name, title="T", author=author, **values))
    found = done(models.Post.list(filter=is_null("status"))).data
    assert sorted(post.id for post in found) == ["absent", "null"]
    assert [post.id for post in done(models.Post.list(filter=is_not_null("status"))).data] == ["here"]


@pytest.mark.schema("scalars")
def test_a_list_of_enums_that_is_null_is_found(models: Any):
    kept = {"required_array": [], "both_required": []}
    levels = {
        "null": {"levels": None},
        "absent": {},
        "empty": {"levels": []},
        "nulls": {"levels": [None]},
        "here": {"levels": ["LOW"]},
    }
    for name, values in levels.items():
        done(models.EverythingArray.create(id=name, **kept, **values))
    found = done(models.EverythingArray.list(filter=is_null("levels"))).data
    assert sorted(one.id for one in found) == ["absent", "null"]
    found = done(models.EverythingArray.list(filter=is_not_null("levels"))).data
    assert sorted(one.id for one in found) == ["empty", "here", "nulls"]


@pytest.mark.schema("blog")
@pytest.mark.refused_by_the_api
def test_a_refused_create_names_what_it_lacks(models: Any):
    with pytest.raises(GraphQLError, match=r"absent or null in this call: title, author_id \(authorId\)\. Give"):
        done(models.Post.create())
    with pytest.raises(BatchError) as caught:
        done(models.Post.batch_create([{"title": "T"}, {"author_id": "a"}]))
    lacking = ["author_id (authorId)", "title"]
    for outcome, name in zip(caught.value.result.outcomes, lacking, strict=True):
        assert f"in this call: {name}. Give" in str(outcome.error)


def with_composite_index(raw: Any) -> Any:
    made = copy.deepcopy(raw)
    todo = made["models"]["Todo"]
    key = {"name": "byName", "queryField": "listByName", "fields": ["name", "description", "updatedAt"]}
    todo["attributes"].append({"type": "key", "properties": key})
    return made


@pytest.mark.parametrize("kind", ["client", "async_client"])
def test_an_update_keeps_the_composite_sort_key_whole(introspect: Any, kind: str):
    with LocalBackend(with_composite_index(introspect("todo"))) as backend:
        models: Any = getattr(backend, kind)().models
        todo = done(models.Todo.create(name="A", description="d")).data
        assert done(models.Todo.update(todo, is_done=True)).data.is_done is True
        assert backend.items("Todo")[0]["description"] == "d"
        with pytest.raises(OperationError, match="update needs description too"):
            done(models.Todo.update(id=todo.id, is_done=False))
        with pytest.raises(BatchError) as caught:
            done(models.Todo.batch_update([{"id": todo.id, "is_done": False}]))
        assert "update needs description too" in str(caught.value.result.outcomes[0].error)
        found = done(models.Todo.list_by_name(name="A", description_updated_at={"begins_with": {"description": "d"}}))
        assert [one.id for one in found.data] == [todo.id]
