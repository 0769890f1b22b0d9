"""The command line, as a person uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from amplify_data_client import generate_client
from amplify_data_client.dev.cli import main

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"


def test_local_serves_prints_its_environment_and_logs_requests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = str(SCHEMAS / "todo" / "model-introspection.json")
    command = [sys.executable, "-m", "amplify_data_client.dev.cli", "local", "--outputs", file, "--port", "0"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not (lines and lines[-1] == "\n" and any(line.startswith("export") for line in lines)):
            lines.append(process.stdout.readline())
        assert "listens at http://127.0.0.1:" in lines[0]
        assert "Models: Todo" in lines[1]
        for line in lines:
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                monkeypatch.setenv(name, value)
        with generate_client() as client:
            client.models.Todo.create(name="private")
            assert client.models.Todo.list().data[0].name == "private"
        httpx.post(os.environ["AMPLIFY_DATA_GRAPHQL_ENDPOINT"], content=b"meow")
        log = [process.stdout.readline() for _ in range(4)]
        process.terminate()  # a shell's background jobs, as which tests may run, are deaf to Ctrl+C
        assert process.wait() == 0
    assert "GET /" in log[0]
    assert "mutation createTodo" in log[1]
    assert "query listTodos" in log[2]
    assert "not a GraphQL request" in log[3]
    assert "private" not in "".join(log)


def test_a_missing_file_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert main(["local", "--outputs", str(tmp_path / "nowhere.json")]) == 1
    assert "npx ampx generate outputs" in capsys.readouterr().err


def test_a_file_that_is_no_introspection_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    for content in ("not json", "[]", json.dumps({"version": 1})):
        (tmp_path / "x.json").write_text(content)
        assert main(["local", "--outputs", str(tmp_path / "x.json")]) == 1
        assert capsys.readouterr().err.startswith("amplify-data-client: ")
