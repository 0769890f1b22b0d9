"""Turn the key arguments of a list or index query into a range of keys."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from amplify_data_client._core.schema.keys import KeyArguments, SortKey
from amplify_data_client.dev.local_backend.errors import ResolverError, dynamodb, invalid_arguments

from . import key_bytes
from .filters import reversed_bounds
from .store import Range
from .tables import KeyFields, empty_key

_RANGES: dict[str, Callable[[bytes], Range]] = {
    "eq": lambda key: Range(key, key),
    "le": lambda key: Range(high=key),
    "lt": lambda key: Range(high=key, includes_high=False),
    "ge": lambda key: Range(low=key),
    "gt": lambda key: Range(low=key, includes_low=False),
    "beginsWith": lambda key: Range(key, key_bytes.after_prefix(key)),
}


def check_arguments(arguments: KeyArguments, given: Mapping[str, Any]) -> None:
    """Refuse a sort key or sortDirection without the partition key, and sortDirection without a sort key."""
    partition, sort = arguments.partition.name, arguments.sort
    has_direction = given.get("sortDirection") is not None
    if has_direction and sort is None:
        raise invalid_arguments("sortDirection is not supported for List operations without a Sort key defined.")
    if has_direction and given.get(partition) is None:
        raise invalid_arguments(
            f"When providing argument 'sortDirection' you must also provide argument '{partition}'."
        )
    if sort is None or given.get(sort.name) is None:
        return
    if len(sort.fields) == 1 and given.get(partition) is None:
        raise invalid_arguments(f"When providing argument '{sort.name}' you must also provide arguments {partition}")
    if len(sort.fields) > 1 and given.get(partition) in (None, ""):
        raise invalid_arguments(f"When providing argument '{sort.name}' you must also provide '{partition}'.")


def sort_range(sort: SortKey | None, given: Mapping[str, Any], key: KeyFields) -> Range:
    """Turn the sort key argument into a range."""
    condition = given.get(sort.name) if sort else None
    if sort is None or not condition:
        return Range()
    if len(sort.fields) > 1:
        return _composite(sort, condition, key)
    condition = {name: value for name, value in condition.items() if value is not None}
    if len(condition) > 1:
        raise _invalid("KeyConditionExpressions must only contain one condition per key")
    if not condition:
        return Range()
    [(operator, value)] = condition.items()
    return _range(operator, _two(sort, value) if operator == "between" else [value], key)


def _invalid(message: str) -> ResolverError:
    return dynamodb("ValidationException", message)


def _two(sort: SortKey, values: list[Any]) -> list[Any]:
    # Amplify's resolver takes the first two; Velocity leaves a reference that it cannot resolve as text
    found = [values[n] if n < len(values) else None for n in (0, 1)]
    if sort.input_type not in ("ModelStringKeyConditionInput", "ModelIDKeyConditionInput") and None in found:
        message = f"A value provided cannot be converted into a number for key :sortKey{found.index(None)}"
        raise _invalid(f"ExpressionAttributeValues contains invalid value: {message}")
    return [f"$ctx.args.{sort.name}.between[{n}]" if value is None else value for n, value in enumerate(found)]


def _composite(sort: SortKey, condition: Mapping[str, Any], key: KeyFields) -> Range:
    if len(condition) > 1:
        raise invalid_arguments(f"Argument {sort.name} must specify at most one key condition operation.")
    [(operator, value)] = condition.items()
    if operator == "between":
        if len(value or ()) != 2:
            raise invalid_arguments(f"Argument '{sort.name}.between' expects exactly two elements.")
        parts = [_joined(sort, f"{sort.name}.between[{n}]", part) for n, part in enumerate(value)]
        return _range(operator, parts, key)
    if value is None:
        return Range()
    # `$operation` is in Amplify's answer: Velocity leaves a reference that it cannot resolve as text
    return _range(operator, [_joined(sort, f"{sort.name}.$operation", value)], key)


def _joined(sort: SortKey, where: str, parts: Mapping[str, Any] | None) -> str:
    given = parts or {}
    names = [field.name for field in sort.fields]
    for earlier, later in pairwise(names):
        if given.get(later) not in (None, "") and given.get(earlier) in (None, ""):
            message = f"When providing argument '{where}.{later}' you must also provide '{where}.{earlier}'."
            raise invalid_arguments(message)
    return key_bytes.joined([given[name] for name in names if given.get(name) is not None])


def _range(operator: str, values: list[Any], key: KeyFields) -> Range:
    if "" in values:
        raise empty_key(key.attribute, key if key.name else None)
    keys = [key_bytes.encode(value) for value in values]
    if operator != "between":
        return _RANGES[operator](keys[0])
    if keys[0] > keys[1]:
        raise _invalid(f"Invalid KeyConditionExpression: {reversed_bounds(*values)}")
    return Range(keys[0], keys[1])
