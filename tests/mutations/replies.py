"""Recorded calls, answered with mutated replies."""

import json
import traceback
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from amplify_data_client._core.wire.messages import Failure, Reply, Request
from tests.parity import notation, replay
from tests.parity.__main__ import files

from .hunt import Case, answered, attempt, walk
from .mutate import mutated, spoilt, written

DATA = Path(__file__).parents[1] / "data" / "reference"
HEADERS = [
    {},
    {"retry-after": "x"},
    {"x-amzn-errortype": "é:http://x"},
    {"content-type": "text/html"},
    {"date": "never"},
]
STATUSES = [200] * 6 + [201, 204, 301, 400, 401, 403, 404, 413, 429, 500, 503, 599]


@cache
def recorded() -> list[tuple[Any, Any, str]]:
    """The recorded cases that a client can be made for: case, introspection, region."""
    return [
        (case, introspection, recording["region"])
        for _, recording, introspection, _ in files(DATA)
        for case in recording["cases"]
        if case.get("steps") and any(_replies(step) for step in case["steps"])
    ]


def _replies(step: Any) -> list[Any]:
    return [one["response"] for one in step["http"] if _is_reply(one["response"])]


def _is_reply(response: Any) -> bool:
    return "text" in response or "body" in response


def ordinary() -> list[Case]:
    """The recorded cases as they are."""
    return [_case(*found, {}) for found in recorded()]


def make(random: Random) -> Case:
    """A recorded case of which one reply is changed."""
    case, introspection, region = random.choice(recorded())
    number = random.choice([n for n, step in enumerate(case["steps"]) if _replies(step)])
    response = random.choice(_replies(case["steps"][number]))
    return _case(case, introspection, region, {id(response): _changed(random, response)})


def _changed(random: Random, response: Any) -> Reply:
    plain = _as_recorded(response)
    kind = random.random()
    if kind < 0.75:
        return Reply(plain.status, _json(random, plain.body), plain.headers)
    if kind < 0.9:
        return Reply(plain.status, spoilt(random, plain.body), plain.headers)
    return Reply(random.choice(STATUSES), plain.body, {**plain.headers, **random.choice(HEADERS)})


def _json(random: Random, body: bytes) -> bytes:
    try:
        return written(random, mutated(random, json.loads(body))).encode("utf-8", "surrogatepass")
    except ValueError:
        return spoilt(random, body)


def _as_recorded(response: Any) -> Reply:
    content = response["text"] if "text" in response else json.dumps(response["body"])
    headers = {"content-type": "application/json;charset=UTF-8", **response.get("headers", {})}
    return Reply(response["status"], content.encode(), {name.lower(): value for name, value in headers.items()})


def _case(case: Any, introspection: Any, region: str, changes: dict[int, Reply]) -> Case:
    def reply(response: Any) -> Reply | None:
        return changes.get(id(response)) or (_as_recorded(response) if _is_reply(response) else None)

    replies = [[reply(one["response"]) for one in step["http"]] for step in case["steps"]]
    bodies = [one.body for step in replies for one in step if one is not None]
    shown = f"{case['name']}: " + " | ".join(one.body.decode(errors="replace") for one in changes.values())
    return Case(max(1, sum(map(len, bodies))), lambda: _play(case, introspection, region, replies), shown)


def _play(case: Any, introspection: Any, region: str, replies: list[list[Reply | None]]) -> None:
    left: list[Reply | None] = []
    numbered = {id(step): found for step, found in zip(case["steps"], replies, strict=True)}

    def answer(_request: Request) -> Reply | Failure:
        found = left.pop(0) if left else None
        return found or Failure("connect", ConnectionError("the recording has no reply left"))

    class Wire(replay.Wire):
        def begin(self, step: replay.Step, *, refuses: bool) -> None:
            left[:] = numbered[id(step.recorded)]
            super().begin(step, refuses=refuses)

    with answered(answer), patch.object(replay, "Wire", Wire):
        for step in _steps(case, introspection, region):
            if step.raised is not None:
                _judge(step.raised)
            elif not step.is_missing:
                attempt(lambda step=step: walk(step.returned))


def _steps(case: Any, introspection: Any, region: str) -> list[replay.Step]:
    try:
        return replay.replay_case(case, introspection, region, awaits=False)
    except (IndexError, KeyError, TypeError, AttributeError) as error:
        if traceback.extract_tb(error.__traceback__)[-1].filename == notation.__file__:
            return []  # a later step begins with what an earlier one did not give
        raise


def _judge(error: Exception) -> None:
    def again() -> None:
        raise error

    attempt(again)
