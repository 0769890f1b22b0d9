"""How does a request get there and its reply back, blocking?

httpcore speaks HTTP/1.1; the connections are kept here, in a list that threads share: httpx's own pool looks through
all its connections for each request (measured: see bench/README.md).
"""

import os
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Any

import httpcore

from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client.errors import ConfigurationError

from . import tls
from .connections import IDLE_SECONDS, MOST_IDLE, Target, decoded, request_headers, target_of, unfit

_STREAM = socket.SOCK_STREAM
_WRITTEN_AT_ONCE = 65536


class _Stream(httpcore.NetworkStream):
    """A stream whose every read and write ends at one moment: a reply that drips does not stretch the time."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self.deadline = 0.0
        self.write_failed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the call ran out")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.write_failed = True
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):  # the stream starts its clock anew for each bit it sends
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise httpcore.WriteTimeout("the time for the call ran out")
            self._stream.write(buffer[start : start + _WRITTEN_AT_ONCE], left)
        self.write_failed = False

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Connection:
    __slots__ = ("http", "left_at", "left_on", "stream")

    def __init__(self, target: Target, deadline: float) -> None:
        context = tls.context() if target.is_secure else None
        network = _connected(target, deadline)
        if context is not None:
            left = max(0.001, deadline - time.monotonic())
            network = network.start_tls(context, server_hostname=target.host, timeout=left)
        self.stream = _Stream(network)
        self.http = httpcore.HTTP11Connection(target.origin, self.stream)
        self.left_at = self.left_on = 0.0

    def is_fresh(self) -> bool:
        # two clocks: the monotonic one may stand still while a sandbox is frozen. A socket that is readable while
        # nothing is awaited has been closed by the peer (`has_expired` looks).
        idle = max(time.monotonic() - self.left_at, time.time() - self.left_on)
        return idle < IDLE_SECONDS and not self.http.has_expired()

    def leave(self) -> None:
        self.left_at, self.left_on = time.monotonic(), time.time()


def _connected(target: Target, deadline: float) -> httpcore.NetworkStream:
    # a name has several addresses, and the library gives each of them the whole time
    addresses = list(dict.fromkeys(found[4][0] for found in socket.getaddrinfo(target.host, target.port, type=_STREAM)))
    for number, address in enumerate(addresses, 1):
        left = max(0.001, (deadline - time.monotonic()) / (len(addresses) - number + 1))
        try:
            return httpcore.SyncBackend().connect_tcp(str(address), target.port, timeout=left)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            if number == len(addresses):
                raise
    raise httpcore.ConnectError(f"{target.host} has no address")


class Pool:
    """Connections, kept for reuse; safe to share between threads."""

    def __init__(self) -> None:
        self._free: dict[Any, list[_Connection]] = {}
        self._process = os.getpid()
        self._closed = False

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float) -> Reply | Failure:
        """Send one request and read its reply to the end, all before `deadline` (of the monotonic clock)."""
        if self._closed:
            raise ConfigurationError("The client is closed. Make a new one, or close it later.")
        target = target_of(url)
        try:
            connection = self._take(target) or _Connection(target, deadline)
        except httpcore.ConnectTimeout as error:
            return Failure("timeout", error)
        except (httpcore.ConnectError, OSError, UnicodeError) as error:  # UnicodeError: a name such as "a..b"
            return Failure("connect", error)
        connection.stream.deadline = deadline
        try:
            request = httpcore.Request(method, target.url, headers=request_headers(headers, body), content=body)
            response = connection.http.handle_request(request)
            reply = decoded(response.status, response.headers, b"".join(_parts(response)))
            response.close()
        except BaseException as error:
            connection.http.close()
            if not isinstance(error, Exception):
                raise
            return _failure(connection, error)
        if connection.http.is_idle():
            self._keep(target, connection)
        return reply

    def close(self) -> None:
        """Close the connections that are free; those at work close when they are done."""
        self._closed = True
        self._drop_all()

    def _drop_all(self) -> None:
        free, self._free = self._free, {}
        for connections in free.values():
            _close(connections)

    def _take(self, target: Target) -> _Connection | None:
        if self._process != os.getpid():  # a fork must not talk over its parent's sockets
            self._process = os.getpid()
            self._drop_all()
        free = self._free.get(target.key)
        while free:
            try:
                connection = free.pop()
            except IndexError:  # another thread was faster
                return None
            if connection.is_fresh():
                return connection
            connection.http.close()
        return None

    def _keep(self, target: Target, connection: _Connection) -> None:
        free = self._free.setdefault(target.key, [])
        if self._closed or len(free) >= MOST_IDLE:
            connection.http.close()
            return
        connection.leave()
        free.append(connection)
        if self._closed:  # by another thread, which may not have seen this one
            _close(free)


def _close(connections: list[_Connection]) -> None:
    while connections:
        try:
            connections.pop().http.close()
        except IndexError:  # another thread was faster
            return


def _parts(response: httpcore.Response) -> Iterable[bytes]:
    stream = response.stream
    assert isinstance(stream, Iterable)  # noqa: S101  # a connection without asyncio gives nothing else
    return stream


def _failure(connection: _Connection, error: Exception) -> Failure:
    if isinstance(error, httpcore.TimeoutException | TimeoutError):
        return Failure("timeout", error, sent=not connection.stream.write_failed)
    if isinstance(error, httpcore.NetworkError | httpcore.RemoteProtocolError | OSError):
        # httpcore reads on after a failed write, for an early reply; without one the write is what failed
        return Failure("send", error) if connection.stream.write_failed else Failure("reply", error, sent=True)
    if isinstance(error, httpcore.LocalProtocolError | UnicodeError):
        raise unfit(error) from None
    raise error
