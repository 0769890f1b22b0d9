"""What goes to and fro between an exchange and the driver that carries it?"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

FailureKind = Literal["connect", "send", "reply", "timeout"]


class Request(NamedTuple):
    """Send this body, after waiting a random time up to `wait_at_most` seconds; sign each one anew."""

    body: bytes
    document: str
    operation: str
    wait_at_most: float = 0.0

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


class Reply(NamedTuple):
    """An HTTP reply, read to its end. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def __repr__(self) -> str:  # the same
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
