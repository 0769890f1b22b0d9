"""When a request is repeated, and whether one with errors was executed."""

from typing import Any

import pytest

from amplify_data_client import CallTimeoutError, ConnectionFailedError, Result, ThrottledError, ThrottledOperationError
from amplify_data_client._core.operations.operation import Call, Envelope, Operation
from amplify_data_client._core.wire.exchange import exchange
from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client._core.wire.retry import ATTEMPTS, MOST_WAIT, next_wait, was_executed
from amplify_data_client.errors import ErrorEntry
from amplify_data_client.options import DEFAULT

THROTTLED, CONDITION = "DynamoDB:ThrottlingException", "DynamoDB:ConditionalCheckFailedException"
CONNECT = Failure("connect", OSError("refused"))
NO_TIME = Failure("timeout", TimeoutError())


def operation(kind: Any, *, is_generated: bool = True) -> Operation[Any]:
    return Operation("x", kind, "{ x }", {}, lambda e: Result(e.data), is_generated=is_generated)


def failed(*kinds: str, data: Any = None, path: tuple[Any, ...] | None = ("a",)) -> Envelope:
    return Envelope(data, tuple(ErrorEntry("no", error_type=kind, path=path) for kind in kinds))


def test_there_are_few_attempts_and_waits_are_capped():
    query = operation("query")
    waits = [next_wait(query, attempt, CONNECT) for attempt in range(1, ATTEMPTS + 1)]
    assert waits[-1] is None
    assert all(wait is not None and 0 < wait <= MOST_WAIT for wait in waits[:-1])


@pytest.mark.parametrize(
    "envelope",
    [
        failed(THROTTLED, CONDITION),
        failed(THROTTLED, path=None),
        failed(THROTTLED, path=("a", "b")),
        failed(THROTTLED, data={"a": None, "b": {}}),
        failed(THROTTLED, data={"a": 0}),
        failed("Throttled"),
        Envelope({"a": None}),
        Envelope(),
    ],
)
def test_only_what_was_throttled_as_a_whole_is_repeated(envelope: Envelope):
    assert next_wait(operation("query"), 1, failed(THROTTLED, data={"a": None})) is not None
    assert next_wait(operation("query"), 1, envelope) is None


@pytest.mark.parametrize(
    ("made", "envelope", "executed"),
    [
        (operation("mutation"), failed(THROTTLED), False),
        (operation("mutation"), failed(CONDITION, data={"a": None}), False),
        (operation("mutation"), failed(CONDITION, THROTTLED), False),
        (operation("mutation"), failed(CONDITION, data={"a": None, "b": {"id": "1"}}), True),
        (operation("mutation"), failed("Unauthorized", data={"a": None}), True),
        (operation("mutation"), failed(CONDITION, path=("a", "child")), True),
        (operation("mutation", is_generated=False), failed(CONDITION), True),
        (operation("query"), failed("Lambda:Unhandled"), False),
    ],
)
def test_a_mutation_was_not_executed_if_nothing_but_refusals_came(made: Any, envelope: Envelope, executed: bool):
    assert was_executed(made, envelope) is executed


@pytest.mark.parametrize(
    ("before", "cause"),
    [
        (CONNECT, ConnectionFailedError),
        (Reply(429, b"", {}), ThrottledError),
        (
            Reply(200, b'{"errors": [{"errorType": "DynamoDB:ThrottlingException", "path": ["a"]}]}', {}),
            ThrottledOperationError,
        ),
    ],
)
def test_when_the_time_runs_out_between_attempts_the_last_outcome_is_the_cause(before: Any, cause: type):
    steps = exchange(Call(operation("mutation"), DEFAULT), DEFAULT, raise_errors=True)
    next(steps)
    steps.send(before)
    with pytest.raises(CallTimeoutError) as caught:
        steps.send(NO_TIME)
    assert type(caught.value.__cause__) is cause
    assert caught.value.may_have_executed is False


def test_a_certificate_that_is_not_trusted_is_explained():
    import ssl

    steps = exchange(Call(operation("query"), DEFAULT), DEFAULT, raise_errors=True)
    next(steps)
    outcome = Failure("connect", ssl.SSLCertVerificationError("self-signed certificate"))
    steps.send(outcome)
    steps.send(outcome)
    with pytest.raises(ConnectionFailedError, match="AWS_CA_BUNDLE"):
        steps.send(outcome)


def test_text_goes_as_it_is_and_half_a_surrogate_pair_as_an_escape():
    made = Operation("x", "query", "{ x }", {"a": "crème ✓"}, lambda e: Result(e.data))
    assert "crème ✓".encode() in next(exchange(Call(made, DEFAULT), DEFAULT, raise_errors=True)).body
    made = Operation("x", "query", "{ x }", {"a": "\ud800"}, lambda e: Result(e.data))
    assert rb"\ud800" in next(exchange(Call(made, DEFAULT), DEFAULT, raise_errors=True)).body
