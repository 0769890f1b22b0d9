"""When a request is repeated, and whether one with errors was executed."""

import json
from typing import Any

import pytest

from amplify_data_client import (
    CallTimeoutError,
    ConnectionFailedError,
    OperationError,
    Result,
    ThrottledError,
    ThrottledOperationError,
    UnauthorizedError,
)
from amplify_data_client._core.operations.operation import Call, Envelope, Operation
from amplify_data_client._core.wire.exchange import exchange
from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client._core.wire.retry import (
    ATTEMPTS,
    FIRST_WAIT,
    MOST_WAIT,
    next_attempt,
    retry_after,
    was_executed,
)
from amplify_data_client.errors import ErrorEntry
from amplify_data_client.options import DEFAULT, CallOptions

THROTTLED, CONDITION = "DynamoDB:ThrottlingException", "DynamoDB:ConditionalCheckFailedException"
CONNECT = Failure("connect", OSError("refused"))
NO_TIME = Failure("timeout", TimeoutError())


def operation(kind: Any, *, is_generated: bool = True) -> Operation[Any]:
    return Operation("x", kind, "{ x }", {}, lambda e: Result(e.data), is_generated=is_generated)


def failed(*kinds: str, data: Any = None, path: tuple[Any, ...] | None = ("a",)) -> Envelope:
    return Envelope(data, tuple(ErrorEntry("no", error_type=kind, path=path) for kind in kinds))


def test_there_are_few_attempts_unless_more_are_allowed():
    query = operation("query")
    for most in (None, 1, 2, 12):
        retries = [next_attempt(query, attempt, CONNECT, most) for attempt in range(1, (most or ATTEMPTS) + 1)]
        assert retries[-1] is None
        assert all(retry is not None and retry.wait_at_least == 0 for retry in retries[:-1])


def test_waits_double_up_to_that_of_awss_sdks():
    found = [next_attempt(operation("query"), attempt, CONNECT, 10_000) for attempt in (*range(1, 10), 5000)]
    waits = [retry.wait_at_most for retry in found if retry is not None]
    assert waits == [FIRST_WAIT * 2**power for power in range(7)] + [MOST_WAIT] * 3
    assert MOST_WAIT == 20


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "Sat, 01 Jan 2028 00:02:00 GMT", "date": "Sat, 01 Jan 2028 00:00:00 GMT"}, 120),
        ({"retry-after": "Sat, 01 Jan 2028 00:00:00 GMT", "date": "Sat, 01 Jan 2028 00:02:00 GMT"}, 0),
        ({"retry-after": "Sat, 01 Jan 2028 00:02:00 GMT"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "soon", "date": "now"}, 0),
        ({"retry-after": "Sat, 01 Jan 2028 00:02:00", "date": "Sat, 01 Jan 2028 00:00:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_a_server_may_ask_for_a_wait(headers: Any, seconds: float):
    assert retry_after(Reply(429, b"", headers)) == seconds
    retry = next_attempt(operation("mutation"), 1, Reply(429, b"", headers))
    assert retry is not None
    assert retry.wait_at_least == seconds


def test_a_long_number_is_a_long_wait_and_no_error():
    assert retry_after(Reply(429, b"", {"retry-after": "9" * 5000})) == 999_999_999


EXPIRED = "Signature expired: 20260101T100000Z is now earlier than 20260101T100500Z (20260101T101000Z - 5 min.)"
EARLY = "Signature not yet current: 20260101T101000Z is still later than 20260101T100500Z (20260101T100000Z + 5 min.)"
DATE = {"date": "Thu, 01 Jan 2026 10:10:00 GMT"}


def clock_refused(message: str = EXPIRED, *, is_verified: bool = True, headers: Any = DATE) -> Reply:
    body = {"errors": [{"errorType": "InvalidSignatureException", "message": message}]}
    return Reply(403, json.dumps(body).encode(), headers, is_verified=is_verified)


@pytest.mark.parametrize("kind", ["query", "mutation"])
@pytest.mark.parametrize("message", [EXPIRED, EARLY])
def test_a_signature_refused_for_its_time_is_made_once_more_with_the_servers(kind: Any, message: str):
    steps = exchange(Call(operation(kind), DEFAULT), DEFAULT, raise_errors=True)
    assert next(steps).server_time is None
    again = steps.send(clock_refused(message))
    assert (again.server_time, again.attempt, again.wait_at_most) == (DATE["date"], 2, 0)
    with pytest.raises(UnauthorizedError, match="clock") as caught:
        steps.send(clock_refused(message))
    assert caught.value.may_have_executed is False


@pytest.mark.parametrize(
    "reply",
    [
        clock_refused(is_verified=False),
        clock_refused(headers={}),
        clock_refused("The request signature we calculated does not match the signature you provided."),
        clock_refused("The security token included in the request is expired"),
        clock_refused("Not: Signature expired"),
    ],
)
def test_no_other_refusal_moves_the_clock(reply: Reply):
    steps = exchange(Call(operation("query"), DEFAULT), DEFAULT, raise_errors=True)
    next(steps)
    with pytest.raises(UnauthorizedError):
        steps.send(reply)


def test_a_client_that_may_try_once_does_not_sign_anew():
    steps = exchange(Call(operation("query"), CallOptions(max_attempts=1)), DEFAULT, raise_errors=True)
    next(steps)
    with pytest.raises(UnauthorizedError):
        steps.send(clock_refused())


def test_the_attempts_of_a_call_are_the_clients_unless_it_says_otherwise():
    for call, client, most in ((None, 2, 2), (5, 2, 5), (None, None, 3)):
        options = CallOptions(max_attempts=call)
        steps = exchange(Call(operation("query"), options), CallOptions(max_attempts=client), raise_errors=True)
        attempts = [next(steps).attempt]
        with pytest.raises(ConnectionFailedError):  # noqa: PT012  # the last send raises
            while True:
                attempts.append(steps.send(CONNECT).attempt)
        assert attempts == [*range(1, most + 1)]


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
    assert next_attempt(operation("query"), 1, failed(THROTTLED, data={"a": None})) is not None
    assert next_attempt(operation("query"), 1, envelope) is None


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


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


CYCLE: dict[str, Any] = {}
CYCLE["again"] = CYCLE


@pytest.mark.parametrize(
    "value", [nested(100_000), CYCLE, 10**5000, float("nan"), float("inf")], ids=["deep", "cycle", "long", "nan", "inf"]
)
def test_variables_that_are_no_json_are_refused_as_mistakes_of_the_call(value: Any):
    made = Operation("x", "query", "{ x }", {"a": value}, lambda e: Result(e.data))
    with pytest.raises(OperationError, match="x: the variables"):
        next(exchange(Call(made, DEFAULT), DEFAULT, raise_errors=False))


def test_text_goes_as_it_is_and_half_a_surrogate_pair_as_an_escape():
    made = Operation("x", "query", "{ x }", {"a": "crème ✓"}, lambda e: Result(e.data))
    assert "crème ✓".encode() in next(exchange(Call(made, DEFAULT), DEFAULT, raise_errors=True)).body
    made = Operation("x", "query", "{ x }", {"a": "\ud800"}, lambda e: Result(e.data))
    assert rb"\ud800" in next(exchange(Call(made, DEFAULT), DEFAULT, raise_errors=True)).body
