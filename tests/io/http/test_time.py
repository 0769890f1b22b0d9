"""A request ends with the time for its call, wherever it stands still."""

import contextlib
import socket
import ssl
import threading
import time
from typing import Any

import pytest

from amplify_data_client._core.wire.messages import Reply
from tests.io.http.senders import over_httpx
from tests.io.peers import dripping, full_listener, read_request, serving

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n"


@pytest.mark.parametrize("start", [HEAD + b"\r\n", HEAD + b"x-long: "], ids=["body", "header"])
def test_a_reply_that_drips_ends_with_the_time_for_the_call(sender: Any, start: bytes, context: ssl.SSLContext | None):
    with serving(dripping(start), context=context) as peer:
        outcome = sender.send(peer.url, seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", True)


def test_a_peer_that_never_answers_ends_with_the_time_for_the_call(sender: Any):
    silent = threading.Event()
    with serving(lambda connection, _: silent.wait(20) or None) as peer:
        outcome = sender.send(peer.url, seconds=0.2)
        silent.set()
    assert outcome.kind == "timeout"


def test_a_peer_that_does_not_read_the_request_ends_with_the_time_and_it_was_not_sent(sender: Any):
    def slow(connection: socket.socket, number: int) -> None:
        for _ in range(600):
            if not connection.recv(20_000):
                return
            time.sleep(0.05)

    with serving(slow) as peer:
        outcome = sender.send(peer.url, b"x" * 20_000_000, seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", False)


def test_a_peer_that_takes_no_connection_ends_with_the_time_and_nothing_was_sent(sender: Any):
    with full_listener() as port:
        outcome = sender.send(f"http://127.0.0.1:{port}/graphql", seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", False)


def test_nothing_is_sent_once_the_time_is_over(sender: Any):
    """An awaiting function for tokens that computes, say, may take all of it."""
    asked: list[bytes] = []

    def noting(connection: socket.socket, number: int) -> None:
        while request := read_request(connection):
            asked.append(request)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    with contextlib.ExitStack() as stack:
        theirs = stack.enter_context(over_httpx(sender))
        peer = stack.enter_context(serving(noting))
        for one in (sender, theirs):
            one.send(peer.url)
            late = one.send(peer.url, seconds=-1.0)
            assert (late.kind, late.sent) == ("timeout", False)
            assert isinstance(one.send(peer.url), Reply)
    assert len(asked) == 4
