"""Serve the backend over HTTP: uvicorn in a thread, on loopback by default."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import h11
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .router import Handle

_PATIENCE = 3  # seconds that the server waits for open requests when it ends


def application(handle: "Handle") -> "ASGIApp":
    """Make the ASGI application around the core.

    It reads every request to its end before it answers, whatever the method: uvicorn itself answers a body that is not
    HTTP, and an earlier answer would be a second one.
    """

    async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
        response = await _response(handle, Request(scope, receive))
        try:
            await response(scope, receive, send)
        except h11.LocalProtocolError as error:
            # more bytes after a request with `Connection: close`: uvicorn has refused them and closed the connection
            if "MUST_CLOSE" not in str(error):
                raise
            while (await receive())["type"] != "http.disconnect":
                pass

    return answer


async def _response(handle: "Handle", request: Request) -> Response:
    target = request.scope["raw_path"].decode("latin-1")
    if query := request.scope["query_string"].decode("latin-1"):
        target = f"{target}?{query}"
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}
    try:
        reply = await run_in_threadpool(handle, request.method, target, headers, await request.body())
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    except asyncio.CancelledError:
        return Response(status_code=503)  # the server ends, and this request took too long
    return Response(reply.body, reply.status, headers=dict(reply.headers))


def listen(host: str, port: int) -> socket.socket:
    """Open the socket to serve on. Port 0 chooses a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol is named: otherwise asyncio leaves Nagle's algorithm on, which delays every second reply by 40 ms
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return opened


def address(opened: socket.socket) -> str:
    """Return the URL of a socket. For one that listens on all addresses it is loopback's."""
    bound, port = opened.getsockname()[:2]
    host = str({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound, bound))  # noqa: S104  # the address that the user gave
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def serving(handle: "Handle", opened: socket.socket) -> Iterator[str]:
    """Serve until the block ends; yields the URL."""
    config = uvicorn.Config(
        application(handle),
        log_level="warning",
        lifespan="off",
        ws="none",
        access_log=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([opened],), name="local-backend", daemon=True)
    with opened:
        opened.listen(1024)  # from now on the kernel accepts connections: clients need not wait for the thread
        thread.start()
        try:
            yield address(opened)
        finally:
            server.should_exit = True
            thread.join()
