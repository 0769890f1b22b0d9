"""Both pools against peers that misbehave; and a user's own httpx clients."""

import asyncio
import contextlib
import gc
import gzip
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.credentials
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from amplify_data_client import ConfigurationError, OperationError
from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client._io.http import async_pool, http11, tls
from amplify_data_client._io.http.sender import open_async_sender, open_sender

from .peers import Peer, Talk, answer, dripping, full_listener, read_request, serving

Send = Callable[..., Reply | Failure]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n"


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


class Blocking:
    """A sender with the same face as the awaiting one."""

    def __init__(self, client: Any = None) -> None:
        self.sender = open_sender(client)

    def send(
        self, url: str, body: bytes = b"{}", seconds: float = 20.0, headers: Any = None, after_send: Any = None
    ) -> Reply | Failure:
        deadline = time.monotonic() + seconds
        return self.sender.send("POST", url, headers or {"host": _host(url)}, body, deadline, after_send)

    def many(self, url: str, count: int) -> list[Reply | Failure]:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda _: self.send(url), range(count)))

    def close(self) -> None:
        self.sender.close()


class Awaiting:
    def __init__(self, client: Any = None) -> None:
        self.sender = open_async_sender(client)
        self.runner = asyncio.Runner()

    def send(
        self, url: str, body: bytes = b"{}", seconds: float = 20.0, headers: Any = None, after_send: Any = None
    ) -> Reply | Failure:
        return self.runner.run(self._send(url, body, seconds, headers, after_send))

    async def _send(
        self, url: str, body: bytes, seconds: float, headers: Any = None, after_send: Any = None
    ) -> Reply | Failure:
        headers = headers or {"host": _host(url)}
        return await self.sender.send("POST", url, headers, body, time.monotonic() + seconds, after_send)

    def many(self, url: str, count: int) -> list[Reply | Failure]:
        async def all_of_them() -> list[Reply | Failure]:
            return await asyncio.gather(*(self._send(url, b"{}", 20.0) for _ in range(count)))

        return self.runner.run(all_of_them())

    def close(self) -> None:
        self.runner.run(self.sender.aclose())
        self.runner.close()


@contextlib.contextmanager
def over_httpx(sender: Blocking | Awaiting) -> Iterator[Any]:
    """A sender of the same kind, over a user's client."""
    if isinstance(sender, Blocking):
        with httpx.Client(trust_env=False) as client:
            yield Blocking(client)
        return
    made = Awaiting(httpx.AsyncClient(trust_env=False))
    yield made
    made.runner.run(made.sender._transport._client.aclose())
    made.close()


