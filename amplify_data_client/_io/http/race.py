"""Races the addresses of a name, blocking, TLS handshake included: the first socket that is ready wins.

Imported for names with several addresses.
"""

import errno
import os
import selectors
import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Self, cast

from .addresses import ATTEMPT_DELAY
from .http11 import Target
from .sockets import AddressInfo, new_socket, time_left


class Race:
    """Attempts to connect to several addresses, one more each 250 ms, until the first one is ready.

    All sockets are non-blocking, and waited for together: no thread is left behind.
    """

    def __init__(
        self, target: Target, addresses: Iterable[AddressInfo], deadline: float, context: ssl.SSLContext | None
    ) -> None:
        self._target, self._deadline, self._context = target, deadline, context
        self._addresses = iter(addresses)
        self._selector = selectors.DefaultSelector()
        self._error: OSError | None = None
        self._next_at = 0.0  # when the next attempt starts, of the monotonic clock
        self._is_exhausted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for key in [*self._selector.get_map().values()]:
            cast("socket.socket", key.fileobj).close()
        self._selector.close()

    def run(self) -> socket.socket:
        """Give the first socket that is ready."""
        while True:
            now = time.monotonic()
            if now >= self._next_at and not self._is_exhausted:
                self._start(now)
            if not self._selector.get_map() and self._is_exhausted:
                raise self._error or OSError(f"{self._target.host} has no address")
            for key, _ in self._selector.select(self._wait()):
                ready = self._advance(cast("socket.socket", key.fileobj))
                if ready is not None:
                    return ready

    def _wait(self) -> float:
        left = time_left(self._deadline)
        return left if self._is_exhausted else max(0.0, min(left, self._next_at - time.monotonic()))

    def _start(self, now: float) -> None:
        info = next(self._addresses, None)
        if info is None:
            self._is_exhausted = True
            return
        self._next_at = now + ATTEMPT_DELAY
        try:
            connection = new_socket(info)
        except OSError as error:  # a family that this machine does not have
            self._failed(error)
            return
        try:
            connection.setblocking(False)
            _check(connection.connect_ex(info[4]))
            self._selector.register(connection, selectors.EVENT_WRITE)
        except OSError as error:
            connection.close()
            self._failed(error)
        except BaseException:
            connection.close()
            raise

    def _failed(self, error: OSError) -> None:
        self._error, self._next_at = error, 0.0  # the next one need not wait

    def _advance(self, connection: socket.socket) -> socket.socket | None:
        try:
            return (
                self._handshake(connection)
                if isinstance(connection, ssl.SSLSocket)
                else self._after_connect(connection)
            )
        except ssl.SSLCertVerificationError:  # another address has the same certificate
            raise
        except OSError as error:
            self._drop(connection)
            self._failed(error)
            return None

    def _after_connect(self, connection: socket.socket) -> socket.socket | None:
        _check(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        self._selector.unregister(connection)
        if self._context is None:
            return connection
        try:
            secured = self._context.wrap_socket(
                connection, server_hostname=self._target.ascii_name, do_handshake_on_connect=False
            )
        except BaseException:
            connection.close()
            raise
        self._selector.register(secured, selectors.EVENT_WRITE)
        return self._handshake(secured)

    def _handshake(self, secured: ssl.SSLSocket) -> ssl.SSLSocket | None:
        try:
            secured.do_handshake()
        except ssl.SSLWantReadError:
            self._selector.modify(secured, selectors.EVENT_READ)
            return None
        except ssl.SSLWantWriteError:
            self._selector.modify(secured, selectors.EVENT_WRITE)
            return None
        self._selector.unregister(secured)
        return secured

    def _drop(self, connection: socket.socket) -> None:
        with suppress(KeyError, ValueError):  # it was between two registrations
            self._selector.unregister(connection)
        connection.close()


def _check(number: int) -> None:
    # what a connect that goes on says, on POSIX systems and on Windows
    if number not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK, 10035):
        raise OSError(number, os.strerror(number))
