"""The documents tell the truth: every Python snippet in them runs."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from awslambdaric.lambda_context import LambdaContext

import amplify_data_client
from amplify_data_client.dev.local_backend import LocalBackend

ROOT = Path(__file__).parents[1]
TODO = json.loads((ROOT / "examples" / "todo-introspection.json").read_text())


def snippets(document: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)


def test_the_readmes_handler_is_the_one_that_the_demo_runs():
    assert snippets("README.md")[0].split("\n\n", 1)[1] in (ROOT / "examples" / "handler.py").read_text()


def test_the_samples_handler_is_the_one_that_the_demo_runs():
    handler = (ROOT / "examples" / "handler.py").read_text()
    sample = ROOT / "examples" / "amplify-app" / "amplify" / "functions" / "py" / "code" / "index.py"
    assert snippets("docs/lambda.md") == [handler] == [sample.read_text()]


def laptop(folder: Path, backend: LocalBackend) -> dict[str, str]:
    """Make a folder with an amplify_outputs.json, and an environment with an AWS profile."""
    env = backend.env()
    (folder / "credentials").write_text(
        f"[dev]\naws_access_key_id = {env['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {env['AWS_SECRET_ACCESS_KEY']}\naws_session_token = {env['AWS_SESSION_TOKEN']}\n"
    )
    (folder / "amplify_outputs.json").write_text(json.dumps(backend.outputs()))
    return {"AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"), "AWS_CONFIG_FILE": str(folder / "config")}


def test_the_handler_is_a_local_script_too_with_a_profile_and_an_outputs_file(tmp_path: Path):
    script = (
        (ROOT / "examples" / "handler.py").read_text().replace("generate_client()", 'generate_client(profile="dev")')
    )
    with LocalBackend(TODO) as backend, backend.serve():
        done = subprocess.run(
            [sys.executable, "-c", f"{script}\nprint(handler({{}}, None)['all'][0].to_json())"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **laptop(tmp_path, backend)},
            capture_output=True,
            text=True,
            check=True,
        )
        [stored] = backend.items("Todo")
    assert json.loads(done.stdout)["id"] == stored["id"]


def test_the_readmes_snippets_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    with LocalBackend(TODO) as backend, backend.serve():
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)
        for name, value in laptop(tmp_path, backend).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        handler, script, errors, test = snippets("README.md")
        names: dict[str, Any] = {}
        exec(handler, names)
        answer = names["handler"]({}, None)
        names["todo"] = names["client"].models.Todo.get(id=answer["id"]).data
        exec(errors, names)
        exec(script, dict(names))
        assert names["client"].models.Todo.get(id=answer["id"]).data.is_done is True
        names["client"].close()
        assert "def test_handler" in test


def test_the_page_about_invocations_runs(monkeypatch: pytest.MonkeyPatch):
    with LocalBackend(TODO) as backend, backend.serve():
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)
        handler, functions = snippets("docs/invocations.md")
        names: dict[str, Any] = {}
        exec(handler, names)
        for seconds, stored in ((0, 0), (60, 1)):
            context = LambdaContext("id", None, None, int((time.time() + seconds) * 1000))
            answer = names["handler"]({"name": "A"}, context)
            assert len(backend.items("Todo")) == stored
            assert (answer["created"] is None) is not bool(stored)
        assert answer.get("may_exist", False) is False
        names["client"].close()
        names["app"] = SimpleNamespace(lambda_context=context)
        exec(functions, names)
        names["client"].models.Todo.create(name="B")
        names["client"].close()
        assert len(backend.items("Todo")) == 2


def test_the_readmes_test_passes_as_it_is(tmp_path: Path):
    *_, test = snippets("README.md")
    (tmp_path / "test_handler.py").write_text(test)
    (tmp_path / "handler.py").write_text((ROOT / "examples" / "handler.py").read_text())
    (tmp_path / "model-introspection.json").write_text(json.dumps(TODO))
    [settings] = re.findall(r"^```toml\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(settings)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        "test_handler.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_demo_runs_to_its_end():
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("Done:")


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/lambda.md",
        "docs/layer.md",
        "examples/amplify-app/README.md",
        "docs/javascript.md",
        "docs/connections.md",
        "docs/invocations.md",
    ],
)
def test_links_to_files_lead_somewhere(document: str):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / document).read_text())
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


SECTION = re.compile(r"<!-- schema: (\w+) -->(.*?)(?=\n## |\Z)", re.DOTALL)
JAVASCRIPT = (ROOT / "docs" / "javascript.md").read_text()
SECTIONS = [
    (heading, schema, text)
    for heading, section in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", JAVASCRIPT, re.MULTILINE | re.DOTALL)
    for schema, text in SECTION.findall(section)
]
REPORT = {"title": "T", "center": {"x": 1.0, "y": 2.0}}
ANSWERS: dict[str, Any] = {
    "ping": "pong",
    "echoScalars": {},
    "getReport": REPORT,
    "topArticles": [],
    "search": [],
    "publishReport": REPORT,
    "fireAndForget": {"success": True},
    "setFlag": True,
    "summarize": "short",
    "makeRecipe": {"name": "soup", "ingredients": ["water"]},
    "chat": "Good day",
}


def pythons(section: str) -> list[str]:
    """The Python of a section, in order: cells of its tables, and blocks."""
    found = re.findall(r"^```python\n(.*?)^```|^\| [^\n]* \| `([^`\n]+)` \|$", section, re.MULTILINE | re.DOTALL)
    return [block or cell for block, cell in found]


@pytest.mark.parametrize(("schema", "text"), [one[1:] for one in SECTIONS], ids=[one[0] for one in SECTIONS])
def test_the_python_beside_the_javascript_runs(schema: str, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    introspection = json.loads((ROOT / "tests" / "data" / "schemas" / schema / "model-introspection.json").read_text())
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    sources = pythons(text)
    assert len(sources) == len(rows) + text.count("```python")
    with LocalBackend(introspection) as backend, backend.serve():
        for part in ("queries", "mutations", "generations", "conversations"):
            for name in introspection.get(part, {}).keys() & ANSWERS.keys():
                backend.resolver(name)(lambda *_, answer=ANSWERS[name]: answer)
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        Path("amplify_outputs.json").write_text(json.dumps(backend.outputs()))
        names: dict[str, Any] = {"token": backend.token("somebody"), "image": b"PNG", "api_key": backend.api_key}
        made: list[Any] = []
        for source in [PRELUDE, *sources]:
            exec(source, names)
            made += [one for one in names.values() if isinstance(one, amplify_data_client.Client)]
        for client in made:
            client.close()


PRELUDE = """
import asyncio
from datetime import UTC, date, datetime, time
from ipaddress import ip_address
from uuid import uuid4

