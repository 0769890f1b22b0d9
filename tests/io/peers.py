"""Servers that misbehave as told, on raw sockets of loopback."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Talk = Callable[[socket.socket, int], None]


def answer(body: bytes = b'{"data": {"a": 1}}', *, close: bool = False) -> Talk:
    """Read a request, and answer it."""

    def talk(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\ncontent-type: application/json\r\n\r\n"
            connection.sendall(head.encode() + body)
            if close:
                return

    return talk


def read_request(connection: socket.socket) -> bytes:
    """One whole request, or nothing if the peer closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def dripping(start: bytes) -> Talk:
    """Answer with a start, and then a byte at a time for as long as anybody listens."""

    def talk(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(start)
        for _ in range(600):
            connection.sendall(b"x")
            time.sleep(0.05)

    return talk


@contextmanager
def serving(*talks: Talk, context: ssl.SSLContext | None = None) -> Iterator["Peer"]:
    """Serve: the n-th connection gets the n-th talk, further ones the last."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = Peer(listener, talks, context)
        try:
            yield peer
        finally:
            peer.stop()


@contextmanager
def full_listener() -> Iterator[int]:
    """A port whose queue is full: a connection to it is neither made nor refused."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


class Peer:
    def __init__(self, listener: socket.socket, talks: tuple[Talk, ...], context: ssl.SSLContext | None) -> None:
        self.listener, self.talks, self.context = listener, talks, context
        self.connections = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        scheme = "https" if context else "http"
        self.url = f"{scheme}://localhost:{listener.getsockname()[1]}/graphql"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed: the end
            while True:
                connection, _ = self.listener.accept()
                number, self.connections = self.connections, self.connections + 1
                thread = threading.Thread(target=self._talk, args=(connection, number), daemon=True)
                self._open.append(connection)
                thread.start()
                self._threads.append(thread)

    def _talk(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):  # the client went away, or did not like the certificate
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection:
                self.talks[min(number, len(self.talks) - 1)](connection, number)
        connection.close()

    def hang_up(self) -> None:
        """Close all connections, as a peer does with idle ones."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self.hang_up()
        for thread in self._threads:
            thread.join(5)
