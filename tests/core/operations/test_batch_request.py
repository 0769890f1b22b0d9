"""The flow of one batch request, as values: what it sends, and what it tells of every item."""

import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client._core.operations.batch import Batch
from amplify_data_client._core.operations.batch_request import Answer
from amplify_data_client._core.wire.exchange import exchange_all
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client.errors import (
    ErrorEntry,
    NotAuthorizedError,
    OperationError,
    ReplyError,
    RequestError,
    mark_unsent,
)
from amplify_data_client.options import CallOptions
from amplify_data_client.results import Result

NAME = {"create": {"name": "A"}, "update": {"name": "A"}, "get": {}, "delete": {}}
UNFIT = ErrorEntry("Variable 'input0' has an invalid value.", locations=[{"line": 1}])


@pytest.fixture
def flow_of(context: Any) -> Any:
    """The flow for so many items, all in one request."""

    def make(count: int, verb: str = "create") -> Any:
        binding = context("todo")
        items = [{"name": f"n{at}"} if verb == "create" else {"id": f"n{at}"} for at in range(count)]
        [flow] = Batch(binding, binding.api.model("Todo"), verb, items, {"chunk_size": count}).flows()
        return flow

    return make


def throttled(at: int) -> Any:
    return Answer(None, [ErrorEntry("slow", error_type="DynamoDB:ThrottlingException", path=[f"_{at}"])])


def names(call: Any) -> list[str]:
    return [one["name"] for one in call.operation.variables.values()]


def end(flow: Any, answer: Any) -> Any:
    """Send an answer, or throw an exception, to a flow that ends with it."""
    with pytest.raises(StopIteration) as ended:
        flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    return ended.value.value


def unsent(error: Exception) -> Exception:
    mark_unsent(error)
    return error


def told(sent: Any) -> list[str]:
    return [str(outcome.error or outcome.data) for outcome in sent.outcomes]


@pytest.fixture
def shallow() -> Iterator[None]:
    """Let calls nest not much deeper than here."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("shallow")
def test_each_request_lets_one_item_through_and_all_are_told(flow_of: Any):
    flow = flow_of(200)
    call = next(flow)
    while len(left := names(call)) > 1:
        call = flow.send(Result([Answer(left[0], []), *map(throttled, range(1, len(left)))]))
    sent = end(flow, Result([Answer(left[0], [])]))
    assert [outcome.data for outcome in sent.outcomes] == [f"n{at}" for at in range(200)]


def test_what_was_done_before_the_throttled_items_were_sent_again_is_told(flow_of: Any):
    flow = flow_of(4)
    next(flow)
    assert names(flow.send(Result([Answer("A", []), throttled(1), Answer("C", []), throttled(3)]))) == ["n1", "n3"]
    error = RuntimeError("mine")
    sent = end(flow, unsent(error))
    assert sent.interruption is error
    not_sent = "createTodo was not sent: RuntimeError was raised before, which ended the batch."
    assert told(sent) == ["A", not_sent, "C", not_sent]
    assert [outcome.error.may_have_executed for outcome in sent.outcomes if outcome.error] == [False, False]


def test_what_was_done_in_one_half_is_told_and_the_other_half_is_not_sent(flow_of: Any):
    flow = flow_of(4)
    next(flow)
    assert names(flow.send(Result([Answer(None, [UNFIT])] * 4))) == ["n0", "n1"]
    assert names(flow.send(Result([Answer("A", []), Answer("B", [])]))) == ["n2", "n3"]
    sent = end(flow, KeyError("mine"))
    unknown = "createTodo has no known outcome: KeyError was raised during the request, which ended the batch."
    assert told(sent) == ["A", "B", unknown, unknown]
    assert sent.outcomes[3].error.may_have_executed

    flow = flow_of(4)
    next(flow)
    flow.send(Result([Answer(None, [UNFIT])] * 4))
    sent = end(flow, unsent(KeyError("mine")))
    assert [str(outcome.error).partition(":")[0] for outcome in sent.outcomes] == ["createTodo was not sent"] * 4


@pytest.mark.parametrize("verb", ["create", "get"])
def test_an_exception_of_unknown_origin_may_have_come_after_a_mutation_was_executed(flow_of: Any, verb: str):
    flow = flow_of(2, verb)
    next(flow)
    sent = end(flow, StopIteration())
    assert [outcome.error.may_have_executed for outcome in sent.outcomes] == [verb == "create"] * 2


@pytest.mark.parametrize("error", [unsent(OperationError("no token")), unsent(RequestError("of another client"))])
def test_an_error_of_the_library_before_the_send_is_the_items_own_and_ends_nothing(flow_of: Any, error: Any):
    flow = flow_of(2)
    next(flow)
    sent = end(flow, error)
    assert sent.interruption is None
    assert [outcome.error for outcome in sent.outcomes] == [error, error]


@pytest.mark.parametrize("error", [OperationError("another call's"), RequestError("lost", may_have_executed=False)])
def test_an_error_of_another_call_says_nothing_of_this_one(flow_of: Any, error: Any):
    """A hook of the user's HTTP client may use another client."""
    flow = flow_of(2)
    next(flow)
    sent = end(flow, error)
    assert sent.interruption is error
    assert [outcome.error.may_have_executed for outcome in sent.outcomes] == [True, True]


