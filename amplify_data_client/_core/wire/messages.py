"""What goes to and fro between an exchange and the driver that carries it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FailureKind = Literal["connect", "send", "reply", "timeout"]


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """Send this body, after waiting a random time up to `wait_at_most` seconds; sign each one anew."""

    body: bytes
    document: str
    operation: str
    wait_at_most: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """An HTTP reply, read to its end. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """No reply.

    `kind`: "connect" and "send": the request did not get out (AppSync cannot have seen the whole of it); "reply": the
    connection broke, or talked nonsense, after it did; "timeout": the time for the call ran out. `sent` says whether
    it had gone out by then.
    """

    kind: FailureKind
    error: Exception
    sent: bool = False
