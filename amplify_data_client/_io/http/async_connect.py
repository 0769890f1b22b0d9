"""Opens a connection, awaiting: looks up the name, and races its addresses, TLS handshake included."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeAlias, TypeVar

from . import tls
from .addresses import ATTEMPT_DELAY, interleaved
from .http11 import Target
from .sockets import AddressInfo

ProtocolT = TypeVar("ProtocolT", bound=asyncio.Protocol)
_Pair: TypeAlias = tuple[asyncio.Transport, ProtocolT]


async def connect(target: Target, make: Callable[[], ProtocolT]) -> ProtocolT:
    """Give a connected protocol, after the TLS handshake where the URL begins with https.

    Raises:
        ConfigurationError: Credentials must not go to this host unencrypted.
        OSError: No address took the connection.
    """
    if not target.is_secure:
        from . import plain_http

        plain_http.require_trusted(target.host)
        return await _connect_with(target, make, None)
    trusting = tls.context()
    try:
        return await _connect_with(target, make, trusting)
    except ssl.SSLCertVerificationError:
        if trusting is tls.whole():
            raise
    return await _connect_with(target, make, tls.whole())


async def _connect_with(target: Target, make: Callable[[], ProtocolT], context: ssl.SSLContext | None) -> ProtocolT:
    loop = asyncio.get_running_loop()

    def connect_to(info: AddressInfo) -> Coroutine[Any, Any, _Pair[ProtocolT]]:
        name = None if context is None else target.host
        at = str(info[4][0])
        return loop.create_connection(make, at, target.port, family=info[0], ssl=context, server_hostname=name)

    found = await loop.getaddrinfo(target.ascii_name, target.port, type=socket.SOCK_STREAM)
    if not found:
        raise OSError(f"{target.host} has no address")
    _, connection = await (connect_to(found[0]) if len(found) == 1 else _race(interleaved(found), connect_to))
    return connection


async def _race(
    addresses: Iterable[AddressInfo], attempt: Callable[[AddressInfo], Coroutine[Any, Any, _Pair[ProtocolT]]]
) -> _Pair[ProtocolT]:
    attempts: list[asyncio.Task[_Pair[ProtocolT]]] = []
    winner: asyncio.Task[_Pair[ProtocolT]] | None = None
    try:
        winner = await _first(addresses, attempt, attempts)
        return winner.result()
    finally:
        await _abandon([task for task in attempts if task is not winner])


async def _first(
    addresses: Iterable[AddressInfo],
    attempt: Callable[[AddressInfo], Coroutine[Any, Any, _Pair[ProtocolT]]],
    attempts: list[asyncio.Task[_Pair[ProtocolT]]],
) -> asyncio.Task[_Pair[ProtocolT]]:
    coming, running, lost = iter(addresses), set[asyncio.Task[_Pair[ProtocolT]]](), OSError("no address")
    while True:
        info = next(coming, None)
        if info is not None:
            attempts.append(asyncio.create_task(attempt(info)))
            running.add(attempts[-1])
        elif not running:
            raise lost
        delay = None if info is None else ATTEMPT_DELAY
        done, running = await asyncio.wait(running, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            error = task.exception()
            if error is None:
                return task
            if isinstance(error, ssl.SSLCertVerificationError) or not isinstance(error, OSError):
                raise error  # another address has the same certificate
            lost = error


async def _abandon(attempts: list[asyncio.Task[_Pair[ProtocolT]]]) -> None:
    for task in attempts:
        task.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, tuple):  # it was second by a moment
            outcome[0].abort()
