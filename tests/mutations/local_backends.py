"""Mutated introspections, of which a local backend is made and asked for every kind of root field."""

import json
from random import Random
from typing import Any

from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.dev.local_backend.page.samples import samples

from .hunt import Case
from .introspections import introspections, part
from .mutate import mutated, written

QUESTIONS = 4


def ordinary() -> list[Case]:
    """The introspections as they are, each with one choice of models."""
    return [_case(name, json.dumps(part(Random(name), raw)), 0) for name, raw in introspections()]


def make(random: Random) -> Case:
    """An introspection with something changed."""
    name, raw = random.choice(introspections())
    return _case(name, written(random, mutated(random, part(random, raw))), random.random())


def _case(name: str, text: str, seed: float) -> Case:
    return Case(len(text), lambda: _use(text, Random(seed)), f"{name}: {text}")


def _use(text: str, random: Random) -> None:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return
    with LocalBackend(raw if isinstance(raw, dict) else {"models": raw}) as backend:
        found = samples(backend._router.engine.schema, frozenset(backend.introspection.models))
        for name in random.sample(sorted(found), min(QUESTIONS, len(found))):
            _ask(backend, found[name])


def _ask(backend: LocalBackend, sample: Any) -> None:
    body = json.dumps({"query": sample.document, "variables": sample.variables}).encode()
    reply = backend.handle("POST", "/graphql", {"x-api-key": backend.api_key}, body)
    assert reply.status == 200
    assert {"data", "errors"} >= json.loads(reply.body).keys()
