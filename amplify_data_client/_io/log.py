"""Writes the log lines of calls: never variables, headers or tokens."""

import sys
import time
from typing import TYPE_CHECKING, Any

from amplify_data_client._core.wire.messages import Failure, Reply, Request

if TYPE_CHECKING:
    import logging


class CallLog:
    """The lines of a flow's calls: one at DEBUG when a call ends, a WARNING for what a user should know.

    Attributes:
        outcome: What came of the last attempt.
    """

    __slots__ = ("_attempts", "_request", "_started", "outcome")

    def __init__(self) -> None:
        self._request: Request | None = None
        self.outcome: Reply | Failure | None = None

    def call(self, request: Request, now: float) -> None:
        """Begin a call; the one before has ended."""
        if self._request is not None:
            self._end_call()
        self._request, self.outcome = request, None
        self._attempts, self._started = 0, now

    def attempt(self, request: Request) -> None:
        """Note that an attempt begins."""
        self._attempts += 1
        if self._attempts > 1 and (log := logger()):
            log.warning("attempt %d at %s after: %s", self._attempts, request.operation, _described(self.outcome))

    def end(self, result: Any) -> None:
        """Note that the flow is over; without a result where it failed."""
        # asked of the class: a result without the attribute would make an error that says where its data is
        is_page = hasattr(type(result), "next_token")
        if is_page and result.next_token is not None and not result.data and not result.errors:
            log = logger()
            if log is not None and self._request is not None:
                log.warning(
                    "%s: the page is empty, but has a next_token: its filter left nothing. iterate() goes on.",
                    self._request.operation,
                )
        self._end_call()

    def _end_call(self) -> None:
        log = logger()
        if self._request is None or log is None or not log.isEnabledFor(10):  # logging.DEBUG
            return
        outcome, took = self.outcome, (time.monotonic() - self._started) * 1000
        found = f"HTTP {outcome.status}" if isinstance(outcome, Reply) else _described(outcome)
        request_id = outcome.headers.get("x-amzn-requestid") if isinstance(outcome, Reply) else None
        operation = self._request.operation
        log.debug("%s: %s, %d attempt(s), %.0f ms, request %s", operation, found, self._attempts, took, request_id)


def _described(outcome: Reply | Failure | None) -> str:
    if isinstance(outcome, Reply):
        return "throttled by DynamoDB" if outcome.status == 200 else f"HTTP {outcome.status}"
    return outcome.kind if outcome else "not sent"


def logger() -> "logging.Logger | None":
    """Give the package's logger, silent until somebody listens.

    None where nobody can: a process that has not imported logging has no handlers, and a cold start need not import it.
    """
    if "logging" not in sys.modules:
        return None
    import logging

    found = logging.getLogger("amplify_data_client")
    if not found.handlers:  # without one, Python prints warnings itself
        found.addHandler(logging.NullHandler())
    return found
