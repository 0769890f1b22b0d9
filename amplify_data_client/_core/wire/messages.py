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
