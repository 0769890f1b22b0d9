"""What does an HTTP reply of AppSync say?"""

import json
from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.operations.failures import read_entries
from amplify_data_client._core.operations.operation import Envelope
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


def open_reply(reply: Reply, operation: str | None = None) -> Envelope:
    """Take a reply apart.

    Raises:
        HTTPStatusError: AppSync, or something before it, refused the request.
        ReplyError: It is not a GraphQL reply.
    """
    request_id = reply.headers.get("x-amzn-requestid")
    if reply.status != 200:
        raise _refusal(reply, operation, request_id)
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise ReplyError(
            f"The reply to {operation or 'the request'} is not JSON ({_shape(reply)}): {_json_reason(error)}. "
            "Is the endpoint an AppSync GraphQL URL?",
            operation=operation,
            request_id=request_id,
        ) from None
    if not isinstance(body, Mapping) or (body.get("data") is None and not body.get("errors")):
        raise ReplyError(
            f"The reply to {operation or 'the request'} is JSON, but not a GraphQL reply ({_shape(reply)}): it has neither "
            "data nor errors. Is the endpoint an AppSync GraphQL URL?",
            operation=operation,
            request_id=request_id,
        )
    data, extensions = body.get("data"), body.get("extensions")
    return Envelope(
        data if isinstance(data, Mapping) else None,
        read_entries(body.get("errors")),
        extensions if isinstance(extensions, Mapping) else None,
        request_id,
    )


def _json_reason(error: Exception) -> str:
    # the message of a JSONDecodeError shows no content, only a position
    return str(error) if isinstance(error, json.JSONDecodeError) else type(error).__name__


def _shape(reply: Reply) -> str:
    kind = reply.headers.get("content-type", "no content type").partition(";")[0]
    return f"HTTP {reply.status}, {kind}, {len(reply.body)} bytes"


def _refusal(reply: Reply, operation: str | None, request_id: str | None) -> RequestError:
    what = operation or "The request"
    if 200 <= reply.status < 400:
        return ReplyError(
            f"{what}: AppSync answers HTTP 200, this was {_shape(reply)}. Redirects are not followed, since credentials "
            "would go along. Check the endpoint.",
            operation=operation,
            request_id=request_id,
        )
    entries, error_type = _body_entries(reply)
    error_type = _header_type(reply.headers.get("x-amzn-errortype")) or error_type
    said = "; ".join(entry.message for entry in entries) or f"no message ({_shape(reply)})"
    label = f" {error_type}" if error_type else ""
    kind, advice = _kind(reply.status, error_type)
    return kind(
        f"{what} was refused with HTTP {reply.status}{label}: {said}.{f' {advice}' if advice else ''}".replace(
            "..", "."
        ),
        status=reply.status,
        error_type=error_type,
        entries=entries,
        operation=operation,
        request_id=request_id,
    )


def _kind(status: int, error_type: str | None) -> tuple[type[HTTPStatusError], str]:
    if status in (401, 403):
        return UnauthorizedError, _REFUSED.get(error_type or "", _UNAUTHORIZED)
    if status == 429:
        return ThrottledError, "The API's request rate is used up; send fewer requests at a time."
    if status >= 500:
        return ServerError, ""
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
        return entries, next((entry.error_type for entry in entries if entry.error_type), None)
    message = body.get("message") or body.get("Message")
    kind = body.get("__type") or body.get("code")
    error_type = _header_type(kind) if isinstance(kind, str) else None
    return ([ErrorEntry(message, error_type=error_type)] if isinstance(message, str) else []), error_type
