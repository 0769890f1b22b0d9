"""Explains replies whose HTTP status is not 200. Imported when the first one comes."""

import json
from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.operations.answers import MAY_HAVE_EXECUTED
from amplify_data_client._core.operations.graphql_errors import read_entries
from amplify_data_client._core.operations.operation import Operation
from amplify_data_client.errors import (
    ErrorEntry,
    HTTPStatusError,
    ReplyError,
    RequestError,
    ServerError,
    ThrottledError,
    UnauthorizedError,
)
from amplify_data_client.options import DEFAULT, CallOptions

from .messages import Reply
from .retry import is_about_clock

_CLOCK = (
    "The time of the signature is more than five minutes from AWS's: set this machine's clock (a process that was "
    "frozen meanwhile is tried again with AWS's time)."
)
_ADVICE = {
    "UnrecognizedClientException": "AWS does not know the access key, or its session token is stale. Renew the keys.",
    "InvalidSignatureException": "The secret key does not belong to the access key, or this machine's clock is off.",
    "ExpiredTokenException": "The credentials have expired. Renew them.",
    "AccessDeniedException": (
        "The role or user has no permission appsync:GraphQL on this API or field: allow.resource(fn) on the schema "
        "gives it to a function, an IAM policy to others."
    ),
    "WAFForbiddenException": (
        "The web ACL (AWS WAF) of the API refused the request; permissions and keys are not the cause. Look at the "
        "ACL's rules: size of the body, request rate, IP addresses, what they look for in a body."
    ),
    "IncompleteSignatureException": (
        "The authorization header is not a signature that AWS can read. If headers=… sets one, remove it, or give the "
        "mode that it belongs to."
    ),
    "MissingAuthenticationTokenException": (
        "The request had nothing that authorizes it: give auth_mode 'iam', a key or a token. If it is signed, "
        "something on the way has removed the authorization header."
    ),
}
_UNAUTHORIZED = (
    "The API does not let this caller in. For auth_mode 'iam' the role needs appsync:GraphQL on the API "
    "(allow.resource(fn) on the schema gives it to a function); for 'api_key' check that the key is right and has not "
    "expired; for tokens check that they are valid and that the API has this authorization mode."
)
_UNUSED_KEY = (
    " An api_key is given; it is sent in auth_mode 'api_key' only, so name that mode if the key is what should let the "
    "caller in."
)
_THROTTLED = (
    "The API's request rate is used up; send fewer requests at a time, or allow more attempts (max_attempts=…)."
)
# AWS may answer a bad signature with what it signed, session token included, or with the header that it could not read
_SECRETS = ("The Canonical String", "The String-to-Sign", "Authorization=", "Authorization header: ")


def may_have_executed(operation: Operation[Any], status: int) -> bool:
    """Say whether AppSync may have carried the operation out before something answered with this status.

    AppSync answers 200 to what it carries out, and 4xx to what it does not begin. Any other status is of something in
    between (408 and 499 of a proxy that stopped waiting), which had the request and may have handed it on.
    """
    is_refusal = 400 <= status < 500 and status not in (408, 499)
    return operation.kind == "mutation" and not is_refusal


def explain(operation: Operation[Any], reply: Reply, options: CallOptions = DEFAULT) -> RequestError:
    """Make the exception for a reply whose status is not 200."""
    executed = may_have_executed(operation, reply.status)
    request_id = reply.headers.get("x-amzn-requestid")
    if reply.status < 400:
        redirected = " Redirects are not followed, since credentials would go along." if reply.status >= 300 else ""
        return ReplyError(
            f"{operation.name}: AppSync answers HTTP 200, this was {shape(reply)}.{redirected} Check the endpoint."
            f"{MAY_HAVE_EXECUTED if executed else ''}",
            operation=operation.name,
            request_id=request_id,
            may_have_executed=executed,
        )
    entries, error_type = _body_entries(reply)
    error_type = _bare_type(reply.headers.get("x-amzn-errortype")) or error_type
    said = "; ".join(entry.message for entry in entries) or f"no message ({shape(reply)})"
    label = f" {error_type}" if error_type else ""
    kind = _kind(reply.status)
    advice = _advice(kind, error_type, entries, options)
    if not entries and error_type is None:
        said = f"the reply is not AppSync's ({shape(reply)}); a proxy, firewall or CDN may have sent it"
        if kind in (UnauthorizedError, HTTPStatusError):
            advice = " Check the endpoint, and what is between it and this machine."
    return kind(
        f"{operation.name} was refused with HTTP {reply.status}{label}: {said.rstrip('.')}."
        f"{MAY_HAVE_EXECUTED if executed else advice}",
        status=reply.status,
        error_type=error_type,
        entries=entries,
        operation=operation.name,
        request_id=request_id,
        may_have_executed=executed,
    )


def shape(reply: Reply) -> str:
    """Say what a reply is, without its content."""
    kind = reply.headers.get("content-type", "no content type").partition(";")[0]
    return f"HTTP {reply.status}, {kind}, {len(reply.body)} bytes"


def _kind(status: int) -> type[HTTPStatusError]:
    if status in (401, 403):
        return UnauthorizedError
    if status == 429:
        return ThrottledError
    return ServerError if status >= 500 else HTTPStatusError


def _advice(
    kind: type[HTTPStatusError], error_type: str | None, entries: list[ErrorEntry], options: CallOptions
) -> str:
    if kind is ThrottledError:
        return f" {_THROTTLED}"
    if kind is ServerError:
        return " Try again later."
    if kind is not UnauthorizedError:
        return f" {_ADVICE[error_type]}" if error_type in _ADVICE else ""
    if any(is_about_clock(entry.message) for entry in entries):
        return f" {_CLOCK}"
    is_unused = options.api_key is not None and options.auth_mode != "apiKey" and error_type != "WAFForbiddenException"
    return f" {_ADVICE.get(error_type or '', _UNAUTHORIZED)}{_UNUSED_KEY if is_unused else ''}"


def _bare_type(header: str | None) -> str | None:
    # "UnauthorizedException:http://internal.amazon.com/coral/…", or "com.amazonaws…#UnauthorizedException"
    if not header:
        return None
    return header.partition(":")[0].rpartition("#")[2].strip() or None


def _body_entries(reply: Reply) -> tuple[list[ErrorEntry], str | None]:
    try:
        body: Any = json.loads(reply.body)
    except (ValueError, RecursionError):
        return [], None  # HTML of a proxy or CDN; the status says enough
    if not isinstance(body, Mapping):
        return [], None
    listed = body.get("errors")
    if listed:
        entries = list(read_entries(listed))
        for entry in entries:
            entry.message = _without_secrets(entry.message)
        return entries, next((entry.error_type for entry in entries if entry.error_type), None)
    message = body.get("message") or body.get("Message")
    kind = body.get("__type") or body.get("code")
    error_type = _bare_type(kind) if isinstance(kind, str) else None
    if not isinstance(message, str):
        return [], error_type
    return [ErrorEntry(_without_secrets(message), error_type=error_type)], error_type


def _without_secrets(message: str) -> str:
    for begin in _SECRETS:
        shown, found, _ = message.partition(begin)
        message = f"{shown}…" if found else message
    return message
