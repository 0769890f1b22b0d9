"""Parse and write AppSync's scalars. A new scalar is added here."""

import datetime
import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any

from graphql import GraphQLScalarType, GraphQLSchema, ValueNode, value_from_ast_untyped

_OFFSET = r"(?P<offset>Z|[+-]\d\d:\d\d(?::\d\d)?)"
_DATE = re.compile(rf"(?P<date>\d{{4}}-\d\d-\d\d){_OFFSET}?", re.ASCII)
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
_TIME = re.compile(rf"{_CLOCK}{_OFFSET}?", re.ASCII)
_DATETIME = re.compile(rf"(?P<date>\d{{4}}-\d\d-\d\d)T{_CLOCK}{_OFFSET}", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+", re.ASCII)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^\s/?#]+[^\s]*|(?!//)[^\s]+)")
_PHONE = re.compile(r"\+?[\d\s().-]{3,30}", re.ASCII)


class ScalarError(ValueError):
    """A value that the scalar does not accept. `word` is the scalar's name in AppSync's message."""

    def __init__(self, word: str, value: object) -> None:
        shown = value if isinstance(value, str) else json.dumps(value, default=str)
        super().__init__(f"Unable to parse `{shown}` as a valid {word}.")


def _is_offset(text: str | None) -> bool:
    if text is None or text == "Z":
        return True
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    return hours <= 18 and minutes < 60 and all(part < 60 for part in rest)


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_clock(found: re.Match[str]) -> bool:
    return int(found["hour"]) < 24 and int(found["minute"]) < 60 and int(found["second"] or 0) < 60


def _valid_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    return bool(found) and _is_date(found["date"]) and _is_offset(found["offset"])  # type: ignore[index]  # found is a match here


def _valid_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    return found is not None and _is_clock(found) and _is_offset(found["offset"])


def _valid_datetime(text: str) -> bool:
    found = _DATETIME.fullmatch(text)
    return found is not None and _is_date(found["date"]) and _is_clock(found) and _is_offset(found["offset"])


def _valid_ip(text: str) -> bool:
    try:
        if "/" in text:
            ipaddress.ip_interface(text)
        else:
            ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _valid_phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(text)) and sum(character.isdigit() for character in text) >= 3


_TEXTS: dict[str, tuple[str, Callable[[str], object]]] = {
    "AWSDate": ("date", _valid_date),
    "AWSTime": ("time", _valid_time),
    "AWSDateTime": ("DateTime", _valid_datetime),
    "AWSEmail": ("email", _EMAIL.fullmatch),
    "AWSURL": ("URL", _URL.fullmatch),
    "AWSPhone": ("phone number", _valid_phone),
    "AWSIPAddress": ("IP address", _valid_ip),
}
# the type's name in the message for a stored value that cannot be written
OUTPUT_WORDS = {"AWSDate": "date", "AWSTime": "time", "AWSDateTime": "DateTime", "AWSTimestamp": "timestamp"}


def _text(word: str, is_valid: Callable[[str], object]) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if not isinstance(value, str) or not is_valid(value):
            raise ScalarError(word, value)
        return value

    return parse


def parse_timestamp(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1 or abs(value) >= 2**63:
        raise ScalarError("timestamp", value)
    return int(value)


def parse_json(value: Any) -> Any:
    """Parse the JSON in a string. The value is stored, not the text."""
    if not isinstance(value, str):
        raise ScalarError("JSON", value)
    try:
        return json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ScalarError("JSON", value) from None


def _refuse(word: str) -> None:
    raise ValueError(word)


def write_json(value: Any) -> str:
    """Write a stored value as JSON. Whitespace and key order of the original text are not kept."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _literal(parse: Callable[[Any], Any]) -> Callable[..., Any]:
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        return parse(value_from_ast_untyped(node, variables))

    return parse_literal


def install(schema: GraphQLSchema) -> None:
    """Set the grammar of the schema's AWS scalars."""
    for name, (word, is_valid) in _TEXTS.items():
        parse = _text(word, is_valid)
        _set(schema, name, parse, parse)
    _set(schema, "AWSTimestamp", parse_timestamp, parse_timestamp)
    _set(schema, "AWSJSON", parse_json, write_json)


def _set(schema: GraphQLSchema, name: str, parse: Callable[[Any], Any], write: Callable[[Any], Any]) -> None:
    scalar = schema.type_map.get(name)
    if isinstance(scalar, GraphQLScalarType):
        scalar.parse_value = parse  # type: ignore[method-assign, assignment]  # graphql-core takes functions
        scalar.parse_literal = _literal(parse)  # type: ignore[method-assign]  # the same
        scalar.serialize = write  # type: ignore[method-assign, assignment]  # the same
