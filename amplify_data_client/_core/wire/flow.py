"""Defines a flow of requests, and turns a generator that asks for other things into one.

A flow is a generator: it yields requests, is sent what came of each, and returns its result. A driver runs it.
"""

from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeAlias, TypeVar, cast

from .messages import Failure, LocalWork, Reply, Request

T = TypeVar("T")
AskedT = TypeVar("AskedT")
Flow: TypeAlias = Generator[Request | LocalWork, Any, T]
RequestFlow: TypeAlias = Generator[Request, Reply | Failure, T]


def expand(asking: Generator[AskedT, Any, T], answer: Callable[[AskedT], Flow[Any]]) -> Flow[T]:
    """Answer everything that a generator asks for by a flow; an exception is raised where it asked."""
    step = partial(next, asking)
    while True:
        try:
            asked = step()
        except StopIteration as done:
            return cast("T", done.value)
        try:
            found = yield from answer(asked)
        except Exception as error:
            step = partial(asking.throw, error)
        else:
            step = partial(asking.send, found)
