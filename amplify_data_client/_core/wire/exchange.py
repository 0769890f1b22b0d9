"""Turns calls into flows of requests, from the first attempt to the result.

A flow is a generator: it yields requests and is sent what came of them. It decides; the driver that runs it waits,
authorizes and sends.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from amplify_data_client._core.operations.answers import MAY_HAVE_EXECUTED, flaw_of_field, no_answer
from amplify_data_client._core.operations.graphql_errors import error_for
from amplify_data_client._core.operations.operation import Call, CallFlow, Envelope, Operation
from amplify_data_client.errors import (
    CallTimeoutError,
    ConnectionFailedError,
    GraphQLError,
    HTTPStatusError,
    OperationError,
    ReplyError,
    ReplyLostError,
    RequestError,
    mark_unsent,
)
from amplify_data_client.options import MARGIN, CallOptions

from .envelope import open_reply
from .flow import Flow, RequestFlow, expand
from .messages import Failure, Reply, Request
from .retry import ATTEMPTS, Retry, is_about_clock, next_attempt, was_executed, with_server_time

ResultT = TypeVar("ResultT")
_NETWORK = "Check the endpoint and the network (a function in a VPC needs a way out to AppSync)."
_OF_INVOCATION = f"the time left to the Lambda invocation ({MARGIN:g} s are kept for the handler's answer)"
_MORE_TIME = (
    "Give the function more time, or do less in one invocation; if it has only begun, deadline=… was given the context "
    "of an earlier one."
)
_CERTIFICATE = "If that is the certificate of your own proxy or test server, name its authority in AWS_CA_BUNDLE."


def exchange(
    call: Call[ResultT], defaults: CallOptions, *, raise_errors: bool, renews_timeout: bool = False
) -> RequestFlow[ResultT]:
    """Ask until there is a result.

    Args:
        defaults: The client's options; the call's own are laid over them.
        renews_timeout: In a flow of several calls the time for this one begins with it.

    Raises:
        RequestError: What happened to the request, if `raise_errors`; else it is in the result's `errors`.
    """
    operation = call.operation
    found = yield from _attempts(operation, call.options.with_defaults(defaults), renews_timeout=renews_timeout)
    if isinstance(found, RequestError):
        found.next_token = operation.next_token
        if raise_errors:
            raise found
        return operation.read(Envelope(errors=tuple(found.entries), request_id=found.request_id))
    result = operation.read(found)
    if raise_errors and found.errors:
        raise _graphql_error(operation, found, result)
    return result


def exchange_all(
    calls: CallFlow[ResultT],
    defaults: CallOptions,
    finish: Callable[[Call[Any], Any], Any],
    *,
    raise_errors: bool,
    renews_timeout: bool = False,
) -> Flow[ResultT]:
    """Turn a flow of calls into a flow of requests; an exception is raised where the flow asked for the call.

    Args:
        finish: Completes the result of each call before the flow gets it.
        renews_timeout: Each call has its own time; else one time holds for all of them.
    """

    def answer(call: Call[Any]) -> RequestFlow[Any]:
        result = yield from exchange(call, defaults, raise_errors=raise_errors, renews_timeout=renews_timeout)
        return finish(call, result)

    return expand(calls, answer)


def _graphql_error(operation: Operation[Any], envelope: Envelope, result: Any) -> GraphQLError:
    error = error_for(
        envelope.errors,
        envelope,
        operation=operation.name,
        data=getattr(result, "data", None),
        next_token=getattr(result, "next_token", None) or operation.next_token,
        advise=operation.advise,
    )
    error.may_have_executed = error.may_have_executed and was_executed(operation, envelope)
    return error


def _attempts(
    operation: Operation[Any], options: CallOptions, *, renews_timeout: bool
) -> RequestFlow[Envelope | RequestError]:
    request = _request(operation, options, renews_timeout=renews_timeout)
    if isinstance(request, str):  # raised here: error reporters show the variables of the function that raises
        refusal = OperationError(f"{operation.name}: {request}")
        mark_unsent(refusal)
        raise refusal
    before: RequestError | None = None  # what the last attempt came to
    while True:
        outcome = yield request
        found = _read(operation, outcome, request)
        retry = _next(operation, request, outcome, found)
        if retry is None:
            if isinstance(found, CallTimeoutError) and before is not None:
                found.__cause__ = before
            return found
        before = found if isinstance(found, RequestError) else _graphql_error(operation, found, None)
        request = request.again(*retry)


def _next(
    operation: Operation[Any], request: Request, outcome: Reply | Failure, found: Envelope | RequestError
) -> Retry | None:
    if isinstance(found, Envelope) and not found.errors:
        return None
    most = request.options.max_attempts or ATTEMPTS
    if isinstance(found, HTTPStatusError) and any(is_about_clock(entry.message) for entry in found.entries):
        is_first = request.server_time is None and request.attempt < most
        return with_server_time(outcome) if is_first and isinstance(outcome, Reply) else None
    return next_attempt(operation, request.attempt, outcome if isinstance(found, RequestError) else found, most)


def _request(operation: Operation[Any], options: CallOptions, *, renews_timeout: bool) -> Request | str:
    """Make the first request, or say why there is none."""
    try:
        body = _body(operation)
    except RecursionError:
        return "the variables are nested too deeply to be sent as JSON."
    except (TypeError, ValueError) as error:  # a list that contains itself, a number of thousands of digits, NaN
        return f"the variables cannot be sent as JSON: {error}."
    return Request(body, operation.name, operation.document, options, renews_timeout=renews_timeout)


def _body(operation: Operation[Any]) -> bytes:
    body: dict[str, Any] = {"query": operation.document, "variables": operation.variables}
    if operation.operation_name is not None:
        body["operationName"] = operation.operation_name
    try:
        return json.dumps(body, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair goes along as an escape only
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()


def _read(operation: Operation[Any], outcome: Reply | Failure, request: Request) -> Envelope | RequestError:
    if isinstance(outcome, Failure):
        attempt = request.attempt
        error = _failed(operation, outcome, f" ({attempt} attempts)" if attempt > 1 else "")
        error.__cause__ = outcome.error
        return error
    try:
        envelope = open_reply(operation, outcome, request.options)
    except RequestError as refused:
        return refused
    if operation.unwrap is not None:
        envelope = operation.unwrap(envelope)
    wrong = _unanswered(operation, envelope)
    if operation.parts:
        envelope = envelope._replace(flaws=_flaws(operation, envelope))
    if (wrong is not None or envelope.flaws) and outcome.distrust is not None:
        outcome.distrust()
    return envelope if wrong is None else wrong


def _unanswered(operation: Operation[Any], envelope: Envelope) -> ReplyError | None:
    if operation.expected is None:
        return None
    flaw = flaw_of_field(operation.name, envelope.data, envelope.errors, operation.expected)
    if flaw is None:
        return None
    is_mutation = operation.kind == "mutation"
    return no_answer(operation.name, flaw, is_mutation=is_mutation, request_id=envelope.request_id)


def _flaws(operation: Operation[Any], envelope: Envelope) -> dict[str, str]:
    found = (
        (alias, flaw_of_field(alias, envelope.data, envelope.errors, expected)) for alias, expected in operation.parts
    )
    return {alias: flaw for alias, flaw in found if flaw is not None}


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
