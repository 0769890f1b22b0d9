"""Sends requests through a client of httpx, or of its successor httpx2."""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from traceback import clear_frames
from typing import TYPE_CHECKING, Any

import h11

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client._io import copies
from amplify_data_client._io.log import logger
from amplify_data_client.errors import ConfigurationError

from . import http11, plain_http
from .http11 import closed, encoded, timed_out, unfit

if TYPE_CHECKING:
    from .transport import AfterSend, AsyncHttpClient, HttpClient

_FOREIGN = (
    "The http_client was used before this process was forked from another one. Both would talk over the same "
    "connections and read each other's replies. Make the httpx client, and the data client, after the fork."
)
_IN_CLEAR = "Credentials and data travel unencrypted to %s: the http_client is yours, so this is not refused."


class _Owned:
    """What the blocking and the awaiting transport know about a client that is not theirs."""

    verifies_tls = False

    def __init__(self, client: Any, kind: str) -> None:
        self._client = client
        self._library = _library_of(client, kind)
        self._opens_connections = _opens_connections(client, self._library)
        self._is_used = self._is_foreign = self._has_warned = False
        copies.watch(self)

    def forget(self) -> None:
        """Do nothing: the connections are the owner's."""

    def renew(self) -> None:
        """Note in a fork that the connections are shared with the parent."""
        self._is_foreign = self._is_used and self._opens_connections

    def _begin(self, url: str) -> None:
        if self._client.is_closed:
            raise closed()
        if self._is_foreign:
            raise http11.unsent(ConfigurationError(_FOREIGN))
        self._is_used = True
        if not self._has_warned and url.startswith("http:"):
            self._has_warned = True
            host = http11.target_of(url).host
            if self._opens_connections and not plain_http.is_trusted(host) and (log := logger()):
                log.warning(_IN_CLEAR, host)

    def _build(self, request: HttpRequest, left: float, trace: Any) -> Any:
        headers = encoded(request.headers)
        if not any(name == b"accept-encoding" for name, _ in headers):
            headers.append((b"accept-encoding", b"gzip, deflate"))  # what http11 can unpack within its limit
        return self._client.build_request(
            request.method,
            request.url,
            headers=headers,
            content=request.body,
            timeout=left,
            extensions={"trace": trace},
        )


class HttpxTransport(_Owned):
    """Sends through a blocking client. Its TLS settings, proxies and hooks are its owner's."""

    def __init__(self, client: "HttpClient") -> None:
        super().__init__(client, "Client")

    def send(self, request: HttpRequest, deadline: float, _after_send: "AfterSend | None" = None) -> Reply | Failure:
        """Send one request; all reads and writes end with the deadline.

        (httpx has no moment at which the request is out and nothing is awaited yet.)
        """
        self._begin(request.url)
        left = deadline - time.monotonic()
        if left <= 0:
            return timed_out()
        progress = _Progress(self._library)
        before, _call.deadline = getattr(_call, "deadline", None), deadline
        try:
            built = self._build(request, left, progress.trace)
            # auth: the client's own would replace the signature
            response = self._client.send(built, stream=True, auth=None, follow_redirects=False)
            try:
                return _reply(response, _read(response, deadline))
            finally:
                response.close()
        except (self._library.RequestError, UnicodeError, TimeoutError, h11.RemoteProtocolError) as error:
            return progress.failure(error)
        finally:
            _call.deadline = before

    def close(self) -> None:
        self._client.close()


class AsyncHttpxTransport(_Owned):
    """Sends through an awaiting client."""

    def __init__(self, client: "AsyncHttpClient") -> None:
        super().__init__(client, "AsyncClient")

    async def send(
        self, request: HttpRequest, deadline: float, _after_send: "AfterSend | None" = None
    ) -> Reply | Failure:
        """Send one request, all before the deadline."""
        self._begin(request.url)
        left = deadline - time.monotonic()
        if left <= 0:
            return timed_out()
        progress = _Progress(self._library)
        try:
            async with asyncio.timeout(left):
                built = self._build(request, left, progress.trace_async)
                response = await self._client.send(built, stream=True, auth=None, follow_redirects=False)
                try:
                    return _reply(response, await _read_async(response))
                finally:
                    await response.aclose()
        except (self._library.RequestError, UnicodeError, TimeoutError, h11.RemoteProtocolError) as error:
            return progress.failure(error)
        finally:
            await progress.close_unready()

    async def aclose(self) -> None:
        await self._client.aclose()


_call = threading.local()  # deadline: of the call that this thread makes through an httpx client


