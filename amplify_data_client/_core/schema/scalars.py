"""Turns scalars into Python values, and Python values into scalars.

AppSync's scalars: https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html. Reading never fails: a
value that does not parse is returned as it came. Writing is strict: a value that does not fit is refused before anything
is sent.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from amplify_data_client.errors import OperationError
from amplify_data_client.results import json_text, wire_text

from .datetimes import read_date, read_datetime, read_time

_NOW = "datetime.now(timezone.utc)"
_BEYOND_A_DOUBLE = 1024  # bits


class JSONText(str):
    """A string that came inside AWSJSON: when it is sent, it is encoded again, not taken for JSON text."""

    __slots__ = ()


def decode(type_name: str, wire: Any) -> Any:
    """Turn a value of a reply into a Python value; one that does not parse is returned as it came."""
    reader = READERS.get(type_name)
    return wire if reader is None or wire is None else reader(wire)


def read_json(wire: Any) -> Any:
    """Read AWSJSON: the parsed value."""
    if not isinstance(wire, str):
        return wire
    try:
        value = parse_json(wire)
    except (ValueError, RecursionError):
        return wire
    return JSONText(value) if isinstance(value, str) else value


def parse_json(text: str) -> Any:
    """Parse JSON text as AppSync does: without NaN and Infinity, which Python would take.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deeply.
    """
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(word: str) -> Any:
    raise ValueError(word)


READERS: dict[str, Callable[[Any], Any]] = {
    "AWSDateTime": read_datetime,
    "AWSDate": read_date,
    "AWSTime": read_time,
    "AWSJSON": read_json,
}


def encode(type_name: str, value: Any, where: str) -> Any:
    """Turn a Python value into what AppSync takes.

    Args:
        where: What the value is for, to name it in errors: "Todo.dueDate".

    Raises:
        OperationError: The value does not fit the type.
    """
    if value is None:
        return None
    write: Callable[[Any, str], Any] = _WRITERS.get(type_name, _text)
    return write(value.value if _is_enum(value) else value, where)


def encode_any(value: Any, where: str) -> Any:
    """Turn a value of unknown type (within AWSJSON, or a variable of a handwritten document) into JSON.

    Dates, times, UUIDs, Decimals and enum members become what their scalar is on the wire, records their `to_dict()`.

    Raises:
        OperationError: It holds something that is neither JSON nor the value of a scalar.
    """
    try:
        return _any(value, where)
    except RecursionError:
        raise OperationError(f"{where} is nested too deeply, or contains itself.") from None


def _any(value: Any, where: str) -> Any:
    if _is_enum(value):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key, where): _any(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_any(item, f"{where}[{at}]") for at, item in enumerate(value)]
    if hasattr(value, "to_dict"):
        return _any(value.to_dict(), where)
    for kind, write in _LEAVES.items():
        if isinstance(value, kind):
            return write(value, where)
    if _is_real(value):
        return _number(value, where)
    if _is_text(value):
        return str(value)
    raise _refuse(where, "what JSON can hold", value)


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise OperationError(f"{where} has a key that is {type(key).__name__}; JSON's keys are strings.")
    return str(key)


def _is_enum(value: Any) -> bool:
    return hasattr(type(value), "__members__") and not isinstance(value, type)


def _refuse(where: str, expected: str, value: Any) -> OperationError:
    return OperationError(f"{where} takes {expected}, got {type(value).__name__}.")


def _text(value: Any, where: str) -> str:
    if _is_text(value):
        return str(value)
    raise _refuse(where, "text", value)


def _is_text(value: Any) -> bool:
    # UUIDs, and addresses and networks of ipaddress
    return isinstance(value, str) or type(value).__module__ in ("uuid", "ipaddress")


def _id(value: Any, where: str) -> str:
    if not (_is_real(value) and hasattr(type(value), "__index__")):
        return _text(value, where)
    try:
        return str(int(value))  # GraphQL takes an integer for an ID, and reads it as text
    except ValueError:  # Python prints no integer of more than 4300 digits
        raise OperationError(f"{where} is an integer with too many digits for an ID. Give it as text.") from None


def _is_real(value: Any) -> bool:
    if isinstance(value, int | float | Decimal):
        return not isinstance(value, bool)
    from numbers import Real  # what NumPy's numbers are

    return isinstance(value, Real)


def _number(value: Any, where: str) -> int | float:
    if isinstance(value, bool) or not _is_real(value):
        raise _refuse(where, "a number", value)
    number = _plain(value)
    if isinstance(number, float):
        if not math.isfinite(number):
            raise OperationError(f"{where} is {number!r}, or beyond what a Float holds; JSON has no such number.")
        if not isinstance(value, float) and _is_another(number, value):
            raise _loses_digits(where, value, number)
        # DynamoDB and JavaScript have one kind of number: 2.0 is 2
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if number.bit_length() > _BEYOND_A_DOUBLE:
        raise OperationError(f"{where} is beyond what a Float holds.")
    return number


def _plain(value: Any) -> int | float:
    if isinstance(value, Decimal):
        if value.is_finite() and value.adjusted() < 308 and value == value.to_integral_value():
            return int(value)
        return math.nan if value.is_nan() else float(value)
    if hasattr(type(value), "__index__"):
        return int(value)
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _is_another(number: float, value: Any) -> bool:
    """Whether a number came out of its conversion to a float as another one. (0.1 as a Decimal does not: it prints as 0.1.)"""
    if isinstance(value, Decimal):
        return Decimal(repr(number)) != value
    if hasattr(type(value), "denominator"):
        from fractions import Fraction

        return Fraction(repr(number)) != Fraction(int(value.numerator), int(value.denominator))
    return bool(value != number)


def _loses_digits(where: str, value: Any, stored: float) -> OperationError:
    return OperationError(
        f"{where} would be stored as {stored!r}: this {type(value).__name__} has more digits than a Float holds. Round "
        "it, or declare a String in the schema and send text."
    )


def _float(value: Any, where: str) -> int | float:
    number = _number(value, where)
    if isinstance(number, int):
        try:
            stored = float(number)
        except OverflowError:
            raise OperationError(f"{where} is beyond what a Float holds.") from None
        if _is_another(stored, value) if isinstance(value, Decimal) else int(stored) != number:
            raise _loses_digits(where, value, stored)
    return number


def _whole(value: Any, where: str) -> int:
    number = _number(value, where)
    if not isinstance(number, int):
        raise OperationError(
            f"{where} takes a whole number; this {type(value).__name__} is not whole, or is too large."
        )
    return number


def _int(value: Any, where: str) -> int:
    number = _whole(value, where)
    if not -(2**31) <= number < 2**31:
        raise OperationError(
            f"{where} is beyond GraphQL's Int (32 bits, signed). Use a Float or a String in the schema."
        )
    return number


def _boolean(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _refuse(where, "True or False", value)
    return value


def _timestamp(value: Any, where: str) -> int:
    if isinstance(value, datetime):
        _aware(value, where)
        return math.floor(value.timestamp())
    if isinstance(value, bool) or not _is_real(value):
        raise _refuse(where, "an aware datetime, or the seconds since 1970", value)
    return _whole(value, where)


def _aware(value: datetime, where: str) -> None:
    if value.utcoffset() is None:
        raise OperationError(f"{where} is a naive datetime, which could mean any moment. Give it a time zone: {_NOW}.")


def _datetime(value: Any, where: str) -> str:
    if not isinstance(value, datetime):
        return _moment_text(
            value, where, read_datetime, "an aware datetime, or text such as '2024-01-31T10:00:00.000Z'"
        )
    _aware(value, where)
    try:
        return wire_text(value)
    except OverflowError:
        raise OperationError(f"{where} is outside the years 1 to 9999 in UTC.") from None


def _date(value: Any, where: str) -> str:
    if isinstance(value, datetime):
        raise OperationError(f"{where} is a date, got a datetime. Say which day: value.date().")
    if isinstance(value, date):
        return wire_text(value)
    return _moment_text(value, where, read_date, "a date, or text such as '2024-01-31'")


def _time(value: Any, where: str) -> str:
    if isinstance(value, time):
        return wire_text(value)
    return _moment_text(value, where, read_time, "a time, or text such as '10:00:00.000Z'")


def _moment_text(value: Any, where: str, read: Callable[[str], Any], expected: str) -> str:
    if not isinstance(value, str):
        raise _refuse(where, expected, value)
    if isinstance(read(value), str):
        raise OperationError(f"{where} takes {expected}; this text is not one.")
    return str(value)


def _json(value: Any, where: str) -> str:
    if not isinstance(value, str) or isinstance(value, JSONText):
        return json_text(encode_any(value, where), compact=True)
    try:
        parse_json(value)
    except (ValueError, RecursionError):
        raise OperationError(
            f"{where} is AWSJSON: a str is taken as JSON text, but this one does not parse. To send a string, send "
            "json.dumps(text); other values are encoded for you."
        ) from None
    return str(value)


_LEAVES: dict[type, Callable[[Any, str], Any]] = {datetime: _datetime, date: _date, time: _time}
_WRITERS: dict[str, Callable[[Any, str], Any]] = {
    "ID": _id,
    "Int": _int,
    "Float": _float,
    "Boolean": _boolean,
    "AWSTimestamp": _timestamp,
    "AWSDateTime": _datetime,
    "AWSDate": _date,
    "AWSTime": _time,
    "AWSJSON": _json,
}
