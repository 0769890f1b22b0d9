"""Describes what sends one HTTP request: the blocking and the awaiting protocol.

For type checkers only: nothing imports this file at run time.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply

AfterSend: TypeAlias = Callable[[], object]  # work to do while the reply is on its way


class Transport(Protocol):
    """Sends one request: a pool of connections, or a user's httpx.Client.

    A pool calls `after_send` as soon as the request is written.

    Attributes:
        verifies_tls: Whether certificates are certainly verified; a user's client has settings of its own.
    """

    @property
    def verifies_tls(self) -> bool: ...

    def send(
        self,
        request: HttpRequest,
        deadline: float,
        after_send: AfterSend | None = None,
        /,
    ) -> Reply | Failure: ...
    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """Sends one request, awaiting."""

    @property
    def verifies_tls(self) -> bool: ...
    async def send(
        self,
        request: HttpRequest,
        deadline: float,
        after_send: AfterSend | None = None,
        /,
    ) -> Reply | Failure: ...
    async def aclose(self) -> None: ...


class HttpClient(Protocol):
    """An `httpx.Client` or `httpx2.Client`."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any, /) -> Any: ...
    def send(self, request: Any, /, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...) -> Any: ...
    def close(self) -> None: ...


class AsyncHttpClient(Protocol):
    """An `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any, /) -> Any: ...
    async def send(
        self, request: Any, /, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...
    ) -> Any: ...
    async def aclose(self) -> None: ...
