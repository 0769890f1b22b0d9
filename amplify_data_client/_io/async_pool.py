"""How does a request get there and its reply back, awaiting?

httpcore speaks HTTP/1.1 over asyncio's own streams; the connections are kept here, one list per running loop.
"""

import asyncio
import time
import weakref
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
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
        """Close without waiting for anything."""
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


class _Loop:
    """The connections of one event loop that are free, and what closes them when the loop ends.

    `asyncio.run` finishes the loop's asynchronous generators before it closes the loop: the one place where a client
    that lives on can still close what belongs to it.
    """

    def __init__(self) -> None:
        self.free: dict[str, list[_Connection]] = {}
        self._guard = self._closing()

    async def watch(self) -> None:
        """Begin to wait for the loop's end."""
        await self._guard.__anext__()

    async def close(self) -> None:
        """Close the connections now."""
        await self._guard.aclose()

    async def _closing(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            for connections in self.free.values():
                for connection in connections:
                    _drop(connection)
            self.free.clear()


class AsyncPool:
    """Connections, kept for reuse as long as their event loop runs."""

    def __init__(self) -> None:
        self._loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Loop] = weakref.WeakKeyDictionary()
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
                connection = _take(await self._loop(), target) or await _connect(target)
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
        found = self._loops.pop(asyncio.get_running_loop(), None)
        if found is not None:
            await found.close()

    async def _loop(self) -> _Loop:
        running = asyncio.get_running_loop()
        found = self._loops.get(running)
        if found is None:
            found = self._loops[running] = _Loop()
            await found.watch()
        return found

    def _keep(self, target: Target, connection: _Connection) -> None:
        found = self._loops.get(asyncio.get_running_loop())
        if self._closed or found is None or len(free := found.free.setdefault(target.key, [])) >= MOST_IDLE:
            _drop(connection)
            return
        connection.leave()
        free.append(connection)


def _take(loop: _Loop, target: Target) -> _Connection | None:
    free = loop.free.get(target.key)
    while free:
        connection = free.pop()
        if connection.is_fresh():
            return connection
        _drop(connection)
    return None


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
