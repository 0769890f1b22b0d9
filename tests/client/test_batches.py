"""Batches: several operations in one request, an outcome for each."""

import asyncio
import contextvars
import gc
import json
import threading
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client import (
    BatchError,
    Client,
    ConditionFailedError,
    CredentialsError,
    DataClientConfig,
    NotAuthorizedError,
    OperationError,
    RequestError,
    ServerError,
    ThrottledOperationError,
    ValidationError,
    generate_async_client,
    generate_client,
)

from .conftest import introspection


def carried_out(body: Any, number: int = 0) -> Any:
    """A reply that says that everything worked."""
    count = sum(name != "condition" for name in body["variables"])
    return {"data": {f"_{at}": {"id": str(at)} for at in range(count)}}


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


def test_an_iterator_that_raises_ends_the_batch_after_what_it_gave(scripted: Any):
    def items() -> Iterator[dict[str, str]]:
        for number in range(12):
            yield {"name": f"n{number}"}
        raise ValueError("mine")

    client = scripted(carried_out)
    seen: list[Any] = []
    with pytest.raises(ValueError, match="mine"):
        seen.extend(client.models.Todo.batch_create.iterate(items(), chunk_size=5))
    assert [outcome.position for outcome in seen] == list(range(12))
    assert sum(len(body["variables"]) for body in client.requests) == 12
    with pytest.raises(BatchError, match="ended early, after 12 items") as caught:
        client.models.Todo.batch_create(items(), chunk_size=5)
    assert isinstance(caught.value.__cause__, ValueError)
    assert len(caught.value.result.data) == 12


async def test_an_async_iterator_that_raises_ends_the_batch_after_what_it_gave(async_client: Any):
    async def items() -> AsyncIterator[dict[str, str]]:
        for number in range(12):
            yield {"id": f"t{number}"}
        raise ValueError("mine")

    for view in (async_client, async_client.with_options(raise_errors=False)):
        with pytest.raises(BatchError, match="ended early, after 12 items") as caught:
            await view.models.Todo.batch_create(items(), chunk_size=5)
        assert isinstance(caught.value.__cause__, ValueError)
    assert len([todo async for todo in async_client.models.Todo.iterate()]) == 12
    assert len(caught.value.result.failed) == 12  # the second time they were there


def test_credentials_that_end_on_the_way_hide_no_outcome(scripted: Any, monkeypatch: pytest.MonkeyPatch):
    def answer(body: Any, number: int) -> Any:
        if number == 2:
            monkeypatch.delenv("AWS_ACCESS_KEY_ID")
            monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        return carried_out(body)

    client = scripted(answer, raise_errors=False)
    result = client.models.Todo.batch_create([{"name": "x"}] * 20, chunk_size=5, concurrency=1)
    assert [outcome.ok for outcome in result] == [True] * 10 + [False] * 10
    assert {type(outcome.error) for outcome in result.failed} == {CredentialsError}


def test_a_token_function_that_raises_ends_the_batch_and_all_that_was_taken_is_told(scripted: Any):
    given, taken = iter(["token", "token"]), list[Any]()

    def items() -> Iterator[Any]:
        for number in range(1000):
            taken.append({"name": f"n{number}"})
            yield taken[-1]

    client = scripted(carried_out, auth_mode="user_pool", auth_token=lambda: next(given, None) or 1 / 0)
    with pytest.raises(BatchError, match=r"ended early, after 16 items.*ZeroDivisionError") as caught:
        client.models.Todo.batch_create(items(), chunk_size=5, concurrency=1)
    outcomes = caught.value.result.outcomes
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert len(client.requests) == 2
    assert [outcome.item for outcome in outcomes] == taken
    assert [outcome.ok for outcome in outcomes] == [True] * 10 + [False] * 6
    for outcome in outcomes[10:]:
        assert not outcome.error.may_have_executed
        assert outcome.error.__cause__ is caught.value.__cause__
        assert str(outcome.error).startswith("createTodo was not sent: ZeroDivisionError was raised before")


def test_an_exception_after_the_send_leaves_the_outcome_unknown_and_says_so(introspect: Any, monkeypatch: Any):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    def after(response: httpx.Response) -> None:
        raise LookupError("mine")

    config = DataClientConfig("https://api.test/graphql", "eu-west-1", introspect("todo"))
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=carried_out(json.loads(request.content))))
    http = httpx.Client(transport=transport, event_hooks={"response": [after]})
    todos = generate_client(config, http_client=http).models.Todo
    for batch, items, may_have_executed in (
        (todos.batch_create, [{"name": "x"}] * 3, True),
        (todos.batch_get, [{"id": "x"}] * 3, False),
    ):
        with pytest.raises(BatchError, match="ended early, after 3 items") as caught:
            batch(items)
        assert isinstance(caught.value.__cause__, LookupError)
        assert [one.error.may_have_executed for one in caught.value.result.failed] == [may_have_executed] * 3
        assert "has no known outcome: LookupError was raised" in str(caught.value.result.failed[0].error)


