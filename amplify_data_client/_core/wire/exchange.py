"""How does a call go, from the first request to the result?

The conversation as a generator: it yields requests and is sent what came of them. Whoever drives it waits, signs and
sends; it decides.
"""

import json
from collections.abc import Generator
from typing import Any, TypeVar

from amplify_data_client._core.operations.failures import error_for
from amplify_data_client._core.operations.operation import Envelope, Operation
from amplify_data_client.errors import (
    CallTimeoutError,
    ConnectionFailedError,
    GraphQLError,
    HTTPStatusError,
    ReplyLostError,
    RequestError,
    ServerError,
    ThrottledOperationError,
)

from .envelope import open_reply
from .messages import Failure, Reply, Request
from .retry import next_wait

ResultT = TypeVar("ResultT")
Steps = Generator[Request, Reply | Failure, ResultT]


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
        raise _told(operation, envelope, result)
    return result


def _told(operation: Operation[Any], envelope: Envelope, result: Any) -> GraphQLError:
    error = error_for(
        envelope.errors,
        envelope,
        operation=operation.name,
        data=getattr(result, "data", None),
        next_token=getattr(result, "next_token", None) or operation.variables.get("nextToken"),
    )
    if operation.kind == "query" or (isinstance(error, ThrottledOperationError) and operation.is_generated):
        error.may_have_executed = False
    return error


def _converse(operation: Operation[Any]) -> Generator[Request, Reply | Failure, Envelope]:
    body = _body(operation)
    attempt, wait = 0, 0.0
    while True:
        attempt += 1
        outcome = yield Request(body, operation.document, operation.name, wait)
        retry = next_wait(operation, attempt, outcome)
        if retry is None and isinstance(outcome, Failure):
            raise _failed(operation, outcome, attempt) from outcome.error
        if retry is None and isinstance(outcome, Reply):
            envelope = _opened(operation, outcome)
            retry = next_wait(operation, attempt, envelope)
            if retry is None:
                return envelope
        wait = retry or 0.0


def _body(operation: Operation[Any]) -> bytes:
    body: dict[str, Any] = {"query": operation.document, "variables": operation.variables}
    if operation.operation_name is not None:
        body["operationName"] = operation.operation_name
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()


def _opened(operation: Operation[Any], reply: Reply) -> Envelope:
    try:
        return open_reply(reply, operation.name)
    except HTTPStatusError as error:
        if isinstance(error, ServerError) and operation.kind == "query":
            error.may_have_executed = False
        raise


def _failed(operation: Operation[Any], failure: Failure, attempts: int) -> RequestError:
    tried = f" ({attempts} attempts)" if attempts > 1 else ""
    reason = f"{type(failure.error).__name__}: {failure.error}"
    is_mutation = operation.kind == "mutation"
    executed = " AppSync may have carried it out; look before you try again." if is_mutation else ""
    if failure.kind == "timeout":
        return CallTimeoutError(
            f"{operation.name} took longer than its timeout{tried}.{executed if failure.sent else ''} Raise timeout=… if "
            "it may take longer.",
            operation=operation.name,
            may_have_executed=failure.sent and is_mutation,
        )
    if failure.kind == "reply":
        return ReplyLostError(
            f"The connection broke before the reply to {operation.name} was complete{tried}: {reason}.{executed}",
            operation=operation.name,
            may_have_executed=is_mutation,
        )
    return ConnectionFailedError(
        f"{operation.name} could not be sent{tried}: {reason}. Check the endpoint and the network (a function in a VPC "
        "needs a way out to AppSync).",
        operation=operation.name,
    )
