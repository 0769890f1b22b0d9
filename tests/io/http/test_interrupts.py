"""Ctrl+C and signals' handlers during a call."""

import os
import signal
import socket
import threading
from typing import Any

import botocore.credentials
import pytest

from amplify_data_client._core.wire.messages import Reply
from tests.io.http.senders import Blocking
from tests.io.peers import answer, read_request, serving


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
