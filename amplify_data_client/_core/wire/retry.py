"""Decides whether a request is repeated, and after how long.

| outcome                                              | query | mutation                     |
| ---------------------------------------------------- | ----- | ---------------------------- |
| could not connect, or the send itself failed         | yes   | yes                          |
| 429                                                  | yes   | yes                          |
| throttled by DynamoDB: nothing but top-level nulls   | yes   | generated model operations   |
| a lost reply, 5xx                                    | yes   | no: it may have been executed |

Everything that decides a retry lives here.
"""

from collections.abc import Iterable
from typing import Any

from amplify_data_client._core.operations.graphql_errors import is_nothing_but_nulls, is_throttling, is_untouched
from amplify_data_client._core.operations.operation import Envelope, Operation

from .messages import Failure, Reply

ATTEMPTS = 3  # as JavaScript
FIRST_WAIT, MOST_WAIT = 0.2, 5.0


def next_wait(operation: Operation[Any], attempt: int, outcome: Reply | Failure | Envelope) -> float | None:
    """Say how long to wait at most before trying again; None means do not.

    Args:
        attempt: How many have been made, from 1.

    A mutation whose reply was lost is not repeated: AppSync may have written before it was.
    """
    if attempt >= ATTEMPTS or not _may_repeat(operation, outcome):
        return None
    return min(MOST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1))


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
