"""Sends requests through the proxies that the environment names; httpx obeys them, and NO_PROXY."""

import os
from contextlib import suppress
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING, Any

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client._io import copies
from amplify_data_client.errors import ConfigurationError, mark_unsent

from . import plain_http, tls
from .event_loops import PerLoop
from .http11 import closed, target_of

if TYPE_CHECKING:
    from .httpx_transport import AsyncHttpxTransport, HttpxTransport
    from .transport import AfterSend


def proxied_schemes() -> frozenset[str]:
    """The schemes of URLs for which the environment names a proxy."""
    return frozenset(scheme for scheme in ("http", "https") if _names_proxy(scheme) or _names_proxy("all"))


def _names_proxy(scheme: str) -> bool:
    name = f"{scheme}_proxy"
    return bool(os.environ.get(name) or os.environ.get(name.upper()))


class ProxyTransport:
    """Sends through proxies; what none is named for goes over a pool of connections."""

    verifies_tls = True

    def __init__(self, schemes: frozenset[str]) -> None:
        from .pool import Pool

        self._schemes = schemes
        self._pool = Pool()
        self._lock = RLock()
        self._over_proxy: HttpxTransport | None = None
        self._closed = False
        if "https" in schemes:  # a proxy that cannot be used is told at once, and httpx imported before a fork
            self._get_transport()
        copies.watch(self)

    def send(self, request: HttpRequest, deadline: float, after_send: "AfterSend | None" = None) -> Reply | Failure:
        """Send one request."""
        if not _is_proxied(request.url, self._schemes):
            return self._pool.send(request, deadline, after_send)
        return self._get_transport().send(request, deadline)

    def forget(self) -> None:
        """Close the connections; the next request opens one."""
        with self._lock:
            transport, self._over_proxy = self._over_proxy, None
        if transport is not None:
            transport.close()

    def renew(self) -> None:
        """Leave the connections to the parent, in a fork."""
        self._lock = RLock()
        copies.leave_to_parent(self._over_proxy)
        self._over_proxy = None

    def close(self) -> None:
        self._closed = True
        self._pool.close()
        self.forget()

    def _get_transport(self) -> "HttpxTransport":
        with self._lock:
            if self._closed:
                raise closed()
            if self._over_proxy is None:
                self._over_proxy = _open()
            return self._over_proxy


class AsyncProxyTransport:
    """The same, awaiting: one httpx client per event loop, since its connections belong to one."""

    verifies_tls = True

    def __init__(self, schemes: frozenset[str]) -> None:
        from .async_pool import AsyncPool

        self._schemes = schemes
        self._pool = AsyncPool()
        self._over_proxy: PerLoop[AsyncHttpxTransport] = PerLoop(_open_async, _close)
        self._closed = False
        copies.watch(self)
        if "https" in schemes:
            _import_all()

    async def send(
        self, request: HttpRequest, deadline: float, after_send: "AfterSend | None" = None
    ) -> Reply | Failure:
        """Send one request, all before the deadline."""
        if self._closed:
            raise closed()
        if not _is_proxied(request.url, self._schemes):
            return await self._pool.send(request, deadline, after_send)
        return await (await self._over_proxy.get()).send(request, deadline)

    def forget(self) -> None:
        """Give up the connections of all loops, which close them; the next request opens one."""
        self._over_proxy.forget()

    def renew(self) -> None:
        """Leave the connections to the parent, in a fork."""
        self._over_proxy = self._over_proxy.renewed()

    async def aclose(self) -> None:
        self._closed = True
        await self._pool.aclose()
        await self._over_proxy.close()


def _is_proxied(url: str, schemes: frozenset[str]) -> bool:
    target = target_of(url)
    if not target.is_secure:
        plain_http.require_trusted(target.host)
    return ("https" if target.is_secure else "http") in schemes


def _open() -> "HttpxTransport":
    with copies.importing():  # httpx imports some of what it needs when a client is made
        import httpx

        from .httpx_transport import HttpxTransport

        return HttpxTransport(_obeying(httpx.Client))


def _open_async() -> "AsyncHttpxTransport":
    with copies.importing():
        import httpx

        from .httpx_transport import AsyncHttpxTransport

        return AsyncHttpxTransport(_obeying(httpx.AsyncClient))


async def _close(transport: "AsyncHttpxTransport") -> None:
    await transport.aclose()


def _import_all() -> None:
    # now, and not with the first request: a fork meanwhile could not go on with imports that are under way
    with copies.importing(), suppress(ImportError):
        import httpx  # noqa: F401  # imported for later

        from . import httpx_transport  # noqa: F401  # imported for later

        for name in ("anyio._backends._asyncio", "httpcore._backends.anyio"):  # as httpx does with its first request
            import_module(name)


def _obeying(kind: type[Any]) -> Any:
    import httpx

    try:
        return kind(verify=tls.whole(), trust_env=True)
    except (ValueError, ImportError, httpx.InvalidURL) as error:  # httpx's texts could quote a password
        needs = " httpx needs the package socksio for it." if isinstance(error, ImportError) else ""
        unusable = ConfigurationError(
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY (or its name in lower case) does not name a proxy that can be used; "
            f"give an address such as http://proxy.example:3128.{needs}"
        )
        mark_unsent(unusable)
        raise unusable from None
