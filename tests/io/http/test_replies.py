"""Replies arrive whole, or are told to be lost."""

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import traceback
import zlib
from typing import Any

import h11
import pytest

from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io.http import http11
from tests.io.http.senders import over_httpx
from tests.io.peers import Talk, answer, read_request, serving

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n"


def test_there_is_work_to_do_while_the_reply_is_on_its_way(sender: Any, context: ssl.SSLContext | None):
    is_working = threading.Event()

    def patient(connection: socket.socket, number: int) -> None:
        read_request(connection)
        found = b"1" if is_working.wait(10) else b"0"
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + found)

    with serving(patient, context=context) as peer:
        assert sender.send(peer.url, after_send=is_working.set).body == b"1"


def test_many_calls_at_once_get_their_own_replies(sender: Any, context: ssl.SSLContext | None):
    with serving(answer(), context=context) as peer:
        replies = sender.many(peer.url, 50)
    assert [reply.status for reply in replies] == [200] * 50


def test_five_megabytes_arrive_whole(sender: Any, context: ssl.SSLContext | None):
    with serving(answer(b"x" * 5_000_000), context=context) as peer:
        assert len(sender.send(peer.url).body) == 5_000_000


@pytest.mark.parametrize(
    "words",
    [b"", HEAD + b"\r\nshort", b"HTTP/1.1 200", b"nonsense\r\n\r\n", b"HTTP/1.1 101 Other\r\nupgrade: x\r\n\r\nother"],
    ids=["nothing", "cut short", "cut in the head", "nonsense", "another protocol"],
)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("before", [0, 1])
def test_a_reply_that_breaks_is_lost_and_was_sent(
    sender: Any, words: bytes, reset: bool, before: int, context: ssl.SSLContext | None
):
    def talk(connection: socket.socket, number: int) -> None:
        for _ in range(before):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        read_request(connection)
        connection.sendall(words)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    with serving(talk, context=context) as peer:
        for _ in range(before):
            assert isinstance(sender.send(peer.url), Reply)
        outcome = sender.send(peer.url)
        assert peer.connections == 1
    # what counts for a mutation: it is never taken for one that did not get out
    assert (outcome.kind, outcome.sent) == ("reply", True)


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_a_compressed_reply_is_read_and_a_broken_one_is_lost(sender: Any, kind: str):
    packed = gzip.compress(b'{"data": {}}') if kind == "gzip" else zlib.compress(b'{"data": {}}')

    def compressed(body: bytes) -> Talk:
        def talk(connection: socket.socket, number: int) -> None:
            read_request(connection)
            head = f"HTTP/1.1 200 OK\r\ncontent-encoding: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)

        return talk

    with serving(compressed(packed), compressed(packed[:-6]), compressed(b"nonsense")) as peer:
        assert sender.send(peer.url).body == b'{"data": {}}'
        for _ in range(2):
            outcome = sender.send(peer.url)
            assert (outcome.kind, outcome.sent) == ("reply", True)


def test_a_packed_reply_that_was_cut_short_is_lost(sender: Any):
    body = gzip.compress(b'{"data": {}}' * 1000)[:-20]

    def cut(connection: socket.socket, number: int) -> None:
        read_request(connection)
        head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\ncontent-encoding: gzip\r\n\r\n" % len(body)
        connection.sendall(head + body)

    with serving(cut) as peer:
        assert "cut short" in str(sender.send(peer.url).error)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_reply_without_end_does_not_fill_the_memory(sender: Any, packed: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http11, "MOST_BYTES", 1_000_000)
    body = gzip.compress(bytes(30_000_000)) if packed else bytes(30_000_000)
    encoding = b"content-encoding: gzip\r\n" if packed else b""

    def large(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n%s\r\n" % (len(body), encoding) + body)

    with serving(large) as peer:
        outcome = sender.send(peer.url)
    assert (outcome.kind, outcome.sent) == ("reply", True)
    assert "more than" in str(outcome.error)


def test_a_reply_that_is_too_large_is_not_kept_by_its_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http11, "MOST_BYTES", 10)
    body = bytearray(b"12345678")
    with pytest.raises(h11.RemoteProtocolError, match="more than"):
        http11.add_part(body, b"9012")
    assert body == b""


@pytest.mark.parametrize("client", [False, True], ids=["ours", "a user's"])
def test_what_a_peer_says_instead_of_http_is_not_quoted(sender: Any, client: bool):
    """It may be the reply's body, where the framing went wrong: users' data."""
    talks = [
        b"private words\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nprivate words\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nprivate words\r\n\r\n",
    ]

    def wrong(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(talks[number])

    with contextlib.ExitStack() as stack:
        sender = stack.enter_context(over_httpx(sender)) if client else sender
        peer = stack.enter_context(serving(wrong))
        for _ in talks:
            outcome = sender.send(peer.url)
            assert outcome.kind == "reply"
            assert "private" not in "".join(traceback.format_exception(outcome.error))
