"""Reads AppSync's dates and times, and keeps their own text where it differs from ours.

AppSync allows more than we write: no seconds, up to nine digits of a fraction, offsets, dates with offsets. DynamoDB
compares keys and ranges as text, so a value that is sent back unchanged must have the text with which it came.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from amplify_data_client.results import wire_text

_OFFSET = r"(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)"
_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_DATE = rf"({_DAY})({_OFFSET})?"
_TIME = rf"({_CLOCK})({_OFFSET})?"
_DATETIME = rf"({_DAY})T({_CLOCK})({_OFFSET})?"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # compiling one takes a percent of a cold start, and most functions need one of them
    return re.compile(pattern, re.ASCII)


class WireDate(date):
    """A date that came with another text than we write: `wire` is that text. Computing with it gives plain dates."""

    __slots__ = ("wire",)
    wire: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return read_date, (self.wire,)

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]  # a plain date, on purpose
        return _plain_date(self) + other

    __radd__ = __add__  # type: ignore[assignment]  # as above

    def __sub__(self, other: Any) -> Any:
        return _plain_date(self) - other

    def __repr__(self) -> str:
        return repr(_plain_date(self))

    def replace(self, *args: Any, **kwargs: Any) -> date:  # type: ignore[override]  # as above
        return _plain_date(self).replace(*args, **kwargs)

    __replace__: Any = replace


class WireTime(time):
    """A time that came with another text than we write: `wire` is that text."""

    __slots__ = ("wire",)
    wire: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return read_time, (self.wire,)

    def __repr__(self) -> str:
        return repr(_plain_time(self))

    def replace(self, *args: Any, **kwargs: Any) -> time:  # type: ignore[override]  # a plain time, on purpose
        return _plain_time(self).replace(*args, **kwargs)

    __replace__: Any = replace


class WireDatetime(datetime):
    """A datetime that came with another text than we write: `wire` is that text."""

    __slots__ = ("wire",)
    wire: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return read_datetime, (self.wire,)

    def __add__(self, other: timedelta) -> datetime:  # type: ignore[override]  # a plain datetime, on purpose
        return _plain_datetime(self) + other

    __radd__ = __add__  # type: ignore[assignment]  # as above

    def __sub__(self, other: Any) -> Any:
        return _plain_datetime(self) - other

    def __repr__(self) -> str:
        return repr(_plain_datetime(self))

    def replace(self, *args: Any, **kwargs: Any) -> datetime:  # type: ignore[override]  # as above
        return _plain_datetime(self).replace(*args, **kwargs)

    __replace__: Any = replace

    def astimezone(self, tz: Any = None) -> datetime:  # type: ignore[override]  # as above
        return _plain_datetime(self).astimezone(tz)


def _plain_date(value: date) -> date:
    return date(value.year, value.month, value.day)


def _plain_time(value: time) -> time:
    return time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo)


def _plain_datetime(value: datetime) -> datetime:
    return datetime.combine(_plain_date(value), value.timetz())


def read_datetime(wire: Any) -> Any:
    """Read an AWSDateTime; any other value is returned as it came."""
    try:
        # the form in which Amplify writes createdAt: nearly all values have it, so it is tried first
        # 2024-01-31T10:00:00.000Z: every third character from the fourth on is a mark
        if wire[4:20:3] == "--T::." and wire[23:] == "Z" and (wire[12] != "4" or wire[11] != "2"):
            return datetime.fromisoformat(wire)
        found = _compiled(_DATETIME).fullmatch(wire)
        if found is None:
            return wire
        # without an offset, AppSync means UTC
        kept = WireDatetime.combine(date.fromisoformat(found[1]), _clock(found[2]), _zone(found[3]) or UTC)
    except (TypeError, ValueError, LookupError):
        return wire
    kept.wire = wire
    return kept


def read_date(wire: Any) -> Any:
    """Read an AWSDate; any other value is returned as it came."""
    found = _compiled(_DATE).fullmatch(wire) if isinstance(wire, str) else None
    if found is None:
        return wire
    try:
        day = date.fromisoformat(found[1])
        _zone(found[2])
    except ValueError:
        return wire
    if found[2] is None:
        return day
    kept = WireDate(day.year, day.month, day.day)
    kept.wire = wire
    return kept


def read_time(wire: Any) -> Any:
    """Read an AWSTime; any other value is returned as it came."""
    found = _compiled(_TIME).fullmatch(wire) if isinstance(wire, str) else None
    if found is None:
        return wire
    try:
        plain = _clock(found[1]).replace(tzinfo=_zone(found[2]))
    except ValueError:
        return wire
    if wire_text(plain) == wire:
        return plain
    kept = WireTime(plain.hour, plain.minute, plain.second, plain.microsecond, plain.tzinfo)
    kept.wire = wire
    return kept


def _clock(text: str) -> time:
    if text[:2] == "24":  # newer Pythons take 24:00 for the end of the day; older ones refuse it
        raise ValueError(text)
    head, dot, fraction = text.partition(".")
    # Python keeps microseconds; the text keeps the rest
    return time.fromisoformat(f"{head}.{fraction[:6]:0<6}" if dot else head)


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    hours, minutes, *seconds = (int(part) for part in offset[1:].split(":"))
    if hours > 18 or minutes > 59 or max(seconds, default=0) > 59:
        raise ValueError(offset)
    size = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return timezone(-size if offset[0] == "-" else size)
