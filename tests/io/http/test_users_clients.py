"""A user's own httpx client carries requests."""

import asyncio
import socket
import threading
import time
from typing import Any

import httpx
import pytest

from amplify_data_client import ConfigurationError
from amplify_data_client._core.wire.messages import Failure
from amplify_data_client._io.http.sender import open_async_sender, open_sender
from tests.io.http.senders import Blocking, post
from tests.io.peers import answer, dripping, serving

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n"


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
            reply = await sender.send(post(peer.url), time.monotonic() + 20)
            assert reply.status == 200
        with serving(dripping(HEAD + b"\r\n")) as peer:
            outcome = await sender.send(post(peer.url), time.monotonic() + 0.3)
            assert outcome.kind == "timeout"
        await sender.aclose()
        assert not mine.is_closed


@pytest.mark.parametrize("is_cancelled", [True, False], ids=["cancelled", "timed out"])
async def test_a_tls_handshake_that_does_not_end_leaves_no_socket_open(is_cancelled: bool):
    began, ended = threading.Event(), threading.Event()

    def waits(connection: socket.socket, _number: int) -> None:
        while connection.recv(1000):
            began.set()
        ended.set()

    async with httpx.AsyncClient(trust_env=False) as mine:
        sender = open_async_sender(mine)
        with serving(waits) as peer:
            url = peer.url.replace("http:", "https:")
            call = asyncio.ensure_future(sender.send(post(url), time.monotonic() + (20 if is_cancelled else 0.3)))
            await asyncio.to_thread(began.wait)
            if is_cancelled:
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
            else:
                outcome = await call
                assert isinstance(outcome, Failure) and (outcome.kind, outcome.sent) == ("timeout", False)
            assert await asyncio.to_thread(ended.wait, 5)


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
