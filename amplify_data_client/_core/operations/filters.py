"""Turns filters, conditions and sort key conditions into GraphQL variables.

Fields and operators may have Python's or the schema's spelling; values may be Python values. What AppSync offers per
type: https://docs.amplify.aws/react/build-a-backend/data/query-data/#compound-filters
"""

from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import Field, Model
from amplify_data_client._core.schema.keys import SortKey
from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import OperationError
from amplify_data_client.options import shown

from .api import Api
from .encoding import encode, encode_enum

_ORDER = ("le", "lt", "ge", "gt", "between")
_TEXT = Names(
    ("ne", "eq", *_ORDER, "contains", "notContains", "beginsWith", "attributeExists", "attributeType", "size")
)
_NUMBER = Names(("ne", "eq", *_ORDER, "attributeExists", "attributeType"))
_BOOLEAN = Names(("ne", "eq", "attributeExists", "attributeType"))
_ENUM = Names(("eq", "ne"))
_ENUM_LIST = Names(("eq", "ne", "contains", "notContains"))
_SIZE = Names(("ne", "eq", *_ORDER))
_KEY = Names(("eq", *_ORDER, "beginsWith"))
_KEY_NUMBER = Names(("eq", *_ORDER))
_NUMBERS = {"Int", "Float", "AWSTimestamp"}
_ATTRIBUTE_TYPES = ("binary", "binarySet", "bool", "list", "map", "number", "numberSet", "string", "stringSet", "_null")
# what comes in these is a piece of a value, not a value
_PIECES = {"contains", "notContains", "beginsWith"}


class NullTest(dict[str, Any]):
    """A filter that `is_null` or `is_not_null` makes: for enums it is written in another way, when the field is known."""

    def __init__(self, field: str, *, is_null: bool) -> None:
        exists: dict[str, Any] = {field: {"attributeExists": not is_null}}
        super().__init__(
            {"or": [exists, {field: {"eq": None}}]} if is_null else {"and": [exists, {field: {"ne": None}}]}
        )
        self.field, self.is_null = field, is_null


def is_null(field: str) -> dict[str, Any]:
    """A filter for items in which a field is null: stored as null, or not stored at all.

    AppSync tells these two apart, so neither `{"eq": None}` nor `{"attributeExists": False}` finds both.
    """
    return NullTest(field, is_null=True)


def is_not_null(field: str) -> dict[str, Any]:
    """A filter for items in which a field has a value."""
    return NullTest(field, is_null=False)


def filter_input(api: Api, model: Model, given: Any, where: str) -> dict[str, Any]:
    """The `filter` of a list or index query."""
    return _clauses_of(api, model, given, where, barred=())


def condition_input(api: Api, model: Model, given: Any, where: str) -> dict[str, Any]:
    """The `condition` of a mutation. On DynamoDB the API takes no conditions on the identifier."""
    return _clauses_of(api, model, given, where, barred=() if model.is_sql else model.identifier)


def _clauses_of(api: Api, model: Model, given: Any, where: str, barred: tuple[str, ...]) -> dict[str, Any]:
    try:
        return _clauses(api, model, given, where, barred)
    except RecursionError:
        raise OperationError(f"{where} is nested too deeply, or contains itself.") from None


