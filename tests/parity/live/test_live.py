"""The real JavaScript client, run now: recorded again, and beside this library on the local backend."""

import asyncio
import inspect
import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import pytest

from amplify_data_client import DataClientConfig, OperationError, generate_async_client, generate_client
from amplify_data_client.dev.local_backend import LocalBackend
from tests.parity.compare import Difference, differences, normal, same
from tests.parity.notation import decode, reach
from tests.parity.replay import NESTED, Sent, Step
from tests.parity.rules import explained

from .scenarios import ANSWERS, SCENARIOS, SCHEMAS

# what the API refuses, and says so
pytestmark = pytest.mark.refused_by_the_api

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"


def test_the_recordings_have_not_changed(tmp_path: Path):
    subprocess.run(["node", str(HERE / "record.mjs"), str(DATA / "schemas"), str(tmp_path)], check=True)
    recorded = {path.name: json.loads(path.read_text()) for path in tmp_path.glob("*.json")}
    assert len(recorded) == 8
    for name, recording in recorded.items():
        kept = json.loads((DATA / "reference" / "goldens" / name).read_text())
        changed = [one["name"] for one, other in zip(recording["cases"], kept["cases"], strict=True) if one != other]
        assert changed == [], name


class Listening:
    """A backend whose requests are kept, by the step that made them."""

    def __init__(self, schema: str) -> None:
        introspection = json.loads((DATA / "schemas" / schema / "model-introspection.json").read_text())
        self.backend = LocalBackend(introspection)
        self.requests: dict[int, list[Any]] = {}
        self.token = self.backend.token("somebody", groups=["Staff"])
        self.backend.authorizer(lambda token, *_: token == "let me in")
        for part in ("queries", "mutations", "generations", "conversations"):
            for name in introspection.get(part, {}).keys() & ANSWERS.keys():
                answer = ANSWERS[name]
                self.backend.resolver(name)(answer if callable(answer) else lambda *_, answer=answer: answer)

    def __enter__(self) -> Self:
        from amplify_data_client.dev.local_backend.doors import server

        self.backend.__enter__()
        self._serving = server.serving(self._handle, server.listen("127.0.0.1", 0))
        self.url = self._serving.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.__exit__(None, None, None)
        self.backend.__exit__(None, None, None)

    def _handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        lower = {name.lower(): value for name, value in headers.items()}
        reply = self.backend.handle(method, path, headers, body)
        self.requests.setdefault(int(lower["x-step"]), []).append(
            (json.loads(body), (reply.status, json.loads(reply.body)))
        )
        return reply


def javascript(schema: str, steps: list[Any]) -> tuple[list[Any], dict[int, list[Any]]]:
    with Listening(schema) as listening:
        file = str(DATA / "schemas" / schema / "model-introspection.json")
        command = ["node", str(HERE / "beside.mjs"), f"{listening.url}/graphql", "us-east-1", file]
        env = {**os.environ, **listening.backend.env(), "API_KEY": listening.backend.api_key, "TOKEN": listening.token}
        done = subprocess.run(command, input=json.dumps(steps), env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.removesuffix("\n").split("\n")[-1]), listening.requests


def python(
    schema: str, steps: list[Any], monkeypatch: pytest.MonkeyPatch, *, awaits: bool
) -> tuple[list[Step], dict[int, list[Any]]]:
    with Listening(schema) as listening, asyncio.Runner() as runner:
        for name, value in listening.backend.env().items():
            monkeypatch.setenv(name, value)
        raw = listening.backend.introspection.raw
        config = DataClientConfig(f"{listening.url}/graphql", "us-east-1", raw, api_key=listening.backend.api_key)
        current = [0]
        headers = lambda about: {"x-step": str(current[0])}  # noqa: E731
        make = generate_async_client if awaits else generate_client
        client = make(config, raise_errors=False, headers=headers)
        results: list[Any] = []
        outcomes = []
        for step in steps:
            outcome = Step({}, {"call": step, "http": []})
            root = reach(results[step["on"]["step"]], step["on"]["at"]) if "on" in step else client
            args = [decode(_snake_token(argument), results, []) for argument in step["args"]]
            options = {}
            if step["path"] == ["graphql"]:
                options = {"auth_mode": args[0].get("authMode")}
                args = [args[0]["query"], args[0].get("variables")]
            elif any(isinstance(one, Mapping) and one.get("authMode") == "userPool" for one in args):
                options = {"auth_token": listening.token}  # JavaScript has it from its token provider
            try:
                member = root
                for name in step["path"]:
                    member = getattr(member, name)
                found = member(*args, **options)
                outcome.returned = runner.run(_awaited(found)) if inspect.isawaitable(found) else found
            except Exception as error:  # whatever a call raises is its outcome
                outcome.raised = error
            results.append(outcome.returned)
            outcomes.append(outcome)
            current[0] += 1
        closing = client.close()
        if inspect.isawaitable(closing):
            runner.run(_awaited(closing))
        return outcomes, listening.requests


