"""Connections that cannot be made, and names with several addresses."""

import asyncio
import socket
import ssl
import threading
from typing import Any

import pytest

from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io.http import async_pool
from tests.io.http.senders import Blocking
from tests.io.peers import Peer, answer, full_listener, serving


def test_the_addresses_of_a_name_share_the_time(sender: Any, allow_http: None, monkeypatch: pytest.MonkeyPatch):
    with full_listener() as port, socket.create_server(("127.0.0.9", port)) as listener:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.1", "127.0.0.9")]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: found if host in ("two", b"two") else real(host, *a, **k)
        )
        peer = Peer(listener, (answer(),), None)
        assert isinstance(sender.send(f"http://two:{port}/graphql", seconds=2), Reply)
        peer.stop()


def test_a_peer_that_does_not_speak_tls_is_no_connection(sender: Any):
    silent = threading.Event()

    def plain(connection: socket.socket, number: int) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")

    with serving(lambda connection, _: silent.wait(20) or None, plain) as peer:
        url = peer.url.replace("http:", "https:")
        late, refused = sender.send(url, seconds=0.3), sender.send(url)
        silent.set()
    assert (late.kind, late.sent) == ("timeout", False)
    assert (refused.kind, refused.sent) == ("connect", False)


def test_nobody_there_is_a_failure_to_connect(sender: Any, allow_http: None):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert sender.send(f"http://127.0.0.1:{port}/graphql").kind == "connect"
    assert sender.send("http://nobody.invalid/graphql").kind == "connect"
    assert sender.send("http://two..dots/graphql").kind == "connect"


def test_a_peer_that_closes_before_the_request_is_a_request_that_was_not_sent(
    sender: Any, context: ssl.SSLContext | None, monkeypatch: pytest.MonkeyPatch
):
    """However long it takes the call to come to its turn: the awaiting one was told before it asked for anything."""
    opened, ended = async_pool.connect, threading.Event()

    async def busy(*arguments: Any) -> Any:
        connection = await opened(*arguments)
        await asyncio.to_thread(ended.wait)
        while not connection._is_closing():  # noqa: ASYNC110  # nobody is told of it
            await asyncio.sleep(0.01)
        return connection

    def closing(connection: socket.socket, number: int) -> None:
        connection.close()
        ended.set()

    monkeypatch.setattr(async_pool, "connect", busy)
    with serving(closing, context=context) as peer:
        outcome = sender.send(peer.url)
    assert outcome.kind in ("send", "reply")  # a blocking socket takes what it is given, and learns of it later
    assert outcome.kind == "send" or isinstance(sender, Blocking)
