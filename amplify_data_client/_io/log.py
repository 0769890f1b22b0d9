"""What does the log say of a call? Never variables, headers or tokens."""

import sys
import time
from typing import TYPE_CHECKING, Any

from amplify_data_client._core.wire.messages import Failure, Reply, Request

if TYPE_CHECKING:
    import logging


class CallLog:
    """The lines of one call: one at DEBUG when it ends, a WARNING for what a user should know."""

    __slots__ = ("_attempts", "_started")

    def __init__(self) -> None:
        self._attempts, self._started = 0, time.monotonic()

    def attempt(self, request: Request, before: Reply | Failure | None) -> None:
        """An attempt begins, after what became of the one before."""
        self._attempts += 1
        if self._attempts > 1 and (log := logger()):
            log.warning("attempt %d at %s after: %s", self._attempts, request.operation, _what(before))

    def end(self, request: Request, outcome: Reply | Failure | None, result: Any) -> None:
        """The call is over; without a result where it failed."""
        log = logger()
        if log is None:
            return
        if getattr(result, "next_token", None) is not None and not result.data and not result.errors:
            log.warning(
                "%s: the page is empty, but has a next_token: its filter left nothing. iterate() goes on.",
                request.operation,
            )
        if log.isEnabledFor(10):  # logging.DEBUG
            took = (time.monotonic() - self._started) * 1000
            found = f"HTTP {outcome.status}" if isinstance(outcome, Reply) else _what(outcome)
            request_id = outcome.headers.get("x-amzn-requestid") if isinstance(outcome, Reply) else None
            log.debug(
                "%s: %s, %d attempt(s), %.0f ms, request %s", request.operation, found, self._attempts, took, request_id
            )


def _what(outcome: Reply | Failure | None) -> str:
    if isinstance(outcome, Reply):
        return "throttled by DynamoDB" if outcome.status == 200 else f"HTTP {outcome.status}"
    return outcome.kind if outcome else "not sent"


def logger() -> "logging.Logger | None":
    """The package's logger, silent until somebody listens.

    None where nobody can: a process that has not imported logging has no handlers, and a cold start need not import it.
    """
    if "logging" not in sys.modules:
        return None
    import logging

    found = logging.getLogger("amplify_data_client")
    if not found.handlers:  # without one, Python prints warnings itself
        found.addHandler(logging.NullHandler())
    return found
