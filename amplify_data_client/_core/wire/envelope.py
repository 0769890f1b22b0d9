"""Reads AppSync's HTTP replies, and the GraphQL payloads in them."""

import json
from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.operations.answers import MAY_HAVE_EXECUTED
from amplify_data_client._core.operations.graphql_errors import read_entries
from amplify_data_client._core.operations.operation import Envelope, Operation
from amplify_data_client.errors import (
    ErrorEntry,
    HTTPStatusError,
    ReplyError,
    RequestError,
    ServerError,
    ThrottledError,
    UnauthorizedError,
)

from .messages import Reply

_REFUSED = {
    "UnrecognizedClientException": "AWS does not know the access key, or its session token is stale. Renew the keys.",
    "InvalidSignatureException": "The secret key does not belong to the access key, or this machine's clock is off.",
    "ExpiredTokenException": "The credentials have expired. Renew them.",
}
_UNAUTHORIZED = (
    "The API does not let this caller in. For auth_mode 'iam' the role needs appsync:GraphQL on the API "
    "(allow.resource(fn) on the schema gives it to a function); for 'api_key' check that the key is right and has not "
    "expired; for tokens check that they are valid and that the API has this authorization mode."
)
_THROTTLED = "The API's request rate is used up; send fewer requests at a time."
# AWS may answer a bad signature with what it signed, session token included, or with the header that it could not read
_SECRETS = ("The Canonical String", "The String-to-Sign", "Authorization=", "Authorization header: ")


def open_reply(operation: Operation[Any], reply: Reply) -> Envelope:
    """Take an HTTP reply apart.

    Raises:
        HTTPStatusError: AppSync, or something before it, refused the request.
        ReplyError: It is not a GraphQL reply.
    """
    if reply.status != 200:
        raise _refusal(operation, reply)
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise _unreadable(operation, reply, f"is not JSON ({_shape(reply)}): {_json_reason(error)}") from None
    envelope = read_payload(body, reply.headers.get("x-amzn-requestid"))
    if envelope is None:
        what = f"is JSON, but not a GraphQL reply ({_shape(reply)}): it has neither data nor errors"
        raise _unreadable(operation, reply, what)
    return envelope


def read_payload(payload: Any, request_id: str | None = None) -> Envelope | None:
    """Take a GraphQL payload apart, from a reply or an event: data, errors, extensions; None where it is none."""
    if not isinstance(payload, Mapping):
        return None
    data, listed, extensions = payload.get("data"), payload.get("errors"), payload.get("extensions")
    if not isinstance(data, Mapping):
        data = None
    if data is None and not listed:
        return None
    return Envelope(data, read_entries(listed), extensions if isinstance(extensions, Mapping) else None, request_id)


def _unreadable(operation: Operation[Any], reply: Reply, what: str) -> ReplyError:
    is_mutation = operation.kind == "mutation"
    return ReplyError(
        f"The reply to {operation.name} {what}. Is the endpoint an AppSync GraphQL URL?"
        f"{MAY_HAVE_EXECUTED if is_mutation else ''}",
        operation=operation.name,
        request_id=reply.headers.get("x-amzn-requestid"),
        may_have_executed=is_mutation,
    )


def _json_reason(error: Exception) -> str:
    # the message of a JSONDecodeError shows no content, only a position
    return str(error) if isinstance(error, json.JSONDecodeError) else type(error).__name__


def _shape(reply: Reply) -> str:
    kind = reply.headers.get("content-type", "no content type").partition(";")[0]
    return f"HTTP {reply.status}, {kind}, {len(reply.body)} bytes"


def _refusal(operation: Operation[Any], reply: Reply) -> RequestError:
    request_id = reply.headers.get("x-amzn-requestid")
    if reply.status < 400:
        redirected = " Redirects are not followed, since credentials would go along." if reply.status >= 300 else ""
        return ReplyError(
            f"{operation.name}: AppSync answers HTTP 200, this was {_shape(reply)}.{redirected} Check the endpoint.",
            operation=operation.name,
            request_id=request_id,
            may_have_executed=False,
        )
    entries, error_type = _body_entries(reply)
    error_type = _header_type(reply.headers.get("x-amzn-errortype")) or error_type
    said = "; ".join(entry.message for entry in entries) or f"no message ({_shape(reply)})"
    label = f" {error_type}" if error_type else ""
    kind, advice = _kind(operation, reply.status, error_type)
    if not entries and error_type is None:
        said = f"the reply is none of AppSync's ({_shape(reply)}); a proxy, firewall or CDN may have sent it"
        if kind in (UnauthorizedError, HTTPStatusError):
            advice = " Check the endpoint, and what is in between."
    return kind(
        f"{operation.name} was refused with HTTP {reply.status}{label}: {said.rstrip('.')}.{advice}",
        status=reply.status,
        error_type=error_type,
        entries=entries,
        operation=operation.name,
        request_id=request_id,
        may_have_executed=kind is ServerError and operation.kind == "mutation",
    )


def _kind(operation: Operation[Any], status: int, error_type: str | None) -> tuple[type[HTTPStatusError], str]:
    if status in (401, 403):
        return UnauthorizedError, f" {_REFUSED.get(error_type or '', _UNAUTHORIZED)}"
    if status == 429:
        return ThrottledError, f" {_THROTTLED}"
    if status >= 500:
        return ServerError, MAY_HAVE_EXECUTED if operation.kind == "mutation" else " Try again later."
    return HTTPStatusError, ""


def _header_type(header: str | None) -> str | None:
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
    error_type = _header_type(kind) if isinstance(kind, str) else None
    if not isinstance(message, str):
        return [], error_type
    return [ErrorEntry(_without_secrets(message), error_type=error_type)], error_type


def _without_secrets(message: str) -> str:
    for begin in _SECRETS:
        shown, found, _ = message.partition(begin)
        message = f"{shown}…" if found else message
    return message
