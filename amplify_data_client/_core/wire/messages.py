"""Holds what flows and drivers exchange: requests, replies and failures as values."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from amplify_data_client.options import DEFAULT, CallOptions

FailureKind = Literal["connect", "send", "reply", "timeout"]


class ServiceTarget(NamedTuple):
    """The AWS service that a request goes to, and the parts of the request that the service asks for."""

    service: str
    region: str
    method: str
    url: str
    headers: Mapping[str, str]


class Request:
    """One attempt: send this body. Each attempt is authorized anew. It is no tuple, for the reason of `HttpRequest`.

    Attributes:
        operation: What is asked for ("createTodo", "ssm:GetParameters"), for the log.
        document: The GraphQL document in the body, for a user's function that makes headers.
        options: The call's options, the client's included.
        attempt: The number of this attempt, from 1.
        wait_at_least: Wait so many seconds before, as the server asked.
        wait_at_most: Wait a random time up to so many seconds besides.
        server_time: The server's Date, where it has refused the last signature for its time.
        renews_timeout: The time for this request and its retries begins now, not with the flow.
        target: The AWS service to ask in place of the API.
    """

    __slots__ = (
        "attempt",
        "body",
        "document",
        "operation",
        "options",
        "renews_timeout",
        "server_time",
        "target",
        "wait_at_least",
        "wait_at_most",
    )

    def __init__(
        self,
        body: bytes,
        operation: str,
        document: str = "",
        options: CallOptions = DEFAULT,
        *,
        renews_timeout: bool = False,
        target: ServiceTarget | None = None,
    ) -> None:
        self.body, self.operation, self.document, self.options = body, operation, document, options
        self.renews_timeout, self.target, self.attempt = renews_timeout, target, 1
        self.wait_at_least, self.wait_at_most = 0.0, 0.0
        self.server_time: str | None = None

    def again(self, wait_at_most: float, wait_at_least: float = 0.0, server_time: str | None = None) -> "Request":
        """Make the next attempt."""
        request = Request(self.body, self.operation, self.document, self.options, target=self.target)
        request.attempt = self.attempt + 1
        request.wait_at_most, request.wait_at_least, request.server_time = wait_at_most, wait_at_least, server_time
        return request

    def __repr__(self) -> str:  # bodies are users' data
        return f"<Request {self.operation}>"


class HttpRequest:
    """An HTTP request with its credentials in clear.

    Error reporters show the local variables of frames. They look into mappings and tuples, whatever their repr says: so
    this is neither, and whoever sends it takes it apart only in the call that writes it.
    """

    __slots__ = ("body", "headers", "method", "url")

    def __init__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        self.method, self.url, self.headers, self.body = method, url, headers, body

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method} {self.url.partition('?')[0]}>"


class LocalWork(NamedTuple):
    """Work on this machine that may block: files, or a session of AWS."""

    work: Callable[[], Any]


class Reply:
    """An HTTP reply, read to its end. Header names are in lower case. It is no tuple, for the reason of `HttpRequest`.

    `distrust` has the connection that brought it closed instead of used again, where that is one of ours: its next reply
    may be wrong too.
    `is_verified`: it is a refusal that came over verified TLS or from this machine, so its Date may be believed.
    """

    __slots__ = ("body", "distrust", "headers", "is_verified", "status")

    def __init__(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str],
        distrust: Callable[[], object] | None = None,
        *,
        is_verified: bool = False,
    ) -> None:
        self.status, self.body, self.headers = status, body, headers
        self.distrust, self.is_verified = distrust, is_verified

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reply) and (
            (self.status, self.body, self.headers) == (other.status, other.body, other.headers)
        )

    __hash__ = None  # type: ignore[assignment]  # headers are a mapping

    def __repr__(self) -> str:  # bodies are users' data, and AWS may quote what was signed
        return f"<Reply {self.status}>"


class Failure(NamedTuple):
    """No reply.

    `kind`: "connect" and "send": the request did not get out (AppSync cannot have seen the whole of it); "reply": the
    connection broke, or talked nonsense, after it did; "timeout": the time for the call ran out. `sent` says whether
    it had gone out by then, `of_invocation` whether it was the time of the Lambda invocation, `seconds` how long the
    call might have taken otherwise.
    """

    kind: FailureKind
    error: Exception
    sent: bool = False
    of_invocation: bool = False
    seconds: float = 0.0
