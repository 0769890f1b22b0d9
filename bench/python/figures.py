"""Prints what a measured function says of itself: one line of JSON for each figure."""

import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any


def first() -> None:
    """The first create is answered."""
    cpu = time.process_time()
    print("first", flush=True)
    say("cpu", cpu * 1e3)
    say_memory()


def say(name: str, value: float) -> None:
    print(json.dumps([name, value]), flush=True)


def say_memory() -> None:
    with open("/proc/self/status") as status:
        say("memory", int(re.findall(r"VmHWM:\s+(\d+)", status.read())[0]) / 1024)


def sequence(name: str, count: int, call: Callable[[], object]) -> None:
    """The median of calls, one after the other, in milliseconds."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    say(name, sorted(times)[count // 2] * 1e3)


async def crowd(name: str, workers: int, count: int, call: Callable[[], Awaitable[object]]) -> None:
    """Calls per second of so many workers."""
    import asyncio  # not a part of the blocking function's memory

    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            await call()

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(workers)))
    say(name, count / (time.perf_counter() - start))


@contextmanager
def stopwatch(name: str) -> Iterator[None]:
    """The seconds of a block."""
    start = time.perf_counter()
    yield
    say(name, time.perf_counter() - start)


def numbered(values: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    return ({**values, "name": f"Todo {number}"} for number in range(count))
