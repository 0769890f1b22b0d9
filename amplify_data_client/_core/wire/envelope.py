"""Reads AppSync's HTTP replies, and the GraphQL payloads in them."""

import json
from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.operations.answers import MAY_HAVE_EXECUTED
from amplify_data_client._core.operations.graphql_errors import read_entries
from amplify_data_client._core.operations.operation import Envelope, Operation
from amplify_data_client.errors import ReplyError
from amplify_data_client.options import DEFAULT, CallOptions

from .messages import Reply


def open_reply(operation: Operation[Any], reply: Reply, options: CallOptions = DEFAULT) -> Envelope:
    """Take an HTTP reply apart.

    Args:
        options: What the request was made with, for advice about a refusal.

    Raises:
        HTTPStatusError: AppSync, or something before it, refused the request.
        ReplyError: It is not a GraphQL reply.
    """
    if reply.status != 200:
        from .refusals import explain

        raise explain(operation, reply, options)
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise _unreadable(operation, reply, "is not JSON", f": {_json_reason(error)}") from None
    envelope = read_payload(body, reply.headers.get("x-amzn-requestid"))
    if envelope is None:
        raise _unreadable(operation, reply, "is JSON, but not a GraphQL reply", ": it has neither data nor errors")
    return envelope


def read_payload(payload: Any, request_id: str | None = None) -> Envelope | None:
    """Take a GraphQL payload apart, from a reply or an event: data, errors, extensions; None where it is not one."""
    if not isinstance(payload, Mapping):
        return None
    data, listed, extensions = payload.get("data"), payload.get("errors"), payload.get("extensions")
    if not isinstance(data, Mapping):
        data = None
    if data is None and not listed:
        return None
    return Envelope(data, read_entries(listed), extensions if isinstance(extensions, Mapping) else None, request_id)


def _unreadable(operation: Operation[Any], reply: Reply, what: str, reason: str) -> ReplyError:
    from .refusals import shape

    is_mutation = operation.kind == "mutation"
    return ReplyError(
        f"The reply to {operation.name} {what} ({shape(reply)}){reason}. Is the endpoint an AppSync GraphQL URL?"
        f"{MAY_HAVE_EXECUTED if is_mutation else ''}",
        operation=operation.name,
        request_id=reply.headers.get("x-amzn-requestid"),
        may_have_executed=is_mutation,
    )


def _json_reason(error: Exception) -> str:
    # the message of a JSONDecodeError shows no content, only a position
    return str(error) if isinstance(error, json.JSONDecodeError) else type(error).__name__
