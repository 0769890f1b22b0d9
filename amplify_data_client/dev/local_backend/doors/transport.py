"""Offer the backend as httpx transports, which need no socket."""

import asyncio

import httpx

from .router import Handle


def _reply(request: httpx.Request, body: bytes, handle: Handle) -> httpx.Response:
    target = request.url.raw_path.decode("ascii")
    reply = handle(request.method, target, dict(request.headers), body)
    return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body, request=request)


class BackendTransport(httpx.BaseTransport):
    """Answers the requests of an `httpx.Client`."""

    opens_no_connection = True

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return _reply(request, request.read(), self._handle)


class AsyncBackendTransport(httpx.AsyncBaseTransport):
    """Answers the requests of an `httpx.AsyncClient` in threads, so that the event loop is never blocked."""

    opens_no_connection = True

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        return await asyncio.to_thread(_reply, request, body, self._handle)
