"""Counts the steps of a piece of work: functions that are called, Python's and the interpreter's own."""

import sys
from collections.abc import Callable
from statistics import median
from typing import Any

ALLOWED = 50  # times an ordinary input of the same size


class TooManyStepsError(BaseException):
    """The work takes more than is allowed; nothing that catches `Exception` holds it up."""


def counted(work: Callable[[], Any], at_most: float = float("inf")) -> int:
    """Do the work, and give the number of its steps.

    Raises:
        TooManyStepsError: There were more.
    """
    steps = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal steps
        if event in ("call", "c_call"):
            steps += 1
            if steps > at_most:
                sys.setprofile(None)
                raise TooManyStepsError

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return steps


class Ordinary:
    """What inputs cost that nobody changed: so many steps each, and so many for each unit of their size."""

    def __init__(self, measured: list[tuple[int, int]]) -> None:
        self.least = median(steps for _, steps in measured)
        self.rate = median(steps / size for size, steps in measured)

    def allowed(self, size: int) -> float:
        return ALLOWED * max(self.least, self.rate * size)
