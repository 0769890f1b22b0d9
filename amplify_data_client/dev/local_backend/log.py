"""Write one log line per request: the operation and the error types, never a value, a header or a token."""

import json
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse

from amplify_data_client.dev.local_backend.graphql.engine import MAX_TOKENS
from amplify_data_client.dev.local_backend.messages import Reply
from amplify_data_client.dev.local_backend.page.page import PREFIX

from .backend import LocalBackend

_SHOWN_FIELDS = 3


class LoggedBackend(LocalBackend):
    """A backend that prints one line per request."""

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        started = time.monotonic()
        reply = super().handle(method, target, headers, body)
        text = line(method, target, body, reply, (time.monotonic() - started) * 1000)
        if text is not None:
            with suppress(BrokenPipeError):  # the reader of the output is gone; the request is answered anyway
                print(f"{datetime.now().astimezone():%H:%M:%S}  {text}", flush=True)
        return reply


def line(method: str, target: str, body: bytes, reply: Reply, milliseconds: float) -> str | None:
    """Return the line of a request; None for the page's own files."""
    path = target.partition("?")[0]
    if path.startswith(PREFIX):
        return None
    return f"{_what(method, path, body):<40} {reply.status} {milliseconds:8.1f} ms  {_errors(reply)}".rstrip()


def _what(method: str, path: str, body: bytes) -> str:
    if path == "/graphql" and method == "POST":
        return _graphql(body)
    if path == "/":
        return "page" if method in ("GET", "HEAD") else "SSM GetParameters"
    # a path may contain anything, so only known ones are printed
    return f"{method} /graphql" if path == "/graphql" else f"S3 {method.title()}Object"


def _graphql(body: bytes) -> str:
    try:
        asked = json.loads(body)
        return operation(asked["query"], asked.get("operationName"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "not a GraphQL request"


@lru_cache(maxsize=1000)
def operation(query: str, name: str | None) -> str:
    """Name the operation of a document and its root fields: `mutation createTodo`, `query a, b ×25, …`."""
    try:
        definitions = parse(query, max_tokens=MAX_TOKENS).definitions
    except (GraphQLError, RecursionError):
        return "not a GraphQL document"
    for node in definitions:
        if isinstance(node, OperationDefinitionNode) and (not name or (node.name and node.name.value == name)):
            return f"{node.operation.value} {_fields(node)}"
    return "no such operation"


def _fields(node: OperationDefinitionNode) -> str:
    found = Counter(one.name.value if isinstance(one, FieldNode) else "…" for one in node.selection_set.selections)
    shown = [name if count == 1 else f"{name} ×{count}" for name, count in found.items()]
    return ", ".join([*shown[:_SHOWN_FIELDS], *(["…"] if len(shown) > _SHOWN_FIELDS else [])])


def _errors(reply: Reply) -> str:
    try:
        found = json.loads(reply.body).get("errors") or ()
    except (ValueError, AttributeError):
        return ""
    kinds = Counter(str(one.get("errorType") or "error") for one in found)
    return ", ".join(kind if count == 1 else f"{kind} ×{count}" for kind, count in kinds.items())
