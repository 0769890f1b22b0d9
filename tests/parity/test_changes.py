"""What `make update-recordings` shows."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .changes import changes, main

RECORDING = json.loads((Path(__file__).parents[1] / "data" / "reference" / "goldens" / "ai.json").read_text())


@pytest.fixture
def newer() -> Any:
    """The same recording, as a newer version of the client would make it."""
    text = json.dumps(RECORDING).replace(RECORDING["versions"]["aws-amplify"], "7.0.0")
    return json.loads(text)


def test_a_newer_version_alone_changes_no_case(newer: Any):
    assert "aws-amplify/7.0.0" in json.dumps(newer)
    assert list(changes(RECORDING, newer)) == []


def test_cases_that_changed_came_or_went_are_shown_with_what_differs(newer: Any):
    request = newer["cases"][0]["steps"][0]["http"][0]["request"]
    request["query"] = request["query"].replace("name", "title", 1)
    newer["cases"].append({"name": "ai-new", "steps": []})
    gone = newer["cases"].pop(1)
    found = dict(changes(RECORDING, newer))
    assert [*found] == [RECORDING["cases"][0]["name"], gone["name"], "ai-new"]
    marked = [line for line in found[RECORDING["cases"][0]["name"]] if line[0] in "+-"]
    assert ["title" in line for line in marked] == [False, True]


def test_the_program_compares_with_the_last_commit(tmp_path: Path, newer: Any, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "ai.json"
    file.write_text(json.dumps(RECORDING))
    (tmp_path / "sigv4.json").write_text("[]")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "recorded"]):
        subprocess.run([*git, *command], check=True)
    changed = copy.deepcopy(newer)
    changed["cases"][0]["name"] = "ai-renamed"
    file.write_text(json.dumps(changed))
    assert main([str(tmp_path)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"ai: from aws-amplify {RECORDING['versions']['aws-amplify']} to 7.0.0"
    assert [line for line in printed if line.startswith("CHANGED")] == [
        f"CHANGED {RECORDING['cases'][0]['name']}",
        "CHANGED ai-renamed",
    ]
    assert printed[-1] == f"2 of {len(RECORDING['cases'])} recorded cases changed"
