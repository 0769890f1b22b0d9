"""Batches: several operations in one request, an outcome for each."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from amplify_data_client import BatchError, Client, ConditionFailedError, OperationError, ServerError


def test_a_batch_creates_gets_updates_and_deletes(client: Client[Any]):
    todos = client.models.Todo
    made = todos.batch_create([{"id": f"t{number}", "name": f"n{number}"} for number in range(60)])
    assert [outcome.position for outcome in made] == list(range(60))
    assert [todo.name for todo in made.data] == [f"n{number}" for number in range(60)]
    todos.batch_update([{"id": f"t{number}", "is_done": True} for number in range(30)])
    found = todos.batch_get([{"id": "t1"}, {"id": "nobody"}, {"id": "t59"}]).data
    assert (found[0].is_done, found[1], found[2].is_done) == (True, None, None)
    todos.batch_delete(todos.iterate())
    assert todos.list().data == []


def test_one_failure_is_raised_and_the_rest_is_done(client: Client[Any]):
    todos = client.models.Todo
    todos.create(id="t1")
    with pytest.raises(BatchError, match="1 of 3 items failed; the first is item 1") as caught:
        todos.batch_create([{"id": f"t{number}"} for number in range(3)])
    outcomes = caught.value.result.outcomes
    assert [outcome.ok for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, ConditionFailedError)
    assert outcomes[1].item == {"id": "t1"}
    assert sorted(todo.id for todo in todos.iterate()) == ["t0", "t1", "t2"]


def test_items_that_do_not_fit_the_schema_fail_alone(client: Client[Any]):
    result = client.with_options(raise_errors=False).models.Todo.batch_create(
        [{"name": "A"}, {"nme": "B"}, 5, {"name": "C"}]
    )
    assert [outcome.ok for outcome in result] == [True, False, False, True]
    assert isinstance(result.outcomes[1].error, OperationError)
    assert len(result.failed) == 2


def test_requests_hold_as_many_items_as_a_chunk_may(scripted: Any):
    def answer(body: Any, number: int) -> Any:
        return {"data": {f"_{at}": {"id": str(at)} for at in range(len(body["variables"]))}}

    client = scripted(answer)
    client.models.Todo.batch_create([{"name": "x"}] * 60, chunk_size=20, concurrency=1)
    assert [len(body["variables"]) for body in client.requests] == [20, 20, 20]
    client.models.Todo.batch_create([{"name": "x" * 100_000}] * 10, concurrency=1)
    assert [len(body["variables"]) for body in client.requests[3:]] == [3, 3, 3, 1]


def test_a_request_that_fails_fails_its_items_and_says_that_they_may_have_been_written(scripted: Any):
    client = scripted(lambda body, number: httpx.Response(500, json={}), raise_errors=False)
    result = client.models.Todo.batch_create([{"name": "x"}] * 3)
    assert len(client.requests) == 1
    assert all(isinstance(outcome.error, ServerError) and outcome.error.may_have_executed for outcome in result)


def test_iterating_a_batch_keeps_little_in_memory(scripted: Any):
    taken = 0

    def items() -> Iterator[dict[str, str]]:
        nonlocal taken
        while True:
            taken += 1
            yield {"name": "x"}

    client = scripted(lambda body, number: {"data": {f"_{at}": {"id": "1"} for at in range(len(body["variables"]))}})
    outcomes = client.models.Todo.batch_create.iterate(items(), chunk_size=10, concurrency=2)
    for _ in range(500):
        next(outcomes)
    assert taken < 600
    outcomes.close()


async def test_the_async_client_batches_items_from_an_async_generator(async_client: Any):
    async def items() -> Any:
        for number in range(30):
            yield {"id": f"t{number}"}

    made = await async_client.models.Todo.batch_create(items(), chunk_size=7)
    assert len(made.data) == 30
    positions = [outcome.position async for outcome in async_client.models.Todo.batch_delete.iterate(made.data)]
    assert positions == list(range(30))
    with pytest.raises(BatchError):
        await async_client.models.Todo.batch_delete([{"id": "nobody"}])


@pytest.mark.parametrize("option", [{"chunk_size": 0}, {"concurrency": "2"}, {"nope": 1}])
def test_unfit_options_are_refused_before_anything_is_sent(client: Client[Any], option: Any):
    with pytest.raises(OperationError):
        client.models.Todo.batch_create([{"name": "A"}], **option)
    assert client.models.Todo.list().data == []
