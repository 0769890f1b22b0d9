"""Headers arrive as they were given, or are refused without being shown."""

import socket
import traceback
from typing import Any

import httpx
import pytest
from _pytest._io.saferepr import saferepr_unlimited

from amplify_data_client import OperationError
from tests.io.http.senders import Blocking, host_of
from tests.io.peers import answer, read_request, serving


@pytest.mark.parametrize("value", ["one\ntwo", "\ud800"], ids=["line break", "lone surrogate"])
@pytest.mark.parametrize("client", [False, True], ids=["own", "httpx"])
def test_a_header_that_http_cannot_carry_is_refused_without_showing_it(sender: Any, value: str, client: bool):
    kind = type(sender)
    if client:
        mine: Any = httpx.Client() if kind is Blocking else httpx.AsyncClient()
        other = kind(mine)
    with serving(answer()) as peer:
        url, used = peer.url, other if client else sender
        headers = {"host": host_of(url), "x-api-key": f"secret{value}"}
        with pytest.raises(OperationError, match="holds a character") as caught:
            used.send(url, headers=headers)
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert "secret" not in variables_of(caught.value)
    if client:
        mine.close() if kind is Blocking else other.runner.run(mine.aclose())
        other.close()


def variables_of(error: BaseException | None) -> str:
    """What an error reporter shows of the frames of this package and of httpx."""
    found = []
    while error is not None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if any(name in frame.f_code.co_filename for name in ("amplify_data_client", "httpx", "h11")):
                found += map(saferepr_unlimited, frame.f_locals.values())
        error = error.__context__
    return "\n".join(found)


def test_headers_travel_as_utf_8_through_any_client(sender: Any):
    seen: list[bytes] = []

    def talk(connection: socket.socket, number: int) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    with serving(talk) as peer, httpx.Client() as mine:
        headers = {"host": host_of(peer.url), "x-name": "gräph"}
        sender.send(peer.url, headers=headers)
        Blocking(mine).send(peer.url, headers=headers)
    assert all("x-name: gräph\r\n".encode() in request.lower() for request in seen)
    assert len(seen) == 2
