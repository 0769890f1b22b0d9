"""Whatever comes over a socket, the server answers or hangs up: never a 500, a traceback or a hang."""

import contextlib
import logging
import os
import re
import socket
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amplify_data_client import generate_client
from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import introspection

pytestmark = pytest.mark.one_python

PATIENCE = 120  # seconds without a byte: that is a hang, on any machine
QUERY = b'{"query":"{ listTodos { items { id } } }"}'


@dataclass
class Served:
    backend: LocalBackend
    url: str
    complaints: list[str]

    def connect(self) -> socket.socket:
        host, port = self.url.removeprefix("http://").split(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)

    def send(self, *parts: bytes, first: bytes = b"") -> bytes:
        """Send bytes, say that there are no more, and read until the server hangs up.

        What comes `first` is answered before the rest is sent: a server may drop what it has to say to who is gone.
        """
        with self.connect() as connection:
            received = b""
            if first:
                connection.sendall(first)
                while not received.endswith(b"}"):
                    received += connection.recv(65536)
            with contextlib.suppress(OSError):  # it may hang up in the middle
                for part in parts:
                    connection.sendall(part)
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while chunk := connection.recv(65536):
                    received += chunk
        return received

    def check(self, received: bytes) -> None:
        statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3})", received, re.MULTILINE)]
        assert [status for status in statuses if status >= 500] == []
        assert b"Traceback" not in received
        complaints, self.complaints[:] = list(self.complaints), []
        assert complaints == []

    def check_alive(self) -> None:
        headers = {"x-api-key": self.backend.api_key}
        reply = httpx.post(f"{self.url}/graphql", headers=headers, content=QUERY, timeout=PATIENCE)
        assert "data" in reply.json()


