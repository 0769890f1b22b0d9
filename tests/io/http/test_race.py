"""The addresses of a name are raced: one more each quarter of a second, TLS handshake included."""

import asyncio
import gc
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io.http import async_connect, connect, race
from amplify_data_client._io.http.addresses import interleaved
from amplify_data_client._io.http.http11 import target_of
from amplify_data_client._io.http.sender import open_async_sender
from tests.io.http.senders import Awaiting, certificate, post
from tests.io.peers import Peer, answer, full_listener, read_request, serving

V4, V6 = socket.AF_INET, socket.AF_INET6


def info(family: Any, address: str, port: int) -> tuple[Any, ...]:
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """The addresses of names that only the test knows."""
    known: dict[str, list[Any]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return known[name] if name in known else real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@contextmanager
def silent_in_tls(port: int) -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.8", port)):
        yield "127.0.0.8"


@contextmanager
def answering(context: ssl.SSLContext | None = None, at: str = "127.0.0.9", port: int = 0) -> Iterator[Peer]:
    with socket.create_server((at, port)) as listener:
        peer = Peer(listener, (answer(),), context)
        try:
            yield peer
        finally:
            peer.stop()


def port_of(peer: Peer) -> int:
    return int(peer.listener.getsockname()[1])


@given(st.lists(st.sampled_from([V4, V6])))
def test_families_take_turns_and_each_keeps_its_order(families: list[Any]):
    found = [info(family, str(number), 1) for number, family in enumerate(families)]
    sorted_ = interleaved(found)
    assert sorted(sorted_) == sorted(found)
    for family in (V4, V6):
        assert [one for one in sorted_ if one[0] == family] == [one for one in found if one[0] == family]
    shorter = min(families.count(V4), families.count(V6))
    kinds = [one[0] for one in sorted_]
    assert all(first != second for first, second in pairwise(kinds[: 2 * shorter]))
    assert kinds[:1] == families[:1]


def test_a_silent_address_costs_a_moment_whatever_the_timeout(sender: Any, allow_http: None, resolve: Any):
    with full_listener() as port, answering(port=port):
        resolve["two"] = [info(V4, "127.0.0.1", port), info(V4, "127.0.0.9", port)]
        begin = time.monotonic()
        assert isinstance(sender.send(f"http://two:{port}/graphql", seconds=600), Reply)
        assert 0.2 < time.monotonic() - begin < 300


def test_an_address_that_never_finishes_tls_costs_a_moment(
    sender: Any, resolve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    context, file = certificate(tmp_path, "two.test")
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with answering(context) as peer, silent_in_tls(port_of(peer)) as silent:
        resolve["two.test"] = [info(V4, at, port_of(peer)) for at in (silent, "127.0.0.9")]
        begin = time.monotonic()
        assert isinstance(sender.send(f"https://two.test:{port_of(peer)}/graphql", seconds=600), Reply)
        assert time.monotonic() - begin < 300
        assert peer.connections == 1


def test_an_address_that_refuses_costs_nothing(
    sender: Any, allow_http: None, resolve: Any, monkeypatch: pytest.MonkeyPatch
):
    for module in (race, async_connect):  # to wait for a turn would never end
        monkeypatch.setattr(module, "ATTEMPT_DELAY", 1_000_000.0)
    with answering() as peer:
        port = port_of(peer)
        resolve["two"] = [info(V6, "::1", port), info(V4, "127.0.0.7", port), info(V4, "127.0.0.9", port)]
        assert isinstance(sender.send(f"http://two:{port}/graphql", seconds=600), Reply)


def test_where_all_addresses_refuse_the_last_refusal_is_told(sender: Any, allow_http: None, resolve: Any):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    resolve["two"] = [info(V4, "127.0.0.7", port), info(V4, "127.0.0.9", port)]
    outcome = sender.send(f"http://two:{port}/graphql")
    assert outcome.kind == "connect"
    assert isinstance(outcome.error, ConnectionRefusedError)


def test_where_all_addresses_are_silent_the_time_is_over_and_nothing_was_sent(
    sender: Any, allow_http: None, resolve: Any
):
    with full_listener() as port:
        resolve["two"] = [info(V4, "127.0.0.1", port)] * 3
        outcome = sender.send(f"http://two:{port}/graphql", seconds=0.6)
    assert (outcome.kind, outcome.sent) == ("timeout", False)


def test_the_losers_of_a_race_are_closed(sender: Any, resolve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    context, file = certificate(tmp_path, "two.test")
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    ended = threading.Event()

    def waiting(connection: socket.socket, number: int) -> None:
        while connection.recv(1000):  # the start of a handshake, and then the end
            pass
        ended.set()

    with ExitStack() as stack:
        peer = stack.enter_context(answering(context))
        listener = stack.enter_context(socket.create_server(("127.0.0.8", port_of(peer))))
        silent = Peer(listener, (waiting,), None)
        stack.callback(silent.stop)
        resolve["two.test"] = [info(V4, at, port_of(peer)) for at in ("127.0.0.8", "127.0.0.9")]
        threads = threading.active_count()
        assert isinstance(sender.send(f"https://two.test:{port_of(peer)}/graphql"), Reply)
        assert ended.wait(20)
        assert threading.active_count() <= threads + 4  # those of the peers
    gc.collect()  # a socket left open would warn


def test_a_certificate_that_is_refused_at_one_address_is_refused(
    sender: Any, resolve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    context, _ = certificate(tmp_path, "two.test")
    (tmp_path / "other").mkdir()
    _, other = certificate(tmp_path / "other", "two.test")
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with answering(context) as peer:
        resolve["two.test"] = [info(V4, "127.0.0.9", port_of(peer))] * 2
        outcome = sender.send(f"https://two.test:{port_of(peer)}/graphql")
    assert outcome.kind == "connect"
    assert isinstance(outcome.error, ssl.SSLCertVerificationError)


def test_a_name_that_takes_long_to_look_up_ends_with_the_time(
    sender: Any, allow_http: None, monkeypatch: pytest.MonkeyPatch
):
    real, over = socket.getaddrinfo, threading.Event()

    def slow(host: Any, *rest: Any, **options: Any) -> Any:
        if host in ("two", b"two"):
            over.wait()
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    outcome = sender.send("http://two:1/graphql", seconds=0.2)
    over.set()
    assert (outcome.kind, outcome.sent) == ("timeout", False)
    if not isinstance(sender, Awaiting):
        assert "DNS" in str(outcome.error)


def test_a_name_is_looked_up_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch):
    """As when the interpreter is about to end."""

    start, refused = threading.Thread.start, list[str]()

    def refuse(self: threading.Thread) -> None:
        if "lookup" not in self.name:
            start(self)  # those of the peer
            return
        refused.append(self.name)
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with serving(answer()) as peer:
        connect.connect(target_of(peer.url), time.monotonic() + 20).close()
    assert len(refused) == 1


async def test_a_race_that_is_cancelled_leaves_nothing_behind(allow_http: None, resolve: Any):
    sender = open_async_sender()
    with full_listener() as port:
        resolve["two"] = [info(V4, "127.0.0.1", port)] * 2
        sending = sender.send(post(f"http://two:{port}/graphql"), time.monotonic() + 600)
        task = asyncio.create_task(sending)
        await asyncio.sleep(0.4)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await sender.aclose()
    assert [one for one in asyncio.all_tasks() if one is not asyncio.current_task()] == []


def test_the_reply_over_the_winner_is_read_as_ever(sender: Any, allow_http: None, resolve: Any):
    asked: list[bytes] = []

    def noting(connection: socket.socket, number: int) -> None:
        while request := read_request(connection):
            asked.append(request)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    with socket.create_server(("127.0.0.9", 0)) as listener:
        peer = Peer(listener, (noting,), None)
        resolve["two"] = [info(V4, "127.0.0.9", port_of(peer))] * 4
        for _ in range(3):
            assert sender.send(f"http://two:{port_of(peer)}/graphql", b"x" * 300_000).body == b"{}"
        assert peer.connections == 1
        peer.stop()
    assert [len(request.partition(b"\r\n\r\n")[2]) for request in asked] == [300_000] * 3