class _Progress:
    """Follows one request through httpcore's events: whether it has gone out, and over which streams."""

    __slots__ = ("_is_followed", "_is_sent", "_library", "_unready")

    def __init__(self, library: Any) -> None:
        self._library = library
        self._is_followed = self._is_sent = False
        self._unready: Any = None  # a stream that was opened, and whose TLS handshake has not ended

    def trace(self, event: str, info: dict[str, Any]) -> None:
        self._is_followed = True
        step = event.rpartition(".")[0].rpartition(".")[2]
        if step == "send_request_body" and info.get("request") is not None:
            # the request that opens a tunnel through a proxy is not ours
            self._is_sent = self._is_sent or info["request"].method != b"CONNECT"
        elif step in ("connect_tcp", "connect_unix_socket", "start_tls") and info.get("return_value") is not None:
            _bound(info["return_value"])

    async def trace_async(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            self._unready = info["return_value"]
        elif event.endswith("start_tls.complete"):
            self._unready = None
        elif not event.endswith(".complete"):  # streams need no bound here: the whole call has one
            self.trace(event, info)

    async def close_unready(self) -> None:
        """Close a connection whose TLS handshake was cancelled: httpcore leaves it open."""
        if self._unready is not None and not self._is_sent:
            await self._unready.aclose()

    def failure(self, error: Exception) -> Failure:
        """Say what broke; where nobody told how far the request came, it may have been sent."""
        library = self._library
        if isinstance(error, library.LocalProtocolError | UnicodeError):
            kind = type(error).__name__
            _clear_variables(error)
            del error
            raise unfit(kind) from None
        may_be_sent = self._is_sent or not self._is_followed
        if isinstance(error, library.ConnectTimeout | library.PoolTimeout):
            return Failure("timeout", error, sent=self._is_sent)
        if isinstance(error, library.WriteTimeout):
            return Failure("timeout", error)
        if isinstance(error, TimeoutError):
            return Failure("timeout", error, sent=may_be_sent)
        if isinstance(error, library.TimeoutException):
            return Failure("timeout", error, sent=True)
        if isinstance(error, library.ConnectError | library.ProxyError | library.UnsupportedProtocol):
            return Failure("reply", error, sent=True) if self._is_sent else Failure("connect", error)
        if isinstance(error, library.WriteError):
            return Failure("send", error)
        if isinstance(error, library.RemoteProtocolError):  # its text may go on with what the peer has said
            error = library.RemoteProtocolError(str(error).partition(":")[0])
        return Failure("reply", error, sent=True)


def _clear_variables(error: BaseException | None) -> None:
    # error reporters would show the headers that are in them
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__context__


def _bound(stream: Any) -> None:
    # httpx gives each read the whole of its timeout: a head that drips would never end
    read, write = stream.read, stream.write

    def bounded_read(max_bytes: int, timeout: float | None = None) -> bytes:
        return bytes(read(max_bytes, timeout=_left(timeout)))

    def bounded_write(buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), http11.READ_BYTES):
            write(buffer[start : start + http11.READ_BYTES], timeout=_left(timeout))

    with suppress(AttributeError):  # a stream of the owner's own kind
        stream.read, stream.write = bounded_read, bounded_write


def _left(timeout: float | None) -> float | None:
    deadline = getattr(_call, "deadline", None)
    if deadline is None:  # the owner's own call
        return timeout
    left: float = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(http11.TIME_IS_OVER)
    return left if timeout is None else min(left, timeout)


def _read(response: Any, deadline: float) -> bytes:
    if response.is_stream_consumed:  # by a hook of the owner's, or it never was a stream
        return bytes(response.content)
    parts: Iterator[bytes] = response.iter_raw()
    body = bytearray()
    for part in parts:
        http11.add_part(body, part)
        if time.monotonic() > deadline:
            raise TimeoutError(http11.TIME_IS_OVER)
    return http11.unpacked(bytes(body), response.headers.get("content-encoding"))


async def _read_async(response: Any) -> bytes:
    if response.is_stream_consumed:
        return bytes(response.content)
    parts: AsyncIterator[bytes] = response.aiter_raw()
    body = bytearray()
    async for part in parts:
        http11.add_part(body, part)
    return http11.unpacked(bytes(body), response.headers.get("content-encoding"))


def _reply(response: Any, body: bytes) -> Reply:
    return Reply(response.status_code, body, {name.lower(): value for name, value in response.headers.items()})


def _library_of(client: object, kind: str) -> Any:
    for name in ("httpx", "httpx2"):
        library = sys.modules.get(name)  # who has a client of it has imported it
        if library is not None and isinstance(client, getattr(library, kind)):
            return library
    raise ConfigurationError(
        f"http_client is of the class {type(client).__name__!r}; generate_client takes an httpx.Client, "
        "generate_async_client an httpx.AsyncClient (or those of httpx2)."
    )


def _opens_connections(client: Any, library: Any) -> bool:
    transport = getattr(client, "_transport", None)
    in_memory = (library.MockTransport, library.WSGITransport, library.ASGITransport)
    return not (isinstance(transport, in_memory) or getattr(transport, "opens_no_connection", False))
