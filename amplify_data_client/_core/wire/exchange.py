"""How does a call go, from the first request to the result?

The conversation as a generator: it yields requests and is sent what came of them. Whoever drives it waits, signs and
sends; it decides.
"""

import json
from collections.abc import Generator
from typing import Any, TypeVar

from amplify_data_client._core.operations.graphql_errors import error_for
from amplify_data_client._core.operations.operation import Envelope, Operation
from amplify_data_client.errors import (
    CallTimeoutError,
    ConnectionFailedError,
    GraphQLError,
    ReplyLostError,
    RequestError,
)
from amplify_data_client.options import MARGIN

from .envelope import MAY_HAVE_EXECUTED, open_reply
from .messages import Failure, Reply, Request
from .retry import next_wait, was_executed

ResultT = TypeVar("ResultT")
Steps = Generator[Request, Reply | Failure, ResultT]
_NETWORK = "Check the endpoint and the network (a function in a VPC needs a way out to AppSync)."
_OF_INVOCATION = f"the time left to the Lambda invocation ({MARGIN:g} s are kept for the handler's answer)"
_MORE_TIME = (
    "Give the function more time, or do less in one invocation; if it has only begun, deadline=… was given the context "
    "of an earlier one."
)
_CERTIFICATE = "If that is the certificate of your own proxy or test server, name its authority in AWS_CA_BUNDLE."


def exchange(operation: Operation[ResultT], *, raise_errors: bool) -> Steps[ResultT]:
    """Converse until there is a result.

    Raises:
        RequestError: What happened to the request, if `raise_errors`; else it is in the result's `errors`.
    """
    try:
        envelope = yield from _converse(operation)
    except RequestError as error:
        error.next_token = operation.variables.get("nextToken")
        if raise_errors:
            raise
        return operation.read(Envelope(errors=tuple(error.entries), request_id=error.request_id))
    result = operation.read(envelope)
    if raise_errors and envelope.errors:
        raise _graphql_error(operation, envelope, result)
    return result


def _graphql_error(operation: Operation[Any], envelope: Envelope, result: Any) -> GraphQLError:
    error = error_for(
        envelope.errors,
        envelope,
        operation=operation.name,
        data=getattr(result, "data", None),
        next_token=getattr(result, "next_token", None) or operation.variables.get("nextToken"),
    )
    error.may_have_executed = error.may_have_executed and was_executed(operation, envelope)
    return error


def _converse(operation: Operation[Any]) -> Generator[Request, Reply | Failure, Envelope]:
    body = _body(operation)
    attempt, wait = 0, 0.0
    before: RequestError | None = None  # why the attempt before was not the last
    while True:
        attempt += 1
        outcome = yield Request(body, operation.document, operation.name, wait)
        found = _read(operation, outcome, attempt)
        if isinstance(found, RequestError):
            retry = next_wait(operation, attempt, outcome)
            if retry is None:
                raise found from (before if before and isinstance(found, CallTimeoutError) else found.__cause__)
            before = found
        else:
            retry = next_wait(operation, attempt, found)
            if retry is None:
                return found
            before = _graphql_error(operation, found, None)
        wait = retry


def _body(operation: Operation[Any]) -> bytes:
    body: dict[str, Any] = {"query": operation.document, "variables": operation.variables}
    if operation.operation_name is not None:
        body["operationName"] = operation.operation_name
    try:
        return json.dumps(body, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair goes along as an escape only
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()


def _read(operation: Operation[Any], outcome: Reply | Failure, attempt: int) -> Envelope | RequestError:
    if isinstance(outcome, Failure):
        error = _failed(operation, outcome, f" ({attempt} attempts)" if attempt > 1 else "")
        error.__cause__ = outcome.error
        return error
    try:
        return open_reply(operation, outcome)
    except RequestError as refused:
        return refused


def _failed(operation: Operation[Any], failure: Failure, tried: str) -> RequestError:
    name, reason = operation.name, f"{type(failure.error).__name__}: {failure.error}".rstrip(".")
    is_mutation = operation.kind == "mutation"
    executed = MAY_HAVE_EXECUTED if is_mutation else ""
    if failure.kind == "timeout":
        return _timed_out(name, failure, tried, is_mutation=is_mutation)
    if failure.kind == "reply":
        return ReplyLostError(
            f"The connection broke before the reply to {name} was complete{tried}: {reason}.{executed}",
            operation=name,
            may_have_executed=is_mutation,
        )
    advice = _CERTIFICATE if type(failure.error).__name__ == "SSLCertVerificationError" else _NETWORK
    return ConnectionFailedError(f"{name} could not be sent{tried}: {reason}. {advice}", operation=name)


def _timed_out(name: str, failure: Failure, tried: str, *, is_mutation: bool) -> CallTimeoutError:
    limit = _OF_INVOCATION if failure.of_invocation else f"its timeout of {failure.seconds:g} s"
    if failure.sent:
        executed, advice = MAY_HAVE_EXECUTED, "Raise timeout=… if it may take longer."
        said = f"{name} took longer than {limit}{tried}."
    else:
        executed, advice = " Nothing was executed.", _NETWORK
        said = f"{name} could not be sent within {limit}{tried}."
    return CallTimeoutError(
        f"{said}{executed if is_mutation else ''} {_MORE_TIME if failure.of_invocation else advice}",
        operation=name,
        may_have_executed=failure.sent and is_mutation,
    )