@pytest.fixture(params=[Blocking, Awaiting], ids=["blocking", "awaiting"])
def sender(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture(params=["plain", "TLS"])
def context(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext | None:
    """What a peer serves with: nothing, or a certificate that we trust."""
    if request.param == "plain":
        return None
    context, file = certificate(tmp_path)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


def test_connections_are_used_again(sender: Any, context: ssl.SSLContext | None):
    with serving(answer(), context=context) as peer:
        for _ in range(6):
            assert sender.send(peer.url).body == b'{"data": {"a": 1}}'
        assert peer.connections == 1


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


def test_a_peer_that_does_not_read_the_request_ends_with_the_time_and_it_was_not_sent(sender: Any):
    def slow(connection: socket.socket, number: int) -> None:
        for _ in range(600):
            if not connection.recv(20_000):
                return
            time.sleep(0.05)

    with serving(slow) as peer:
        outcome = sender.send(peer.url, b"x" * 20_000_000, seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", False)


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


def test_a_peer_that_takes_no_connection_ends_with_the_time_and_nothing_was_sent(sender: Any):
    with full_listener() as port:
        outcome = sender.send(f"http://127.0.0.1:{port}/graphql", seconds=0.3)
    assert (outcome.kind, outcome.sent) == ("timeout", False)


def test_the_addresses_of_a_name_share_the_time(sender: Any, monkeypatch: pytest.MonkeyPatch):
    with full_listener() as port, socket.create_server(("127.0.0.9", port)) as listener:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.1", "127.0.0.9")]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: found if host in ("two", b"two") else real(host, *a, **k)
        )
        peer = Peer(listener, (answer(),), None)
        assert isinstance(sender.send(f"http://two:{port}/graphql", seconds=2), Reply)
        peer.stop()


@pytest.mark.parametrize("value", ["one\ntwo", "\ud800"], ids=["line break", "lone surrogate"])
@pytest.mark.parametrize("client", [False, True], ids=["own", "httpx"])
def test_a_header_that_http_cannot_carry_is_refused_without_showing_it(sender: Any, value: str, client: bool):
    kind = type(sender)
    if client:
        mine: Any = httpx.Client() if kind is Blocking else httpx.AsyncClient()
        other = kind(mine)
    with serving(answer()) as peer:
        url, used = peer.url, other if client else sender
        headers = {"host": _host(url), "x-api-key": f"secret{value}"}
        with pytest.raises(OperationError, match="holds a character") as caught:
            used.send(url, headers=headers)
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    if client:
        mine.close() if kind is Blocking else other.runner.run(mine.aclose())
        other.close()


def test_headers_travel_as_utf_8_through_any_client(sender: Any):
    seen: list[bytes] = []

    def talk(connection: socket.socket, number: int) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    with serving(talk) as peer, httpx.Client() as mine:
        headers = {"host": _host(peer.url), "x-name": "gräph"}
        sender.send(peer.url, headers=headers)
        Blocking(mine).send(peer.url, headers=headers)
    assert all("x-name: gräph\r\n".encode() in request.lower() for request in seen)
    assert len(seen) == 2


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


def test_nobody_there_is_a_failure_to_connect(sender: Any):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert sender.send(f"http://127.0.0.1:{port}/graphql").kind == "connect"
    assert sender.send("http://nobody.invalid/graphql").kind == "connect"
    assert sender.send("http://two..dots/graphql").kind == "connect"


def certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, folder / "key.pem")
    return context, file


def test_an_unknown_certificate_is_refused_and_a_named_one_is_trusted(
    sender: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    context, file = certificate(tmp_path)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with serving(answer(), context=context) as peer:
        refused = sender.send(peer.url)
        assert refused.kind == "connect"
        assert "certificate" in str(refused.error).lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert isinstance(sender.send(peer.url), Reply)
        # the certificate is for another name
        outcome = sender.send(peer.url.replace("localhost", "127.0.0.1"))
        assert outcome.kind == "connect"


def test_a_file_of_certificates_that_cannot_be_read_is_named(
    sender: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    (tmp_path / "empty.pem").write_text("")
    with serving(answer()) as peer:
        for name, file in (("SSL_CERT_FILE", "missing.pem"), ("AWS_CA_BUNDLE", "empty.pem")):
            monkeypatch.setenv(name, str(tmp_path / file))
            with pytest.raises(ConfigurationError, match=rf"{file}.*{name}"):
                sender.send(peer.url.replace("http:", "https:"))


def test_the_context_always_verifies(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    for made in (tls._make(None).context, tls.whole()):
        assert made.verify_mode is ssl.CERT_REQUIRED
        assert made.check_hostname is True
    assert len(tls.whole().get_ca_certs()) > 50


def test_amazons_roots_come_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    names = [dict(part[0] for part in one["subject"]) for one in tls._make(None).context.get_ca_certs()]
    assert len(names) >= 5
    assert {name["organizationName"] for name in names} == {"Amazon", "Starfield Technologies, Inc."}


@pytest.mark.parametrize("label", ["Amazon Root CA 1", "Another Root"])
def test_what_amazons_roots_do_not_vouch_for_is_tried_with_all_roots(
    sender: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str
):
    context, file = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = certificate(tmp_path / "other", "elsewhere")
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(f"# Amazon Root CA 2\n{other.read_text()}\n# {label}\n{file.read_text()}")
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with serving(answer(), context=context) as peer:
        assert isinstance(sender.send(peer.url), Reply)
        assert isinstance(sender.send(peer.url), Reply)
    assert len(tls.context().get_ca_certs()) == 2


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


FORKING = """
import os, sys, time
from amplify_data_client._io.http.sender import open_async_sender, open_sender

def send():
    return sender.send("POST", sys.argv[1], {"host": "localhost"}, b"{}", time.monotonic() + 20).body

sender = open_sender()
before = send()
child = os.fork()
if child == 0:
    os._exit(0 if send() != before else 1)
assert os.waitpid(child, 0)[1] == 0, "the child has used the connection of its parent"
assert send() == before, "the parent has lost its connection"
"""


@pytest.mark.parametrize("is_proxied", [False, True], ids=["directly", "through a proxy"])
def test_a_forked_process_opens_connections_of_its_own(is_proxied: bool):
    def numbered(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % number)

    with serving(numbered) as peer:
        env = {"PYTHONPATH": os.pathsep.join(sys.path)}
        env |= {"http_proxy": peer.url.removesuffix("/graphql")} if is_proxied else {}
        url = "http://api.test/graphql" if is_proxied else peer.url
        done = subprocess.run(
            [sys.executable, "-c", FORKING, url], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert peer.connections == 2


def test_a_fork_while_the_context_is_made_does_not_wait_for_ever():
    program = """
import os, threading, time
from amplify_data_client._io.http import tls
held, over = threading.Event(), threading.Event()

def hold():
    with tls._lock:
        held.set()
        over.wait()

holding = threading.Thread(target=hold)
holding.start()
held.wait()
child = os.fork()
if child == 0:
    os._exit(0 if tls._lock.acquire(timeout=5) else 1)
status = os.waitpid(child, 0)[1]
over.set()
raise SystemExit(status)
"""
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], env=env, check=True)


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize("closing", [False, True], ids=["kept", "closed by the peer"])
def test_each_event_loop_has_connections_of_its_own_that_end_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secure: bool, closing: bool
):
    context, file = certificate(tmp_path)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    sender = open_async_sender()

    async def call(url: str) -> Any:
        return await sender.send("POST", url, {"host": _host(url)}, b"{}", time.monotonic() + 20)

    with serving(last_words if closing else answer(), context=context if secure else None) as peer:
        assert [asyncio.run(call(peer.url)).status for _ in range(3)] == [200] * 3
        assert peer.connections == 3
    gc.collect()  # a socket left open would warn
    assert len(sender._transport._free) == 1  # those before have been forgotten


def last_words(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
    connection.recv(1)


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


async def test_a_cancelled_call_closes_its_connection_and_harms_no_other():
    sender = open_async_sender()
    silent = threading.Event()
    with serving(lambda connection, _: silent.wait(20) or None, answer()) as peer:
        headers = {"host": _host(peer.url)}
        task = asyncio.create_task(sender.send("POST", peer.url, headers, b"{}", time.monotonic() + 20))
        await asyncio.sleep(0.05)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()
        assert isinstance(await sender.send("POST", peer.url, headers, b"{}", time.monotonic() + 20), Reply)
        silent.set()
        await sender.aclose()


def test_a_users_own_client_carries_requests_and_is_never_closed():
    with serving(answer()) as peer, httpx.Client() as mine:
        sender = Blocking(mine)
        assert sender.send(peer.url).status == 200
        sender.close()
        assert not mine.is_closed


def test_a_users_own_client_is_bounded_too():
    with serving(dripping(HEAD + b"\r\n")) as peer, httpx.Client() as mine:
        assert Blocking(mine).send(peer.url, seconds=0.3).kind == "timeout"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with httpx.Client() as mine:
        assert Blocking(mine).send(f"http://127.0.0.1:{port}/").kind == "connect"


async def test_a_users_own_async_client_is_bounded_and_never_closed():
    async with httpx.AsyncClient() as mine:
        sender = open_async_sender(mine)
        with serving(answer()) as peer:
            reply = await sender.send("POST", peer.url, {"host": _host(peer.url)}, b"{}", time.monotonic() + 20)
            assert reply.status == 200
        with serving(dripping(HEAD + b"\r\n")) as peer:
            outcome = await sender.send("POST", peer.url, {"host": _host(peer.url)}, b"{}", time.monotonic() + 0.3)
            assert outcome.kind == "timeout"
        await sender.aclose()
        assert not mine.is_closed


def test_a_proxy_of_the_environment_is_obeyed(monkeypatch: pytest.MonkeyPatch):
    with serving(answer(b'{"data": {"through": "proxy"}}')) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/graphql"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        sender = Blocking()
        assert sender.send("http://api.example/graphql").body == b'{"data": {"through": "proxy"}}'
        sender.close()
        with pytest.raises(ConfigurationError, match="closed"):
            sender.send("http://api.example/graphql")


def test_a_proxy_is_obeyed_in_each_event_loop(monkeypatch: pytest.MonkeyPatch):
    with serving(answer(b'{"data": {"through": "proxy"}}')) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/graphql"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        sender = open_async_sender()

        async def call() -> Any:
            headers = {"host": "api.example"}
            return await sender.send("POST", "http://api.example/graphql", headers, b"{}", time.monotonic() + 20)

        assert [asyncio.run(call()).status for _ in range(3)] == [200] * 3
        asyncio.run(sender.aclose())
        with pytest.raises(ConfigurationError, match="closed"):
            asyncio.run(call())
    gc.collect()


def test_a_users_closed_client_says_so(sender: Any):
    kind = type(sender)
    mine: Any = httpx.Client() if kind is Blocking else httpx.AsyncClient()
    mine.close() if kind is Blocking else sender.runner.run(mine.aclose())
    closed = kind(mine)
    with pytest.raises(ConfigurationError, match="closed"):
        closed.send("http://localhost/")
    closed.close()


def test_an_http_client_of_another_kind_is_refused_at_once():
    with httpx.Client() as blocking:
        for kind, given in (
            (open_sender, httpx.AsyncClient()),
            (open_sender, 3),
            (open_async_sender, blocking),
        ):
            with pytest.raises(ConfigurationError, match=r"http_client is of the class .* httpx\.Client,"):
                kind(given)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """SIGINT is a KeyboardInterrupt, also where a shell has started the tests in the background, and told them to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_during_a_call_leaves_no_connection_that_gives_the_next_call_its_reply(ctrl_c: None):
    """Ctrl+C, or a signal's handler that raises, after the request went out and before its reply is read."""
    sender = Blocking()

    def numbered(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % number)

    with serving(numbered) as peer:
        with pytest.raises(KeyboardInterrupt):
            sender.send(peer.url, after_send=lambda: signal.raise_signal(signal.SIGINT))
        assert sender.send(peer.url).body == b"1"
        assert sender.send(peer.url).body == b"1"
    sender.close()


def test_a_peer_that_closes_before_the_request_is_a_request_that_was_not_sent(
    sender: Any, context: ssl.SSLContext | None, monkeypatch: pytest.MonkeyPatch
):
    """However long it takes the call to come to its turn: the awaiting one was told before it asked for anything."""
    opened, ended = async_pool._opened, threading.Event()

    async def busy(*arguments: Any) -> Any:
        connection = await opened(*arguments)
        await asyncio.to_thread(ended.wait)
        while not connection._is_closing():  # noqa: ASYNC110  # nobody is told of it
            await asyncio.sleep(0.01)
        return connection

    def closing(connection: socket.socket, number: int) -> None:
        connection.close()
        ended.set()

    monkeypatch.setattr(async_pool, "_opened", busy)
    with serving(closing, context=context) as peer:
        outcome = sender.send(peer.url)
    assert outcome.kind in ("send", "reply")  # a blocking socket takes what it is given, and learns of it later
    assert outcome.kind == "send" or isinstance(sender, Blocking)


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


def test_a_signals_handler_may_call_while_credentials_are_fetched():
    from amplify_data_client._io import credentials

    class Session:
        calls = 0

        def get_credentials(self) -> Any:
            self.calls += 1
            if self.calls == 1:
                signal.raise_signal(signal.SIGUSR1)
            return botocore.credentials.Credentials("key", "secret")

    source = credentials.find(session=Session())
    handled: list[str] = []
    before = signal.signal(signal.SIGUSR1, lambda *_: handled.append(source.current().access_key))
    try:
        assert source.current().access_key == "key"
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert handled == ["key"]


def test_an_interrupt_while_a_reply_is_awaited_closes_the_connection(ctrl_c: None):
    sender, ended = Blocking(), threading.Event()

    def silent(connection: socket.socket, number: int) -> None:
        read_request(connection)
        os.kill(os.getpid(), signal.SIGINT)  # to the main thread, which is waiting
        ended.set() if connection.recv(1) == b"" else None

    with serving(silent, answer()) as peer:
        with pytest.raises(KeyboardInterrupt):
            sender.send(peer.url)
        assert ended.wait(10)
        assert isinstance(sender.send(peer.url), Reply)
    sender.close()


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


def test_a_packed_reply_that_was_cut_short_is_lost(sender: Any):
    body = gzip.compress(b'{"data": {}}' * 1000)[:-20]

    def cut(connection: socket.socket, number: int) -> None:
        read_request(connection)
        head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\ncontent-encoding: gzip\r\n\r\n" % len(body)
        connection.sendall(head + body)

    with serving(cut) as peer:
        assert "cut short" in str(sender.send(peer.url).error)


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


@pytest.mark.parametrize("proxy", ["ftp://u:private@proxy:1", "socks5://u:private@proxy:1", "http://u:private@p:bad"])
@pytest.mark.parametrize("kind", [Blocking, Awaiting])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, kind: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    def send() -> None:
        with contextlib.closing(kind()) as made:
            made.send("https://api.test/graphql")

    with pytest.raises(ConfigurationError, match=r"HTTPS_PROXY.*does not name a proxy") as caught:
        send()
    assert "private" not in "".join(traceback.format_exception(caught.value))


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