def _clauses(api: Api, model: Model, given: Any, where: str, barred: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise OperationError(
            f"{where} is {type(given).__name__}; give a mapping: {where}={{'<field>': {{'eq': <value>}}}}."
        )
    names = api.names(model.name)
    if isinstance(given, NullTest):
        name = names.schema(given.field)
        if name is not None and model.fields[name].type.kind == "enum":
            given = _enum_null_test(api, model.fields[name], is_null=given.is_null)
    clauses: dict[str, Any] = {}
    for key, value in given.items():
        field = names.schema(key) if isinstance(key, str) else None
        if field is None and key in ("and", "or", "not", "and_", "or_", "not_"):
            word = key.rstrip("_")
            clauses[word] = _combined(api, model, word, value, where, barred)
            continue
        if field is None or field in barred:
            raise _no_field(model, key, field, names, where)
        clauses[field] = None if value is None else _test(api, model.fields[field], value, f"{where}.{key}")
    return clauses


def _enum_null_test(api: Api, field: Field, *, is_null: bool) -> dict[str, Any]:
    """Test an enum for null. Its operators cannot ask whether it exists, but they can ask for each of its values."""
    values = api.introspection.enum_values(field.type.name)
    operator = "contains" if field.type.is_array else "eq"
    some: list[dict[str, Any]] = [{field.name: {operator: value}} for value in values]
    if field.type.is_array:  # a list may also be empty, or hold nulls
        some += [{field.name: {"contains": None}}, {field.name: {"eq": []}}]
    return {"not": {"or": some}} if is_null else {"or": some}


def _no_field(model: Model, key: object, field: str | None, names: Names, where: str) -> OperationError:
    if field is not None:
        return OperationError(
            f"{where} names {key!r}, which identifies the item; the API takes conditions on other fields only."
        )
    return OperationError(
        f"{where}: {model.name} has no field {key!r}.{did_you_mean(key, names.pythons)} "
        "Beside fields, 'and', 'or' and 'not' are known."
    )


def _combined(api: Api, model: Model, word: str, given: Any, where: str, barred: tuple[str, ...]) -> Any:
    if given is None:
        return None
    if word == "not":
        return _clauses(api, model, given, f"{where}.not", barred)
    if isinstance(given, str | Mapping) or not hasattr(given, "__iter__"):
        raise OperationError(f"{where}.{word} takes a list of filters, got {type(given).__name__}.")
    return [_clauses(api, model, one, f"{where}.{word}", barred) for one in given]


def _test(api: Api, field: Field, given: Any, where: str) -> dict[str, Any]:
    if field.type.kind in ("model", "non_model", "input"):
        raise OperationError(
            f"{where} is a {field.type.name}, which the API's filters leave out: they have scalars, enums and lists of "
            "them. Compare it in Python, item by item."
        )
    if not isinstance(given, Mapping):
        raise OperationError(f"{where} takes operators: {{'eq': …}}; got {type(given).__name__}.")
    known = _operators(field)
    test: dict[str, Any] = {}
    for word, value in given.items():
        operator = known.schema(word) if isinstance(word, str) else None
        if operator is None:
            raise _no_operator(word, where, known, f"A {field.type.name}")
        test[operator] = _operand(api, field, operator, value, f"{where}.{word}")
    return test


def _no_operator(word: object, where: str, known: Names, what: str) -> OperationError:
    field = where.rpartition(".")[2]
    if word in ("in", "in_"):
        advice = f" Give {{'or': [{{{field!r}: {{'eq': …}}}}, …]}}."
    elif word in ("not_in", "notIn", "nin"):
        advice = f" Give {{'not': {{'or': [{{{field!r}: {{'eq': …}}}}, …]}}}}."
    elif known in (_ENUM, _ENUM_LIST) and word in ("attributeExists", "attribute_exists"):
        advice = f" Give is_null({field!r}) or is_not_null({field!r})."
    else:
        advice = did_you_mean(word, known.pythons)
    return OperationError(f"{where} has no operator {word!r}.{advice} {what} has {', '.join(known.pythons)}.")


def _operators(field: Field) -> Names:
    if field.type.kind == "enum":
        return _ENUM_LIST if field.type.is_array else _ENUM
    if field.type.name in _NUMBERS:
        return _NUMBER
    return _BOOLEAN if field.type.name == "Boolean" else _TEXT


def _operand(api: Api, field: Field, operator: str, value: Any, where: str) -> Any:
    if value is None:
        return None
    if operator == "between":
        return _between(value, where, lambda item, at: _scalar(field, operator, item, at))
    if operator == "size":
        return _size(value, where)
    if operator == "attributeExists":
        return scalars.encode("Boolean", value, where)
    if operator == "attributeType":
        if value not in _ATTRIBUTE_TYPES:
            raise OperationError(f"{where} is {shown(value)}; DynamoDB's types are {', '.join(_ATTRIBUTE_TYPES)}.")
        return value
    if field.type.kind == "enum":
        if field.type.is_array and operator in ("eq", "ne"):
            return encode(api, field, value, where)
        return encode_enum(api, field.type.name, value, where)
    return _scalar(field, operator, value, where)


def _scalar(field: Field, operator: str, value: Any, where: str) -> Any:
    # AppSync compares dates, JSON, URLs and the like as text, so any piece of text may be meant ("2024-")
    if isinstance(value, str) and field.type.name not in _NUMBERS and field.type.name != "Boolean":
        return scalars.encode("String", value, where)
    if operator in _PIECES and field.type.name != "ID":
        return scalars.encode(field.type.name if hasattr(value, "isoformat") else "String", value, where)
    return scalars.encode(field.type.name, value, where)


def _between(value: Any, where: str, encode_one: Any) -> list[Any]:
    if isinstance(value, str | bytes | Mapping) or not hasattr(value, "__iter__") or len(ends := list(value)) != 2:
        raise OperationError(f"{where} takes a list of two values: the lowest and the highest.")
    return [encode_one(end, f"{where}[{position}]") for position, end in enumerate(ends)]


def _size(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise OperationError(f"{where} takes operators: {{'ge': 3}}; got {type(value).__name__}.")
    test: dict[str, Any] = {}
    for word, bound in value.items():
        operator = _SIZE.schema(word) if isinstance(word, str) else None
        if operator is None:
            raise OperationError(f"{where} has no operator {word!r}. It has {', '.join(_SIZE.pythons)}.")
        at = f"{where}.{word}"
        test[operator] = _between(bound, at, _length) if operator == "between" else _length(bound, at)
    return test


def _length(value: Any, where: str) -> Any:
    return scalars.encode("Int", value, where)


def key_condition(api: Api, key: SortKey, given: Any, where: str) -> dict[str, Any]:
    """A condition on a sort key: `{"beginsWith": "2024-"}`, or for a composite one `{"eq": {"row": "A", "number": 1}}`.

    Raises:
        OperationError: It has no operator, or more than one: DynamoDB takes exactly one per key.
    """
    is_composite = len(key.fields) > 1
    known = _KEY_NUMBER if not is_composite and key.fields[0].type.name in _NUMBERS else _KEY
    if not isinstance(given, Mapping):
        shown = f"{{{', '.join(repr(field.name) + ': …' for field in key.fields)}}}" if is_composite else "…"
        raise OperationError(f"{where} takes one operator: {{'eq': {shown}}}; got {type(given).__name__}.")
    condition: dict[str, Any] = {}
    for word, value in given.items():
        operator = known.schema(word) if isinstance(word, str) else None
        if operator is None:
            raise _no_operator(word, where, known, "A sort key")
        condition[operator] = _key_operand(api, key, operator, value, f"{where}.{word}")
    if len(condition) > 1:
        raise OperationError(
            f"{where} has the operators {', '.join(condition)}; DynamoDB takes one per sort key "
            "('between' covers a range). Put the other into `filter`."
        )
    return condition


def _key_operand(api: Api, key: SortKey, operator: str, value: Any, where: str) -> Any:
    first, is_composite = key.fields[0], len(key.fields) > 1

    def one(item: Any, at: str) -> Any:
        if is_composite:
            return _composite(api, key, item, at)
        if first.type.kind == "enum":
            return encode_enum(api, first.type.name, item, at)
        return None if item is None else _scalar(first, operator, item, at)

    return _between(value, where, one) if operator == "between" else one(value, where)


def _composite(api: Api, key: SortKey, given: Any, where: str) -> dict[str, Any]:
    names = Names(field.name for field in key.fields)
    if not isinstance(given, Mapping):
        raise OperationError(f"{where} takes a mapping of {', '.join(names.pythons)}, got {type(given).__name__}.")
    fields = {field.name: field for field in key.fields}
    parts: dict[str, Any] = {}
    for word, value in given.items():
        name = names.schema(word) if isinstance(word, str) else None
        if name is None:
            raise OperationError(f"{where} has no part {word!r}; the sort key is {', '.join(names.pythons)}.")
        # the last part of a beginsWith is a piece of text; AppSync types it like the field all the same
        is_piece = isinstance(value, str) and fields[name].type.kind == "scalar"
        parts[name] = (
            _scalar(fields[name], "beginsWith", value, f"{where}.{word}")
            if is_piece
            else encode(api, fields[name], value, f"{where}.{word}")
        )
    return parts
