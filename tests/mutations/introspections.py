"""Mutated introspections, of which a client is made and every kind of operation is called."""

import json
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from amplify_data_client import DataClientConfig, generate_client
from amplify_data_client._core.wire.messages import Failure, Reply, Request
from amplify_data_client.errors import AmplifyDataError

from .hunt import Case, answered, attempt, walk
from .mutate import mutated, written

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
MODELS = 1  # of each introspection, and as many custom operations of each kind
VALUES = {"Int": 1, "Float": 1.5, "Boolean": True, "AWSJSON": {"a": 1}, "AWSTimestamp": 1, "AWSDate": "2024-01-01"}


@cache
def introspections() -> list[tuple[str, Any]]:
    """The introspections of the reference schemas, by name."""
    return [
        (path.parent.name, json.loads(path.read_text())) for path in sorted(SCHEMAS.glob("*/model-introspection.json"))
    ]


def ordinary() -> list[Case]:
    """The introspections as they are, each with several choices of models."""
    return [
        _case(name, json.dumps(part(Random(f"{name} {n}"), raw)), n) for name, raw in introspections() for n in range(8)
    ]


def make(random: Random) -> Case:
    """An introspection with something changed."""
    name, raw = random.choice(introspections())
    return _case(name, written(random, mutated(random, part(random, raw))), random.random())


def part(random: Random, raw: Any) -> Any:
    """A few of its models and operations: changes then meet what is used."""
    made = {}
    for name, found in raw.items():
        is_large = isinstance(found, dict) and name in (
            "models",
            "queries",
            "mutations",
            "generations",
            "conversations",
        )
        chosen = random.sample(sorted(found), min(MODELS, len(found))) if is_large else ()
        made[name] = {key: found[key] for key in chosen} if is_large else found
    return made


def _case(name: str, text: str, seed: float) -> Case:
    return Case(len(text), lambda: _use(text, Random(seed)), f"{name}: {text}")


def _use(text: str, random: Random) -> None:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):  # the configuration's own reading of files is another matter
        return

    def answer(_request: Request) -> Reply | Failure:
        return random.choice([Reply(200, b'{"data":{}}', {}), Reply(200, b'{"data":null,"errors":[]}', {})])

    with answered(answer):
        client = generate_client(DataClientConfig("http://recorded/graphql", "eu-west-1", raw, api_key="k"))
        for name in list(client.models)[:MODELS]:
            attempt(lambda name=name: _model(client, client.models[name], random))
        for kind in ("queries", "mutations", "generations", "conversations"):
            attempt(lambda kind=kind: _operations(getattr(client, kind), random))
        attempt(lambda: [walk(getattr(client.enums, name)) for name in dir(client.enums) if name[:2] != "__"])


def _model(client: Any, model: Any, random: Random) -> None:
    repr(model)
    dir(model)
    known = model._model
    given = {name: _value(field, random) for name, field in known.fields.items()}
    key = {name: given.get(name) for name in known.identifier}
    condition = {name: {"eq": value} for name, value in given.items()}
    for call in (
        lambda: model.create(given),
        model.create,
        lambda: model.get(key),
        lambda: model.update({**given, **key}),
        lambda: model.delete(key),
        lambda: model.upsert({**given, **key}),
        model.list,
        lambda: model.list(filter=condition),
        lambda: model.list(selection_set=[*given]),
        lambda: list(model.iterate(limit=1)),
        *((lambda: model.batch_create([given]), lambda: model.batch_delete([key])) if random.random() < 0.05 else ()),
        *(
            lambda index=index: getattr(model, index.query_field)({part: given.get(part) for part in index.fields[:1]})
            for index in known.indexes
            if index.query_field
        ),
        lambda: model.update(condition=condition, **key),
        lambda: _record(client, known, given),
    ):
        attempt(lambda call=call: walk(call()))


def _record(client: Any, known: Any, given: dict[str, Any]) -> None:
    """Read a reply with every field that the introspection names, and load its relations."""
    wire = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in given.items()}
    root = f"get{known.name[:1].upper()}{known.name[1:]}"
    body = json.dumps({"data": {root: wire}}).encode()
    with answered(lambda _request: Reply(200, body, {})):
        result = client.models[known.name].get({name: given.get(name) for name in known.identifier})
    walk(result)
    for name, field in known.fields.items():
        if field.association:
            attempt(lambda name=name: walk(getattr(result.data, client.models[known.name]._names.python(name))()))


def _value(field: Any, random: Random) -> Any:
    value = VALUES.get(field.type.name, random.choice(["x", "HOME", {"street": "s"}]))
    return [value] if field.type.is_array else value


def _operations(found: Any, random: Random) -> None:
    repr(found)
    for name in [name for name in dir(found) if not name.startswith("__")][:MODELS]:
        try:
            operation = getattr(found, name)
        except AmplifyDataError:
            continue
        repr(operation)
        given = {key: random.choice(["x", 1, None, {"a": 1}, ["x"]]) for key in ("text", "value", "input", "id")}
        calls = (operation, partial(operation, given)) if callable(operation) else (operation.create,)
        for call in calls:
            attempt(lambda call=call: walk(call()))
