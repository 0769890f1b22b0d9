"""Compares what a server executed with what a client reported, and looks for what was left open."""

import gc
import logging
import os
import sys
import threading
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from .server import Server
from .ways import SECRETS, Caller, Reported

MARGIN = 1.0  # seconds past the timeout, beside what the machine itself took
FAULTS = ("lost", "doubled", "hung", "leaked", "wrong")


@dataclass
class Tally:
    """Counts of a row, and a sentence for each thing that is not as it has to be."""

    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def add(self, fault: str, what: str) -> None:
        self.counts[fault] += 1
        self.found.append(f"{fault.upper()}: {what}")

    def merge(self, other: "Tally") -> None:
        self.counts.update(other.counts)
        self.found.extend(other.found)

    def judge(self, reported: Reported, name: str, caller: Caller, allowed: str = "") -> None:
        """Count a call, and what is wrong with its time or its message, whatever was executed."""
        self.counts["calls"] += 1
        self.counts[reported.what] += 1
        if reported.seconds > caller.timeout + MARGIN + 2 * reported.lag:
            self.add(
                "hung",
                f"{name} took {reported.seconds:.2f} s of {caller.timeout:g}, of which {reported.lag:.2f} were the machine's",
            )
        if reported.what == "foreign":
            self.add("wrong", f"{name}: {reported.error!r} is no error of this package")
        if allowed and reported.what not in allowed.split(" | "):
            self.add("wrong", f"{name} reported {reported.what}, not {allowed}: {reported.error!r}")
        if reported.error is not None:
            self.look_for_secrets(name, "".join(traceback.format_exception(reported.error)) + repr(reported.error))

    def judge_create(
        self, reported: Reported, identifier: str, server: Server, caller: Caller, name: str, allowed: str = ""
    ) -> None:
        """Compare a mutation with what the server executed of it."""
        self.judge(reported, name, caller, allowed)
        self.compare(reported.what, server.executed[identifier], name)
        if reported.what == "done" and reported.record != identifier:
            self.add("wrong", f"{name} was given the record of {reported.record!r}")

    def compare(self, what: str, executed: int, name: str) -> None:
        self.counts["executed"] += bool(executed)
        if executed > 1:
            self.add("doubled", f"{name} was executed {executed} times")
        if executed and what in ("not", "foreign"):
            self.add("lost", f"{name} was executed, and reported as not executed")
        if not executed and what == "done":
            self.add("lost", f"{name} was reported as done, and was not executed")

    def judge_get(
        self, reported: Reported, identifier: str, caller: Caller, name: str, allowed: str = "", *, null: bool = False
    ) -> None:
        """Look at a query: its record is its own."""
        self.judge(reported, name, caller, allowed)
        if reported.what == "may have":
            self.add("wrong", f"{name} is a query, and executes nothing: {reported.error!r}")
        if reported.what == "done" and reported.record != identifier and not (null and reported.record is None):
            self.add("wrong", f"{name} was given the record of {reported.record!r}")

    def look_for_secrets(self, name: str, text: str) -> None:
        shown = [secret for secret in SECRETS if secret in text]
        if shown:
            self.add("leaked", f"{name}: a message shows {shown[0][:12]}…")


class Watch:
    """Sees what a cell leaves behind: sockets, threads, tasks, warnings of things not closed, secrets in the log."""

    def __init__(self, tally: Tally, name: str, patience: float = 3.0) -> None:
        self._tally, self._name, self._patience = tally, name, patience
        self._log: list[str] = []
        self._unraisable: list[str] = []

    def __enter__(self) -> Self:
        gc.collect()
        self._sockets, self._threads = sockets(), set(threading.enumerate())
        self._hook, sys.unraisablehook = sys.unraisablehook, self._note
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("error", ResourceWarning)
        self._handler = _Keep(self._log)
        logger = logging.getLogger("amplify_data_client")
        logger.addHandler(self._handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        return self

    def _note(self, event: Any) -> None:
        self._unraisable.append(f"{event.err_msg or ''} {event.exc_value!r} {event.object!r}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        end = time.monotonic() + self._patience
        while True:  # what was closed goes at the next moment: threads end, a peer sees the end
            gc.collect()
            left = sockets() - self._sockets
            threads = [thread.name for thread in set(threading.enumerate()) - self._threads if thread.is_alive()]
            if not (left > 0 or threads) or time.monotonic() > end:
                break
            time.sleep(0.02)
        sys.unraisablehook = self._hook
        self._warnings.__exit__(None, None, None)
        logging.getLogger("amplify_data_client").removeHandler(self._handler)
        if left > 0:
            self._tally.add("leaked", f"{self._name}: {left} sockets were left open")
        if threads:
            self._tally.add("leaked", f"{self._name}: threads were left: {', '.join(threads)}")
        for text in self._unraisable:
            self._tally.add("leaked", f"{self._name}: {text}")
        self._tally.look_for_secrets(f"{self._name}, log", "\n".join(self._log))


class _Keep(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


def sockets() -> int:
    """How many sockets this process has open."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
        except OSError:  # the one of the listing itself
            continue
    return count
