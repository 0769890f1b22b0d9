"""How does a request get there and its reply back, awaiting?

httpcore speaks HTTP/1.1 over asyncio's own streams; the connections are kept here, one list per running loop.
"""

import asyncio
import selectors
import time
from collections.abc import AsyncIterable, Mapping
from typing import Any

import httpcore

from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client.errors import ConfigurationError

from . import tls
from .connections import IDLE_SECONDS, MOST_IDLE, Target, decoded, request_headers, target_of, unfit
from .loops import PerLoop

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


class _Reader(asyncio.StreamReader):
    """A reader that knows whether anything came."""

    heard = False

    def feed_data(self, data: Any) -> None:
        self.heard = True
        super().feed_data(data)


class _Stream(httpcore.AsyncNetworkStream):
    """asyncio's reader and writer as httpcore wants them. The deadline is around the whole call."""

    def __init__(self, reader: _Reader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.write_failed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's signature
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's signature
        self.write_failed = True  # until it is done: the time may run out in the middle
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error
        self.write_failed = False

    async def aclose(self) -> None:
        self.abort()  # the reply has been read, or nobody wants it

    def abort(self) -> None:
        """Close without waiting for anything."""
        self._writer.transport.abort()

    def listen(self) -> None:
        """Nothing is awaited from now on; what comes all the same says that the connection is of no use."""
        self._reader.heard = False

    def _is_readable(self) -> bool:
        if self._reader.heard or self._reader.at_eof() or self._writer.is_closing():
            return True
        # what came while the loop stood still, as between two calls of a Lambda function
        with _Selector() as selector:
            selector.register(self._writer.get_extra_info("socket"), selectors.EVENT_READ)
            return bool(selector.select(0))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._is_readable()
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
        self.stream.listen()


async def _connect(target: Target) -> _Connection:
    context = tls.context() if target.is_secure else None
    loop = asyncio.get_running_loop()
    reader = _Reader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.create_connection(lambda: protocol, target.host, target.port, ssl=context)
    return _Connection(target, _Stream(reader, asyncio.StreamWriter(transport, protocol, reader, loop)))


_Free = dict[str, list[_Connection]]


async def _close_all(free: _Free) -> None:
    for connections in free.values():
        for connection in connections:
            _drop(connection)
    free.clear()


class AsyncPool:
    """Connections, kept for reuse as long as their event loop runs."""

    def __init__(self) -> None:
        self._free: PerLoop[_Free] = PerLoop(dict, _close_all)
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
                connection = _take(await self._free.get(), target) or await _connect(target)
                reply = await _converse(connection, target, method, headers, body)
        except TimeoutError as error:
            _drop(connection)
            return Failure("timeout", error, sent=connection is not None and not connection.stream.write_failed)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError, OSError) as error:
            _drop(connection)
            if connection is None:
                return Failure("connect", error)
            return Failure("send", error) if connection.stream.write_failed else Failure("reply", error, sent=True)
        except (httpcore.LocalProtocolError, UnicodeError) as error:
            _drop(connection)
            if connection is None:  # a name that is none, such as "a..b"
                return Failure("connect", error)
            raise unfit(error) from None
        except BaseException:
            _drop(connection)
            raise
        if connection.http.is_idle():
            self._keep(target, connection)
        return reply

    async def aclose(self) -> None:
        """Close the connections that are free; those at work close when they are done."""
        self._closed = True
        await self._free.close()

    def _keep(self, target: Target, connection: _Connection) -> None:
        free = self._free.found()
        if self._closed or free is None or len(kept := free.setdefault(target.key, [])) >= MOST_IDLE:
            _drop(connection)
            return
        connection.leave()
        kept.append(connection)


def _take(free: _Free, target: Target) -> _Connection | None:
    kept = free.get(target.key)
    while kept:
        connection = kept.pop()
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
