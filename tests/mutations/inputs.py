"""Calls of every operation with mutated arguments: what a program may hand in by mistake."""

import datetime
import decimal
import enum
import uuid
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from amplify_data_client import DataClientConfig, generate_client
from amplify_data_client._core.wire.messages import Failure, Reply, Request

from .hunt import Case, answered, attempt, walk
from .introspections import introspections
from .mutate import DEPTHS, SIMPLE, paths, reach

VALUES: dict[str, Any] = {
    "ID": "1",
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "AWSJSON": {"a": [1]},
    "AWSTimestamp": 1700000000,
    "AWSDate": datetime.date(2024, 1, 1),
    "AWSTime": datetime.time(1, 2),
    "AWSDateTime": datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
    "AWSEmail": "a@b.co",
    "AWSURL": "https://a.b",
    "AWSPhone": "+12065550100",
    "AWSIPAddress": "127.0.0.1",
}


class Colour(enum.Enum):
    RED = "RED"


class Text(str):
    __slots__ = ()


def _nested(kind: str, depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"list": [value], "object": {"a": value}, "not": {"not": value}, "and": {"and": [value]}}[kind]
    return value


def _cyclic(kind: str) -> Any:
    if kind == "list":
        found: list[Any] = []
        found.append(found)
        return found
    made: dict[str, Any] = {}
    made.update({"a": made, "not": made, "and": [made]})
    return made


MAKERS: tuple[Callable[[Random], Any], ...] = (
    lambda random: random.choice(SIMPLE),
    lambda random: _nested(random.choice(["list", "object", "not", "and"]), random.choice(DEPTHS)),
    lambda random: _cyclic(random.choice(["list", "object"])),
    lambda random: random.choice([10**5000, -(10**5000), 2**53 + 1, float("nan"), float("inf"), -0.0, 1e308, 1j]),
    lambda random: random.choice([decimal.Decimal("NaN"), decimal.Decimal("1e5000"), decimal.Decimal("0.1")]),
    lambda random: random.choice(["x" * 1_000_000, "\ud800", "\x00", "1" * 5000, '"' * 10_000]),
    lambda random: random.choice([b"bytes", bytearray(b"x"), memoryview(b"x"), range(3), {1, 2}, frozenset()]),
    lambda random: random.choice([object(), object, len, lambda: 1, Ellipsis, NotImplemented, Exception("x"), type]),
    lambda random: random.choice([Colour.RED, Text("x"), uuid.UUID(int=1), (), ("a", 1), {1: 2}, {None: 1}, {(): 1}]),
    lambda random: random.choice(
        [
            datetime.datetime.max,
            datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=14))),
            datetime.date.min,
            datetime.time(1, tzinfo=datetime.UTC),
            datetime.timedelta(1),
        ]
    ),
    lambda _: (n for n in range(3)),
    lambda _: {"__class__": 1, "__init__": 2, "": 3},
)
OPTIONS: dict[str, Any] = {
    "auth_mode": "apiKey",
    "auth_token": "t",
    "api_key": "k",
    "headers": {"x-a": "b"},
    "timeout": 5,
    "deadline": None,
    "selection_set": ["id"],
    "limit": 10,
    "next_token": "t",
    "filter": {},
    "condition": {},
    "raise_errors": True,
    "sort_direction": "ASC",
    "max_attempts": 2,
}
VERBS = ("create", "get", "update", "delete", "upsert", "list", "iterate", "custom", "graphql", "batch", "with_options")


@cache
def _client(name: str) -> Any:
    raw = dict(introspections())[name]
    return generate_client(DataClientConfig("http://recorded/graphql", "eu-west-1", raw, api_key="k"))


def ordinary() -> list[Case]:
    """Calls with arguments that fit."""
    return [_case(Random(f"ordinary {n}"), is_mutated=False) for n in range(600)]


def make(random: Random) -> Case:
    """A call with one or two arguments changed."""
    return _case(random, is_mutated=True)


def _case(random: Random, *, is_mutated: bool) -> Case:
    name = random.choice([name for name, _ in introspections()])
    client = _client(name)
    verb = random.choice(VERBS)
    if verb == "custom":
        target, call, given = _custom(client, random)
    else:
        target, call, given = _generated(client, verb, random)
    if is_mutated:
        for _ in range(random.choice([1, 1, 2])):
            given = _changed(random, given)
    return Case(_size(given), lambda: _call(call, given), f"{name} {target} {_shown(given)}")


