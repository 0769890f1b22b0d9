"""Which range of keys does a key condition mean, and what does AppSync say to one that means none?"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from amplify_data_client._core.schema.keys import KeyArguments, SortKey

from . import key_bytes
from .errors import dynamodb, invalid_arguments
from .store import Range
from .tables import KeyFields

_RANGES: dict[str, Callable[[bytes], Range]] = {
    "eq": lambda key: Range(key, key),
    "le": lambda key: Range(high=key),
    "lt": lambda key: Range(high=key, includes_high=False),
    "ge": lambda key: Range(low=key),
    "gt": lambda key: Range(low=key, includes_low=False),
    "beginsWith": lambda key: Range(key, key_bytes.after_prefix(key)),
}


def check_list(arguments: KeyArguments, given: Mapping[str, Any]) -> None:
    """Refuse a sort key or a direction without the partition key (list queries, where it is optional)."""
    partition = arguments.partition.name
    if given.get(partition) is not None:
        return
    if arguments.sort is not None and given.get(arguments.sort.name) is not None:
        raise invalid_arguments(f"When providing argument '{arguments.sort.name}' you must also provide '{partition}'.")
    if given.get("sortDirection") is not None:
        raise invalid_arguments(
            f"When providing argument 'sortDirection' you must also provide argument '{partition}'."
        )


def sort_range(sort: SortKey | None, given: Mapping[str, Any], key: KeyFields) -> Range:
    """Turn the sort key argument into a range."""
    condition = given.get(sort.name) if sort else None
    if sort is None or not condition:
        return Range()
    condition = {name: value for name, value in condition.items() if value is not None}
    if not condition:
        return Range()
    if len(sort.fields) > 1:
        return _composite(sort, condition)
    if len(condition) > 1:
        raise dynamodb("ValidationException", "KeyConditionExpressions must only contain one condition per key")
    [(operator, value)] = condition.items()
    return _range(sort, operator, value, key.sort[0])


def _composite(sort: SortKey, condition: Mapping[str, Any]) -> Range:
    if len(condition) > 1:
        raise invalid_arguments(f"Argument {sort.name} must specify at most one key condition operation.")
    [(operator, value)] = condition.items()
    names = [field.name for field in sort.fields]
    if operator == "between":
        if len(value) != 2:
            raise invalid_arguments(f"Argument '{sort.name}.between' expects exactly two elements.")
        return _range(sort, operator, [_joined(sort, names, part) for part in value], "#".join(names))
    return _range(sort, operator, _joined(sort, names, value), "#".join(names))


def _joined(sort: SortKey, names: list[str], parts: Mapping[str, Any] | None) -> str:
    given = parts or {}
    for earlier, later in pairwise(names):
        if given.get(later) is not None and given.get(earlier) is None:
            # `$operation` is in Amplify's answer: Velocity leaves a reference that it cannot resolve as it is.
            where = f"{sort.name}.$operation"
            raise invalid_arguments(
                f"When providing argument '{where}.{later}' you must also provide '{where}.{earlier}'."
            )
    return key_bytes.joined([given[name] for name in names if given.get(name) is not None])


def _range(sort: SortKey, operator: str, value: Any, attribute: str) -> Range:
    values = value if isinstance(value, list) else [value]
    if operator == "between" and (len(values) != 2 or None in values):
        raise invalid_arguments(f"Argument '{sort.name}.between' expects exactly two elements.")
    if "" in values:
        raise dynamodb(
            "ValidationException",
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty string value. Key: {attribute}",
        )
    keys = [key_bytes.encode(one) for one in values]
    if operator != "between":
        return _RANGES[operator](keys[0])
    if keys[0] > keys[1]:
        raise dynamodb(
            "ValidationException",
            "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to "
            "lower bound",
        )
    return Range(keys[0], keys[1])
