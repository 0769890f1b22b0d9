"""Exchanges, with values only."""

import json
from typing import Any

import h11
import pytest

from amplify_data_client import (
    CallTimeoutError,
    ConditionFailedError,
    ConnectionFailedError,
    GraphQLError,
    HTTPStatusError,
    NotAuthorizedError,
    ReplyError,
    ReplyLostError,
    Result,
    ServerError,
    ThrottledError,
    ThrottledOperationError,
    TransportError,
    UnauthorizedError,
    ValidationError,
)
from amplify_data_client._core.operations.operation import Call, Operation
from amplify_data_client._core.wire.exchange import exchange
from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client._core.wire.retry import FIRST_WAIT
from amplify_data_client.options import DEFAULT, CallOptions

QUERY = Operation(
    "getTodo", "query", "query { getTodo { id } }", {"id": "private"}, lambda e: Result(e.data), is_generated=True
)
MUTATION = Operation(
    "createTodo", "mutation", "mutation { createTodo { id } }", {}, lambda e: Result(e.data), is_generated=True
)
CUSTOM = Operation("pay", "mutation", "mutation { pay }", {}, lambda e: Result(e.data))
OPERATIONS = {"query": QUERY, "mutation": MUTATION, "custom": CUSTOM}
GOOD = Reply(200, b'{"data": {"a": 1}}', {"x-amzn-requestid": "r-1"})


def throttled(*, path: Any = ("createTodo",), data: Any = None, kind: str = "DynamoDB:ThrottlingException") -> Reply:
    errors = [{"message": "slow down", "errorType": kind, "path": list(path)}]
    return Reply(200, json.dumps({"data": data or {"createTodo": None}, "errors": errors}).encode(), {})


def converse(operation: Operation[Any], *outcomes: Any, raise_errors: bool = True) -> tuple[Any, int]:
    """Drive an exchange with these outcomes; gives the result and how many requests there were."""
    steps = exchange(Call(operation, DEFAULT), DEFAULT, raise_errors=raise_errors)
    next(steps)
    for number, outcome in enumerate(outcomes, 1):
        try:
            steps.send(outcome)
        except StopIteration as done:
            return done.value, number
    raise AssertionError(f"still asking after {len(outcomes)} outcomes")


CONNECT, SEND = Failure("connect", OSError("refused")), Failure("send", OSError("broken"))
LOST, TIMEOUT = Failure("reply", OSError("reset"), sent=True), Failure("timeout", TimeoutError(), sent=True)


@pytest.mark.parametrize(
    ("errors", "data", "error"),
    [
        ([{"message": "odd"}, {"message": "no", "errorType": "Unauthorized"}], None, NotAuthorizedError),
        ([{"message": "Validation error", "locations": [{"line": 1}]}], None, ValidationError),
        ([{"message": "Validation error", "locations": [{"line": 1}]}], {"a": 1}, GraphQLError),  # it was carried out
        ([{"message": "odd"}], None, GraphQLError),
    ],
)
def test_the_first_entry_that_tells_a_kind_decides(errors: Any, data: Any, error: type[GraphQLError]):
    with pytest.raises(GraphQLError) as caught:
        converse(MUTATION, Reply(200, json.dumps({"data": data, "errors": errors}).encode(), {}))
    assert type(caught.value) is error


@pytest.mark.parametrize("failure", [CONNECT, SEND, LOST, TIMEOUT])
def test_what_broke_the_connection_is_the_cause(failure: Failure):
    with pytest.raises(TransportError) as caught:
        converse(MUTATION, *[failure] * 3)
    assert caught.value.__cause__ is failure.error


def test_of_several_operations_in_a_document_the_chosen_one_is_named():
    chosen = QUERY._replace(document="query A { a } query B { b }", operation_name="B")
    assert json.loads(next(exchange(Call(chosen, DEFAULT), DEFAULT, raise_errors=True)).body)["operationName"] == "B"


def test_a_call_is_one_request_and_one_reply():
    steps = exchange(Call(QUERY, DEFAULT), DEFAULT, raise_errors=True)
    request = next(steps)
    assert json.loads(request.body) == {"query": QUERY.document, "variables": {"id": "private"}}
    assert request.wait_at_most == 0
    with pytest.raises(StopIteration) as done:
        steps.send(GOOD)
    assert done.value.value.data == {"a": 1}


