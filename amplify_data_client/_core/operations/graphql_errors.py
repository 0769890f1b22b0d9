"""Reads the errors of a reply, and makes the exception for them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from amplify_data_client.errors import (
    ConditionFailedError,
    ErrorEntry,
    GraphQLError,
    NotAuthorizedError,
    ThrottledOperationError,
    ValidationError,
)

from .operation import Envelope

_NO_MESSAGE = "(AppSync gave no message)"


def read_entries(raw: Any) -> tuple[ErrorEntry, ...]:
    """Read a reply's `errors`, whatever is in it: a list, one object, or text."""
    if not raw:
        return ()
    return tuple(map(_entry, raw if isinstance(raw, list) else [raw]))


def _entry(raw: Any) -> ErrorEntry:
    if not isinstance(raw, Mapping):
        return ErrorEntry(_NO_MESSAGE if raw is None else str(raw))
    path = raw.get("path")
    message = raw.get("message")
    error_type = raw.get("errorType")
    return ErrorEntry(
        message if isinstance(message, str) else _NO_MESSAGE,
        error_type=error_type if isinstance(error_type, str) else None,
        error_info=raw.get("errorInfo"),
        path=path if isinstance(path, list) else None,
        locations=raw.get("locations"),
        data=raw.get("data"),
        extensions=raw.get("extensions"),
    )


def is_throttling(entry: ErrorEntry) -> bool:
    """Whether DynamoDB refused the operation because of its rate."""
    kind = entry.error_type or ""
    return kind.startswith("DynamoDB:") and kind.endswith(
        ("ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded")
    )


def is_condition_failure(entry: ErrorEntry) -> bool:
    """Whether a condition did not hold; its errorType is sometimes null."""
    kind = entry.error_type or ""
    return kind.endswith("ConditionalCheckFailedException") or (
        not kind and entry.message.startswith("The conditional request failed")
    )


def is_untouched(entries: Sequence[ErrorEntry], values: Iterable[Any]) -> bool:
    """Whether DynamoDB refused all that a generated operation wanted: nothing came, and every entry says so."""
    is_refused = all(is_throttling(entry) or is_condition_failure(entry) for entry in entries)
    return is_refused and is_nothing_but_nulls(entries, values)


def is_nothing_but_nulls(entries: Sequence[ErrorEntry], values: Iterable[Any]) -> bool:
    """Whether the root fields failed as such: all are null, and every entry is about one of them."""
    return (
        bool(entries)
        and all(entry.path is not None and len(entry.path) == 1 for entry in entries)
        and all(value is None for value in values)
    )


def _class_of(entry: ErrorEntry) -> type[GraphQLError] | None:
    if is_condition_failure(entry):
        return ConditionFailedError
    if entry.error_type in ("Unauthorized", "UnauthorizedException"):
        return NotAuthorizedError
    if is_throttling(entry):
        return ThrottledOperationError
    # refusals of the whole document have neither an errorType nor a path
    if entry.error_type is None and not entry.path and entry.locations:
        return ValidationError
    return None


def error_for(
    entries: Sequence[ErrorEntry],
    envelope: Envelope,
    *,
    operation: str | None = None,
    data: Any = None,
    next_token: str | None = None,
    advise: Callable[[Sequence[ErrorEntry]], str] | None = None,
) -> GraphQLError:
    """Make the exception for the errors of a reply: its class is that of the first entry that tells one.

    Args:
        advise: Says what to do about the errors of this call.
    """
    from .advice import advice_on  # a call that goes well does without it

    kind = next((found for entry in entries if (found := _class_of(entry)) is not None), GraphQLError)
    if kind is ValidationError and envelope.data is not None:
        kind = GraphQLError
    first = entries[0]
    where = f" (at {'.'.join(map(str, first.path))})" if first.path else ""
    more = f" And {len(entries) - 1} more: see error.errors." if len(entries) > 1 else ""
    label = f"{first.error_type}: " if first.error_type else ""
    advice = advice_on(kind, first) + (advise(entries) if advise is not None else "") + more
    end = "." if advice and not first.message.endswith((".", "!", "?")) else ""
    error = kind(
        f"{operation or 'The operation'} failed{where}. {label}{first.message}{end}{advice}",
        errors=entries,
        data=data,
        extensions=envelope.extensions,
        operation=operation,
        request_id=envelope.request_id,
    )
    error.next_token = next_token
    return error
