"""Refuse items that DynamoDB refuses for their size or their attribute names."""

from collections.abc import Mapping
from typing import Any

from amplify_data_client.dev.local_backend.errors import dynamodb

MAX_BYTES = 400 * 1024


def check(item: Mapping[str, Any], *, is_update: bool = False) -> None:
    """Refuse an item that is too large or contains an empty attribute name.

    Raises:
        ResolverError: DynamoDB does not accept it.
    """
    if _bytes(item) > MAX_BYTES:
        message = "Item size to update has" if is_update else "Item size has"
        raise dynamodb("ValidationException", f"{message} exceeded the maximum allowed size")
    if _has_empty_name(item):
        raise dynamodb("ValidationException", "Empty attribute name")


def _bytes(value: Any) -> int:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, Mapping):
        return 3 + sum(len(name.encode("utf-8", "surrogatepass")) + 1 + _bytes(item) for name, item in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _bytes(item) for item in value)
    return 1 if value is None or isinstance(value, bool) else 1 + len(repr(value)) // 2


def _has_empty_name(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "" in value or any(map(_has_empty_name, value.values()))
    return isinstance(value, list) and any(map(_has_empty_name, value))
