"""Chooses how requests are sent: over a user's client, through a proxy, or over a pool of connections."""

import os
from typing import TYPE_CHECKING

from amplify_data_client._io.lambda_runtime.gc_pause import GcPause

if TYPE_CHECKING:
    from .transport import AsyncHttpClient, AsyncTransport, HttpClient, Transport


class Sender:
    """A transport, and whether closing the sender closes it."""

    __slots__ = ("_is_ours", "_transport", "send", "verifies_tls")

    def __init__(self, transport: "Transport", *, is_ours: bool) -> None:
        self._transport, self._is_ours = transport, is_ours
        self.verifies_tls = transport.verifies_tls
        self.send = transport.send

    def shared(self) -> "Sender":
        """The same connections for a copy of the client: closing it leaves them open."""
        return Sender(self._transport, is_ours=False)

    def close(self) -> None:
        if self._is_ours:
            self._transport.close()


class AsyncSender:
    """A transport, and whether closing the sender closes it."""

    __slots__ = ("_is_ours", "_transport", "send", "verifies_tls")

    def __init__(self, transport: "AsyncTransport", *, is_ours: bool) -> None:
        self._transport, self._is_ours = transport, is_ours
        self.verifies_tls = transport.verifies_tls
        self.send = transport.send

    def shared(self) -> "AsyncSender":
        """The same connections for a copy of the client: closing it leaves them open."""
        return AsyncSender(self._transport, is_ours=False)

    async def aclose(self) -> None:
        if self._is_ours:
            await self._transport.aclose()


def open_sender(http_client: "HttpClient | None" = None) -> Sender:
    """Make a sender: over a user's client, else through the environment's proxy, else over a pool of connections."""
    if http_client is not None:
        from .httpx_transport import HttpxTransport

        return Sender(HttpxTransport(http_client), is_ours=False)
    if _has_proxy():
        from .proxy_transport import ProxyTransport, proxied_schemes

        return Sender(ProxyTransport(proxied_schemes()), is_ours=True)
    with GcPause():  # it brings sockets, TLS and h11
        from .pool import Pool

    return Sender(Pool(), is_ours=True)


def open_async_sender(http_client: "AsyncHttpClient | None" = None) -> AsyncSender:
    """Make an awaiting sender, as `open_sender` does."""
    if http_client is not None:
        from .httpx_transport import AsyncHttpxTransport

        return AsyncSender(AsyncHttpxTransport(http_client), is_ours=False)
    if _has_proxy():
        from .proxy_transport import AsyncProxyTransport, proxied_schemes

        return AsyncSender(AsyncProxyTransport(proxied_schemes()), is_ours=True)
    with GcPause():  # as above, and asyncio
        from .async_pool import AsyncPool

    return AsyncSender(AsyncPool(), is_ours=True)


def _has_proxy() -> bool:
    return any(
        os.environ.get(name) for base in ("https_proxy", "all_proxy", "http_proxy") for name in (base, base.upper())
    )