REPLIES: list[tuple[str, Any, list[str | None]]] = [
    ("create", {"_0": {"id": "a"}, "_1": {"id": "b"}}, [None, None]),
    ("create", {"_0": {"id": "a"}}, [None, "lacks the field"]),
    ("create", {"_0": {"id": "b"}, "_1": None}, ["has an item with another id", "has null"]),
    ("create", {"somebodyElses": {"id": "a"}}, ["lacks the field", "lacks the field"]),
    ("create", {"_0": "text", "_1": [{"id": "b"}]}, ["has text, not an object", "has a list, not an object"]),
    ("get", {"_0": None, "_1": {"id": "b"}}, [None, None]),
    ("get", {"_0": {"id": "b"}, "_1": {"id": "a"}}, ["another id", "another id"]),
    ("get", {"_0": {"name": "no id was selected"}, "_1": 3}, [None, "has a number"]),
    ("update", {"_0": {"id": "b"}, "_1": {"id": "b"}}, ["another id", None]),
    ("delete", {"_0": {"id": "a"}}, [None, "lacks the field"]),
]


@pytest.mark.parametrize(("verb", "data", "flaws"), REPLIES)
def test_each_item_of_a_reply_has_to_be_the_answer_for_its_item(
    context: Any, verb: str, data: Any, flaws: list[str | None]
):
    binding = context("todo")
    batch = Batch(binding, binding.api.model("Todo"), verb, [{"id": "a", **NAME[verb]}, {"id": "b", **NAME[verb]}], {})
    [calls] = batch.flows()
    distrusted: list[bool] = []
    body = json.dumps({"data": data}).encode()
    flow = exchange_all(calls, CallOptions(), lambda call, result: result, raise_errors=False)
    next(flow)
    sent = end(flow, Reply(200, body, {}, lambda: distrusted.append(True)))
    for outcome, flaw in zip(sent.outcomes, flaws, strict=True):
        assert outcome.ok == (flaw is None)
        if flaw is not None:
            assert isinstance(outcome.error, ReplyError)
            assert f"The reply to {verb}Todo " in str(outcome.error)
            assert flaw in str(outcome.error)
            assert outcome.error.may_have_executed == (verb != "get")
            assert outcome.data is None
    assert distrusted == ([True] if any(flaws) else [])


def test_what_an_error_explains_is_that_error(context: Any):
    binding = context("todo")
    [calls] = Batch(binding, binding.api.model("Todo"), "create", [{"name": "A"}, {"name": "B"}], {}).flows()
    entry = {"path": ["_1"], "errorType": "Unauthorized", "message": "no"}
    body = json.dumps({"data": {"_0": {"id": "1"}, "_1": None}, "errors": [entry]}).encode()
    flow = exchange_all(calls, CallOptions(), lambda call, result: result, raise_errors=False)
    next(flow)
    sent = end(flow, Reply(200, body, {}))
    assert [type(outcome.error) for outcome in sent.outcomes] == [type(None), NotAuthorizedError]
