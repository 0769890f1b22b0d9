"""Each event loop has connections of its own; a cancelled call harms no other."""

import asyncio
import contextlib
import gc
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io.http.sender import open_async_sender
from tests.io.http.senders import certificate, post
from tests.io.peers import answer, read_request, serving


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
        return await sender.send(post(url), time.monotonic() + 20)

    with serving(last_words if closing else answer(), context=context if secure else None) as peer:
        assert [asyncio.run(call(peer.url)).status for _ in range(3)] == [200] * 3
        assert peer.connections == 3
    gc.collect()  # a socket left open would warn
    assert len(sender._transport._free) == 1  # those before have been forgotten


def last_words(connection: socket.socket, number: int) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
    connection.recv(1)


async def test_a_cancelled_call_closes_its_connection_and_harms_no_other():
    sender = open_async_sender()
    silent = threading.Event()
    with serving(lambda connection, _: silent.wait(20) or None, answer()) as peer:
        task = asyncio.create_task(sender.send(post(peer.url), time.monotonic() + 20))
        await asyncio.sleep(0.05)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()
        assert isinstance(await sender.send(post(peer.url), time.monotonic() + 20), Reply)
        silent.set()
        await sender.aclose()
