"""A forked process has connections and locks of its own."""

import os
import socket
import subprocess
import sys

import pytest

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
