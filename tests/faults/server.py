"""Serves GraphQL on loopback as badly as a row asks for, and counts what it executes."""

import contextlib
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any, Self

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
LONGEST = 8.0  # seconds that a server keeps anything up: far past every timeout, so that a call that hangs is seen


class Exchange:
    """One request that was read, and what can be done with its connection."""

    def __init__(self, server: "Server", connection: socket.socket, head: bytes, body: bytes) -> None:
        self.server, self.connection, self.head, self.body = server, connection, head, body

    @cached_property
    def asked(self) -> Any:
        return json.loads(self.body)

    @property
    def inputs(self) -> dict[str, Any]:
        """The items by response name: of a batch its aliases, else the operation's name."""
        query, variables = self.asked["query"], self.asked["variables"]
        aliases = re.findall(r"(_\d+): \w+", query)
        if aliases:
            return {alias: variables[f"input{alias[1:]}"] for alias in aliases}
        name = re.findall(r"\b(createTodo|getTodo)\b", query)[0]
        return {name: variables["input"] if name == "createTodo" else {"id": variables["id"], "name": variables["id"]}}

    def execute(self) -> None:
        if self.asked["query"].startswith("mutation"):
            self.server.execute(item["id"] for item in self.inputs.values())

    @property
    def answer(self) -> bytes:
        """The right body."""
        return json.dumps({"data": {name: todo(item) for name, item in self.inputs.items()}}).encode()

    @property
    def reply(self) -> bytes:
        """The right reply, whole."""
        return reply(self.answer)

    def send(self, *parts: bytes | float) -> None:
        """Send bytes; a number is a pause in seconds."""
        for part in parts:
            if isinstance(part, bytes):
                self.connection.sendall(part)
            else:
                self.server.over.wait(part)

    def reset(self) -> None:
        """End the connection with a reset instead of an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def drip(self, data: bytes, seconds: float = 0.05) -> None:
        """Send a byte at a time, and then spaces, for as long as anybody listens."""
        end = time.monotonic() + LONGEST
        for byte in data + b" " * 10_000:
            if time.monotonic() > end or self.server.over.wait(seconds):
                return
            self.connection.sendall(bytes([byte]))


Behaviour = Callable[[Exchange], object]  # the connection ends when it gives False
Greeting = Callable[["Server", socket.socket], socket.socket | None]  # None: it is over


def todo(item: dict[str, Any]) -> dict[str, Any]:
    moment = "2026-01-01T00:00:00.000Z"
    times = {"createdAt": moment, "updatedAt": moment}
    return {"id": item["id"], "name": item["name"], "description": None, "isDone": None, **times}


def reply(body: bytes, status: str = "200 OK", headers: bytes = b"") -> bytes:
    start = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n".encode()
    return b"%s%scontent-length: %d\r\n\r\n%s" % (start, headers, len(body), body)


def answers(exchange: Exchange) -> None:
    """Execute, and reply as a server should."""
    exchange.execute()
    exchange.send(exchange.reply)


class Server:
    """A listener with a thread per connection; `behave` says what it does with a request, and may be changed."""

    def __init__(self, behave: Behaviour = answers, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.behave, self.greet = behave, None  # type: Behaviour, Greeting | None
        self.executed: Counter[str] = Counter()
        self.requests = self.connections = 0
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.listener = socket.create_server((host, port), backlog=256)
        self.port = self.listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="fault server", daemon=True)
        self._accepting.start()

    def url(self, scheme: str = "http", host: str = "localhost") -> str:
        return f"{scheme}://{host}:{self.port}/graphql"

    def execute(self, identifiers: Any) -> None:
        with self._lock:
            self.executed.update(identifiers)

    def hang_up(self) -> None:
        """Close all connections, as a server does with idle ones."""
        for connection in [*self._open]:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self.listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed: the end
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,), name="fault server", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        greeted: socket.socket | None = connection
        self._open.add(connection)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.greet:
                greeted = self.greet(self, connection)
            if greeted is not None:
                self._open.add(greeted)
                self._talk(greeted)
        except (OSError, ssl.SSLError):  # the client went away, or did not like the certificate
            pass
        finally:
            for one in (connection, greeted):
                if one is not None:
                    self._open.discard(one)
                    one.close()

    def _talk(self, connection: socket.socket) -> None:
        rest = b""
        while not self.over.is_set():
            head, body, rest = read_request(connection, rest)
            if not head:
                return
            with self._lock:
                self.requests += 1
            if self.behave(Exchange(self, connection, head, body)) is False:
                return


def read_request(connection: socket.socket, rest: bytes) -> tuple[bytes, bytes, bytes]:
    """Read one whole request: head, body, and what came after it; no head, if the client closed before its end."""
    while b"\r\n\r\n" not in rest:
        part = connection.recv(65536)
        if not part:
            return b"", b"", b""
        rest += part
    head, _, rest = rest.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    length = int(found[1]) if found else 0
    while len(rest) < length:
        part = connection.recv(65536)
        if not part:
            return b"", b"", b""
        rest += part
    return head, rest[:length], rest[length:]