@pytest.mark.parametrize(
    ("outcome", "repeated"),
    [
        (CONNECT, {"query", "mutation", "custom"}),
        (SEND, {"query", "mutation", "custom"}),
        (Reply(429, b"", {}), {"query", "mutation", "custom"}),
        (throttled(), {"query", "mutation"}),
        (throttled(kind="DynamoDB:ProvisionedThroughputExceededException"), {"query", "mutation"}),
        (throttled(data={"createTodo": None, "other": {"id": "1"}}), set()),
        (throttled(path=("createTodo", "items")), set()),
        (LOST, {"query"}),
        (Reply(500, b"", {}), {"query"}),
        (Reply(503, b"", {}), {"query"}),
        (TIMEOUT, set()),
        (Reply(400, b"", {}), set()),
        (Reply(401, b"", {}), set()),
        (Reply(403, b"", {}), set()),
        (Reply(200, b"<html>", {}), set()),
        (Reply(307, b"", {"location": "/elsewhere"}), set()),
    ],
)
@pytest.mark.parametrize("kind", OPERATIONS)
def test_a_request_is_repeated_only_where_that_is_safe(kind: str, outcome: Any, repeated: set[str]):
    operation = OPERATIONS[kind]
    if kind in repeated:
        assert converse(operation, outcome, GOOD)[0].data == {"a": 1}
        assert converse(operation, outcome, outcome, GOOD)[1] == 3
        with pytest.raises(Exception, match=r".") as caught:
            converse(operation, outcome, outcome, outcome)
    else:
        with pytest.raises(Exception, match=r".") as caught:
            converse(operation, outcome)
    assert not isinstance(caught.value, AssertionError)


def test_waits_grow_and_are_upper_bounds():
    steps = exchange(Call(QUERY, DEFAULT), DEFAULT, raise_errors=True)
    waits = [next(steps).wait_at_most, steps.send(CONNECT).wait_at_most, steps.send(CONNECT).wait_at_most]
    assert waits == [0.0, FIRST_WAIT, 2 * FIRST_WAIT]


@pytest.mark.parametrize(
    ("operation", "outcomes", "error", "may_have_executed"),
    [
        (QUERY, [CONNECT] * 3, ConnectionFailedError, False),
        (MUTATION, [CONNECT] * 3, ConnectionFailedError, False),
        (QUERY, [LOST] * 3, ReplyLostError, False),
        (MUTATION, [LOST], ReplyLostError, True),
        (MUTATION, [TIMEOUT], CallTimeoutError, True),
        (MUTATION, [Failure("timeout", TimeoutError())], CallTimeoutError, False),
        (MUTATION, [Reply(502, b"<html>", {})], ServerError, True),
        (QUERY, [Reply(502, b"<html>", {})] * 3, ServerError, False),
        (MUTATION, [Reply(429, b"<html>", {})] * 3, ThrottledError, False),
        (MUTATION, [Reply(403, b"<html>", {})], UnauthorizedError, False),
        (MUTATION, [Reply(404, b"not here", {})], HTTPStatusError, False),
        (MUTATION, [throttled()] * 3, ThrottledOperationError, False),
    ],
)
def test_each_failure_is_its_own_error_and_says_whether_it_may_have_been_executed(
    operation, outcomes, error, may_have_executed
):
    with pytest.raises(error) as caught:
        converse(operation, *outcomes)
    assert type(caught.value) is error
    assert caught.value.may_have_executed is may_have_executed
    assert caught.value.operation == operation.name
    assert "private" not in str(caught.value)


@pytest.mark.parametrize(
    ("operation", "sent", "said"),
    [
        (MUTATION, True, "createTodo took longer than the time left to the Lambda invocation"),
        (MUTATION, False, "createTodo could not be sent within the time left to the Lambda invocation"),
        (QUERY, True, "getTodo took longer than the time left to the Lambda invocation"),
        (QUERY, False, "getTodo could not be sent within the time left to the Lambda invocation"),
    ],
)
def test_an_invocation_without_time_is_told_from_a_timeout(operation, sent, said):
    with pytest.raises(CallTimeoutError) as caught:
        converse(operation, Failure("timeout", TimeoutError(), sent, of_invocation=True))
    message = str(caught.value)
    assert message.startswith(said)
    assert "timeout=" not in message
    assert caught.value.may_have_executed is (sent and operation is MUTATION)
    assert ("Nothing was executed" in message) is (not sent and operation is MUTATION)
    assert ("may have carried it out" in message) is (sent and operation is MUTATION)


def test_the_words_of_a_library_end_as_ours_do():
    with pytest.raises(ReplyLostError, match=r"RemoteProtocolError: no reply\. AppSync may"):
        converse(MUTATION, Failure("reply", h11.RemoteProtocolError("no reply.."), sent=True))


