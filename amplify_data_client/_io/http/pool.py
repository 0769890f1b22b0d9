"""Sends requests over connections that are kept for reuse, blocking.

The free connections are in a list that threads share. httpx's own pool looks through all its connections for each
request, and a cold start need not import it.
"""

import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client._io import copies

from .connect import connect
from .http11 import LOST, MOST_IDLE, READ_BYTES, Http11Connection, Target, closed, failure, target_of
from .sockets import time_left

if TYPE_CHECKING:
    from .transport import AfterSend


class _Connection:
    """A socket, all of whose waits end with the deadline of the call: a reply that drips does not stretch the time."""

    __slots__ = ("_deadline", "_http11", "_socket", "_unsent", "is_sent")

    def __init__(self, target: Target, deadline: float) -> None:
        self._deadline = deadline
        self._http11 = Http11Connection()
        self._socket = connect(target, deadline)
        self._unsent = memoryview(b"")  # here, not in a variable, which error reporters would show
        self.is_sent = False

    def exchange(
        self,
        request: HttpRequest,
        target: Target,
        deadline: float,
        after_send: "AfterSend | None" = None,
    ) -> Reply:
        """Send a request and read the reply; `is_sent` tells how far it came."""
        self._deadline, self.is_sent = deadline, False
        self._unsent = memoryview(self._http11.start_request(request, target))
        try:
            self._write()
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            return self._read_early_reply(error)
        self.is_sent = True
        if after_send is not None:
            after_send()
        return self._read()

    def finish(self) -> bool:
        """Say whether the connection may be used again."""
        return self.is_sent and self._http11.finish()

    def is_fresh(self) -> bool:
        # a socket that is readable while nothing is awaited has been closed by the peer
        return self._http11.is_reusable() and not _is_readable(self._socket)

    def is_reusable(self) -> bool:
        return self._http11.is_reusable()

    def close(self) -> None:
        self._socket.close()

    def _write(self) -> None:
        while self._unsent:
            self._socket.settimeout(time_left(self._deadline))
            self._unsent = self._unsent[self._socket.send(self._unsent) :]

    def _read(self) -> Reply:
        reply = None
        while reply is None:
            self._socket.settimeout(time_left(self._deadline))
            reply = self._http11.receive_data(self._socket.recv(READ_BYTES))
        return reply

    def _read_early_reply(self, error: OSError) -> Reply:
        # a server may refuse a request before it has read the whole of it, and close
        try:
            return self._read()
        except LOST:
            raise error from None


class Pool:
    """Connections, kept for reuse; safe to share between threads."""

    verifies_tls = True

    def __init__(self) -> None:
        self._free: dict[tuple[str, int, bool], list[_Connection]] = {}
        self._closed = False
        copies.watch(self)

    def send(
        self,
        request: HttpRequest,
        deadline: float,
        after_send: "AfterSend | None" = None,
    ) -> Reply | Failure:
        """Send one request and read its reply to the end, all before `deadline` (of the monotonic clock)."""
        if self._closed:
            raise closed()
        target = target_of(request.url)
        try:
            connection = self._take(target) or _Connection(target, deadline)
        except (OSError, UnicodeError) as error:  # UnicodeError: not a valid name, such as "a..b"
            return Failure("timeout" if _is_over(error) else "connect", error)
        try:
            reply = connection.exchange(request, target, deadline, after_send)
        except LOST as error:
            connection.close()
            return failure(error, is_over=_is_over(error), is_sent=connection.is_sent)
        except BaseException:
            connection.close()
            raise
        self._keep(target, connection)
        return reply

    def close(self) -> None:
        """Close the connections that are free; those at work close when they are done."""
        self._closed = True
        self.forget()

    def forget(self) -> None:
        """Close the connections that are free; the next request opens one."""
        for free in list(self._free.values()):
            while (connection := _popped(free)) is not None:
                connection.close()

    def renew(self) -> None:
        """Give up the parent's connections, in a fork: two processes must not talk over one."""
        self.forget()

    def _take(self, target: Target) -> _Connection | None:
        free = self._free.get(target.origin)
        while free and (connection := _popped(free)) is not None:
            if connection.is_fresh():
                return connection
            connection.close()
        return None

    def _keep(self, target: Target, connection: _Connection) -> None:
        free = self._free.setdefault(target.origin, [])
        if free:
            _drop_idle(free)
        if len(free) >= MOST_IDLE or not connection.finish():
            connection.close()
            return
        free.append(connection)
        if self._closed:  # by another thread, meanwhile
            self.forget()


def _popped(free: list[_Connection], at: int = -1) -> _Connection | None:
    try:
        return free.pop(at)
    except IndexError:  # another thread was faster
        return None


def _drop_idle(free: list[_Connection]) -> None:
    # those of a busy moment, the longest idle first: nobody comes to take them
    with suppress(IndexError):
        while not free[0].is_reusable() and (connection := _popped(free, 0)) is not None:
            connection.close()


def _is_over(error: Exception) -> bool:
    # the system's own timeouts have a number; those of ours, and of a socket's settimeout, have none
    return isinstance(error, TimeoutError) and error.errno is None


def _is_readable(opened: socket.socket) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(opened, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([opened], [], [], 0)[0])
