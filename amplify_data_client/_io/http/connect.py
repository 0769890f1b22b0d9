"""Opens a connection, blocking: looks up the name, and races its addresses, TLS handshake included."""

import errno
import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Self, cast

from . import tls
from .addresses import ATTEMPT_DELAY, AddressInfo, interleaved
from .http11 import TIME_IS_OVER, Target


def connect(target: Target, deadline: float) -> socket.socket:
    """Give a connected socket, after the TLS handshake where the URL begins with https.

    Raises:
        ConfigurationError: Credentials must not go to this host unencrypted.
        OSError: No address took the connection; a `TimeoutError` without a number if the time was over.
    """
    if not target.is_secure:
        from . import plain_http

        plain_http.require_trusted(target.host)
        return _connect_with(target, deadline, None)
    trusting = tls.context()
    try:
        return _connect_with(target, deadline, trusting)
    except ssl.SSLCertVerificationError:
        if trusting is tls.whole():
            raise
    return _connect_with(target, deadline, tls.whole())


def time_left(deadline: float) -> float:
    """The seconds until the deadline.

    Raises:
        TimeoutError: There are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(TIME_IS_OVER)
    return left


def _connect_with(target: Target, deadline: float, context: ssl.SSLContext | None) -> socket.socket:
    found = _look_up(target, deadline)
    if not found:
        raise OSError(f"{target.host} has no address")
    if len(found) > 1:
        with _Race(target, interleaved(found), deadline, context) as race:
            return race.run()
    return _connect_to(found[0], target, deadline, context)


def _connect_to(info: AddressInfo, target: Target, deadline: float, context: ssl.SSLContext | None) -> socket.socket:
    connection = _new_socket(info)
    try:
        connection.settimeout(time_left(deadline))
        connection.connect(info[4])
        if context is None:
            return connection
        connection.settimeout(time_left(deadline))
        return context.wrap_socket(connection, server_hostname=target.ascii_name)
    except BaseException:
        connection.close()
        raise


def _new_socket(info: AddressInfo) -> socket.socket:
    made = socket.socket(info[0], info[1], info[2])
    try:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def _look_up(target: Target, deadline: float) -> list[AddressInfo]:
    if _is_address(target.host):
        return _found(target)
    lookup = _Lookup(target)
    lookup.wait(time_left(deadline))
    return lookup.result()


def _found(target: Target) -> list[AddressInfo]:
    return socket.getaddrinfo(target.ascii_name, target.port, type=socket.SOCK_STREAM)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


class _Lookup:
    """Looks up a name in a thread: the system's resolver takes no limit of time."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._found: list[AddressInfo] | BaseException | None = None
        self._is_done = threading.Lock()
        self._is_done.acquire()
        try:
            threading.Thread(target=self._run, name="amplify_data_client lookup", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter is about to end
            self._run()

    def wait(self, seconds: float) -> None:
        self._is_done.acquire(timeout=min(seconds, threading.TIMEOUT_MAX))

    def result(self) -> list[AddressInfo]:
        if self._found is None:
            raise TimeoutError(f"looking up the name {self._target.host} (DNS) took too long")
        if isinstance(self._found, BaseException):
            raise self._found
        return self._found

    def _run(self) -> None:
        try:
            self._found = _found(self._target)
        except BaseException as error:  # raised where it is waited for
            self._found = error
        finally:
            self._is_done.release()


class _Race:
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
            connection = _new_socket(info)
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
