"""A deadline is an option as any other: where it comes from, and what inherits it."""

from typing import Any

import pytest

from amplify_data_client import AsyncClient, BatchError, CallTimeoutError, Client, OperationError
from amplify_data_client.dev.local_backend import LocalBackend


class Invocation:
    """A context with as many milliseconds left as its test says; counts how often it was asked."""

    def __init__(self, millis: int = 60_000) -> None:
        self.millis, self.asked = millis, 0

    def get_remaining_time_in_millis(self) -> int:
        self.asked += 1
        return self.millis


@pytest.fixture
def invocation() -> Invocation:
    return Invocation()


@pytest.mark.schema("blog")
def test_relations_inherit_the_deadline_of_the_record(client: Client[Any], invocation: Invocation):
    author = client.models.Author.create(name="N").data
    made = client.models.Post.create(title="T", author=author).data
    post = client.models.Post.get(made, deadline=invocation).data
    post.comments()
    assert invocation.asked == 2
    invocation.millis = 0  # as if the record had been kept for a later invocation
    with pytest.raises(CallTimeoutError, match="of an earlier one"):
        post.comments()
    assert post.comments(deadline=Invocation()).data == []


@pytest.mark.schema("blog")
def test_relations_loaded_through_a_copy_have_its_deadline(client: Client[Any], invocation: Invocation):
    author = client.models.Author.create(name="N").data
    made = client.models.Post.create(title="T", author=author).data
    post = client.with_options(deadline=invocation).models.Post.get(made).data
    post.comments()
    assert invocation.asked == 2


def test_each_page_has_what_is_left_when_it_is_fetched(client: Client[Any], invocation: Invocation):
    client.models.Todo.batch_create([{"name": str(number)} for number in range(4)])
    found = client.models.Todo.iterate(limit=1, deadline=invocation)
    next(found)
    next(found)
    assert invocation.asked == 2
    invocation.millis = 0
    with pytest.raises(CallTimeoutError) as caught:
        list(found)
    assert caught.value.next_token is not None
    assert len(list(client.models.Todo.iterate(next_token=caught.value.next_token))) == 2


def test_a_batch_that_runs_out_of_time_tells_which_items_were_not_sent(
    client: Client[Any], invocation: Invocation, backend: LocalBackend
):
    def items() -> Any:
        for number in range(6):
            if number == 4:
                invocation.millis = 0
            yield {"name": str(number)}

    with pytest.raises(BatchError) as caught:
        client.models.Todo.batch_create(items(), chunk_size=2, concurrency=1, deadline=invocation)
    result = caught.value.result
    assert [outcome.error is None for outcome in result] == [outcome.position < 2 for outcome in result]
    assert all(isinstance(outcome.error, CallTimeoutError) for outcome in result.failed)
    assert not any(outcome.error.may_have_executed for outcome in result.failed)
    assert len(backend.items("Todo")) == 2


def test_a_handler_that_is_tested_without_a_context_has_no_deadline(client: Client[Any]):
    assert client.with_options(deadline=None).models.Todo.list(deadline=None).data == []


def test_both_requests_of_an_upsert_have_it_and_the_time_is_computed_once(
    client: Client[Any], invocation: Invocation, backend: LocalBackend
):
    client.models.Todo.upsert(id="1", name="A", deadline=invocation)
    assert invocation.asked == 1
    with pytest.raises(CallTimeoutError):
        client.models.Todo.upsert(id="2", name="A", deadline=Invocation(0))
    assert len(backend.items("Todo")) == 1


async def test_the_time_of_an_awaiting_upsert_is_computed_once(async_client: AsyncClient[Any], invocation: Invocation):
    await async_client.models.Todo.upsert(id="1", name="A", deadline=invocation)
    assert invocation.asked == 1


async def test_the_awaiting_client_passes_it_on_alike(async_client: AsyncClient[Any], invocation: Invocation):
    copy = async_client.with_options(deadline=invocation)
    result = await copy.models.Todo.batch_create([{"name": str(number)} for number in range(4)], chunk_size=2)
    assert invocation.asked == 2
    assert [todo.name async for todo in copy.models.Todo.iterate(limit=1)] != []
    assert invocation.asked > 4
    invocation.millis = 0
    with pytest.raises(CallTimeoutError):
        await copy.models.Todo.get(result.data[0])


def test_a_field_called_deadline_is_told_from_the_option(scripted: Any, invocation: Invocation):
    """No schema of the tests has one, so one is made."""
    client = scripted(lambda *_: {"data": {"createTodo": {"id": "1"}}})
    raw = client._api.introspection.raw["models"]["Todo"]["fields"]
    raw["deadline"] = {"name": "deadline", "type": "AWSDate", "isArray": False, "isRequired": False, "attributes": []}
    with pytest.raises(OperationError, match="both a field and an option"):
        client.models.Todo.create(deadline="2030-01-01")
    client.models.Todo.create({"deadline": "2030-01-01"}, {"deadline": invocation})
    assert client.requests[0]["variables"] == {"input": {"deadline": "2030-01-01"}}
    assert invocation.asked == 1
