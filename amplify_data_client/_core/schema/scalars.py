"""How do scalars look in Python, and how on the wire?

AppSync's scalars: https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html. What came in a reply and is sent
back unchanged is identical to what came: dates and times whose text is not the one we would write keep it.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from amplify_data_client.errors import OperationError
from amplify_data_client.results import wire_text

_OFFSET = r"(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)"
_TIME = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_DATE_TEXT = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})({_OFFSET})?")
_TIME_TEXT = re.compile(rf"({_TIME})({_OFFSET})?")
_DATETIME_TEXT = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})T({_TIME})({_OFFSET})?")
_NOW = "datetime.now(timezone.utc)"


class WireDate(date):
    """A date that came as other text than we would write: `wire` is it. What is computed from one is a plain date."""

    __slots__ = ("wire",)
    wire: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _again, (WireDate, self.wire)

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]  # a plain date, on purpose
        return _plain_date(self) + other

    __radd__ = __add__  # type: ignore[assignment]  # as above

    def __sub__(self, other: Any) -> Any:
        return _plain_date(self) - other

    def replace(self, *args: Any, **kwargs: Any) -> date:  # type: ignore[override]  # a plain date, on purpose
        return _plain_date(self).replace(*args, **kwargs)


class WireTime(time):
    """A time that came as other text than we would write: `wire` is that text."""

    __slots__ = ("wire",)
    wire: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _again, (WireTime, self.wire)

    def replace(self, *args: Any, **kwargs: Any) -> time:  # type: ignore[override]  # a plain time, on purpose
        return time.fromisoformat(self.isoformat()).replace(*args, **kwargs)


class WireDatetime(datetime):
    """A datetime that came as other text than we would write: `wire` is that text."""

    __slots__ = ("wire",)
    wire: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _again, (WireDatetime, self.wire)

    def __add__(self, other: timedelta) -> datetime:  # type: ignore[override]  # plain, on purpose
        return _plain_datetime(self) + other

    __radd__ = __add__  # type: ignore[assignment]  # as above

    def __sub__(self, other: Any) -> Any:
        return _plain_datetime(self) - other

    def replace(self, *args: Any, **kwargs: Any) -> datetime:  # type: ignore[override]  # plain, on purpose
        return _plain_datetime(self).replace(*args, **kwargs)

    def astimezone(self, tz: Any = None) -> datetime:  # type: ignore[override]  # plain, on purpose
        return _plain_datetime(self).astimezone(tz)


class JSONText(str):
    """A string that came inside AWSJSON: when it is sent, it is encoded again, not taken for JSON text."""

    __slots__ = ()


def _plain_date(value: date) -> date:
    return date(value.year, value.month, value.day)


def _plain_datetime(value: datetime) -> datetime:
    return datetime.combine(_plain_date(value), value.timetz())


def _again(kind: type, wire: str) -> Any:
    return decode({WireDate: "AWSDate", WireTime: "AWSTime", WireDatetime: "AWSDateTime"}[kind], wire)


# ---------------------------------------------------------------- from the wire


def decode(type_name: str, wire: Any) -> Any:
    """Turn what came into a Python value; what does not parse is handed over as it came."""
    reader = READERS.get(type_name)
    return wire if reader is None or wire is None else reader(wire)


def read_datetime(wire: Any) -> Any:
    """Read an AWSDateTime."""
    if type(wire) is not str:
        return wire
    if len(wire) == 24 and wire[7] == "-" and wire[10] == "T" and wire[19] == "." and wire[23] == "Z":
        try:
            return datetime.fromisoformat(wire)  # as Amplify writes createdAt: nearly all there are
        except ValueError:
            return wire
    found = _DATETIME_TEXT.fullmatch(wire)
    if found is None:
        return wire
    try:
        day, clock = date.fromisoformat(found[1]), _clock(found[2])
        zone = _zone(found[3]) or UTC  # AppSync takes an absent offset for UTC
        kept = WireDatetime.combine(day, clock, zone)
    except ValueError:
        return wire
    kept.wire = wire
    return kept


def read_date(wire: Any) -> Any:
    """Read an AWSDate; one with an offset keeps its text."""
    if type(wire) is not str:
        return wire
    found = _DATE_TEXT.fullmatch(wire)
    if found is None:
        return wire
    try:
        day = date.fromisoformat(found[1])
        if found[2] is None:
            return day
        _zone(found[2])
    except ValueError:
        return wire
    kept = WireDate(day.year, day.month, day.day)
    kept.wire = wire
    return kept


def read_time(wire: Any) -> Any:
    """Read an AWSTime."""
    if type(wire) is not str:
        return wire
    found = _TIME_TEXT.fullmatch(wire)
    if found is None:
        return wire
    try:
        clock, zone = _clock(found[1]), _zone(found[2])
    except ValueError:
        return wire
    plain = clock.replace(tzinfo=zone)
    if wire_text(plain) == wire:
        return plain
    kept = WireTime(clock.hour, clock.minute, clock.second, clock.microsecond, zone)
    kept.wire = wire
    return kept


def read_json(wire: Any) -> Any:
    """Read AWSJSON: the parsed value."""
    if type(wire) is not str:
        return wire
    try:
        value = json.loads(wire)
    except (ValueError, RecursionError):
        return wire
    return JSONText(value) if isinstance(value, str) else value


READERS: dict[str, Callable[[Any], Any]] = {
    "AWSDateTime": read_datetime,
    "AWSDate": read_date,
    "AWSTime": read_time,
    "AWSJSON": read_json,
}


def _clock(text: str) -> time:
    head, dot, fraction = text.partition(".")
    # Python keeps microseconds; the text keeps the rest
    return time.fromisoformat(f"{head}{dot}{fraction[:6].ljust(6, '0')}" if dot else head)


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    hours, minutes, *seconds = (int(part) for part in offset[1:].split(":"))
    if hours > 18 or minutes > 59:
        raise ValueError(offset)
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return timezone(-size if offset[0] == "-" else size)


# ---------------------------------------------------------------- to the wire


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
    return write(value, where)


def encode_any(value: Any, where: str) -> Any:
    """Turn a value of unknown type (a variable of a document written by hand) into JSON.

    Raises:
        OperationError: It holds something JSON has not, and which no scalar stands for.
    """
    if value is None or isinstance(value, bool | str | int | float | Decimal) or hasattr(value, "isoformat"):
        return _json_leaf(value, where)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {_key(key, where): encode_any(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [encode_any(item, f"{where}[{at}]") for at, item in enumerate(value)]
    return _json_leaf(value, where)


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise OperationError(f"{where} has the key {key!r}; JSON's keys are strings.")
    return key


def _json_leaf(value: Any, where: str) -> Any:
    value = getattr(value, "value", value) if _is_enum(value) else value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _finite(value, where)
    if isinstance(value, datetime):
        return _datetime(value, where)
    if isinstance(value, date):
        return _date(value, where)
    if isinstance(value, time):
        return _time(value, where)
    return _text(value, where)


def _is_enum(value: Any) -> bool:
    return hasattr(type(value), "__members__")


def _refuse(where: str, expected: str, value: Any) -> OperationError:
    return OperationError(f"{where} takes {expected}, got {type(value).__name__}.")


def _text(value: Any, where: str) -> str:
    if _is_enum(value):
        value = value.value
    if isinstance(value, str):
        return str(value)
    # UUIDs, and addresses and networks of ipaddress
    if type(value).__module__ in ("uuid", "ipaddress"):
        return str(value)
    raise _refuse(where, "text", value)


def _id(value: Any, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # GraphQL takes an integer for an ID, and reads it as text
    return _text(value, where)


def _finite(value: Any, where: str) -> int | float:
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if not math.isfinite(value):
        raise OperationError(f"{where} is {value!r}, which JSON has not.")
    # DynamoDB and JavaScript know one kind of number: 2.0 is 2
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _float(value: Any, where: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _refuse(where, "a number", value)
    return _finite(value, where)


def _whole(value: Any, where: str) -> int:
    number = _float(value, where)
    if not isinstance(number, int):
        raise OperationError(f"{where} takes a whole number, got {type(value).__name__} with a fraction.")
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
    return _whole(value, where)


def _aware(value: datetime, where: str) -> None:
    if value.utcoffset() is None:
        raise OperationError(f"{where} is a naive datetime, which could mean any moment. Give it a time zone: {_NOW}.")


def _datetime(value: Any, where: str) -> str:
    if isinstance(value, datetime):
        _aware(value, where)
        return wire_text(value)
    return _dated_text(value, where, _DATETIME_TEXT, "an aware datetime, or text such as '2024-01-31T10:00:00.000Z'")


def _date(value: Any, where: str) -> str:
    if isinstance(value, datetime):
        raise OperationError(f"{where} is a date, got a datetime. Say which day: value.date().")
    if isinstance(value, date):
        return wire_text(value)
    return _dated_text(value, where, _DATE_TEXT, "a date, or text such as '2024-01-31'")


def _time(value: Any, where: str) -> str:
    if isinstance(value, time):
        return wire_text(value)
    return _dated_text(value, where, _TIME_TEXT, "a time, or text such as '10:00:00.000Z'")


def _dated_text(value: Any, where: str, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str):
        raise _refuse(where, expected, value)
    if pattern.fullmatch(value) is None:
        raise OperationError(f"{where} takes {expected}; this text is none.")
    return str(value)


def _json(value: Any, where: str) -> str:
    if isinstance(value, str) and not isinstance(value, JSONText) and not _is_enum(value):
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            raise OperationError(
                f"{where} is AWSJSON: a str is taken for JSON text, and this one is none. To send a string, send "
                "json.dumps(text); other values are encoded for you."
            ) from None
        return value
    return json.dumps(encode_any(value, where), separators=(",", ":"), ensure_ascii=False)


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
