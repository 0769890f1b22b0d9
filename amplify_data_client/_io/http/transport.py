"""Describes what sends one HTTP request: the blocking and the awaiting protocol.

For type checkers only: nothing imports this file at run time.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from amplify_data_client._core.wire.messages import Failure, Reply

AfterSend: TypeAlias = Callable[[], object]  # work to do while the reply is on its way


class Transport(Protocol):
    """Sends one request: a pool of connections, or a user's httpx.Client.

    A pool calls `after_send` as soon as the request is written.
    """

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
        after_send: AfterSend | None = None,
        /,
    ) -> Reply | Failure: ...
    def close(self) -> None: ...


class AsyncTransport(Protocol):
    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
        after_send: AfterSend | None = None,
        /,
    ) -> Reply | Failure: ...
    async def aclose(self) -> None: ...
