"""A forked process has connections and locks of its own."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.io.http.senders import certificate
from tests.io.peers import read_request, serving

FORKING = """
import os, sys, time
from amplify_data_client._core.wire.messages import HttpRequest
from amplify_data_client._io.http.sender import open_async_sender, open_sender

def send():
    return sender.send(HttpRequest("POST", sys.argv[1], {"host": "localhost"}, b"{}"), time.monotonic() + 20).body

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
        env |= (
            {"http_proxy": peer.url.removesuffix("/graphql"), "AMPLIFY_DATA_ALLOW_HTTP": "api.test"}
            if is_proxied
            else {}
        )
        url = "http://api.test/graphql" if is_proxied else peer.url
        done = subprocess.run(
            [sys.executable, "-c", FORKING, url], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert peer.connections == 2


def test_a_fork_waits_for_the_context_that_is_being_made():
    """OpenSSL's own locks would stay locked in the child."""
    program = """
import os, threading, time
from amplify_data_client._io.http import tls
held, made = threading.Event(), threading.Event()

def make():
    with tls._lock:
        held.set()
        time.sleep(0.3)
        made.set()

threading.Thread(target=make).start()
held.wait()
child = os.fork()
if child == 0:
    with tls._lock:
        os._exit(0 if made.is_set() else 1)
status = os.waitpid(child, 0)[1]
with tls._lock:
    raise SystemExit(status)
"""
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], env=env, check=True)


def echo(connection: socket.socket, number: int) -> None:
    while request := read_request(connection):
        body = request.partition(b"\r\n\r\n")[2]
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


def fork_forty(kind: str, url: str, **env: str) -> dict[str, int]:
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, "-m", "tests.io.http.forking", kind, url]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcomes = dict(ast.literal_eval(done.stdout))
    assert "hung" not in outcomes, done.stderr
    return outcomes


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize("kind", ["blocking", "awaiting"])
def test_children_forked_under_load_read_their_own_replies(kind: str, secure: bool, tmp_path: Path):
    context, file = certificate(tmp_path)
    with serving(echo, context=context if secure else None) as peer:
        assert fork_forty(kind, peer.url, SSL_CERT_FILE=str(file)) == {"right": 40}


@pytest.mark.parametrize("kind", ["blocking", "awaiting"])
def test_children_forked_under_load_go_through_a_proxy(kind: str):
    with serving(echo) as proxy:
        env = {"all_proxy": proxy.url.removesuffix("/graphql"), "AMPLIFY_DATA_ALLOW_HTTP": "api.test"}
        assert fork_forty(kind, "http://api.test/graphql", **env) == {"right": 40}


def test_a_fork_does_not_share_the_connections_of_a_users_client():
    with serving(echo) as peer:
        assert fork_forty("over httpx", peer.url) == {"refused": 40}


@pytest.mark.parametrize(
    "kind", ["the environment's keys", "a profile", "a session that fetches", "a session that refreshes"]
)
def test_children_forked_under_load_have_credentials(kind: str, tmp_path: Path):
    profile = tmp_path / "credentials"
    profile.write_text("[mine]\naws_access_key_id = key\naws_secret_access_key = secret\n")
    env = {"AWS_SHARED_CREDENTIALS_FILE": str(profile), "AWS_CONFIG_FILE": str(tmp_path / "none")}
    if kind == "the environment's keys":
        env |= {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert fork_forty(kind, "", **env) == {"right": 40}


def test_a_child_that_ends_by_itself_says_nothing(tmp_path: Path):
    """What it leaves to its parent is not closed, and nothing of it is printed."""
    program = """
import asyncio, os, sys, time
from amplify_data_client._core.wire.messages import HttpRequest
from amplify_data_client._io.http.sender import open_async_sender

sender = open_async_sender()

async def call():
    return await sender.send(HttpRequest("POST", sys.argv[1], {"host": "x"}, b"{}"), time.monotonic() + 20)

loop = asyncio.new_event_loop()
assert loop.run_until_complete(call()).status == 200
child = os.fork()
if child == 0:
    assert asyncio.run(call()).status == 200
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
assert loop.run_until_complete(call()).status == 200
loop.run_until_complete(sender.aclose())
loop.close()
"""
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with serving(echo) as peer:
        # forks of a process with threads warn since Python 3.12
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, peer.url]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert peer.connections == 2
