"""Connections are used again, and which are not."""

import asyncio
import gc
import socket
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from amplify_data_client import ConfigurationError
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io.http import http11
from amplify_data_client._io.http.sender import open_async_sender, open_sender
from tests.io.http.senders import Awaiting, Blocking
from tests.io.peers import answer, read_request, serving


def test_connections_are_used_again(sender: Any, context: ssl.SSLContext | None):
    with serving(answer(), context=context) as peer:
        for _ in range(6):
            assert sender.send(peer.url).body == b'{"data": {"a": 1}}'
        assert peer.connections == 1


def test_a_connection_that_the_peer_closed_while_it_was_idle_is_replaced(sender: Any):
    with serving(answer(), answer()) as peer:
        assert isinstance(sender.send(peer.url), Reply)
        peer.hang_up()
        time.sleep(0.05)  # an event loop stands still meanwhile, as in a frozen sandbox
        assert isinstance(sender.send(peer.url), Reply)
        assert peer.connections == 2


def test_a_connection_that_was_idle_for_long_is_not_trusted(sender: Any, monkeypatch: pytest.MonkeyPatch):
    with serving(answer(), answer()) as peer:
        sender.send(peer.url)
        monkeypatch.setattr(http11, "IDLE_SECONDS", 0.0)
        assert isinstance(sender.send(peer.url), Reply)
        assert peer.connections == 2
    assert http11.IDLE_SECONDS <= 10


def test_a_connection_whose_reply_was_no_answer_is_not_used_again(sender: Any):
    with serving(answer(), answer()) as peer:
        reply = sender.send(peer.url)
        reply.distrust()
        assert isinstance(sender.send(peer.url), Reply)
        assert peer.connections == 2
        assert isinstance(sender.send(peer.url), Reply)
        assert peer.connections == 2


def test_what_a_peer_says_unasked_is_not_taken_for_the_next_reply(sender: Any):
    def talk(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        if number == 0:
            time.sleep(0.05)
            connection.sendall(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            said.set()
            read_request(connection)

    said = threading.Event()
    with serving(talk) as peer:
        assert sender.send(peer.url).status == 200
        said.wait(20)
        if isinstance(sender, Awaiting):
            sender.runner.run(asyncio.sleep(0.05))  # the loop reads it
        assert sender.send(peer.url).status == 200
        assert peer.connections == 2


def test_connections_of_a_busy_moment_do_not_stay_open(sender: Any, monkeypatch: pytest.MonkeyPatch):
    ended = threading.Semaphore(0)
    busy = threading.Barrier(8, timeout=20)

    def counting(connection: socket.socket, number: int) -> None:
        first = True
        while read_request(connection):
            if first and number < 8:
                busy.wait()
            first = False
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        ended.release()

    with serving(counting) as peer:
        sender.many(peer.url, 8)
        monkeypatch.setattr(http11, "IDLE_SECONDS", -1.0)
        sender.send(peer.url)
        for _ in range(8):
            assert ended.acquire(timeout=10)


def test_a_pool_is_shared_between_threads(sender: Any):
    blocking = Blocking()
    with serving(answer()) as peer, ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: blocking.send(peer.url), range(200)))
        blocking.close()
        assert all(isinstance(outcome, Reply) for outcome in outcomes)
        assert peer.connections <= 8
    gc.collect()


def test_closing_a_copy_leaves_the_original_open(sender: Any):
    copied = sender.sender.shared()
    with serving(answer()) as peer:
        sender.send(peer.url)
        sender.runner.run(copied.aclose()) if isinstance(sender, Awaiting) else copied.close()
        assert isinstance(sender.send(peer.url), Reply)
        assert peer.connections == 1


def test_closing_while_threads_take_connections_is_no_error():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with serving(answer()) as peer, ThreadPoolExecutor(6) as pool:
            made = Blocking()
            calls = [pool.submit(made.send, peer.url) for _ in range(300)]
            while not all(call.done() for call in calls):
                made.sender._transport.forget()
            assert [call.result() for call in calls if not isinstance(call.result(), Reply)] == []
            made.close()
            assert [free for free in made.sender._transport._free.values() if free] == []
    finally:
        sys.setswitchinterval(before)


def test_a_closed_sender_says_so(sender: Any):
    kind = type(sender)
    other = kind()
    other.close()
    again = kind()
    again.sender = other.sender
    with pytest.raises(ConfigurationError, match="closed"):
        again.send("http://127.0.0.1/graphql")
    again.sender = open_async_sender() if kind is Awaiting else open_sender()
    again.close()