def test_a_timeout_is_a_timeout_error_too():
    with pytest.raises(TimeoutError):
        converse(QUERY, TIMEOUT)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<html>secret</html>", "not JSON"),
        (b'{"data": {"getTodo": {"id": "sec', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'"secret"', "not a GraphQL reply"),
        (b"[1]", "not a GraphQL reply"),
        (b"null", "not a GraphQL reply"),
        (b"{}", "neither data nor errors"),
        (b'{"data": null}', "neither data nor errors"),
        (b'{"data": null, "errors": []}', "neither data nor errors"),
    ],
)
def test_a_reply_that_is_no_graphql_reply_says_so_and_shows_nothing_of_it(body: bytes, reason: str):
    with pytest.raises(ReplyError, match=reason) as caught:
        converse(QUERY, Reply(200, body, {"content-type": "text/html"}))
    assert "sec" not in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"errorType": "DynamoDB:ConditionalCheckFailedException", "message": "no"}, ConditionFailedError),
        ({"errorType": None, "message": "The conditional request failed (Service: …)"}, ConditionFailedError),
        ({"errorType": "Unauthorized", "message": "Not Authorized to access x on type Y"}, NotAuthorizedError),
        ({"message": "Validation error of type …", "locations": [{"line": 1}], "path": None}, ValidationError),
        ({"errorType": "Lambda:Unhandled", "message": "no"}, GraphQLError),
        ({"message": "no"}, GraphQLError),
        ({}, GraphQLError),
        ("text", GraphQLError),
        (5, GraphQLError),
    ],
)
def test_entries_of_errors_decide_the_class(entry: Any, error: type):
    body = json.dumps({"data": None, "errors": [entry]}).encode()
    with pytest.raises(error) as caught:
        converse(QUERY, Reply(200, body, {"x-amzn-requestid": "r-1"}))
    assert type(caught.value) is error
    assert caught.value.request_id == "r-1"
    assert len(caught.value.errors) == 1


def test_errors_may_be_one_object():
    with pytest.raises(GraphQLError, match="only one"):
        converse(QUERY, Reply(200, b'{"data": null, "errors": {"message": "only one"}}', {}))


@pytest.mark.parametrize(
    ("headers", "body", "error_type", "message"),
    [
        (
            {"x-amzn-errortype": "UnauthorizedException:http://internal"},
            {"errors": [{"message": "no"}]},
            "UnauthorizedException",
            "no",
        ),
        ({"x-amzn-errortype": "com.amazonaws#UnauthorizedException"}, {}, "UnauthorizedException", "no message"),
        (
            {},
            {"errors": [{"errorType": "UnauthorizedException", "message": "not you"}]},
            "UnauthorizedException",
            "not you",
        ),
        ({}, {"__type": "x#InvalidSignatureException", "message": "wrong"}, "InvalidSignatureException", "wrong"),
        ({}, {"message": "Forbidden"}, None, "Forbidden"),
        ({}, [], None, "not AppSync's"),
    ],
)
def test_refusals_tell_their_type_and_message_wherever_these_are(headers, body, error_type, message):
    with pytest.raises(UnauthorizedError, match=message) as caught:
        converse(QUERY, Reply(403, json.dumps(body).encode(), headers))
    assert (caught.value.status, caught.value.error_type) == (403, error_type)


def test_five_megabytes_and_lone_surrogates_are_read():
    body = json.dumps({"data": {"a": "x" * 5_000_000, "b": "\ud800"}}).encode()
    result, _ = converse(QUERY, Reply(200, body, {}))
    assert (len(result.data["a"]), result.data["b"]) == (5_000_000, "\ud800")


def test_without_raising_every_failure_is_in_errors():
    seen: list[Any] = []
    operation = Operation(
        "x", "query", "{ x }", {}, lambda envelope: seen.append(envelope) or Result(None, errors=envelope.errors)
    )
    for outcome in (TIMEOUT, Reply(401, b"{}", {}), Reply(200, b"", {})):
        result, _ = converse(operation, outcome, raise_errors=False)
        assert len(result.errors) == 1
        assert result.errors[0].cause is not None


def test_the_error_of_a_page_says_where_to_go_on():
    page = Operation("listTodos", "query", "{ x }", {"nextToken": "t"}, lambda e: Result(e.data))
    with pytest.raises(UnauthorizedError) as caught:
        converse(page, Reply(401, b"", {}))
    assert caught.value.next_token == "t"


def test_a_throttled_table_says_which_options_help_and_they_do():
    with pytest.raises(ThrottledOperationError, match=r"max_attempts=12, timeout=120"):
        converse(MUTATION, *[throttled()] * 3)
    steps = exchange(Call(MUTATION, CallOptions(max_attempts=12)), DEFAULT, raise_errors=True)
    waits = [next(steps).wait_at_most, *(steps.send(throttled()).wait_at_most for _ in range(11))]
    assert waits[1:] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0, 20.0, 20.0, 20.0]
