"""A user's own client, of httpx or httpx2, carries requests."""

import asyncio
import contextlib
import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import httpx
import httpx2
import pytest

from amplify_data_client import ConfigurationError
from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client._io.http import http11
from amplify_data_client._io.http.sender import open_async_sender, open_sender
from tests.io.http.senders import Awaiting, Blocking, post
from tests.io.peers import Talk, answer, dripping, full_listener, read_request, serving

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n"


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


class Owner:
    """Has a client, and a sender over it."""

    def __init__(self, kind: Any, library: Any, **options: Any) -> None:
        self.is_blocking = kind is Blocking
        made = library.Client if self.is_blocking else library.AsyncClient
        self.client = made(**{"trust_env": False, **options})
        self.sender = kind(self.client)

    def close(self) -> None:
        self.sender.close() if self.is_blocking else None
        assert not self.client.is_closed  # closing the sender leaves it open
        self.client.close() if self.is_blocking else self.sender.runner.run(self.client.aclose())
        self.is_blocking or self.sender.close()


@pytest.fixture(params=[Blocking, Awaiting], ids=["blocking", "awaiting"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def mine(kind: Any, library: Any) -> Iterator[Owner]:
    made = Owner(kind, library)
    yield made
    made.close()


def test_it_carries_requests_over_connections_that_are_used_again(mine: Owner):
    with serving(answer()) as peer:
        for _ in range(3):
            assert mine.sender.send(peer.url).body == b'{"data": {"a": 1}}'
        assert peer.connections == 1


@pytest.mark.parametrize("start", [HEAD + b"\r\n", HEAD + b"x-long: ", b""], ids=["body", "header", "nothing"])
def test_a_reply_that_drips_ends_with_the_time(mine: Owner, start: bytes):
    with serving(answer(), dripping(start)) as peer:
        outcome = mine.sender.send(peer.url)
        assert isinstance(outcome, Reply)
        peer.hang_up()
        begin = time.monotonic()
        outcome = mine.sender.send(peer.url, seconds=0.3)
        assert (outcome.kind, outcome.sent) == ("timeout", True)
        assert time.monotonic() - begin < 20  # the whole drips for half a minute


def test_interim_replies_without_end_end_with_the_time(mine: Owner):
    def flood(connection: socket.socket, number: int) -> None:
        read_request(connection)
        while True:
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)

    with serving(flood) as peer:
        outcome = mine.sender.send(peer.url, seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", True)


def test_the_owners_own_calls_keep_their_timeouts(mine: Owner):
    """The bound of a call's reads is put on the connection's stream, which the owner uses too."""
    with serving(answer()) as peer:
        mine.sender.send(peer.url, seconds=0.5)
        time.sleep(0.6)  # the time for that call is over
        asking = mine.client.get(peer.url)
        reply = asking if mine.is_blocking else mine.sender.runner.run(asking)
        assert reply.status_code == 200
        assert peer.connections == 1


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_reply_without_end_does_not_fill_the_memory(mine: Owner, packed: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http11, "MOST_BYTES", 1_000_000)
    body = gzip.compress(bytes(100_000_000)) if packed else bytes(30_000_000)
    encoding = b"content-encoding: gzip\r\n" if packed else b""

    def large(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(reply)

    reply = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n%s\r\n" % (len(body), encoding) + body
    with serving(large) as peer:
        tracemalloc.start()
        try:
            outcome = mine.sender.send(peer.url)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()
    assert (outcome.kind, outcome.sent) == ("reply", True)
    assert "more than" in str(outcome.error)


def packed_as(encoding: str, body: bytes) -> Talk:
    def talk(connection: socket.socket, number: int) -> None:
        asked = read_request(connection).lower()
        assert b"accept-encoding: gzip, deflate\r\n" in asked  # what is unpacked within the limit, and nothing else
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)

    return talk


def test_a_compressed_reply_is_read(mine: Owner):
    with serving(packed_as("gzip", gzip.compress(b'{"a":') + gzip.compress(b"1}"))) as peer:
        assert mine.sender.send(peer.url).body == b'{"a":1}'


def test_its_own_authentication_does_not_replace_the_signature(kind: Any, library: Any):
    seen: list[str] = []

    def handler(request: Any) -> Any:
        seen.append(request.headers["authorization"])
        return library.Response(200, content=b"{}")

    made = Owner(kind, library, transport=library.MockTransport(handler), auth=("user", "password"))
    made.sender.send("http://localhost/graphql", headers={"host": "localhost", "authorization": "AWS4-HMAC-SHA256 …"})
    assert seen == ["AWS4-HMAC-SHA256 …"]
    made.close()


def test_a_hook_may_read_the_reply(kind: Any, library: Any):
    def read(response: Any) -> None:
        response.read()

    async def aread(response: Any) -> None:
        await response.aread()

    made = Owner(kind, library, event_hooks={"response": [read if kind is Blocking else aread]})
    with serving(answer()) as peer:
        assert made.sender.send(peer.url).body == b'{"data": {"a": 1}}'
    made.close()


def test_nobody_there_is_a_failure_to_connect(mine: Owner):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = mine.sender.send(f"http://127.0.0.1:{port}/")
    assert (outcome.kind, outcome.sent) == ("connect", False)


def test_a_connection_that_takes_too_long_cannot_have_carried_anything(mine: Owner):
    with full_listener() as port:
        outcome = mine.sender.send(f"http://127.0.0.1:{port}/graphql", seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", False)


def test_a_tls_handshake_that_takes_too_long_cannot_have_carried_anything(mine: Owner):
    over = threading.Event()
    with serving(lambda connection, _: over.wait(20) or None) as peer:
        outcome = mine.sender.send(peer.url.replace("http:", "https:"), seconds=0.3)
        over.set()
    assert (outcome.kind, outcome.sent) == ("timeout", False)


@pytest.mark.parametrize("is_cancelled", [True, False], ids=["cancelled", "timed out"])
async def test_a_tls_handshake_that_does_not_end_leaves_no_socket_open(is_cancelled: bool):
    began, ended = threading.Event(), threading.Event()

    def waits(connection: socket.socket, _number: int) -> None:
        while connection.recv(1000):
            began.set()
        ended.set()

    async with httpx.AsyncClient(trust_env=False) as mine:
        sender = open_async_sender(mine)
        with serving(waits) as peer:
            url = peer.url.replace("http:", "https:")
            call = asyncio.ensure_future(sender.send(post(url), time.monotonic() + (20 if is_cancelled else 0.3)))
            await asyncio.to_thread(began.wait)
            if is_cancelled:
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
            else:
                outcome = await call
                assert isinstance(outcome, Failure) and (outcome.kind, outcome.sent) == ("timeout", False)
            assert await asyncio.to_thread(ended.wait, 5)


def test_a_transport_of_the_owners_own_that_takes_too_long_may_have_sent(library: Any):
    class Slow(library.AsyncBaseTransport):  # type: ignore[name-defined,misc]
        async def handle_async_request(self, request: Any) -> Any:
            await asyncio.sleep(1000)

    made = Owner(Awaiting, library, transport=Slow())
    outcome = made.sender.send("http://localhost/graphql", seconds=0.2)
    assert (outcome.kind, outcome.sent) == ("timeout", True)
    made.close()


def test_a_transport_that_tries_again_after_it_has_sent_may_have_sent(library: Any):
    """The second attempt fails to connect, and is all that its error tells of."""

    class Twice(library.BaseTransport):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            self.inner = library.HTTPTransport()

        def handle_request(self, request: Any) -> Any:
            with contextlib.suppress(library.RemoteProtocolError):
                return self.inner.handle_request(request)
            other = library.Request("POST", "http://127.0.0.1:1/", content=b"{}", extensions=request.extensions)
            return self.inner.handle_request(other)

        def close(self) -> None:
            self.inner.close()

    made = Owner(Blocking, library, transport=Twice())
    with serving(lambda connection, _: read_request(connection) and None) as peer:
        outcome = made.sender.send(peer.url)
    assert (outcome.kind, outcome.sent) == ("reply", True)
    made.close()


def test_a_closed_client_says_so(kind: Any, library: Any):
    made = Owner(kind, library)
    made.close()
    again = kind(made.client)
    with pytest.raises(ConfigurationError, match="closed"):
        again.send("http://localhost/")
    again.close()


def test_a_client_of_another_kind_is_refused_at_once(library: Any):
    with library.Client() as blocking:
        for open_, given in (
            (open_sender, library.AsyncClient()),
            (open_sender, 3),
            (open_async_sender, blocking),
        ):
            with pytest.raises(ConfigurationError, match=r"http_client is of the class .* httpx\.Client,"):
                open_(given)
