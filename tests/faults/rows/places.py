"""Addresses, certificates and tunnels that do not lead to the server."""

import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from tests.faults.cells import Cell, Point, Row, calling, full_listener, one_of_each
from tests.faults.server import LONGEST, Greeting, Server, answers, read_request

from .cuts import cut

NAME = "api.localhost"
GOOD, SILENT, FULL, CLOSED = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
ORDERS = (
    [CLOSED, GOOD],
    [FULL, GOOD],
    [CLOSED, FULL, CLOSED, GOOD],
    [FULL, FULL, GOOD],
    [GOOD, FULL],
    [FULL, CLOSED, GOOD, FULL],
)


@contextmanager
def _leading_to(addresses: Sequence[str]) -> Iterator[None]:
    """The name has these addresses, in this order."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if (host.decode() if isinstance(host, bytes) else host) != NAME:
            return real(host, port, *more, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (one, int(port))) for one in addresses]

    with mock.patch.object(socket, "getaddrinfo", getaddrinfo):
        yield


def serves_tls() -> Greeting:
    """TLS with the certificate that the clients of this program trust."""
    file = os.environ["SSL_CERT_FILE"]
    return _tls(file, file.replace("certificate", "key"))


def _tls(certificate: str, key: str) -> Greeting:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def greet(_server: Server, connection: socket.socket) -> socket.socket:
        return context.wrap_socket(connection, server_side=True)

    return greet


def _addresses(cell: Cell) -> None:
    for order in ORDERS:
        with ExitStack() as stack:
            server = stack.enter_context(Server())
            stack.enter_context(full_listener(FULL, server.port))
            stack.enter_context(_leading_to(order))
            caller = stack.enter_context(calling(cell, server.url(host=NAME), timeout=5))
            one_of_each(cell, server, caller, Point(f"{order}", answers, "done", "done"), "one")
    with Server() as server, _leading_to([CLOSED, CLOSED]), calling(cell, server.url(host=NAME), timeout=5) as caller:
        one_of_each(cell, server, caller, Point("none of them", answers, "not", "not"), "one")


def _addresses_without_tls(cell: Cell) -> None:
    """The first address takes connections, and says nothing."""
    with Server() as server, Server(host=SILENT, port=server.port) as silent, _leading_to([SILENT, GOOD]):
        server.greet, silent.greet = serves_tls(), _keeps_silent
        with calling(cell, server.url("https", NAME), timeout=5) as caller:
            one_of_each(cell, server, caller, Point("TLS stalls at the first", answers, "done", "done"), "one")


def _keeps_silent(server: Server, _connection: socket.socket) -> None:
    server.over.wait(LONGEST)


def _speaks(data: bytes, *, waits: bool) -> Greeting:
    def greet(server: Server, connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(data)
        if waits:
            server.over.wait(LONGEST)

    return greet


def _half_a_handshake(server: Server, connection: socket.socket) -> None:
    """The first half of what a server says, and then silence."""
    file = os.environ["SSL_CERT_FILE"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, file.replace("certificate", "key"))
    came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
    talk = context.wrap_bio(came, goes, server_side=True)
    came.write(connection.recv(65536))
    with ExitStack() as stack:
        stack.callback(server.over.wait, LONGEST)
        try:
            talk.do_handshake()
        except ssl.SSLWantReadError:
            connection.sendall(goes.read()[:-100])


def _stalls(cell: Cell) -> None:
    folder = os.path.dirname(os.environ["SSL_CERT_FILE"])
    strangers = {name: _tls(f"{folder}/{name}.pem", f"{folder}/{name}-key.pem") for name in ("unknown", "elsewhere")}
    greetings: dict[str, Greeting] = {
        "silence": _keeps_silent,
        "half a handshake": _half_a_handshake,
        "an end": _speaks(b"", waits=False),
        "HTTP instead of TLS": _speaks(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", waits=False),
        "an alert": _speaks(b"\x15\x03\x03\x00\x02\x02\x28", waits=False),
        "a certificate of an unknown authority": strangers["unknown"],
        "a certificate of another host": strangers["elsewhere"],
    }
    for name, greet in greetings.items():
        with Server() as server, calling(cell, server.url("https"), timeout=1.0) as caller:
            server.greet = _behind_a_tunnel(greet) if cell.way.transport == "proxy" else greet
            one_of_each(cell, server, caller, Point(name, answers, "not", "not"), "one")


def _over_tls(cell: Cell) -> None:
    """After a handshake as it should be."""
    points = [
        Point(f"{end} at {at}", cut("with a length", end, at), "may have", "not")
        for end in ("end", "reset")
        for at in (0, 20, 150)
    ]
    with Server() as server, calling(cell, server.url("https"), timeout=10) as caller:
        server.greet = _behind_a_tunnel(serves_tls()) if cell.way.transport == "proxy" else serves_tls()
        for number, point in enumerate([Point("as it should be", answers, "done", "done"), *points]):
            server.behave = point.behave
            one_of_each(cell, server, caller, point, f"{number}")


def _behind_a_tunnel(greet: Greeting) -> Greeting:
    """A proxy that makes the tunnel, and at whose other end that greeting waits."""

    def both(server: Server, connection: socket.socket) -> socket.socket | None:
        read_request(connection, b"")
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return greet(server, connection)

    return both


def _tunnels(cell: Cell) -> None:
    replies = {
        "407": b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
        "403": b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
        "502": b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
        "an end": b"",
        "half a head": b"HTTP/1.1 200 Conn",
        "garbage": b"\x00\x01\x02\r\n\r\n",
    }
    greetings = {name: _speaks(data, waits=False) for name, data in replies.items()}
    greetings |= {"silence": _keeps_silent, "a head that does not end": _speaks(b"HTTP/1.1 200 OK\r\nx: y", waits=True)}
    for name, greet in greetings.items():
        with Server() as server, calling(cell, server.url("https"), timeout=1.0) as caller:
            server.greet = greet
            one_of_each(cell, server, caller, Point(name, answers, "may have | not", "not"), "one")


ROWS = [
    Row("several addresses, some of which refuse or hang", run=_addresses, suits=lambda way: way.is_ours),
    Row("several addresses, TLS stalls at the first", run=_addresses_without_tls, suits=lambda way: way.is_ours),
    Row("TLS that stalls, ends or is another's", run=_stalls),
    Row("resets and ends inside TLS", run=_over_tls),
    Row("proxies that refuse, stall or cut the tunnel", run=_tunnels, suits=lambda way: way.transport == "proxy"),
]
