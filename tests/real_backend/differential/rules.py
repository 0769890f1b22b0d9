"""The differences that remain: what they apply to, why, and which side is known to be right.

A rule looks at what is in a request and its answers, never at the name of a scenario. `docs/local-backend.md` lists them all.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .comparing import ABSENT, Difference
from .sides import Exchange

Right = Literal["the local backend", "Amplify's resolvers", "unknown"]
Explains = Callable[[Exchange, Difference], bool]


@dataclass(frozen=True)
class Rule:
    """`explains` says whether a difference is this one."""

    reason: str
    right: Right
    explains: Explains


RULES: list[Rule] = []


def explaining(exchange: Exchange, difference: Difference) -> Rule | None:
    """The rule that explains a difference."""
    return next((rule for rule in RULES if rule.explains(exchange, difference)), None)


def rule(right: Right, reason: str) -> Callable[[Explains], Explains]:
    def add(explains: Explains) -> Explains:
        RULES.append(Rule(reason, right, explains))
        return explains

    return add


def _variables(exchange: Exchange) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exchange.sent)["variables"] if exchange.sent else {}
    return found


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value


def _refused_by_one(difference: Difference) -> bool:
    """Whether one side refused a request as a whole, and the other did not; or what follows for what is stored."""
    if difference.kind == "error":
        return {"path": None} in (difference.real, difference.local) and ABSENT in (difference.real, difference.local)
    if difference.kind == "stored":
        return len(difference.path) == 2 and ABSENT in (difference.real, difference.local)
    return difference.kind == "data" and difference.path == () and None in (difference.real, difference.local)


def _is_engine_error(entry: Any) -> bool:
    return isinstance(entry, dict) and "errorType" not in entry and bool(entry.get("path"))


@rule(
    "the local backend",
    "AppSync lists an error for every field that fails, also below a null; graphql-js lists the first",
)
def every_failing_field_is_listed(_exchange: Exchange, difference: Difference) -> bool:
    return difference.kind == "error" and difference.real == ABSENT and _is_engine_error(difference.local)


@rule(
    "unknown",
    "Where a resolver fails for a field that may not be null, its error is listed; graphql-js adds one of its own",
)
def a_failing_resolver_is_listed_once(exchange: Exchange, difference: Difference) -> bool:
    if difference.kind != "error" or difference.local != ABSENT or not _is_engine_error(difference.real):
        return False
    return any("errorType" in entry and entry["path"] == [*difference.path] for entry in exchange.real.body["errors"])


# what AppSync's documentation allows and the simulator's scalars do not, or the other way round
_GRAMMAR = re.compile(
    r"\d{4}-\d\d-\d\d(Z|[+-][\d:]+)"  # a date with an offset
    r"|\d\d:\d\d(:\d\d(\.\d+)?)?|\d\d:\d\dZ"  # a time without offset or seconds
    r"|\d\d:\d\d:\d\d\.\d{10,}Z"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-][\d:]+)"
    r"|0|\d{10,}"  # timestamps
    r"|[\da-f.:]+/\d+"  # an address with a prefix
    r"|"  # a URL
)


@rule(
    "the local backend",
    "Offsets of dates, times without seconds or offset, the timestamp 0 and those beyond 32 bits, and prefixes of IP addresses are "
    "taken, and no empty URL and no ten digits of a second, as AppSync's documentation has it; the simulator's scalars differ",
)
def the_documented_grammar_holds(exchange: Exchange, difference: Difference) -> bool:
    item = difference.real if difference.local == ABSENT else difference.local
    given = item if difference.kind == "stored" else _variables(exchange)
    return _refused_by_one(difference) and any(_GRAMMAR.fullmatch(str(value)) for value in _leaves(given))


@rule(
    "unknown",
    "Times and URLs come back as they were given; the simulator writes times in UTC, and URLs as JavaScript does",
)
def values_come_back_as_they_were(_exchange: Exchange, difference: Difference) -> bool:
    real, local = difference.real, difference.local
    if difference.kind not in ("data", "stored") or not isinstance(real, str) or not isinstance(local, str):
        return False
    return real == f"{local}/" or (_moment(real) is not None and _moment(real) == _moment(local))


def _moment(text: str) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(text if "T" in text else f"2024-01-02T{text}")
    except ValueError:
        return None
    return found if found.tzinfo else None


@rule(
    "the local backend",
    "A list is no input object, as graphql-java has it; graphql-js takes an empty list for an empty object",
)
def a_list_is_no_object(exchange: Exchange, difference: Difference) -> bool:
    return _refused_by_one(difference) and [] in _variables(exchange).values()
