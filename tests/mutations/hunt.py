"""Runs many mutated inputs and collects what comes out of the error tree, or costs too much.

MANY=200000 looks longer: a quarter of it at each kind. A failure names its number, from which it is made again:
`python -m tests.mutations replies 123`.
"""

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch

from amplify_data_client._core.wire.messages import Failure, Reply, Request
from amplify_data_client._io import drive
from amplify_data_client.errors import AmplifyDataError

from .steps import Ordinary, TooManyStepsError, counted

COUNT = int(os.environ.get("MANY", "1200")) // 4


@dataclass
class Case:
    """An input: its size, what is done with it, and what it looks like."""

    size: int
    work: Callable[[], Any]
    shown: str = ""


@dataclass
class Found:
    """What went wrong: by kind, with the number and the look of the first input that showed it."""

    kinds: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def add(self, kind: str, number: int, shown: str) -> None:
        count, first, look = self.kinds.get(kind, (0, number, shown))
        self.kinds[kind] = (count + 1, first, look)

    def __str__(self) -> str:
        return "\n".join(
            f"{count} × {kind}\n    first: number {number}: {shown[:600]}"
            for kind, (count, number, shown) in self.kinds.items()
        )


def attempt(work: Callable[[], Any]) -> None:
    """Do the work; errors of the tree are fine, and have to have a text."""
    try:
        work()
    except AmplifyDataError as error:
        _read(error)


def _read(error: AmplifyDataError) -> None:
    repr(error)
    assert str(error)


def hunt(kind: str, make: Callable[[Random], Case], ordinary: Ordinary, numbers: range) -> Found:
    """Try the inputs of these numbers."""
    found = Found()
    for number in numbers:
        case = make(Random(f"{kind} {number}"))
        try:
            counted(lambda case=case: attempt(case.work), ordinary.allowed(case.size))
        except TooManyStepsError:
            found.add(
                f"more than {ordinary.allowed(case.size):.0f} steps for a size of {case.size}", number, case.shown
            )
        except Exception as error:
            found.add(_where(error), number, case.shown)
    return found


def _where(error: BaseException) -> str:
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if "amplify_data_client" in frame.filename]
    last = f" in {own[-1].filename.rpartition('amplify_data_client/')[2]}:{own[-1].lineno}" if own else ""
    return f"{type(error).__name__}: {str(error)[:100]}{last}"


Answer = Callable[[Request], Reply | Failure]


@contextmanager
def answered(answer: Answer) -> Iterator[None]:
    """Let every request be answered here: no clock, no network, no signature."""

    def run(flow: Any, _authorizer: Any, _sender: Any, after_send: Any = None) -> Any:
        outcome: Any = None
        while True:
            try:
                request = flow.send(outcome)
            except StopIteration as done:
                return done.value
            outcome = answer(request)

    with patch.object(drive, "run", run):
        yield


def walk(value: Any, depth: int = 0) -> None:
    """Look at everything in a result, as a program that prints and stores it does."""
    repr(value)
    for name in ("to_dict", "to_json"):
        if hasattr(type(value), name):
            getattr(value, name)()
    for name in ("errors", "next_token", "extensions"):
        if hasattr(type(value), name):
            repr(getattr(value, name))
    if hasattr(type(value), "data"):
        walk(value.data, depth + 1)
    elif isinstance(value, list | tuple) and depth < 6:
        for item in list(value)[:50]:
            walk(item, depth + 1)
    elif hasattr(type(value), "model_fields") and depth < 6:
        for name in list(type(value).model_fields)[:50]:
            try:
                walk(getattr(value, name), depth + 1)
            except AmplifyDataError as error:
                _read(error)
