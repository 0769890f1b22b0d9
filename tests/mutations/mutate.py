"""Mutates JSON: seeded, so that each mutation can be made again from its number."""

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

Path = tuple[Any, ...]
# texts that stand for what `json.dumps` cannot write
_WRITTEN = {
    "<deep list>": lambda n: "[" * n + "]" * n,
    "<deep object>": lambda n: '{"a":' * n + "1" + "}" * n,
    "<huge number>": lambda n: "1" * n,
    "<NaN>": lambda _: "NaN",
    "<infinity>": lambda _: "-Infinity",
    "<1e999>": lambda _: "1e999",
}
DEPTHS = (10, 100, 400, 1200, 20_000)
SIMPLE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    10**30,
    "",
    " ",
    "x",
    "id",
    "null",
    "__typename",
    "__class__",
    "a b",
    "é\ud800",
    "\x00",
    "}{",
    "x" * 10_000,
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": None},
    {"a": {"b": []}},
    ["x"] * 500,
    {"items": None},
    {"items": [None], "nextToken": 3},
)


def odd(random: Random) -> Any:
    """A value that does not belong where it is put."""
    return copy.deepcopy(random.choice(SIMPLE)) if random.random() < 0.8 else random.choice([*_WRITTEN])


def paths(value: Any, at: Path = ()) -> list[Path]:
    """Every place in a value, but for the value itself, and what lies too deep."""
    found: list[Path] = []
    is_deep = len(at) > 12
    children = (
        ()
        if is_deep
        else value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, below in children:
        found.append((*at, key))
        found += paths(below, (*at, key))
    return found


def reach(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _replace(random: Random, holder: Any, key: Any) -> None:
    holder[key] = odd(random)


def _delete(_random: Random, holder: Any, key: Any) -> None:
    del holder[key]


def _wrap(random: Random, holder: Any, key: Any) -> None:
    holder[key] = random.choice([[holder[key]], {"items": [holder[key]]}, {"data": holder[key]}])


def _unwrap(random: Random, holder: Any, key: Any) -> None:
    inside = holder[key]
    if isinstance(inside, dict | list) and inside:
        holder[key] = random.choice([*inside.values()] if isinstance(inside, dict) else inside)


def _add(random: Random, holder: Any, key: Any) -> None:
    inside = holder[key]
    if isinstance(inside, dict):
        inside[str(random.choice(["__proto__", "", "id", "items", "data", "errors", "to_dict", "x" * 300]))] = odd(
            random
        )
    elif isinstance(inside, list):
        inside.insert(random.randrange(len(inside) + 1), odd(random))
    elif isinstance(inside, str):
        holder[key] = inside + str(random.choice(["x", " ", '"', "\n", "}", "é"]))


def _rename(random: Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        name = random.choice([key.upper(), f"__{key}", f"{key} ", "", "id", "self", "1x", "é", *list(holder)[:5]])
        holder[name] = holder.pop(key)


def _repeat(random: Random, holder: Any, key: Any) -> None:
    inside = holder[key]
    if isinstance(inside, list):
        holder[key] = inside * random.choice([2, 3, 40])
    elif isinstance(holder, list):
        holder.insert(0, copy.deepcopy(inside))


KINDS: tuple[Callable[[Random, Any, Any], None], ...] = (
    _replace,
    _replace,
    _replace,
    _delete,
    _wrap,
    _unwrap,
    _add,
    _rename,
    _repeat,
)


def mutated(random: Random, value: Any) -> Any:
    """Return a copy with one to three changes."""
    made = copy.deepcopy(value)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        found = paths(made)
        if not found or random.random() < 0.02:
            return odd(random)
        *above, key = random.choice(found)
        holder = reach(made, tuple(above))
        if random.random() < 0.1:  # something of it in another place
            holder[key] = copy.deepcopy(reach(made, random.choice(found)))
        else:
            random.choice(KINDS)(random, holder, key)
    return made


def written(random: Random, value: Any) -> str:
    """Write a mutated value as JSON, with what only text can hold."""
    text = json.dumps(value)
    for name, write in _WRITTEN.items():
        text = text.replace(json.dumps(name), write(random.choice(DEPTHS)))
    return text


def spoilt(random: Random, data: bytes) -> bytes:
    """Change bytes: cut, doubled, flipped, in another encoding."""
    at = random.randrange(len(data) + 1)
    return random.choice(
        [
            data[:at],
            data[at:],
            data[:at] + data,
            data[:at] + bytes([random.randrange(256)]) + data[at + 1 :],
            data[:at] + b"\x00" * random.choice([1, 1000]) + data[at:],
            b"\xef\xbb\xbf" + data,
            data.decode(errors="replace").encode("utf-16"),
            b"",
            b"<html>" + data,
        ]
    )
