"""What does DynamoDB make of a filter or a condition?

An attribute that is missing and one that is stored as null are different things; types are never converted.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from .errors import ResolverError

MISSING: Final = object()
Test = Callable[[Any], bool]

_ATTRIBUTE_TYPES: dict[str, Callable[[Any], bool]] = {
    "_null": lambda value: value is None,
    "bool": lambda value: isinstance(value, bool),
    "number": lambda value: _kind(value) == "number",
    "string": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list),
    "map": lambda value: isinstance(value, dict),
}


def matches(condition: Mapping[str, Any] | None, item: Mapping[str, Any]) -> bool:
    """Say whether an item passes; `{}`, `{"or": []}` and `{"field": null}` do not filter."""
    return condition is None or all(_clause(name, value, item) for name, value in condition.items())


def _clause(name: str, value: Any, item: Mapping[str, Any]) -> bool:
    if value is None:
        return True
    if name == "and":
        return all(matches(part, item) for part in value)
    if name == "or":
        return not any(value) or any(matches(part, item) for part in value if part)
    if name == "not":
        return not value or not matches(value, item)
    attribute = item.get(name, MISSING)
    return all(_compare(operator, attribute, operand) for operator, operand in value.items())


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return type(value).__name__


def _order(value: Any) -> Any:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def same(left: Any, right: Any) -> bool:
    """Equality without conversion: `1` is `1.0`, and not `true`; a stored null equals only null."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left is not MISSING and _kind(left) == _kind(right) and bool(left == right)


def _is_ordered(left: Any, right: Any) -> bool:
    return _kind(left) == _kind(right) and _kind(left) in ("str", "number")


def _contains(attribute: Any, operand: Any) -> bool:
    if isinstance(attribute, str) and isinstance(operand, str):
        return operand in attribute
    return isinstance(attribute, list) and any(same(item, operand) for item in attribute)


def _between(attribute: Any, operand: Any) -> bool:
    if not isinstance(operand, list) or len(operand) != 2:
        raise ResolverError("Argument 'between' expects exactly two elements.", "InvalidArgumentsError")
    low, high = operand
    return (
        _is_ordered(attribute, low)
        and _is_ordered(attribute, high)
        and _order(low) <= _order(attribute) <= _order(high)
    )


def _size(attribute: Any, operand: Mapping[str, Any]) -> bool:
    # DynamoDB counts a string's UTF-8 bytes, a list's or map's entries
    if isinstance(attribute, str):
        length = len(_order(attribute))
    elif isinstance(attribute, list | dict):
        length = len(attribute)
    else:
        return False
    return all(_compare(operator, length, value) for operator, value in operand.items())


def _compare(operator: str, attribute: Any, operand: Any) -> bool:
    if operator == "eq":
        return same(attribute, operand)
    if operator == "ne":
        return not same(attribute, operand)
    if operand is None:
        return True
    if operator == "attributeExists":
        return (attribute is not MISSING) is operand
    if operator == "notContains":
        return not _contains(attribute, operand)
    if attribute is MISSING:
        return False
    return _PRESENT[operator](attribute, operand)


_PRESENT: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda attribute, operand: _is_ordered(attribute, operand) and _order(attribute) < _order(operand),
    "le": lambda attribute, operand: _is_ordered(attribute, operand) and _order(attribute) <= _order(operand),
    "gt": lambda attribute, operand: _is_ordered(attribute, operand) and _order(attribute) > _order(operand),
    "ge": lambda attribute, operand: _is_ordered(attribute, operand) and _order(attribute) >= _order(operand),
    "between": _between,
    "contains": _contains,
    "beginsWith": lambda attribute, operand: isinstance(attribute, str) and attribute.startswith(operand),
    "attributeType": lambda attribute, operand: operand in _ATTRIBUTE_TYPES and _ATTRIBUTE_TYPES[operand](attribute),
    "size": _size,
}
