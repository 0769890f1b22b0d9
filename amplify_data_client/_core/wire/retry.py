"""Is a request repeated, and after how long?

| outcome                                              | query | mutation                     |
| ---------------------------------------------------- | ----- | ---------------------------- |
| could not connect, or the send itself failed         | yes   | yes                          |
| 429                                                  | yes   | yes                          |
| throttled by DynamoDB: nothing but top-level nulls   | yes   | generated model operations   |
| a lost reply, 5xx                                    | yes   | no: it may have been executed |

Everything that decides a retry lives here.
"""

from typing import Any

from amplify_data_client._core.operations.failures import is_throttling
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


def _may_repeat(operation: Operation[Any], outcome: Reply | Failure | Envelope) -> bool:
    is_query = operation.kind == "query"
    if isinstance(outcome, Failure):
        return outcome.kind in ("connect", "send") or (outcome.kind == "reply" and is_query)
    if isinstance(outcome, Reply):
        return outcome.status == 429 or (outcome.status >= 500 and is_query)
    return _is_throttled_as_a_whole(outcome) and (is_query or operation.is_generated)


def _is_throttled_as_a_whole(envelope: Envelope) -> bool:
    return (
        bool(envelope.errors)
        and all(is_throttling(entry) and entry.path is not None and len(entry.path) == 1 for entry in envelope.errors)
        and all(value is None for value in (envelope.data or {}).values())
    )
