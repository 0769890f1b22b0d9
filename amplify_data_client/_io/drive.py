"""Who carries a conversation?

Two drivers, one blocking and one awaiting: wait, sign, send, and hand over what came.
"""

import os
import time
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, cast

from amplify_data_client._core.wire.messages import Failure, Reply, Request
from amplify_data_client.options import CallOptions, Deadline

from .authorize import Endpoint, authorized, authorized_async
from .log import CallLog

if TYPE_CHECKING:
    import httpx

    from amplify_data_client._io.lambda_runtime.snapshots import Holder

HolderT = TypeVar("HolderT", bound="Holder")
T = TypeVar("T")
AfterSend: TypeAlias = Callable[[], object]  # work to do while the reply is on its way
# AppSync itself gives up after 30 seconds: https://docs.aws.amazon.com/general/latest/gr/appsync.html
DEFAULT_TIMEOUT = 30.0


class Transport(Protocol):
    """Sends one request: a pool of ours, or a user's httpx.Client.

    The pools call `meanwhile` as soon as the request is out.
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


class Sender:
    """A carrier, and whether it is ours to close."""

    __slots__ = ("_is_ours", "_transport", "send")

    def __init__(self, transport: Transport, *, is_ours: bool) -> None:
        self._transport, self._is_ours = transport, is_ours
        self.send = transport.send

    def shared(self) -> "Sender":
        """The same connections for a copy of the client: closing it leaves them open."""
        return Sender(self._transport, is_ours=False)

    def close(self) -> None:
        if self._is_ours:
            self._transport.close()


class AsyncSender:
    """A carrier, and whether it is ours to close."""

    __slots__ = ("_is_ours", "_transport", "send")

    def __init__(self, transport: AsyncTransport, *, is_ours: bool) -> None:
        self._transport, self._is_ours = transport, is_ours
        self.send = transport.send

    def shared(self) -> "AsyncSender":
        """The same connections for a copy of the client: closing it leaves them open."""
        return AsyncSender(self._transport, is_ours=False)

    async def aclose(self) -> None:
        if self._is_ours:
            await self._transport.aclose()


def kept_from_snapshots(holder: HolderT) -> HolderT:
    """Have sockets or credentials left out of the snapshot that Lambda SnapStart takes, if it takes one."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from amplify_data_client._io.lambda_runtime.snapshots import watch

        watch(holder)
    return holder


def open_sender(http_client: "httpx.Client | None" = None) -> Sender:
    """Make a sender: over a user's client, else over connections of our own."""
    if http_client is not None:
        from amplify_data_client._io.http.httpx_transport import HttpxTransport

        return Sender(HttpxTransport(http_client), is_ours=False)
    if _has_proxy():
        from amplify_data_client._io.http.httpx_transport import ProxyTransport

        return Sender(kept_from_snapshots(ProxyTransport()), is_ours=True)
    from amplify_data_client._io.http.pool import Pool

    return Sender(kept_from_snapshots(Pool()), is_ours=True)


def open_async_sender(http_client: "httpx.AsyncClient | None" = None) -> AsyncSender:
    """Make an awaiting sender: over a user's client, else over connections of our own."""
    if http_client is not None:
        from amplify_data_client._io.http.httpx_transport import AsyncHttpxTransport

        return AsyncSender(AsyncHttpxTransport(http_client), is_ours=False)
    if _has_proxy():
        from amplify_data_client._io.http.httpx_transport import AsyncProxyTransport

        return AsyncSender(kept_from_snapshots(AsyncProxyTransport()), is_ours=True)
    from amplify_data_client._io.http.async_pool import AsyncPool

    return AsyncSender(kept_from_snapshots(AsyncPool()), is_ours=True)


def _has_proxy() -> bool:
    return any(
        os.environ.get(name) for base in ("https_proxy", "all_proxy", "http_proxy") for name in (base, base.upper())
    )


def run(steps: Generator[Request, Reply | Failure, T], endpoint: Endpoint, sender: Sender, call: CallOptions) -> T:
    """Carry a conversation to its end.

    `timeout` and `deadline` bound the whole of it: waits, retries, and a reply that drips.
    """
    options, log = endpoint.merged(call), CallLog()
    seconds = options.timeout or DEFAULT_TIMEOUT
    deadline, is_invocations = end_of(seconds, options.deadline)
    outcome: Reply | Failure | None = None
    result: T | None = None
    request = next(steps)
    try:
        while True:
            wait = jitter(request.wait_at_most)
            if time.monotonic() + wait >= deadline:
                outcome = Failure("timeout", TimeoutError("no time is left for another attempt"))
            else:
                log.attempt(request, outcome)
                if wait:
                    time.sleep(wait)
                headers = authorized(endpoint, options, request)
                outcome = sender.send("POST", endpoint.config.endpoint, headers, request.body, deadline)
            outcome = timed(outcome, seconds, is_invocations=is_invocations)
            try:
                request = steps.send(outcome)
            except StopIteration as done:
                result = done.value
                return cast("T", result)
    finally:
        log.end(request, outcome, result)


async def run_async(
    steps: Generator[Request, Reply | Failure, T], endpoint: Endpoint, sender: AsyncSender, call: CallOptions
) -> T:
    """Carry a conversation to its end, awaiting."""
    import asyncio

    options, log = endpoint.merged(call), CallLog()
    seconds = options.timeout or DEFAULT_TIMEOUT
    deadline, is_invocations = end_of(seconds, options.deadline)
    outcome: Reply | Failure | None = None
    result: T | None = None
    request = next(steps)
    try:
        while True:
            wait = jitter(request.wait_at_most)
            if time.monotonic() + wait >= deadline:
                outcome = Failure("timeout", TimeoutError("no time is left for another attempt"))
            else:
                log.attempt(request, outcome)
                if wait:
                    await asyncio.sleep(wait)
                outcome = await _sent(endpoint, options, request, sender, deadline)
            outcome = timed(outcome, seconds, is_invocations=is_invocations)
            try:
                request = steps.send(outcome)
            except StopIteration as done:
                result = done.value
                return cast("T", result)
    finally:
        log.end(request, outcome, result)


async def _sent(
    endpoint: Endpoint, options: CallOptions, request: Request, sender: AsyncSender, deadline: float
) -> Reply | Failure:
    import asyncio

    scope = asyncio.timeout(deadline - time.monotonic())
    try:
        async with scope:  # a user's function for tokens or headers may wait for something
            headers = await authorized_async(endpoint, options, request)
    except TimeoutError as error:
        if not scope.expired():
            raise
        return Failure("timeout", error)
    return await sender.send("POST", endpoint.config.endpoint, headers, request.body, deadline)


def end_of(timeout: float, deadline: Deadline | None) -> tuple[float, bool]:
    """Say when a call has to be over (of the monotonic clock), and whether that is because its invocation ends."""
    latest = time.monotonic() + timeout
    if deadline is None:
        return latest, False
    from amplify_data_client._io.lambda_runtime.deadline import earlier

    return earlier(deadline, latest)


def timed(outcome: Reply | Failure, seconds: float, *, is_invocations: bool) -> Reply | Failure:
    """Say of a failure what time it was that ran out, if time did: the invocation's, or so many seconds."""
    if isinstance(outcome, Failure):
        return outcome._replace(of_invocation=is_invocations, seconds=seconds)
    return outcome


def jitter(at_most: float) -> float:
    """Choose how long to wait: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/"""
    if not at_most:
        return 0.0
    # the system's: of a generator's state the copies of a snapshot, or forks, have one each, and would wait alike
    from random import SystemRandom

    return SystemRandom().uniform(0, at_most)
