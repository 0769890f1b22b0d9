"""How does a request get there and its reply back, awaiting?

httpcore speaks HTTP/1.1 over asyncio's own streams; the connections are kept here, one list per running loop.
"""

import asyncio
import contextlib
import time
import weakref
from collections.abc import AsyncIterable, Mapping
from typing import Any

import httpcore

from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client.errors import ConfigurationError

from . import tls
from .connections import IDLE_SECONDS, MOST_IDLE, Target, decoded, request_headers, target_of


class _Stream(httpcore.AsyncNetworkStream):
    """asyncio's reader and writer as httpcore wants them. The deadline is around the whole call."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.write_failed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's signature
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's signature
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            self.write_failed = True
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._writer.close()

    def abort(self) -> None:
        """Close without waiting for anything, from a loop that may be gone."""
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._writer.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._reader.at_eof() or self._writer.is_closing()
        return self._writer.get_extra_info(info)


class _Connection:
    __slots__ = ("http", "left_at", "left_on", "stream")

    def __init__(self, target: Target, stream: _Stream) -> None:
        self.stream = stream
        self.http = httpcore.AsyncHTTP11Connection(target.origin, stream)
        self.left_at = self.left_on = 0.0

    def is_fresh(self) -> bool:
        idle = max(time.monotonic() - self.left_at, time.time() - self.left_on)
        return idle < IDLE_SECONDS and not self.http.has_expired()

    def leave(self) -> None:
        self.left_at, self.left_on = time.monotonic(), time.time()


async def _connect(target: Target) -> _Connection:
    context = tls.context() if target.is_secure else None
    reader, writer = await asyncio.open_connection(target.host, target.port, ssl=context)
    return _Connection(target, _Stream(reader, writer))


_Free = dict[Any, list[_Connection]]


class AsyncPool:
    """Connections, kept for reuse as long as their event loop runs."""

    def __init__(self) -> None:
        self._loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Free] = weakref.WeakKeyDictionary()
        self._closed = False

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Reply | Failure:
        """Send one request and read its reply to the end, all before `deadline` (of the monotonic clock)."""
        if self._closed:
            raise ConfigurationError("The client is closed. Make a new one, or close it later.")
        target = target_of(url)
        connection: _Connection | None = None
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                connection = self._take(target) or await _connect(target)
                reply = await _converse(connection, target, method, headers, body)
        except TimeoutError as error:
            _drop(connection)
            return Failure("timeout", error, sent=connection is not None and not connection.stream.write_failed)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError, OSError) as error:
            _drop(connection)
            if connection is None:
                return Failure("connect", error)
            return Failure("send", error) if connection.stream.write_failed else Failure("reply", error, sent=True)
        except BaseException:
            _drop(connection)
            raise
        if connection.http.is_idle():
            self._keep(target, connection)
        return reply

    async def aclose(self) -> None:
        """Close the connections that are free; those at work close when they are done."""
        self._closed = True
        self._forget(asyncio.get_running_loop())
        for free in self._loops.pop(asyncio.get_running_loop(), {}).values():
            for connection in free:
                await connection.http.aclose()

    def _take(self, target: Target) -> _Connection | None:
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            self._forget(loop)
            self._loops[loop] = {}
        free = self._loops[loop].get(target.key)
        while free:
            connection = free.pop()
            if connection.is_fresh():
                return connection
            _drop(connection)
        return None

    def _keep(self, target: Target, connection: _Connection) -> None:
        free = self._loops[asyncio.get_running_loop()].setdefault(target.key, [])
        if self._closed or len(free) >= MOST_IDLE:
            _drop(connection)
            return
        connection.leave()
        free.append(connection)

    def _forget(self, running: asyncio.AbstractEventLoop) -> None:
        """Drop what belongs to loops that have been closed: each `asyncio.run` has a loop of its own."""
        for loop in [loop for loop in self._loops if loop is not running and loop.is_closed()]:
            for free in self._loops.pop(loop).values():
                for connection in free:
                    _drop(connection)


async def _converse(
    connection: _Connection, target: Target, method: str, headers: Mapping[str, str], body: bytes
) -> Reply:
    request = httpcore.Request(method, target.url, headers=request_headers(headers, body), content=body)
    response = await connection.http.handle_async_request(request)
    stream = response.stream
    assert isinstance(stream, AsyncIterable)  # noqa: S101  # an asyncio connection gives nothing else
    content = b"".join([part async for part in stream])
    await response.aclose()
    return decoded(response.status, response.headers, content)


def _drop(connection: _Connection | None) -> None:
    if connection is not None:
        connection.stream.abort()
