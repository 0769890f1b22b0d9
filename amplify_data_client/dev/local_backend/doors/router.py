"""Route an HTTP request to GraphQL, S3, SSM or the page. A new door is added here.

The server and the in-process transports share it: AppSync's POST /graphql, S3's GET /bucket/key, SSM's POST / with
GetParameters, and the page at GET /.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from amplify_data_client.dev.local_backend.access.authentication import Authenticator
from amplify_data_client.dev.local_backend.context import Context
from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.graphql.engine import Engine
from amplify_data_client.dev.local_backend.messages import Reply, Request
from amplify_data_client.dev.local_backend.page import Page
from amplify_data_client.dev.local_backend.page.origins import is_foreign

from .s3 import Bucket
from .ssm import Parameters

_MALFORMED = "MalformedHttpRequestException"
_JSON = "application/json;charset=UTF-8"


Handle = Callable[[str, str, Mapping[str, str], bytes], Reply]


@dataclass
class Router:
    """Knows all doors and decides which one answers."""

    engine: Engine
    authenticator: Authenticator
    bucket: Bucket
    parameters: Parameters
    page: Page

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Answer a request; `target` is its path with the query string, as it was sent."""
        received = Request(method.upper(), target, {name.lower(): value for name, value in headers.items()}, body)
        path = target.partition("?")[0]
        if is_foreign(received.headers, self.page.listener):
            return _refusal(403, "AccessDeniedException", "Web pages of other origins may not use the local backend.")
        if path == "/graphql":
            return self._graphql(received)
        if received.method == "POST" and path == "/" and "x-amz-target" in received.headers:
            return _reply(*self.parameters.answer(received, self.authenticator))
        if self.page.is_asked(received):
            return _reply(*self.page.answer(received))
        if received.method in ("GET", "HEAD"):
            return _reply(*self.bucket.answer(received, self.authenticator))
        return _refusal(404, "UnknownOperationException", "Nothing is answered here; GraphQL is at POST /graphql.")

    def _graphql(self, received: Request) -> Reply:
        if received.method != "POST":
            return _refusal(405, "BadRequestException", "GraphQL requests are sent with POST.")
        try:
            identity = self.authenticator.authenticate(received)
            query, variables, name = _request(received.body)
        except RequestRefused as error:
            return _refusal(error.status, error.error_type, error.message)
        context = Context(identity, self.authenticator.clock(), received.headers)
        return _json_reply(200, self.engine.answer(query, variables, name, context))


def _request(body: bytes) -> tuple[str, dict[str, Any], str | None]:
    if not body:
        raise RequestRefused(400, _MALFORMED, "Request body is empty.")
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        query, variables, name = (parsed.get(key) for key in ("query", "variables", "operationName"))
        if isinstance(query, str) and isinstance(variables, dict | None) and isinstance(name, str | None):
            return query, variables or {}, name
    raise RequestRefused(400, _MALFORMED, "Unable to parse GraphQL query.")


def _refusal(status: int, error_type: str, message: str) -> Reply:
    answer = {"errors": [{"errorType": error_type, "message": message}]}
    return _json_reply(status, answer, {"x-amzn-errortype": error_type})


def _json_reply(status: int, answer: Any, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(answer, separators=(",", ":")).encode()
    return _reply(status, {"content-type": _JSON, **(headers or {})}, body)


def _reply(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    return Reply(status, {"x-amzn-requestid": str(uuid.uuid4()), **headers}, body)
