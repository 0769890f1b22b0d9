"""Keeps one value per event loop, and closes it when the loop ends."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Generic, TypeVar

from amplify_data_client._io import copies

T = TypeVar("T")


class PerLoop(Generic[T]):
    """One value per event loop, made when it is first asked for and closed when its loop ends.

    `asyncio.run` finishes the loop's asynchronous generators before it closes the loop: the one place where a client
    that lives on can still close what belongs to it.
    """

    def __init__(self, make: Callable[[], T], close: Callable[[T], Awaitable[None]]) -> None:
        self._make, self._close = make, close
        self._values: dict[asyncio.AbstractEventLoop, tuple[T, AsyncGenerator[None, None]]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def found(self) -> T | None:
        """The running loop's value, if it has been made."""
        kept = self._values.get(asyncio.get_running_loop())
        return None if kept is None else kept[0]

    async def get(self) -> T:
        """The running loop's value."""
        running = asyncio.get_running_loop()
        kept = self._values.get(running)
        if kept is None:
            self._forget_closed()
            value = self._make()
            guard = self._guard(value)
            kept = self._values[running] = value, guard
            await guard.__anext__()
        return kept[0]

    def forget(self) -> list[T]:
        """Give up the values of all loops, from any thread; each loop closes its own as soon as it runs."""
        kept, self._values = self._values, {}
        return [value for value, _ in kept.values()]

    def renewed(self) -> "PerLoop[T]":
        """The same without any value, in a fork: the loops are the parent's, and so is what closes their values."""
        copies.leave_to_parent(self)
        return PerLoop(self._make, self._close)

    async def close(self) -> None:
        """Close the running loop's value; those of other loops can be closed by these only."""
        kept = self._values.pop(asyncio.get_running_loop(), None)
        if kept is not None:
            await kept[1].aclose()

    async def _guard(self, value: T) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self._close(value)

    def _forget_closed(self) -> None:
        # weak references would not do: a generator's finalizer refers to its loop
        for loop in list(self._values):
            if loop.is_closed():
                self._values.pop(loop, None)