class Complaints(logging.Handler):
    """Collects what the server logs of errors: it is where a traceback would be."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    handler = Complaints()
    with LocalBackend(introspection("todo")) as backend, backend.serve() as url:
        logging.getLogger("uvicorn.error").addHandler(handler)
        yield Served(backend, url, handler.found)
        logging.getLogger("uvicorn.error").removeHandler(handler)


METHODS = [
    b"GET",
    b"POST",
    b"PUT",
    b"OPTIONS",
    b"CONNECT",
    b"TRACE",
    b"PRI",
    b"post",
    b"",
    b"G T",
    b"\x00",
    b"M" * 5000,
]
TARGETS = [
    b"/graphql",
    b"/",
    b"/_page/page.css",
    b"/_page/token",
    b"*",
    b"",
    b"http://x/graphql",
    b"//",
    b"/%",
    b"/%00%ff",
]
VERSIONS = [b"HTTP/1.0", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.1 ", b"", b"http/1.1", b"HTTP/99999.1"]
methods = st.sampled_from(METHODS)
targets = st.sampled_from(TARGETS) | st.binary(max_size=30).map(lambda raw: b"/" + raw)
versions = st.just(b"HTTP/1.1") | st.sampled_from(VERSIONS)
header_lines = st.sampled_from(
    [
        b"Host: localhost",
        b"Host: a\r\nHost: b",
        b"Host: [",
        b"Host: \xff\xfe",
        b"Content-Length: 0",
        b"Content-Length: 3",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: 4, 4",
        b"Content-Length: 4\r\nContent-Length: 5",
        b"Content-Length: \xb2",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding:\x0bchunked",
        b"Content-Encoding: gzip",
        b"Content-Type: application/json; charset=utf-99",
        b"Content-Type: multipart/form-data",
        b"Expect: 100-continue",
        b"Expect: 200-ok",
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        b"Connection: close",
        b"Connection: keep-alive, \x00",
        b"Origin: null",
        b"Origin: http://localhost",
        b"Authorization: AWS4-HMAC-SHA256 Credential=//, SignedHeaders=, Signature=",
        b"Authorization: Bearer \xc3\x28",
        b"X-Amz-Target: AmazonSSM.GetParameters",
        b"X-Amz-Date: 99999999T999999Z",
        b" folded: line",
        b"no colon",
        b": no name",
        b"Na me: x",
        b"x-api-key: \x00",
        b"a:" + b"b" * 70_000,
        b"\r\n".join(b"h%d: x" % n for n in range(300)),
    ]
) | st.binary(max_size=20)
bodies = st.sampled_from(
    [
        b"",
        QUERY,
        b"{",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf" + QUERY,
        b"\x1f\x8b\x08\x00broken",
        b"[" * 100_000,
        b'{"query": ' + b'"x' * 3,
        b"0\r\n\r\n",
        b"2a\r\n" + QUERY + b"\r\n0\r\n\r\n",
        b"zz\r\n",
        b"-1\r\n\r\n",
        b"ffffffffffffffffff\r\n",
        b"5\r\nab",
        b"1\r\na\r\n0\r\nTrailer: \x00\r\n\r\n",
        b"1;" + b"x" * 20_000 + b"\r\na\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]
) | st.binary(max_size=60)


@given(methods, targets, versions, st.lists(header_lines, max_size=6), bodies, st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_any_request_is_answered_or_cut_off(
    served: Served, method: bytes, target: bytes, version: bytes, headers: list[bytes], body: bytes, cut: int
) -> None:
    key = b"x-api-key: " + served.backend.api_key.encode()
    raw = b"\r\n".join([b" ".join([method, target, version]), key, *headers, b"", body])
    served.check(served.send(raw[:cut], raw[cut:]))


@given(st.lists(header_lines, max_size=3), bodies, bodies)
@settings(max_examples=150, deadline=None)
def test_what_follows_a_request_on_its_connection_is_answered_or_cut_off(
    served: Served, headers: list[bytes], body: bytes, more: bytes
) -> None:
    key = b"x-api-key: " + served.backend.api_key.encode()
    first = b"\r\n".join(
        [b"POST /graphql HTTP/1.1", b"Host: localhost", key, b"Content-Length: %d" % len(QUERY), b"", QUERY]
    )
    second = b"\r\n".join([b"POST /graphql HTTP/1.1", b"Host: localhost", key, *headers, b"", body])
    received = served.send(second, more, first=first)
    assert received.startswith(b"HTTP/1.1 200 ")
    served.check(received)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_answered_or_cut_off(served: Served, raw: bytes) -> None:
    served.check(served.send(raw))


@pytest.mark.parametrize("method", [b"POST", b"GET", b"TRACE", b"X"])
def test_a_body_that_breaks_off_is_refused_once_whatever_the_method(served: Served, method: bytes) -> None:
    head = method + b" /graphql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    for body in (b"zz\r\n", b"1\r\nabc", b"1\r\na\r\n0\r\nx: \x00\r\n\r\n"):
        received = served.send(head + body)
        assert received.count(b"HTTP/1.1 ") <= 1
        served.check(received)
    served.check_alive()
    served.check(b"")


def test_it_still_answers_after_all_that(served: Served) -> None:
    served.check_alive()


def test_a_client_that_vanishes_in_the_middle_leaves_no_trace(served: Served) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"
    for linger in (False, True):
        for sent in (b"", b"POST", head):
            with served.connect() as connection:
                connection.sendall(sent)
                if linger:  # close with a reset
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    served.check_alive()
    assert served.complaints == []


def test_clients_that_never_finish_do_not_keep_others_out(served: Served) -> None:
    waiting = [served.connect() for _ in range(200)]
    for connection in waiting:
        connection.sendall(b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
    served.check_alive()
    for connection in waiting:
        connection.close()
    served.check_alive()
    assert served.complaints == []


def test_a_large_body_is_read(served: Served) -> None:
    body = b'{"query": "{ __typename }", "extensions": "' + b"x" * 20_000_000 + b'"}'
    headers = {"x-api-key": served.backend.api_key}
    reply = httpx.post(f"{served.url}/graphql", headers=headers, content=body, timeout=PATIENCE)
    assert reply.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("db", ["memory", "file"])
def test_a_hundred_clients_over_http_lose_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch, db: str) -> None:
    barrier = threading.Barrier(100)
    file = ":memory:" if db == "memory" else os.path.join(tmp_path, "x.db")
    with LocalBackend(introspection("todo"), db=file) as backend, backend.serve():
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)

        def work(client_number: int) -> None:
            with generate_client(timeout=PATIENCE) as client:
                barrier.wait()
                for n in range(5):
                    made = client.models.Todo.create(id=f"{client_number}-{n}", name="0").data
                    client.models.Todo.update(made, name=str(n))

        with ThreadPoolExecutor(100) as pool:
            list(pool.map(work, range(100)))
        found = {item["id"]: item["name"] for item in backend.items("Todo")}
    assert found == {f"{client}-{n}": str(n) for client in range(100) for n in range(5)}
