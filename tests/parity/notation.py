"""Reads the recordings' notation of JavaScript values."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

UNDEFINED = object()


def is_undefined(value: Any) -> bool:
    return isinstance(value, Mapping) and "$undefined" in value


def is_function(value: Any) -> bool:
    return isinstance(value, Mapping) and "$function" in value


def decode(value: Any, results: list[Any], header_calls: list[Any]) -> Any:
    """Make the Python value for an argument; what is undefined in JavaScript is absent."""
    if isinstance(value, list):
        return [None if is_undefined(item) else decode(item, results, header_calls) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "$undefined" in value:
        return UNDEFINED
    if "$date" in value:
        return datetime.fromisoformat(value["$date"])
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    if "$number" in value:
        return float(value["$number"])
    if "$headers" in value:

        def headers(about: Mapping[str, str]) -> Mapping[str, str]:
            header_calls.append(dict(about))
            return value["$headers"]

        return headers
    if "$result" in value:
        return reach(results[value["$result"]["step"]], value["$result"]["at"])
    decoded = {key: decode(item, results, header_calls) for key, item in value.items()}
    return {key: item for key, item in decoded.items() if item is not UNDEFINED}


def reach(value: Any, at: list[str | int]) -> Any:
    """Follow a path into a result."""
    for key in at:
        value = value[key] if isinstance(key, int) else getattr(value, key)
    return value


def plain(value: Any) -> Any:
    """The recorded outcome as JSON: what is undefined or a function is left out, bytes are base64 text."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "$bytes" in value:
        return value["$bytes"]
    return {key: plain(item) for key, item in value.items() if not is_undefined(item) and not is_function(item)}


def functions(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the recorded outcome has functions: the loaders of relations."""
    if is_function(value):
        return [at]
    if isinstance(value, list):
        return [path for position, item in enumerate(value) for path in functions(item, (*at, position))]
    if isinstance(value, Mapping):
        return [path for key, item in value.items() for path in functions(item, (*at, key))]
    return []