async def _awaited(found: Any) -> Any:
    return await found


def _snake_token(argument: Any) -> Any:
    """A page's token is called next_token here."""
    text = json.dumps(argument).replace('"at": ["nextToken"]', '"at": ["next_token"]')
    return json.loads(text)


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def without_tokens(value: Any) -> Any:
    """Leave out what differs by nature: tokens, which each backend seals for itself, and times."""
    if isinstance(value, list):
        return [without_tokens(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _hidden(key, item) for key, item in value.items()}


def _hidden(key: str, item: Any) -> Any:
    if key == "locations":  # the documents have the same meaning, not the same layout
        return None
    if key == "message":
        return re.sub(r"Request ID: \w+", "Request ID: …", item)
    if isinstance(item, str) and _UUID.fullmatch(item):
        return "<identifier>"
    if isinstance(item, str) and (key in ("createdAt", "updatedAt") or (key == "nextToken" and len(item) > 9)):
        return f"<{key}>"
    return without_tokens(item)


@pytest.mark.parametrize("awaits", [False, True], ids=["blocking", "awaiting"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_both_languages_send_and_get_the_same(scenario: str, awaits: bool, monkeypatch: pytest.MonkeyPatch):
    steps, of = SCENARIOS[scenario], SCHEMAS.get(scenario, scenario)
    expected, their_requests = javascript(of, steps)
    found, our_requests = python(of, steps, monkeypatch, awaits=awaits)
    went_well = [step for step in found if step.returned is not None and not getattr(step.returned, "errors", None)]
    assert len(went_well) > len(steps) / 3, "two that fail alike agree on nothing"
    for number, (outcome, step) in enumerate(zip(expected, found, strict=True)):
        where = f"{scenario}[{number}] {steps[number]['path']}"
        theirs, ours = their_requests.get(number, []), our_requests.get(number, [])
        step.recorded = {
            **without_tokens(outcome),
            "call": steps[number],
            "http": [
                {"request": request, "response": {"status": status, "body": without_tokens(reply)}}
                for request, (status, reply) in theirs
            ],
        }
        if not ours and isinstance(step.raised, OperationError):
            assert all(reply.get("errors") for _, (_, reply) in theirs), f"{where} is refused here, and not by the API"
            continue
        ours = [one for one in ours if not _is_fruitless(*one)]
        assert len(theirs) == len(ours), where
        asked = Step({}, step.recorded, [Sent("POST", "/graphql", {}, sent) for sent, _ in ours])
        unlike = [one for request, sent in zip(theirs, ours, strict=True) for one in _unlike(request[0], sent[0])]
        assert [str(one) for one in unlike if explained(asked, one) is None] == [], where
        judged = Step({}, step.recorded, returned=_Shown(step.returned), raised=step.raised)
        shown = Step({}, {**step.recorded, "http": []}, returned=judged.returned, raised=step.raised)
        wrong = [one for one in differences(shown) if explained(judged, one) is None]
        assert wrong == [], f"{where}: {wrong[0]}"


def _is_fruitless(sent: Mapping[str, Any], reply: tuple[int, Any]) -> bool:
    """Whether a relation was asked of a parent that is not there: the list is asked then, as JavaScript does at once."""
    data = reply[1].get("data") or {}
    return NESTED.fullmatch(sent["query"]) is not None and [*data.values()] == [None]


def _unlike(request: Mapping[str, Any], sent: Mapping[str, Any]) -> list[Difference]:
    """How two requests differ in what they ask."""
    found = []
    if normal(request["query"]) != normal(sent["query"]):
        found.append(Difference("query", " ".join(request["query"].split()), sent["query"]))
    variables = without_tokens(request.get("variables") or {}), without_tokens(sent["variables"])
    if not same(*variables):
        found.append(Difference("variables", *variables))
    return found


class _Shown:
    """A result whose tokens are hidden."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def to_dict(self) -> Any:
        return without_tokens(self._result.to_dict())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)