def _generated(client: Any, verb: str, random: Random) -> tuple[str, Any, dict[str, Any]]:
    model = client.models[random.choice(list(client.models))]
    known = model._model
    values = {name: _value(field) for name, field in known.fields.items() if field.type.kind in ("scalar", "non_model")}
    given = {name: value for name, value in values.items() if value is not None and not known.fields[name].is_read_only}
    key = {name: given.get(name, "1") for name in known.identifier}
    condition = {name: {"eq": value} for name, value in list(given.items())[:3] if name not in key}
    arguments: dict[str, Any] = {
        "create": given,
        "get": key,
        "update": {**given, **key},
        "delete": key,
        "upsert": {**given, **key},
        "list": {"filter": condition, "limit": 10},
        "iterate": {"filter": {"or": [condition]}, "limit": 10},
        "batch": {"items": [given, given]},
        "graphql": {"document": "{ __typename }", "variables": {"a": given}},
        "with_options": {"timeout": 3},
    }[verb]
    if random.random() < 0.3 and verb not in ("graphql", "with_options", "batch"):
        option = random.choice([*OPTIONS])
        arguments = {**arguments, option: OPTIONS[option]}
    return f"{known.name}.{verb}", _of(client, model, verb, random), arguments


def _of(client: Any, model: Any, verb: str, random: Random) -> Any:
    if not hasattr(model, verb) and verb != "batch":  # the schema disables it
        verb = random.choice(["graphql", "with_options"]) if verb not in ("graphql", "with_options") else verb
    if verb == "iterate":
        return lambda **given: next(iter(model.iterate(**given)), None)
    if verb == "batch":
        known = [name for name in ("batch_create", "batch_update", "batch_delete") if hasattr(model, name)]
        batch = (
            getattr(model, random.choice(known))
            if known
            else lambda items, **given: client.graphql("{ __typename }", {"items": items}, **given)
        )
        return lambda items=None, **given: batch(items, **given)
    if verb == "graphql":
        return lambda document=None, variables=None, **given: client.graphql(document, variables, **given)
    return client.with_options if verb == "with_options" else getattr(model, verb)


def _custom(client: Any, random: Random) -> tuple[str, Any, dict[str, Any]]:
    known = [
        getattr(group, name) for group in (client.queries, client.mutations, client.generations) for name in dir(group)
    ]
    if not known:
        return _generated(client, "create", random)
    operation = random.choice(known)
    given = {name: _value(field) for name, field in operation._operation.arguments.items()}
    return f"custom {operation!r}", operation, {name: value for name, value in given.items() if value is not None}


def _value(field: Any) -> Any:
    value = VALUES.get(field.type.name, "x" if field.type.kind == "scalar" else None)
    return [value] if field.type.is_array and value is not None else value


def _changed(random: Random, given: dict[str, Any]) -> dict[str, Any]:
    made = _copied(given)
    odd = random.choice(MAKERS)(random)
    found = paths(made)
    chance = random.random()
    if chance < 0.15 or not found:
        made[random.choice([*OPTIONS, "id", "record", "values", "__class__", "x" * 200, "é"])] = odd
    elif chance < 0.25:
        *above, key = random.choice(found)
        del reach(made, tuple(above))[key]
    else:
        *above, key = random.choice(found)
        reach(made, tuple(above))[key] = odd
    return made


def _copied(value: Any) -> Any:
    if isinstance(value, dict) and len(value) < 1000 and not _is_odd(value):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) and not _is_odd(value) else value


def _is_odd(value: Any) -> bool:
    """Whether a value is one of those that cannot be walked: nested without end, or almost."""
    depth = 0
    while isinstance(value, dict | list) and value and depth < 50:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
        depth += 1
    return depth == 50


def _size(value: Any) -> int:
    """How much there is of a value: items, and characters of text."""
    total, seen, left = 0, set(), [value]
    while left:
        one = left.pop()
        total += (
            len(one)
            if isinstance(one, str | bytes | bytearray)
            else one.bit_length() // 3
            if isinstance(one, int)
            else 1
        )
        if isinstance(one, dict | list | tuple | set) and id(one) not in seen:
            seen.add(id(one))
            left += [*one, *one.values()] if isinstance(one, dict) else [*one]
    return max(1, total)


def _shown(given: Any) -> str:
    try:
        return repr(given)[:400]
    except (RecursionError, ValueError) as error:
        return f"<{type(error).__name__}: too deep, or too long a number>"


def _call(call: Any, given: dict[str, Any]) -> None:
    def answer(_request: Request) -> Reply | Failure:
        return Reply(200, b'{"data":null,"errors":[{"message":"recorded"}]}', {})

    def work() -> None:
        if all(isinstance(name, str) for name in given):
            walk(call(**given))
        else:
            walk(call(given))

    with answered(answer):
        attempt(work)
