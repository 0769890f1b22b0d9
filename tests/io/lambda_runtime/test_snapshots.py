"""Lambda SnapStart: what the runtime's hooks leave in memory, with AWS's own package for them."""

import asyncio
import gc
import json
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import snapshot_restore_py
from awslambdaric import lambda_runtime_hooks_runner as runtime

from amplify_data_client import DataClientConfig, generate_async_client, generate_client
from amplify_data_client._core.wire import sigv4
from amplify_data_client._io import clock, copies, credentials, drive
from amplify_data_client._io.http.sender import open_async_sender
from amplify_data_client._io.lambda_runtime import snapshots
from tests.io.conftest import Answer, ScriptedServer
from tests.io.http.senders import Awaiting, Blocking, post
from tests.io.peers import Peer, Talk, answer, read_request, serving
from tests.io.test_credentials import container, in_container  # noqa: F401  # a fixture

SCHEMA: Any = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}


@pytest.fixture(autouse=True)
def snap_start(aws_home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A function that is initialised for a snapshot, before anybody has registered a hook."""
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    monkeypatch.setattr(snapshot_restore_py, "_before_snapshot_registry", [])
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", [])
    monkeypatch.setattr(copies, "holders", weakref.WeakSet())
    snapshots.register.cache_clear()
    yield
    snapshots.register.cache_clear()


@pytest.fixture(params=[Blocking, Awaiting], ids=["blocking", "awaiting"])
def sender(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = request.param()
    yield made
    made.close()


def noting(ended: threading.Event) -> Talk:
    """Answer, and note when the client has closed."""

    def talk(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        ended.set()

    return talk


def test_connections_are_closed_before_the_snapshot_and_a_copy_opens_its_own(sender: Any):
    """The awaiting one's loop stands still meanwhile, as a module's does while the runtime runs the hooks."""
    ended = threading.Event()
    with serving(noting(ended), answer()) as peer:
        sender.send(peer.url)
        assert not ended.is_set()
        runtime.run_before_snapshot()
        assert ended.wait(5)
        runtime.run_after_restore()
        assert sender.send(peer.url).status == 200
        assert peer.connections == 2


def test_connections_of_a_loop_that_runs_elsewhere_are_closed_too():
    ended, made = threading.Event(), open_async_sender()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def call(peer: Peer) -> Any:
        sending = made.send(post(peer.url), time.monotonic() + 20)
        return asyncio.run_coroutine_threadsafe(sending, loop).result(20)

    with serving(noting(ended), answer()) as peer:
        call(peer)
        runtime.run_before_snapshot()
        assert ended.wait(5)
        runtime.run_after_restore()
        assert call(peer).status == 200
    asyncio.run_coroutine_threadsafe(made.aclose(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_connections_through_a_proxy_are_closed_too(monkeypatch: pytest.MonkeyPatch):
    ended = threading.Event()
    with serving(noting(ended), answer()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/graphql"))
        monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", "api.test")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        made = Blocking()
        made.send("http://api.test/graphql")
        runtime.run_before_snapshot()
        assert ended.wait(5)
        runtime.run_after_restore()
        assert isinstance(made.send("http://api.test/graphql").body, bytes)
        made.close()
        runtime.run_after_restore()  # what is closed stays so
        with pytest.raises(Exception, match="client is closed"):
            made.send("http://api.test/graphql")


def test_an_awaiting_client_goes_on_through_a_proxy(monkeypatch: pytest.MonkeyPatch):
    with serving(answer(), answer()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/graphql"))
        monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", "api.test")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        made = Awaiting()
        made.send("http://api.test/graphql")
        runtime.run_before_snapshot()
        runtime.run_after_restore()
        assert made.send("http://api.test/graphql").status == 200
        assert proxy.connections == 2
        made.close()


def test_a_container_is_asked_anew_after_the_snapshot(in_container: ScriptedServer):  # noqa: F811  # the fixture
    in_container.script(container(1, hours=6), container(2, hours=6), container(3, hours=6))
    source = credentials.find(env={})
    assert source.current().access_key == source.current().access_key == "key-1"
    runtime.run_before_snapshot()
    assert source.current().access_key == "key-2"  # in a hook of the function's, to warm the client
    runtime.run_after_restore()
    assert source.current().access_key == source.current().access_key == "key-3"


def test_nothing_of_the_client_holds_a_secret_in_the_snapshot():
    secret = "the-secret-key-of-the-initialisation"
    source = credentials.find(session=boto3.Session("key", secret))
    sigv4.sign("GET", "https://s3.test/", {}, b"", source.current(), "eu-west-1", "s3", _now())
    assert secret in str(sigv4._keys)
    runtime.run_before_snapshot()
    assert secret not in str(sigv4._keys)
    assert secret not in str(vars(source))
    assert source.current().access_key == "key"  # the user's session has its keys for ever


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_every_client_registers_once_and_none_is_kept_alive(monkeypatch: pytest.MonkeyPatch):
    config = DataClientConfig("http://localhost:1/graphql", "eu-west-1", SCHEMA)
    made: list[Any] = [generate_client(config), generate_async_client(config), generate_client(config)]
    assert len(copies.holders) == 6
    for registry in ("_before_snapshot_registry", "_after_restore_registry"):
        assert len(getattr(snapshot_restore_py, registry)) == 1
    made = [made[0].with_options(timeout=1)]  # a copy, whose original nobody has
    gc.collect()
    assert len(copies.holders) == 2
    made.clear()
    gc.collect()
    assert len(copies.holders) == 0
    runtime.run_before_snapshot()
    runtime.run_after_restore()


def test_without_the_runtimes_package_nothing_is_registered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    Blocking().close()


@pytest.mark.parametrize("kind", ["on-demand", "provisioned-concurrency", None])
def test_elsewhere_nothing_is_imported(kind: str | None, server: ScriptedServer):
    server.script(Answer(200, json.dumps({"data": {"ping": "pong"}}).encode()))
    program = (
        "import sys; from amplify_data_client import DataClientConfig, generate_client\n"
        f"config = DataClientConfig({server.url!r}, 'eu-west-1', {SCHEMA!r})\n"
        "print(generate_client(config).graphql('{ ping }').data)\n"
        "print([name for name in sys.modules if 'snapshot' in name or 'invocation' in name])"
    )
    env = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "x", "PYTHONPATH": ":".join(sys.path)}
    env |= {"AWS_LAMBDA_INITIALIZATION_TYPE": kind} if kind else {}
    done = subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["{'ping': 'pong'}", "[]"]


def test_copies_of_a_snapshot_do_not_wait_alike():
    import random

    state = random.getstate()
    waits = set()
    for _ in range(3):
        random.setstate(state)
        waits.add(drive.jitter(1.0))
    random.setstate(state)
    assert len(waits) == 3
    assert all(0 <= wait <= 1 for wait in waits)


def test_a_clock_that_was_corrected_is_not_in_the_snapshot():
    clock.learn("Fri, 01 Jan 2100 12:00:00 GMT")
    assert clock.now().year == 2100
    Blocking().close()  # whose hooks are registered
    runtime.run_before_snapshot()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(days=1)
