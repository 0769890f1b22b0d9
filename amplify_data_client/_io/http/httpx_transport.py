"""How does a request travel through a user's own httpx client, or through a proxy?"""

import asyncio
import os
import time
from typing import TYPE_CHECKING, TypeVar

import httpx

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client.errors import ConfigurationError

from . import tls
from .event_loops import PerLoop
from .http11 import encoded, timed_out, unfit

if TYPE_CHECKING:
    from .transport import AfterSend

_CLOSED = "The client is closed. Make a new one, or close it later."


class HttpxTransport:
    """Sends through an `httpx.Client`. Its TLS settings, proxies and hooks are its owner's."""

    verifies_tls = False

    def __init__(self, client: httpx.Client) -> None:
        _check_kind(client, httpx.Client)
        self._client = client

    def send(
        self,
        request: HttpRequest,
        deadline: float,
        _meanwhile: "AfterSend | None" = None,
    ) -> Reply | Failure:
        """Send one request; httpx bounds each read, and between reads the deadline is looked at.

        (It has no moment at which the request is out and nothing is awaited yet.)
        """
        _require_open(self._client)
        left = deadline - time.monotonic()
        if left <= 0:
            return timed_out()
        try:
            built = _build(self._client, request, left)
            response = self._client.send(built, stream=True, follow_redirects=False)
            try:
                parts = []
                for part in response.iter_bytes():
                    parts.append(part)
                    if time.monotonic() > deadline:
                        return Failure("timeout", TimeoutError("the reply drips"), sent=True)
            finally:
                response.close()
        except (httpx.RequestError, UnicodeError) as error:
            return _failure(error)
        return Reply(response.status_code, b"".join(parts), _named(response))

    def close(self) -> None:
        self._client.close()


class AsyncHttpxTransport:
    """Sends through an `httpx.AsyncClient`."""

    verifies_tls = False

    def __init__(self, client: httpx.AsyncClient) -> None:
        _check_kind(client, httpx.AsyncClient)
        self._client = client

    async def send(
        self,
        request: HttpRequest,
        deadline: float,
        _meanwhile: "AfterSend | None" = None,
    ) -> Reply | Failure:
        """Send one request, all before the deadline."""
        _require_open(self._client)
        left = deadline - time.monotonic()
        if left <= 0:
            return timed_out()
        try:
            async with asyncio.timeout(left):
                built = _build(self._client, request, left)
                response = await self._client.send(built, follow_redirects=False)
        except TimeoutError as error:
            return Failure("timeout", error, sent=True)
        except (httpx.RequestError, UnicodeError) as error:
            return _failure(error)
        return Reply(response.status_code, response.content, _named(response))

    async def aclose(self) -> None:
        await self._client.aclose()


class ProxyTransport(HttpxTransport):
    """For an environment that names a proxy: httpx obeys it, and NO_PROXY."""

    verifies_tls = True

    def __init__(self) -> None:
        super().__init__(_obeying(httpx.Client))
        self._process = os.getpid()

    def send(
        self,
        request: HttpRequest,
        deadline: float,
        after_send: "AfterSend | None" = None,
    ) -> Reply | Failure:
        """Send one request as any httpx client does, but not over the sockets of the process that this one is a fork of."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self.forget()
        return super().send(request, deadline, after_send)

    def forget(self) -> None:
        """Close the connections; the next request opens one."""
        if not self._client.is_closed:
            self._client.close()
            self._client = _obeying(httpx.Client)


ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


def _obeying(kind: type[ClientT]) -> ClientT:
    try:
        return kind(verify=tls.whole(), trust_env=True)
    except (ValueError, ImportError, httpx.InvalidURL) as error:  # httpx's texts could quote a password
        needs = " httpx needs the package socksio for it." if isinstance(error, ImportError) else ""
        raise ConfigurationError(
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY (or its name in lower case) does not name a proxy that can be used; "
            f"give an address such as http://proxy.example:3128.{needs}"
        ) from None


class AsyncProxyTransport:
    """The same, awaiting: an `httpx.AsyncClient` per event loop, since its connections belong to one."""

    verifies_tls = True

    def __init__(self) -> None:
        self._clients = PerLoop(lambda: _obeying(httpx.AsyncClient), httpx.AsyncClient.aclose)
        self._closed = False

    async def send(
        self,
        request: HttpRequest,
        deadline: float,
        _meanwhile: "AfterSend | None" = None,
    ) -> Reply | Failure:
        """Send one request, all before the deadline."""
        if self._closed:
            raise ConfigurationError(_CLOSED)
        return await AsyncHttpxTransport(await self._clients.get()).send(request, deadline)

    def forget(self) -> None:
        """Close the connections of all loops; the next request opens one."""
        self._clients.forget()

    async def aclose(self) -> None:
        self._closed = True
        await self._clients.close()


def _check_kind(client: object, kind: type) -> None:
    if not isinstance(client, kind):
        raise ConfigurationError(
            f"http_client is of the class {type(client).__name__!r}; generate_client takes an httpx.Client, "
            "generate_async_client an httpx.AsyncClient."
        )


def _build(client: httpx.Client | httpx.AsyncClient, request: HttpRequest, left: float) -> httpx.Request:
    return client.build_request(
        request.method, request.url, headers=encoded(request.headers), content=request.body, timeout=left
    )


def _require_open(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise ConfigurationError(_CLOSED)


def _named(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _failure(error: Exception) -> Failure:
    if isinstance(error, httpx.LocalProtocolError | UnicodeError):
        raise unfit(error) from None
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Failure("timeout", error)
    if isinstance(error, httpx.TimeoutException):
        return Failure("timeout", error, sent=not isinstance(error, httpx.WriteTimeout))
    if isinstance(error, httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol):
        return Failure("connect", error)
    if isinstance(error, httpx.WriteError):
        return Failure("send", error)
    if isinstance(error, httpx.RemoteProtocolError):  # its text may go on with what the peer has said
        error = httpx.RemoteProtocolError(str(error).partition(":")[0])
    return Failure("reply", error, sent=True)
