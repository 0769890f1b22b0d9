"""What differs between two answers, once that is set aside which has to: generated ids, times, tokens, the order of scans."""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .api import Api
from .notation import Pages, Step
from .sides import Exchange, Reply

Path = tuple[str | int, ...]
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# which of several indexes DynamoDB names is chance
_PASSING = re.compile(r" \(Service: .*\)$|IndexName: [\w.-]+, ")
ABSENT = "<absent>"


@dataclass(frozen=True)
class Difference:
    """`kind` is status, data, error or stored; `real` and `local` are what is at a path; an error is whole."""

    kind: str
    path: Path
    real: Any
    local: Any

    def __str__(self) -> str:
        where = "/".join(map(str, self.path)) or "the answer"
        return f"{self.kind} at {where}\n    real:  {json.dumps(self.real)}\n    local: {json.dumps(self.local)}"


@dataclass(frozen=True)
class Answer:
    """An answer in normal form."""

    status: int
    data: Any
    errors: list[dict[str, Any]]


def differences(exchange: Exchange, api: Api) -> list[Difference]:
    """List what differs between the answers of the two sides."""
    if exchange.step is None:
        return [*_tree("stored", _by_key(exchange.real.body, api), _by_key(exchange.local.body, api))]
    real, local = (_answers(exchange.step, api, reply) for reply in (exchange.real, exchange.local))
    if len(real) != len(local):
        return [Difference("data", ("pages",), len(real), len(local))]
    return [found for one, other in zip(real, local, strict=True) for found in _of(one, other)]


def is_wording(difference: Difference) -> bool:
    """Whether both give an error of one type: of several mistakes at once DynamoDB names one or another."""
    real, local = (
        {**one, "message": ""} if isinstance(one, dict) else one for one in (difference.real, difference.local)
    )
    return difference.kind == "error" and real == local


def _of(real: Answer, local: Answer) -> Iterator[Difference]:
    if real.status != local.status:
        yield Difference("status", (), real.status, local.status)
    yield from _tree("data", real.data, local.data)
    ones, others = (Counter(_text(error) for error in answer.errors) for answer in (real, local))
    only_real = [json.loads(error) for error in (ones - others).elements()]
    only_local = [json.loads(error) for error in (others - ones).elements()]
    for error in only_real:
        partner = next((one for one in only_local if one.get("path") == error.get("path")), None)
        if partner is not None:
            only_local.remove(partner)
        yield Difference("error", _path(error), error, partner or ABSENT)
    for error in only_local:
        yield Difference("error", _path(error), ABSENT, error)


def _path(error: Mapping[str, Any]) -> Path:
    return tuple(error.get("path") or ())


def _tree(kind: str, real: Any, local: Any, path: Path = ()) -> Iterator[Difference]:
    if isinstance(real, dict) and isinstance(local, dict):
        for name in sorted(real.keys() | local.keys()):
            yield from _tree(kind, real.get(name, ABSENT), local.get(name, ABSENT), (*path, name))
    elif isinstance(real, list) and isinstance(local, list) and len(real) == len(local):
        for number, (one, other) in enumerate(zip(real, local, strict=True)):
            yield from _tree(kind, one, other, (*path, number))
    elif not same(real, local):
        yield Difference(kind, path, real, local)


def same(one: Any, other: Any) -> bool:
    """Equality of JSON: 1 is 1.0, and not true."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _answers(step: Step, api: Api, reply: Reply) -> list[Answer]:
    ordered = step.is_ordered(api)
    if not isinstance(step, Pages):
        return [_answer(reply.status, reply.body, ordered)]
    if ordered:
        return [_answer(reply.status, body, ordered) for body in reply.body]
    return [_answer(reply.status, _together(step.field, reply.body), ordered)]


def _together(field: str, bodies: list[Any]) -> Any:
    """A scan's pages: which items a page has depends on their hashes; how many pages there are does not."""
    found = [((body.get("data") or {}).get(field) or {}).get("items") or [] for body in bodies]
    data = {"pages": len(bodies), "items": [item for items in found for item in items]}
    return {"data": {field: data}, "errors": [error for body in bodies for error in body.get("errors", ())]}


def _answer(status: int, body: Any, ordered: bool) -> Answer:
    moved: dict[Path, list[int]] = {}
    data = _normal(body.get("data", ABSENT), (), moved, keep_order_at=2 if ordered else 0)
    errors = [_error(entry, moved) for entry in body.get("errors") or ()]
    distinct = {_text(error): error for error in errors if error.get("path") is None}
    return Answer(status, data, [*distinct.values(), *(error for error in errors if error.get("path") is not None)])


def _error(entry: Mapping[str, Any], moved: Mapping[Path, list[int]]) -> dict[str, Any]:
    """An entry without its place and, unless a resolver says it, its wording."""
    kept = {name: value for name, value in entry.items() if name not in ("locations", "message")}
    if entry.get("path"):
        kept["path"] = _moved(tuple(entry["path"]), moved)
    if "errorType" in entry and "path" in entry:
        kept["message"] = _UUID.sub("<uuid>", _PASSING.sub("", entry["message"]))
    return kept


def _moved(path: Path, moved: Mapping[Path, list[int]]) -> list[str | int]:
    result: list[str | int] = []
    for end, part in enumerate(path):
        order = moved.get(path[:end])
        result.append(order.index(part) if order is not None and part in order else part)
    return result


def _by_key(stored: Mapping[str, Any], api: Api) -> dict[str, Any]:
    """What is stored, by model and key; items with made-up ids are numbered in the order of what they hold."""
    found: dict[str, Any] = {}
    for model, items in stored.items():
        key = api.introspection.models[model].identifier
        of_model = found.setdefault(model, {})
        for item in sorted((_normal(item, ()) for item in items), key=_text):
            name = _text([item[part] for part in key])
            of_model[name if name not in of_model else f"{name} {len(of_model)}"] = item
    return found


def _text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    """A number that is whole is written without a fraction, as JavaScript does."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _normal(value: Any, path: Path, moved: dict[Path, list[int]] | None = None, *, keep_order_at: int = 0) -> Any:
    """Replace what has to differ; put lists of items in the order of what they hold, and note in `moved` from where."""
    if isinstance(value, dict):
        return {
            name: "<token>"
            if name == "nextToken" and isinstance(item, str)
            else _normal(item, (*path, name), moved, keep_order_at=keep_order_at)
            for name, item in value.items()
        }
    if isinstance(value, list):
        found = [
            _normal(item, (*path, number), moved, keep_order_at=keep_order_at) for number, item in enumerate(value)
        ]
        is_page = path[-1:] == ("items",) and any(isinstance(item, dict) for item in found)
        if moved is None or not is_page or len(path) == keep_order_at:
            return found
        order = sorted(range(len(found)), key=lambda number: _text(found[number]))
        moved[path] = order
        return [found[number] for number in order]
    return _fixed(value) if isinstance(value, str) else value


def _fixed(text: str) -> str:
    if _STAMP.fullmatch(text):
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(text)
        return "<now>" if abs(age) < datetime.timedelta(hours=1) else text
    return _UUID.sub("<uuid>", _canonical(text))


def _canonical(text: str) -> str:
    """JSON in JSON, without its own order and spaces."""
    try:
        return _text(json.loads(text)) if text[:1] in ("{", "[") else text
    except ValueError:
        return text