from amplify_data_client import *

config = get_amplify_data_client_config()
client = generate_client(config, api_key=api_key)
"""


def test_the_page_shows_everything_that_a_client_has():
    from amplify_data_client import client

    named = {name: one for name, one in vars(client).items() if isinstance(one, type) and not name.startswith("_")}
    shells = [one for one in named.values() if one.__module__ == client.__name__]
    with LocalBackend(TODO) as backend:
        parts = {name for name in vars(backend.client()) if not name.startswith("_")}
    parts |= {name for shell in shells for name in vars(shell) if not name.startswith("_")}
    python = "\n".join(source for _, _, text in SECTIONS for source in pythons(text))
    elsewhere = {"config", "close", "to_dict"}  # of clients as such, and of every result
    assert {name for name in parts if not re.search(rf"\.{name}\b", python)} == elsewhere & parts


def test_the_intended_differences_of_the_page_are_those_of_the_replays():
    from tests.parity.others import REFUSALS
    from tests.parity.rules import RULES

    listed = JAVASCRIPT.partition("one of these holds:")[2].strip().split("\n")
    configuring = [reason[:1].upper() + reason[1:] for reason in REFUSALS]
    assert listed == [f"- {reason}." for reason in [*(rule.reason for rule in RULES), *configuring]]


def test_the_local_backends_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model-introspection.json").write_text(json.dumps(TODO))
    for source in snippets("docs/local-backend.md"):
        exec(source, {})
