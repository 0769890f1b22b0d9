"""The recordings of the JavaScript client, replayed by both clients; and that the replay can fail."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client.errors import ConnectionFailedError, ErrorEntry, ReplyError, ServerError

from .__main__ import ALL, Tally, _unused, files, main, recordings, replay, replay_other
from .rules import RULES
from .validity import objections

# some of the recorded calls leave out what the API requires; compare.py judges each request itself
pytestmark = pytest.mark.refused_by_the_api

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
RECORDINGS = {name: found for name, *found in files(REFERENCE)}


@pytest.mark.parametrize("awaits", [False, True], ids=["blocking", "awaiting"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_calls_agree_with_javascript_but_for_the_intended_differences(name: str, awaits: bool):
    tally = replay(name, *RECORDINGS[name], awaits=awaits)
    assert tally.count > 0
    assert not tally.failed, str(tally)


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_request_that_is_sent_is_valid_in_the_compiled_api(name: str):
    recording, introspection, compiled = RECORDINGS[name]
    tally = replay(name, recording, introspection, compiled)
    pairs = [
        (exchange["request"], sent.body)
        for step in tally.steps
        for exchange, sent in zip(step.recorded["http"], step.sent, strict=False)
    ]
    assert pairs
    for request, body in pairs:
        # what JavaScript sends too, a value left out say, is the caller's own
        assert objections(compiled, body) == [] or "invalid" in request, body["query"]


def test_every_rule_of_the_intended_differences_is_needed():
    used = {rule for name, recorded in RECORDINGS.items() for rule in replay(name, *recorded).intended}
    assert used == {rule.name for rule in RULES}


@pytest.mark.parametrize(("name", "count"), [("config", 100), ("sigv4", 12)])
def test_signatures_names_and_configurations_agree(name: str, count: int):
    tally = replay_other(name, dict(recordings(REFERENCE))[name])
    assert tally is not None
    assert not tally.failed, str(tally)
    assert tally.count == count


def test_an_altered_signature_or_configuration_fails():
    kept = dict(recordings(REFERENCE))
    vectors, config = copy.deepcopy(kept["sigv4"]), copy.deepcopy(kept["config"])
    vectors[0]["request"]["body"] += " "
    config["screamingSnakeCase"][0][1] = "OTHER"
    config["cases"][0]["resourceConfig"]["API"]["GraphQL"]["region"] = "us-east-1"
    assert [len(replay_other("x", one).failed) for one in (vectors, config)] == [1, 2]


def altered(name: str, case: str, change) -> int:
    """How many calls of one recorded case fail after a change to what was recorded."""
    recording, introspection, compiled = RECORDINGS[name]
    [found] = [one for one in recording["cases"] if one["name"] == case]
    changed = copy.deepcopy(found)
    change(changed["steps"][0])
    return len(replay(name, {**recording, "cases": [changed]}, introspection, compiled).failed)


def request(step):
    return step["http"][0]["request"]


@pytest.mark.parametrize(
    "change",
    [
        lambda step: request(step)["variables"]["input"].update(name="B"),
        lambda step: request(step)["variables"]["input"].pop("isDone"),
        lambda step: request(step).update(query=request(step)["query"].replace("description", "")),
        lambda step: request(step).update(query=request(step)["query"].replace("createTodo", "updateTodo")),
        lambda step: request(step).update(path="/elsewhere"),
        lambda step: request(step)["headers"].update({"content-type": "text/plain"}),
        lambda step: request(step)["headers"].update({"x-custom": "one"}),
        lambda step: request(step)["headers"]["authorization"]["sigv4"]["signedHeaders"].pop(),
        lambda step: step["returned"]["data"].update(name="other"),
        lambda step: step["returned"].update(extensions={"a": 1}),
        lambda step: step["returned"].update(errors=[{"message": "no"}]),
        lambda step: step["http"].append(step["http"][0]),
        lambda step: step["http"].clear(),
        lambda step: step.update(threw={"$error": {"name": "Error", "message": "no"}}),
        lambda step: step.update(missing=True),
    ],
)
def test_a_recording_that_differs_fails(change):
    assert altered("todo", "todo-create", lambda step: None) == 0
    assert altered("todo", "todo-create", change) == 1


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("ai", "ai-conversation-get-without-id-in-answer"),
        ("auth", "auth-custom-endpoint"),
        ("auth", "auth-headers-of-library"),
        ("errors", "errors-get-cancelled"),
        ("errors", "errors-list-null-data"),
        ("identifiers", "identifiers-owner-get-GroupOwned"),
        ("operations", "operations-options-selection-set"),
        ("scalars", "scalars-create-json-list"),
        ("todo", "graphql-errors"),
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        lambda step: request(step).update(path="/elsewhere"),
        lambda step: request(step)["headers"].update({"x-custom": "one"}),
        lambda step: step["http"].append(step["http"][0]),
    ],
)
def test_a_rule_excuses_what_it_is_about_and_nothing_else(name: str, case: str, change):
    assert altered(name, case, lambda step: None) == 0
    assert altered(name, case, change) == 1


@pytest.mark.parametrize(
    ("what", "becomes", "name", "case"),
    [
        ("wire.refusals.UnauthorizedError", ServerError, "errors", "errors-get-http-401"),
        ("wire.refusals._body_entries", lambda reply: ([], None), "errors", "errors-get-http-500"),
        ("wire.exchange.ReplyLostError", ConnectionFailedError, "errors", "errors-get-connection-dropped"),
        ("wire.refusals.ServerError", ReplyError, "todo", "graphql-http-500"),
        ("wire.envelope.read_entries", lambda raw: (ErrorEntry("boom"),), "todo", "graphql-errors"),
    ],
)
def test_a_regression_does_not_hide_behind_a_rule(
    monkeypatch: pytest.MonkeyPatch, what: str, becomes: Any, name: str, case: str
):
    assert altered(name, case, lambda step: None) == 0
    monkeypatch.setattr(f"amplify_data_client._core.{what}", becomes)
    assert altered(name, case, lambda step: None) == 1


def test_a_rule_without_a_use_is_named():
    assert _unused([Tally("todo")]) == []
    assert _unused([Tally(name) for name in ALL]) == [rule.name for rule in RULES]


def test_the_program_prints_a_summary_and_fails_if_anything_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "generated").symlink_to(REFERENCE / "generated")
    (tmp_path / "goldens").mkdir()
    recording = copy.deepcopy(RECORDINGS["todo"][0])
    (tmp_path / "goldens" / "todo.json").write_text(json.dumps(recording))
    assert main([str(tmp_path)]) == 0
    assert "0 failed" in capsys.readouterr().out.splitlines()[-1]
    recording["cases"][0]["steps"][0]["http"][0]["request"]["variables"]["input"]["name"] = "other"
    (tmp_path / "goldens" / "todo.json").write_text(json.dumps(recording))
    assert main([str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "FAILED todo-create[0]" in printed
    assert "1 failed" in printed.splitlines()[-1]
    assert main([str(tmp_path / "nowhere")]) == 1


def test_what_cannot_be_replayed_has_failed_and_the_rest_is_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "generated").symlink_to(REFERENCE / "generated")
    (tmp_path / "goldens").mkdir()
    recording = copy.deepcopy(RECORDINGS["todo"][0])
    recording["cases"] = recording["cases"][:2]
    del recording["cases"][0]["steps"][0]["call"]
    for name, content in [
        ("broken", "{"),
        ("elsewhere", json.dumps({**recording, "schema": "nowhere"})),
        ("todo", json.dumps(recording)),
    ]:
        (tmp_path / "goldens" / f"{name}.json").write_text(content)
    assert main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "broken: 1 files, 0 passed, 0 intended, 1 failed" in lines
    assert "elsewhere: 1 files, 0 passed, 0 intended, 1 failed" in lines
    assert "todo: 2 calls, 1 passed, 0 intended, 1 failed" in lines
    assert lines[-1].startswith("4 recorded: 1 passed, ")
