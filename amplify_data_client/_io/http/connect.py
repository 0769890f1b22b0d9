"""Opens a connection, blocking: looks up the name, and races its addresses, TLS handshake included."""

import socket
import ssl
import threading

from . import tls
from .http11 import Target
from .sockets import AddressInfo, new_socket, time_left


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


def _connect_with(target: Target, deadline: float, context: ssl.SSLContext | None) -> socket.socket:
    found = _look_up(target, deadline)
    if not found:
        raise OSError(f"{target.host} has no address")
    if len(found) > 1:
        from .addresses import interleaved
        from .race import Race

        with Race(target, interleaved(found), deadline, context) as race:
            return race.run()
    return _connect_to(found[0], target, deadline, context)


def _connect_to(info: AddressInfo, target: Target, deadline: float, context: ssl.SSLContext | None) -> socket.socket:
    connection = new_socket(info)
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
