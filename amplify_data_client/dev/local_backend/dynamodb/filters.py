"""Evaluate filters and conditions as DynamoDB does. A new filter operator is added here.

AppSync first makes an expression of it: empty parts are left out, and DynamoDB may refuse the whole expression. It is
then applied to items. A missing attribute and one stored as null are different; types are never converted. The input
types of the operators are in `graphql/fixed.graphql`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from amplify_data_client.dev.local_backend.errors import ResolverError, dynamodb

from .key_bytes import joined

MISSING: Final = object()
Item = Mapping[str, Any]
Test = Callable[[Item], bool]
Comparison = Callable[[Any], bool]
Kind = Literal["FilterExpression", "ConditionExpression"]

_ATTRIBUTE_TYPES: dict[str, Comparison] = {
    "_null": lambda value: value is None,
    "bool": lambda value: isinstance(value, bool),
    "number": lambda value: _kind(value) == "number",
    "string": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list),
    "map": lambda value: isinstance(value, dict),
}
_SYMBOLS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "between": "BETWEEN", "beginsWith": "begins_with"}


@dataclass
class _Names:
    """The attributes that an expression tests (`used`), and those that it names without a test (`unused`)."""

    used: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def compiled(
    condition: Mapping[str, Any] | None, kind: Kind = "FilterExpression", keys: Collection[str] = ()
) -> Test | None:
    """Make a test from a filter or condition, or None if it tests nothing (`{}`, `{"or": []}`, `{"field": null}`).

    Args:
        keys: The attributes of the queried key: DynamoDB does not filter by them.

    Raises:
        ResolverError: DynamoDB refuses the expression.
    """
    names = _Names()
    try:
        test = _expression(condition, names)
    except _WrongOperand as error:
        raise _invalid(f"Invalid {kind}: {error}") from None
    # Amplify's resolvers add a condition of their own, so a condition is never empty
    if names.unused and (test is not None or kind == "ConditionExpression"):
        shown = ", ".join(f"#{name}" for name in names.unused)
        raise _invalid(f"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{shown}}}")
    if key := next((name for name in names.used if name in keys), None):
        message = "Filter Expression can only contain non-primary key attributes: Primary key attribute"
        raise _invalid(f"{message}: {key}")
    return test


def matches(condition: Mapping[str, Any] | None, item: Item) -> bool:
    """Return whether an item passes a filter."""
    test = compiled(condition)
    return test is None or test(item)


def _invalid(message: str) -> ResolverError:
    return dynamodb("ValidationException", message)


def _expression(condition: Mapping[str, Any] | None, names: _Names) -> Test | None:
    return _all(_clause(name, value, names) for name, value in (condition or {}).items() if value is not None)


def _all(parts: Iterable[Test | None]) -> Test | None:
    tests = [part for part in parts if part is not None]
    if not tests:
        return None
    return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)


def _clause(name: str, value: Any, names: _Names) -> Test | None:
    if name == "and":
        return _all([_expression(part, names) for part in value])
    if name == "or":
        tests = [test for test in [_expression(part, names) for part in value] if test is not None]
        return (lambda item: any(test(item) for test in tests)) if tests else None
    if name == "not":
        test = _expression(value, names)
        return None if test is None else lambda item: not test(item)
    comparisons = [made for made in (_comparison(*entry) for entry in value.items()) if made is not None]
    if not comparisons:
        names.unused.append(name)
        return None
    names.used.append(name)
    return lambda item: all(holds(item.get(name, MISSING)) for holds in comparisons)


def _comparison(operator: str, operand: Any) -> Comparison | None:
    made: Comparison
    if operator == "size":
        return _size(operand)
    if operator in _SYMBOLS:
        return _ordered(operator, operand)
    if operator == "attributeType":
        if operand is None:
            raise _wrong_operand("attribute_type")
        made = _ATTRIBUTE_TYPES.get(operand, _never)
    else:
        made = _ALWAYS[operator](operand)
    return made


def _never(_attribute: Any) -> bool:
    return False


class _WrongOperand(Exception):  # noqa: N818  # never leaves this file
    """An operand that DynamoDB refuses; the message is DynamoDB's."""


def _wrong_operand(word: str) -> _WrongOperand:
    message = "Incorrect operand type for operator or function; operator or function"
    return _WrongOperand(f"{message}: {word}, operand type: NULL")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return type(value).__name__


def _order(value: Any) -> Any:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def same(left: Any, right: Any) -> bool:
    """Compare without conversion: `1` equals `1.0` but not `true`; a stored null equals only null."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left is not MISSING and _kind(left) == _kind(right) and bool(left == right)


def _contains(attribute: Any, operand: Any) -> bool:
    if isinstance(attribute, str) and isinstance(operand, str):
        return operand in attribute
    return isinstance(attribute, list) and any(same(item, operand) for item in attribute)


_ALWAYS: dict[str, Callable[[Any], Comparison]] = {
    "eq": lambda operand: lambda attribute: same(attribute, operand),
    "ne": lambda operand: lambda attribute: not same(attribute, operand),
    "contains": lambda operand: lambda attribute: _contains(attribute, operand),
    "notContains": lambda operand: lambda attribute: not _contains(attribute, operand),
    "attributeExists": lambda operand: lambda attribute: (attribute is not MISSING) is bool(operand),
}


def _ordered(operator: str, operand: Any) -> Comparison:
    bounds = (operand or [None])[:2] if operator == "between" else [operand]
    if None in bounds or (operator == "between" and len(bounds) < 2):
        raise _wrong_operand(_SYMBOLS[operator])
    low = _order(bounds[0])
    if operator == "beginsWith":
        prefix = str(operand)
        return lambda attribute: isinstance(attribute, str) and attribute.startswith(prefix)
    if operator == "between":
        high = _order(bounds[1])
        if low > high:
            raise _WrongOperand(reversed_bounds(*bounds))
        test: Comparison = lambda value: low <= value <= high  # noqa: E731  # one line of a table
    else:
        test = {
            "lt": lambda value: value < low,
            "le": lambda value: value <= low,
            "gt": lambda value: value > low,
            "ge": lambda value: value >= low,
        }[operator]
    kind = _kind(bounds[0])
    return lambda attribute: _kind(attribute) == kind and kind in ("str", "number") and test(_order(attribute))


def reversed_bounds(low: Any, high: Any) -> str:
    """Return DynamoDB's message for a BETWEEN with swapped bounds."""
    shown = [f"AttributeValue: {{{'S' if isinstance(bound, str) else 'N'}:{joined([bound])}}}" for bound in (low, high)]
    return (
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
        f"{shown[0]}, upper bound operand: {shown[1]}"
    )


def _size(operand: Mapping[str, Any] | None) -> Comparison | None:
    tests = [test for test in (_comparison(*entry) for entry in (operand or {}).items()) if test is not None]
    if not tests:
        return None

    def holds(attribute: Any) -> bool:
        # an attribute without a size compares like a missing one
        found = length(attribute) if isinstance(attribute, str | list | dict) else MISSING
        return all(test(found) for test in tests)

    return holds


def length(attribute: str | list[Any] | dict[str, Any]) -> int:
    """Return what DynamoDB and Java call the length of a value."""
    # they count a string's UTF-16 units , a list's or map's entries
    return len(attribute.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(attribute, str) else len(attribute)
