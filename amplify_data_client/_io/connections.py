"""What do the blocking and the awaiting pool of connections have in common?

One connection's side of HTTP/1.1, without any I/O: h11 understands what was read, and says when the connection may be
used again; the pools carry the bytes.
"""

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

import h11

from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client.errors import OperationError

# A thawed sandbox finds its sockets closed by the peer; what has been idle for longer is not trusted.
IDLE_SECONDS = 5.0
MOST_IDLE = 100
READ_BYTES = 65536
MOST_BYTES = 64 * 1024 * 1024  # of a reply, and of what it unpacks to; AppSync's have five megabytes at most
LOST = (OSError, h11.RemoteProtocolError)  # what ends a conversation from outside


class Target(NamedTuple):
    """Where a URL leads; `origin` is what connections are kept by."""

    origin: tuple[str, int, bool]
    path: str

    @property
    def host(self) -> str:
        return self.origin[0]

    @property
    def port(self) -> int:
        return self.origin[1]

    @property
    def is_secure(self) -> bool:
        return self.origin[2]


@lru_cache(maxsize=64)
def target_of(url: str) -> Target:
    """Take a URL apart."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target((parts.hostname or "", parts.port or (443 if is_secure else 80), is_secure), path)


def encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers as they are sent (`host` is among those given)."""
    return [(name.encode("latin-1"), value.encode()) for name, value in headers.items()]


def written(method: str, target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write a request.

    Raises:
        OperationError: HTTP cannot carry it.
    """
    lines = [f"{method} {target.path} HTTP/1.1", *[f"{name}: {value}" for name, value in headers.items()]]
    if body:
        lines.append(f"content-length: {len(body)}")
    head = "\r\n".join(lines)
    if not len(lines) - 1 == head.count("\r") == head.count("\n") or "\0" in head or " " in target.path:
        raise unfit(ValueError())
    try:
        return head.encode() + b"\r\n\r\n" + body
    except UnicodeError as error:
        raise unfit(error) from None


_ASKED, _ALL = h11.Request(method="POST", target="/", headers=[("host", "-")]), h11.EndOfMessage()


class Conversation:
    """One request after the other, and their replies, over one connection."""

    __slots__ = ("_h11", "_head", "_left_at", "_left_on", "_parts", "_size")

    def __init__(self) -> None:
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=65536)
        self._head: h11.Response | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._left_at = self._left_on = 0.0

    def ask(self, method: str, target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
        """Begin: give the bytes of a request.

        Raises:
            OperationError: HTTP cannot carry it.
        """
        self._head, self._parts, self._size = None, [], 0
        request = written(method, target, headers, body)
        # h11 has to know that a request is out, not which: checking this one again is nearly half of what it costs a call
        self._h11.send(_ASKED)
        self._h11.send(_ALL)
        return request

    def hear(self, data: bytes) -> Reply | None:
        """Go on: take what was read (nothing: the peer has closed); give the reply once it is complete.

        Raises:
            h11.RemoteProtocolError: It is no reply, or only a part of one.
        """
        if not data and self._head is None:
            raise h11.RemoteProtocolError("the peer closed the connection without a reply")
        self._h11.receive_data(data)
        while True:
            try:
                event = self._h11.next_event()
            except h11.RemoteProtocolError as error:  # its text may go on with what the peer has said
                raise h11.RemoteProtocolError(str(error).partition(":")[0]) from None
            if isinstance(event, h11.Data):
                self._size += len(event.data)
                if self._size > MOST_BYTES:
                    raise h11.RemoteProtocolError(_TOO_LARGE)
                self._parts.append(event.data)
            elif isinstance(event, h11.Response):
                self._head = event
            elif isinstance(event, h11.EndOfMessage):
                return self._reply()
            elif event is h11.NEED_DATA:
                return None
            elif not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError(f"the peer said {type(event).__name__} instead of a reply")

    def rest(self) -> bool:
        """End: say whether the connection may be used again, and note since when it is idle."""
        if self._h11.our_state is not h11.DONE or self._h11.their_state is not h11.DONE or self._h11.trailing_data[0]:
            return False
        self._h11.start_next_cycle()
        self._left_at, self._left_on = time.monotonic(), time.time()
        return True

    def is_trusted(self) -> bool:
        """Whether it has been idle for seconds only."""
        # two clocks: the monotonic one may stand still while a sandbox is frozen
        return max(time.monotonic() - self._left_at, time.time() - self._left_on) < IDLE_SECONDS

    def _reply(self) -> Reply:
        head = self._head
        if head is None:  # cannot be: h11 gives the head first
            raise h11.RemoteProtocolError("a body without a head")
        headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
        return Reply(head.status_code, _plain(b"".join(self._parts), headers.get("content-encoding")), headers)


_TOO_LARGE = f"the reply has more than {MOST_BYTES:,} bytes"


def _plain(body: bytes, encoding: str | None) -> bytes:
    # we do not ask for compression, but an object in S3 may have been stored so
    if not body or encoding is None or encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    import zlib

    unpacking = zlib.decompressobj(32 + zlib.MAX_WBITS)
    try:
        plain = unpacking.decompress(body, MOST_BYTES)
    except zlib.error as error:
        raise h11.RemoteProtocolError(f"the compressed reply cannot be read: {error}") from None
    if not unpacking.eof:
        reason = _TOO_LARGE if unpacking.unconsumed_tail else "the compressed reply was cut short"
        raise h11.RemoteProtocolError(reason)
    return plain


def failure(error: Exception, *, is_over: bool, is_sent: bool) -> Failure:
    """Say what broke a conversation that had begun."""
    if is_over:
        return Failure("timeout", error, sent=is_sent)
    return Failure("reply", error, sent=True) if is_sent else Failure("send", error)


def unfit(error: Exception) -> OperationError:
    """Say that HTTP cannot carry a request; the library's own message would show the header's value."""
    return OperationError(
        f"The request cannot be written as HTTP ({type(error).__name__}): one of its headers, token and key included, "
        "holds a character that a header cannot, or contradicts another header."
    )
