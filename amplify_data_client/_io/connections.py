"""What do the blocking and the awaiting pool of connections have in common?"""

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import httpcore

from amplify_data_client._core.wire.messages import Reply
from amplify_data_client.errors import OperationError

# A thawed sandbox finds its sockets closed by the peer; what has been idle for longer is not trusted.
IDLE_SECONDS = 5.0
MOST_IDLE = 100


class Target(NamedTuple):
    """Where a URL leads."""

    url: httpcore.URL
    origin: httpcore.Origin
    host: str
    port: int
    is_secure: bool
    key: str  # httpcore's Origin cannot be hashed


@lru_cache(maxsize=64)
def target_of(url: str) -> Target:
    """Take a URL apart."""
    parsed = httpcore.URL(url)
    origin = parsed.origin
    return Target(parsed, origin, origin.host.decode("ascii"), origin.port, origin.scheme == b"https", str(origin))


def request_headers(headers: Mapping[str, str], body: bytes) -> list[tuple[bytes, bytes]]:
    """The headers as they are sent; `host` is among those given."""
    sent = [(name.encode("latin-1"), value.encode("utf-8")) for name, value in headers.items()]
    if body:
        sent.append((b"content-length", str(len(body)).encode()))
    return sent


def decoded(status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Reply:
    """Make a reply of what came."""
    named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    if body and named.get("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate"):
        try:
            body = zlib.decompress(body, 32 + zlib.MAX_WBITS)
        except zlib.error as error:
            raise httpcore.RemoteProtocolError(f"the compressed reply cannot be read: {error}") from None
    return Reply(status, body, named)


def unfit(error: Exception) -> OperationError:
    """Say that HTTP cannot carry a request; the library's own message would show the header's value."""
    return OperationError(
        f"The request cannot be written as HTTP ({type(error).__name__}): one of its headers, token and key included, "
        "holds a character that a header cannot, or contradicts another header."
    )