def test_functions_for_tokens_see_the_callers_context(scripted: Any):
    user = contextvars.ContextVar[str]("user")
    user.set("token of this invocation")
    client = scripted(carried_out, auth_mode="user_pool", auth_token=user.get)
    assert len(client.models.Todo.batch_create([{"name": "x"}] * 60).data) == 60


def test_who_stops_early_has_waited_for_what_was_under_way(scripted: Any):
    client = scripted(carried_out)
    outcomes = client.models.Todo.batch_create.iterate(({"name": "x"} for _ in range(1000)), concurrency=3)
    next(outcomes)
    outcomes.close()
    assert len(client.requests) == 3
    assert [one.name for one in threading.enumerate() if one.name.startswith("amplify_data_client")] == []


def test_an_interrupt_from_the_keyboard_comes_through(scripted: Any):
    def items() -> Iterator[dict[str, str]]:
        yield {"name": "x"}
        raise KeyboardInterrupt

    client = scripted(carried_out)
    with pytest.raises(KeyboardInterrupt):
        client.models.Todo.batch_create(items(), chunk_size=1)
    assert [one.name for one in threading.enumerate() if one.name.startswith("amplify_data_client")] == []


async def test_a_cancelled_batch_leaves_no_task_behind(introspect: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    arrived = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        arrived.set()
        return await asyncio.Future()

    config = DataClientConfig("https://api.test/graphql", "eu-west-1", introspect("todo"))
    http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
    client = generate_async_client(config, http_client=http)
    before = asyncio.all_tasks()
    batch = asyncio.create_task(client.models.Todo.batch_create([{"name": "x"}] * 100))
    await arrived.wait()
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert asyncio.all_tasks() == before


def test_each_item_has_its_own_error_which_says_whether_it_was_executed(scripted: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("amplify_data_client._core.wire.retry.FIRST_WAIT", 0.0)
    kinds = ["DynamoDB:ConditionalCheckFailedException", "DynamoDB:ThrottlingException", "Unauthorized", "Lambda:X"]

    def answer(body: Any, number: int) -> Any:
        if number > 1:
            return {"data": {"_0": None}, "errors": [{"path": ["_0"], "errorType": kinds[1], "message": "m"}]}
        errors = [{"path": [f"_{at}"], "errorType": kind, "message": "m"} for at, kind in enumerate(kinds, 1)]
        errors.append({"path": ["_5", "owner"], "errorType": "Unauthorized", "message": "m"})
        return {"data": {"_0": {"id": "0"}, "_5": {"id": "5"}}, "errors": errors}

    client = scripted(answer, raise_errors=False)
    outcomes = client.models.Todo.batch_create([{"name": "x"}] * 6).outcomes
    assert [len(body["variables"]) for body in client.requests] == [6, 1, 1, 1]  # the throttled one, by itself
    assert [type(one.error) for one in outcomes[:4]] == [
        type(None),
        ConditionFailedError,
        ThrottledOperationError,
        NotAuthorizedError,
    ]
    errors = [one.error for one in outcomes[1:]]
    assert [error.may_have_executed for error in errors] == [False, False, True, True, True]
    assert {error.operation for error in errors} == {"createTodo"}
    assert errors[4].errors[0].path == ("createTodo", "owner")
    assert errors[4].data.id == outcomes[5].data.id == "5"
    assert str(errors[1]).startswith(
        "createTodo failed (at createTodo). DynamoDB:ThrottlingException: m. DynamoDB throttles"
    )


def test_failed_items_can_be_given_again(scripted: Any):
    def answer(body: Any, number: int) -> Any:
        entry = {"path": ["_1"], "errorType": "Unauthorized", "message": "no"}
        return (
            {"data": {"_0": {"id": "0"}, "_1": None, "_2": {"id": "2"}}, "errors": [entry]}
            if number == 1
            else carried_out(body)
        )

    client = scripted(answer, raise_errors=False)
    first = client.models.Todo.batch_create([{"name": name} for name in "ABC"])
    again = client.models.Todo.batch_create(first.failed)
    assert again.failed == []
    assert [outcome.item for outcome in again] == [{"name": "B"}]
    assert client.requests[1]["variables"] == {"input0": {"name": "B"}}


def test_a_chunk_that_is_throttled_as_a_whole_is_sent_again(scripted: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("amplify_data_client._core.wire.retry.FIRST_WAIT", 0.0)
    entries = [{"path": [f"_{at}"], "errorType": "DynamoDB:ThrottlingException", "message": "m"} for at in range(3)]

    def answer(body: Any, number: int) -> Any:
        return {"data": dict.fromkeys(("_0", "_1", "_2")), "errors": entries} if number == 1 else carried_out(body)

    client = scripted(answer)
    assert len(client.models.Todo.batch_create([{"name": "x"}] * 3).data) == 3
    assert len(client.requests) == 2


def test_items_that_are_throttled_while_others_get_through_are_sent_again(scripted: Any):
    """Each request gets its first half through."""

    def answer(body: Any, number: int) -> Any:
        names = [one["name"] for one in body["variables"].values()]
        through = (len(names) + 1) // 2
        data = {f"_{at}": {"id": name, "name": name} if at < through else None for at, name in enumerate(names)}
        kind = "DynamoDB:ProvisionedThroughputExceededException"
        errors = [{"path": [f"_{at}"], "errorType": kind, "message": "m"} for at in range(through, len(names))]
        return {"data": data, "errors": errors}

    client = scripted(answer)
    made = client.models.Todo.batch_create({"name": f"n{at}"} for at in range(10))
    assert [todo.name for todo in made.data] == [f"n{at}" for at in range(10)]
    assert [len(body["variables"]) for body in client.requests] == [10, 5, 2, 1]


@pytest.mark.refused_by_the_api
@pytest.mark.schema("identifiers")
@pytest.mark.parametrize("unfit", [{3}, {0, 9}, set(range(10))])
def test_an_item_that_the_api_refuses_does_not_take_others_with_it(client: Client[Any], unfit: set[int]):
    view = client.with_options(raise_errors=False).models.Customer
    complete, lacking = {"name": "N", "account_representative_id": "r"}, {"name": "N"}
    result = view.batch_create(lacking if at in unfit else complete for at in range(10))
    assert {outcome.position for outcome in result.failed} == unfit
    assert {type(outcome.error) for outcome in result.failed} == {ValidationError}
    for outcome in result.failed:  # AppSync names the variable, not the field
        assert "account_representative_id" in str(outcome.error) and "_0" not in str(outcome.error)
    assert len(view.list()) == 10 - len(unfit)


def test_a_document_that_the_api_refuses_is_not_sent_in_parts(scripted: Any):
    message = (
        "Validation error of type FieldUndefined: Field 'isDone' in type 'Todo' is undefined @ 'createTodo/isDone'"
    )
    entry = {"path": None, "locations": [{"line": 1, "column": 2}], "message": message}
    client = scripted(lambda *_: {"data": None, "errors": [entry]}, raise_errors=False)
    assert len(client.models.Todo.batch_create([{"name": "x"}] * 10).failed) == 10
    assert len(client.requests) == 1


@pytest.mark.parametrize("items", [{"name": "x"}, "name", b"name", 5, None])
def test_what_is_not_many_items_is_refused(scripted: Any, items: Any):
    client = scripted(carried_out)
    with pytest.raises(OperationError, match=r"batch_create takes many items: .* got"):
        client.models.Todo.batch_create(items)
    with pytest.raises(OperationError, match="got Todo"):
        client.models.Todo.batch_delete(client.models.Todo.batch_create([{"name": "x"}]).data[0])


def test_a_condition_holds_for_every_item(client: Client[Any]):
    todos = client.models.Todo
    todos.batch_create([{"id": "a", "is_done": True}, {"id": "b", "is_done": False}])
    changes = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    view = client.with_options(raise_errors=False).models.Todo
    result = view.batch_update(changes, condition={"is_done": {"eq": True}})
    assert [outcome.ok for outcome in result] == [True, False]
    assert isinstance(result.failed[0].error, ConditionFailedError)
    assert [outcome.ok for outcome in view.batch_delete(changes[:1], condition={"name": {"eq": "x"}})] == [False]
    with pytest.raises(OperationError, match="no option 'condition'"):
        todos.batch_get(["a"], condition={"name": {"eq": "A"}})


def test_the_document_counts_for_the_size_of_a_request(scripted: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("amplify_data_client._core.operations.batch._CHUNK_CHARACTERS", 4000)
    client = scripted(carried_out)
    client.models.Todo.batch_create([{"name": "x"}] * 200, chunk_size=200, concurrency=1)
    assert len(client.requests) > 1
    assert max(len(json.dumps(body)) for body in client.requests) < 10_000


class Watched(dict[str, str]):
    """An item that can be referred to weakly."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def test_no_more_items_live_than_are_on_their_way(scripted: Any):
    alive: weakref.WeakSet[Any] = weakref.WeakSet()
    most = 0

    def items() -> Iterator[Any]:
        for number in range(3000):
            item = Watched(name=f"n{number}")
            alive.add(item)
            yield item

    client = scripted(carried_out)
    for outcome in client.models.Todo.batch_create.iterate(items(), chunk_size=10, concurrency=3):
        most = max(most, len(alive))
        del outcome
    assert 30 <= most <= 50


async def test_no_more_items_live_than_are_on_their_way_when_awaiting(async_client: Any):
    alive: weakref.WeakSet[Any] = weakref.WeakSet()
    most = 0

    async def items() -> AsyncIterator[Any]:
        for number in range(300):
            item = Watched(name=f"n{number}")
            alive.add(item)
            yield item

    async for outcome in async_client.models.Todo.batch_create.iterate(items(), chunk_size=10, concurrency=3):
        most = max(most, len(alive))
        del outcome
    assert 30 <= most <= 50


def test_as_many_requests_are_under_way_as_may_be_and_no_more(scripted: Any):
    under_way = most = 0
    lock, together = threading.Lock(), threading.Event()

    def answer(body: Any, number: int) -> Any:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        if most == 3:
            together.set()
        assert together.wait(60)
        with lock:
            under_way -= 1
        return carried_out(body)

    client = scripted(answer)
    client.models.Todo.batch_create([{"name": "x"}] * 60, chunk_size=5, concurrency=3)
    assert (most, len(client.requests)) == (3, 12)


def peak(client: Any, count: int) -> int:
    gc.collect()
    tracemalloc.start()
    items = ({"name": f"n{at}"} for at in range(count))
    for outcome in client.models.Todo.batch_create.iterate(items, chunk_size=100):
        client.requests.clear()
        if outcome.position % 1000 == 0:
            gc.collect()  # when Python collects is its own affair, and differs from version to version
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_ten_times_the_items_take_no_more_memory(scripted: Any):
    client = scripted(carried_out)
    peak(client, 1000)  # what is made once
    small = peak(client, 1000)
    assert peak(client, 10_000) < 1.5 * small


async def test_a_token_that_waits_for_a_cancelled_task_ends_the_batch_and_loses_no_outcome(introspect: Any):
    given = iter([False, False, True])

    async def token() -> str:
        future = asyncio.get_running_loop().create_future()
        future.cancel() if next(given) else future.set_result("token")
        return str(await future)

    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=carried_out(json.loads(request.content)))

    config = DataClientConfig("https://api.test/graphql", "eu-west-1", introspect("todo"))
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    client = generate_async_client(config, http_client=http, auth_mode="lambda", auth_token=token)
    with pytest.raises(BatchError, match="ended early, after 16 items") as caught:
        await client.models.Todo.batch_create([{"name": "x"}] * 100, chunk_size=5, concurrency=1)
    assert [outcome.ok for outcome in caught.value.result.outcomes] == [True] * 10 + [False] * 6
    assert isinstance(caught.value.__cause__, RuntimeError)


FATES = ("stored", "throttled", "unauthorized", "unfit", "unfit for the schema")
KINDS = {"throttled": "DynamoDB:ThrottlingException", "unauthorized": "Unauthorized"}


class Moody:
    """An API that does with each item what its name says, and stores the rest; sometimes it fails altogether."""

    def __init__(self, failing: set[int]) -> None:
        self.failing, self.stored, self.count, self.lock = failing, list[str](), 0, threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            return self.answered(json.loads(request.content))

    def answered(self, body: Any) -> httpx.Response:
        self.count += 1
        names = [one["name"] for one in body["variables"].values()]
        if self.count in self.failing:
            return httpx.Response(500, json={})
        if any(name.startswith("unfit") for name in names):
            entry = {"message": "Variable 'input0' has an invalid value.", "path": None, "locations": [{"line": 1}]}
            return httpx.Response(200, json={"data": None, "errors": [entry]})
        data, errors = {}, []
        for at, name in enumerate(names):
            fate = name.partition(" ")[0]
            if fate == "throttled" and self.count % 3 == 0:
                fate = "stored"
            if fate == "stored":
                self.stored.append(name)
            else:
                errors.append({"path": [f"_{at}"], "message": "m", "errorType": KINDS[fate]})
            data[f"_{at}"] = {"id": name, "name": name} if fate == "stored" else None
        return httpx.Response(200, json={"data": data, "errors": errors})


class Failing:
    """A function of the user's that raises at its n-th call."""

    def __init__(self, at: int | None, error: Exception) -> None:
        self.count, self.at, self.error, self.lock = 0, at, error, threading.Lock()

    def __call__(self, *_: object) -> None:
        with self.lock:
            self.count += 1
            if self.count == self.at:
                raise self.error

    def token(self) -> str:
        self()
        return "token"

    def headers(self, about: Any) -> dict[str, str]:
        self()
        return {}

    async def awaited(self, *_: object) -> None:
        self()

    def items(self, items: list[Any]) -> Iterator[Any]:
        for item in items:
            self()
            yield item


def made_client(api: Moody, failing: Failing, where: str, *, is_async: bool) -> Any:
    """A client with a user's function that fails: for tokens, for headers, or in the middle of httpx."""
    config = DataClientConfig("https://api.test/graphql", "eu-west-1", introspection("todo"))
    hooks: dict[str, list[Any]] = (
        {where: [failing.awaited if is_async else failing]} if where in ("request", "response") else {}
    )
    transport = httpx.MockTransport(api)
    http: Any = (httpx.AsyncClient if is_async else httpx.Client)(transport=transport, event_hooks=hooks)
    options = {"token": {"auth_token": failing.token}, "headers": {"headers": failing.headers}}.get(where, {})
    factory: Any = generate_async_client if is_async else generate_client
    return factory(config, http_client=http, raise_errors=False, auth_mode="lambda", **{"auth_token": "t", **options})


def all_outcomes(call: Any, items: Any, options: Any, *, is_async: bool, is_iterated: bool) -> Any:
    """The outcomes of a batch, and the exception that ended it early."""
    told: list[Any] = []

    async def iterate() -> None:
        async for outcome in call.iterate(items, **options):
            told.append(outcome)

    async def at_once() -> Any:
        return await call(items, **options)

    try:
        if is_iterated:
            asyncio.run(iterate()) if is_async else told.extend(call.iterate(items, **options))
        else:
            told.extend(asyncio.run(at_once()) if is_async else call(items, **options))
    except BatchError as error:
        return error.result.outcomes, error.__cause__
    except Exception as error:
        return told, error
    return told, None


@given(
    fates=st.lists(st.sampled_from(FATES), max_size=14),
    failing=st.sets(st.integers(1, 8), max_size=2),
    sizes=st.tuples(st.integers(1, 8), st.integers(1, 3)),
    where=st.sampled_from(["token", "headers", "items", "request", "response"]),
    at=st.none() | st.integers(1, 9),
    error=st.sampled_from([RuntimeError, StopIteration, KeyError, TimeoutError, OperationError, RequestError]),
    is_async=st.booleans(),
    is_iterated=st.booleans(),
)
def test_whatever_happens_what_was_taken_has_one_outcome_each_in_order_and_it_is_true(
    fates: list[str],
    failing: set[int],
    sizes: tuple[int, int],
    where: str,
    at: int | None,
    error: type[Exception],
    is_async: bool,
    is_iterated: bool,
):
    api, raising = Moody(failing), Failing(at, error("mine"))
    items = [
        {"nme": fate} if fate == "unfit for the schema" else {"name": f"{fate} {at}"} for at, fate in enumerate(fates)
    ]
    options = {"chunk_size": sizes[0], "concurrency": sizes[1]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("amplify_data_client._core.wire.retry.FIRST_WAIT", 0.0)
        call = made_client(api, raising, where, is_async=is_async).models.Todo.batch_create
        given: Any = raising.items(items) if where == "items" else items
        outcomes, raised = all_outcomes(call, given, options, is_async=is_async, is_iterated=is_iterated)
    assert [outcome.position for outcome in outcomes] == list(range(len(outcomes)))
    assert [outcome.item for outcome in outcomes] == items[: len(outcomes)]
    # Python makes a RuntimeError of a StopIteration that leaves a generator or coroutine
    assert raised is None or raised is raising.error or isinstance(raised, RuntimeError)
    assert raised is not None or len(outcomes) == len(items)
    told = {outcome.item.get("name"): outcome for outcome in outcomes}
    assert len(api.stored) == len(set(api.stored))
    assert told.keys() >= set(api.stored)
    for outcome in outcomes:
        is_stored = outcome.item.get("name") in api.stored
        if outcome.ok:
            assert is_stored
            assert outcome.data.name == outcome.item["name"]
        else:
            assert not is_stored or outcome.error.may_have_executed
