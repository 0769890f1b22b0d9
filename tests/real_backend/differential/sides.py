"""Asks both sides the same, and notes what each answers."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amplify_data_client.dev.local_backend import LocalBackend
from tests.real_backend.backend import RealBackend

from .api import Api, api_of
from .notation import Pages, Scenario, Step

_WRITTEN = re.compile(rb"\b(?:create|update|delete)([A-Z]\w*)\(")
MANY_PAGES = 50


@dataclass(frozen=True)
class Reply:
    """What one side answers: to `Pages`, all pages."""

    status: int
    body: Any


@dataclass(frozen=True)
class Exchange:
    """A request, and both answers to it; without a step it is what is stored at the end."""

    step: Step | None
    sent: bytes
    real: Reply
    local: Reply


class Side:
    """One of the two: keeps the token of the last page."""

    def __init__(self, backend: RealBackend | LocalBackend, tokens: LocalBackend, api: Api) -> None:
        self._backend, self._tokens, self._api = backend, tokens, api
        self._token: str | None = None

    def ask(self, step: Step) -> tuple[bytes, Reply]:
        """Give what was sent, and the answer."""
        body = step.body(self._api, self._token)
        if not isinstance(step, Pages):
            return body, self._ask(step, body)
        replies = [self._ask(step, body)]
        while len(replies) < MANY_PAGES and self._token is not None:
            following = Pages(step.field, step.selection, {**step.given, "nextToken": self._token}, caller=step.caller)
            replies.append(self._ask(step, following.body(self._api, None)))
        return body, Reply(max(reply.status for reply in replies), [reply.body for reply in replies])

    def _ask(self, step: Step, body: bytes) -> Reply:
        status, answer = self._post(body, step.caller.headers(self._backend, self._tokens, body))
        found = [*_tokens_in(answer)]
        self._token = found[0] if found else None
        return Reply(status, answer)

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if isinstance(self._backend, RealBackend):
            return self._backend.post(body, headers)
        reply = self._backend.handle("POST", "/graphql", headers, body)
        return reply.status, json.loads(reply.body)

    def stored(self, models: Sequence[str]) -> Reply:
        """All that is stored of some models."""
        items = {model: self._backend.items(model) for model in models}
        return Reply(200, {model: [_bare(item) for item in found] for model, found in items.items()})


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "__typename"}


def _tokens_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("nextToken"), str):
            yield value["nextToken"]
        for item in value.values():
            yield from _tokens_in(item)


def play(scenario: Scenario, real: RealBackend, local: LocalBackend) -> Iterator[Exchange]:
    """Empty both, then ask both, step by step; at the end look at what is stored."""
    api = api_of(scenario.schema)
    for backend in (real, local):
        backend.empty()
    for name, function in scenario.functions.items():
        real.resolver(name)(function)
        local.resolver(name)(function)
    one, other = Side(real, local, api), Side(local, local, api)
    written: set[str] = set()
    for step in scenario.steps:
        sent, theirs = one.ask(step)
        _, ours = other.ask(step)
        written |= {name.decode() for name in _WRITTEN.findall(sent)}
        yield Exchange(step, sent, theirs, ours)
    models = sorted(model for model in api.introspection.models if model[:1].upper() + model[1:] in written)
    yield Exchange(None, b"", one.stored(models), other.stored(models))
