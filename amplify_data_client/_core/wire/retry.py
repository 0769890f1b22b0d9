"""Decides whether a request is repeated, and after how long.

| outcome                                              | query | mutation                     |
| ---------------------------------------------------- | ----- | ---------------------------- |
| could not connect, or the send itself failed         | yes   | yes                          |
| 429                                                  | yes   | yes                          |
| throttled by DynamoDB: nothing but top-level nulls   | yes   | generated model operations   |
| a signature refused for its time, once               | yes   | yes: nothing was executed     |
| a lost reply, 5xx                                    | yes   | no: it may have been executed |

Everything that decides a retry lives here.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from amplify_data_client._core.operations.graphql_errors import is_nothing_but_nulls, is_throttling, is_untouched
from amplify_data_client._core.operations.operation import Envelope, Operation

from .messages import Failure, Reply

ATTEMPTS = 3  # as JavaScript
FIRST_WAIT, MOST_WAIT = 0.2, 20.0  # the longest is that of AWS's own SDKs
# nothing else makes the client believe another clock
_CLOCK = ("Signature expired", "Signature not yet current")


class Retry(NamedTuple):
    """The attempt that comes next: how long to wait before, and the server's time where the signature needs it."""

    wait_at_most: float = 0.0
    wait_at_least: float = 0.0
    server_time: str | None = None


def next_attempt(
    operation: Operation[Any], attempt: int, outcome: Reply | Failure | Envelope, max_attempts: int | None = None
) -> Retry | None:
    """Say how to try again; None means do not.

    Args:
        attempt: How many have been made, from 1.
        max_attempts: How many there may be.

    A mutation whose reply was lost is not repeated: AppSync may have written before it was.
    """
    if attempt >= (max_attempts or ATTEMPTS) or not _may_repeat(operation, outcome):
        return None
    asked = retry_after(outcome) if isinstance(outcome, Reply) else 0.0
    return Retry(wait_before(attempt), asked)


def wait_before(attempt: int) -> float:
    """Say how long to wait at most after so many attempts; the driver chooses a random time up to that."""
    return float(min(MOST_WAIT, FIRST_WAIT * 2.0 ** min(attempt - 1, 10)))


def retry_after(reply: Reply) -> float:
    """Read how many seconds a reply asks to wait, as a number or as a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3"""
    value = reply.headers.get("retry-after", "").strip()
    if not value:
        return 0.0
    if value.isascii() and value.isdigit():
        return float(value[:9])
    from email.utils import parsedate_to_datetime

    try:
        seconds = (parsedate_to_datetime(value) - parsedate_to_datetime(reply.headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError):  # no date, or one of the two without a zone
        return 0.0
    return max(0.0, seconds)


def is_about_clock(message: str) -> bool:
    """Say whether a refusal's message is that the signature's time is not the server's."""
    return message.startswith(_CLOCK)


def with_server_time(reply: Reply) -> Retry | None:
    """Say how to sign anew with the server's time; None where the reply may not be believed, or tells no time."""
    date = reply.headers.get("date")
    return Retry(server_time=date) if reply.is_verified and date else None


def was_executed(operation: Operation[Any], envelope: Envelope) -> bool:
    """Whether an operation whose reply lists errors may have written, in whole or in part."""
    if operation.kind == "query":
        return False
    return not (operation.is_generated and is_untouched(envelope.errors, _values(envelope)))


def _may_repeat(operation: Operation[Any], outcome: Reply | Failure | Envelope) -> bool:
    is_query = operation.kind == "query"
    if isinstance(outcome, Failure):
        return outcome.kind in ("connect", "send") or (outcome.kind == "reply" and is_query)
    if isinstance(outcome, Reply):
        return outcome.status == 429 or (outcome.status >= 500 and is_query)
    is_throttled = all(map(is_throttling, outcome.errors)) and is_nothing_but_nulls(outcome.errors, _values(outcome))
    return is_throttled and (is_query or operation.is_generated)


def _values(envelope: Envelope) -> Iterable[Any]:
    return (envelope.data or {}).values()
