"""Sends requests over connections that are kept for reuse, awaiting.

The free connections are in a list per running loop. What comes is read where it arrives, in the protocol: a call is
woken once, when its reply is complete.
"""

import asyncio
import os
import select
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client._io import copies

from .async_connect import connect
from .event_loops import PerLoop
from .http11 import LOST, MOST_IDLE, Http11Connection, Target, closed, failure, target_of, timed_out

if TYPE_CHECKING:
    from .transport import AfterSend


class _Connection(asyncio.Protocol):
    """One connection, and the outcome that a call awaits of it."""

    def __init__(self) -> None:
        self._http11 = Http11Connection()
        self._outcome: asyncio.Future[Reply | Exception] | None = None
        self._transport: asyncio.Transport | None = None
        self._unsent = self._received = b""  # here, not in a variable, which error reporters would show
        self.is_sent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        # the transport tells when all has been written; with a limit of 0 one of TLS would tell at random
        self._transport.set_write_buffer_limits(high=1, low=0)

    def pause_writing(self) -> None:
        self.is_sent = False

    def resume_writing(self) -> None:
        self.is_sent = True

    def data_received(self, data: bytes) -> None:
        if self._outcome is None or self._outcome.done():
            self.abort()  # nothing was asked for
            return
        self._received = data
        del data  # error reporters show variables
        try:
            reply = self._http11.receive_data(self._take_received())
        except LOST as error:
            self._outcome.set_result(error)
        else:
            if reply is not None:
                self._outcome.set_result(reply)

    def _take_received(self) -> bytes:
        data, self._received = self._received, b""
        return data

    def eof_received(self) -> None:
        self.data_received(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(exc or ConnectionResetError("the connection was closed"))

    async def exchange(
        self,
        request: HttpRequest,
        target: Target,
        after_send: "AfterSend | None" = None,
    ) -> Reply:
        """Send a request and read the reply; `is_sent` tells how far it came."""
        transport = cast("asyncio.Transport", self._transport)
        self._unsent = self._http11.start_request(request, target)
        if transport.is_closing():  # it was lost before anybody waited for it, and nothing more will be told
            self.is_sent = False
            raise ConnectionResetError("the connection was closed before the request was sent")
        self._outcome = asyncio.get_running_loop().create_future()
        self.is_sent = True
        transport.write(self._unsent)
        self._unsent = b""
        if transport.is_closing():
            self.is_sent = False
        if after_send is not None:
            after_send()
        outcome = await self._outcome
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def finish(self) -> bool:
        """Say whether the connection may be used again."""
        self._outcome = None
        return self.is_sent and not self._is_closing() and self._http11.finish()

    def is_fresh(self) -> bool:
        return self._http11.is_reusable() and not self._is_closing() and not self._is_readable()

    def is_reusable(self) -> bool:
        return self._http11.is_reusable()

    def abort(self) -> None:
        """Close without waiting for anything."""
        if self._transport is not None:
            self._transport.abort()

    def shutdown_socket(self) -> None:
        """Close for the peer, from any thread: a loop that stands still would not come to it."""
        own = None if self._transport is None else self._transport.get_extra_info("socket")
        if own is None:
            return
        with suppress(OSError), socket.socket(fileno=os.dup(own.fileno())) as same:  # an error: it is closed already
            same.shutdown(socket.SHUT_RDWR)

    def _is_closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def _is_readable(self) -> bool:
        # closed while the loop stood still, as between two calls of a Lambda function
        if self._transport is None or not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket"), select.POLLIN)
        return bool(poll.poll(0))


_Free = dict[tuple[str, int, bool], list[_Connection]]


async def _close_all(free: _Free) -> None:
    for connections in free.values():
        for connection in connections:
            connection.abort()
    free.clear()


class AsyncPool:
    """Connections, kept for reuse as long as their event loop runs."""

    verifies_tls = True

    def __init__(self) -> None:
        self._free: PerLoop[_Free] = PerLoop(dict, _close_all)
        self._closed = False
        copies.watch(self)

    async def send(
        self,
        request: HttpRequest,
        deadline: float,
        after_send: "AfterSend | None" = None,
    ) -> Reply | Failure:
        """Send one request and read its reply to the end, all before `deadline` (of the monotonic clock)."""
        if self._closed:
            raise closed()
        target = target_of(request.url)
        free = await self._free.get()
        left = deadline - time.monotonic()
        if left <= 0:  # a timeout would come only after the request is written
            return timed_out()
        scope = asyncio.timeout(left)
        connection: _Connection | None = None
        try:
            async with scope:
                connection = _take(free, target) or await connect(target, _Connection)
                reply = await connection.exchange(request, target, after_send)
        except (*LOST, UnicodeError) as error:
            if connection is None:  # UnicodeError: not a valid name, such as "a..b"
                return Failure("timeout" if scope.expired() else "connect", error)
            connection.abort()
            return failure(error, is_over=scope.expired(), is_sent=connection.is_sent)
        except BaseException:
            if connection is not None:
                connection.abort()
            raise
        self._keep(free, target, connection)
        return reply

    async def aclose(self) -> None:
        """Close the connections that are free; those at work close when they are done."""
        self._closed = True
        await self._free.close()

    def forget(self) -> None:
        """Close the connections of all loops; the next request opens one."""
        for free in self._free.forget():
            for kept in [*free.values()]:  # a loop that runs elsewhere may change it
                for connection in [*kept]:
                    connection.shutdown_socket()

    def renew(self) -> None:
        """Give up the parent's connections, in a fork; nothing of its event loops may be touched."""
        self._free = self._free.renewed()

    def _keep(self, free: _Free, target: Target, connection: _Connection) -> None:
        kept = free.setdefault(target.origin, [])
        while kept and not kept[0].is_reusable():  # those of a busy moment: nobody comes to take them
            kept.pop(0).abort()
        if self._closed or len(kept) >= MOST_IDLE or not connection.finish():
            connection.abort()
        else:
            kept.append(connection)


def _take(free: _Free, target: Target) -> _Connection | None:
    kept = free.get(target.origin)
    while kept:
        connection = kept.pop()
        if connection.is_fresh():
            return connection
        connection.abort()
    return None
