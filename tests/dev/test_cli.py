"""The command line, as a person uses it."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from amplify_data_client import generate_client
from amplify_data_client.dev import cli
from amplify_data_client.dev.cli import main

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
TODO = str(SCHEMAS / "todo" / "model-introspection.json")


class Running:
    """The command, started; `said` is its output up to the first request."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        while "Requests (" not in self.said:
            line = self.read()
            assert line, "it ended"
            self.said += line
        self.read()
        self.url = re.findall(r"listens at (\S+)", self.said)[0]
        self.env = dict(re.findall(r"^export (\w+)=(\S+)$", self.said, re.MULTILINE))

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self, with_signal: int = signal.SIGTERM) -> str:
        """End it; gives what it says at last."""
        self.process.send_signal(with_signal)
        said, _ = self.process.communicate()
        return said


def _heed_ctrl_c() -> None:
    # as in a terminal: what is started by a job in the background ignores it
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def local(*arguments: str, outputs: str = TODO) -> Iterator[Running]:
    command = [sys.executable, "-m", "amplify_data_client.dev.cli", "local", "--outputs", outputs, "--port", "0"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509  # it takes no lock
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def test_it_says_where_it_is_what_it_has_and_what_to_export(monkeypatch: pytest.MonkeyPatch):
    with local() as running:
        assert running.url.startswith("http://127.0.0.1:")
        assert f"GraphQL  {running.url}/graphql" in running.said
        assert re.search(r"API key  da2-\w+", running.said)
        assert "Models   Todo\n" in running.said
        assert "Items    in memory, until it ends" in running.said
        assert "beyond this machine" not in running.said
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        with generate_client() as client:
            client.models.Todo.create(name="private")
            assert client.models.Todo.list().data[0].name == "private"
        assert "model.Todo" in httpx.get(running.url).text
        assert running.end().endswith("Ended.\n")
        assert running.process.returncode == 0


def test_its_log_names_operations_statuses_and_errors_and_no_value():
    key = re.compile(r"API key  (\S+)")
    with local() as running:
        headers = {"x-api-key": key.findall(running.said)[0]}

        def ask(query: str, **more: object) -> None:
            httpx.post(f"{running.url}/graphql", headers=headers, json={"query": query, **more})

        ask('mutation M { a: createTodo(input: {id: "secret"}) { id } }')
        ask('mutation M { createTodo(input: {id: "secret"}) { id } }')
        ask("query Q($id: ID!) { getTodo(id: $id) { id } listTodos { nextToken } }", variables={"id": "secret"})
        ask("{ secret \x1b[2J")
        ask("{ getTodo(id: 1) { id } " + "".join(f"a{n}: getTodo(id: {n}) {{ id }}" for n in range(4)) + "}")
        ask("query A { __typename } mutation B { deleteTodo(input: {id: 2}) { id } }", operationName="B")
        httpx.post(f"{running.url}/graphql", headers={"x-api-key": "secret"}, json={"query": "{ __typename }"})
        httpx.post(f"{running.url}/graphql", headers=headers, content=b"secret")
        httpx.get(f"{running.url}/secret?secret=1")
        httpx.get(running.url)
        httpx.get(f"{running.url}/_page/page.css")
        httpx.post(f"{running.url}/graphql?done", headers=headers, json={"query": "{ __typename }"})
        log: list[str] = []
        while not log or "__typename" not in log[-1] or "Unauthorized" in log[-1]:
            log.append(running.read())
    assert "secret" not in "".join(log)
    assert "\x1b" not in "".join(log)
    assert [re.sub(r" +", " ", re.sub(r"^\d\d:\d\d:\d\d|[\d.]+ ms", "", line)).strip() for line in log] == [
        "mutation createTodo 200",
        "mutation createTodo 200 DynamoDB:ConditionalCheckFailedException",
        "query getTodo, listTodos 200",
        "not a GraphQL document 200 error",
        "query getTodo ×5 200",
        "mutation deleteTodo 200 DynamoDB:ConditionalCheckFailedException",
        "query __typename 401 UnauthorizedException",
        "not a GraphQL request 400 MalformedHttpRequestException",
        "S3 GetObject 403",
        "page 200",
        "query __typename 200",
    ]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_as_soon_as_it_listens_ends_it(name: str):
    with local() as running:
        assert running.end(signal.Signals[name]).endswith("Ended.\n")
        assert running.process.returncode == 0


def test_a_signal_that_came_before_a_sleep_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch):
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=sleep))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["local", "--outputs", TODO, "--port", "0"]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert max(slept) <= 1


def test_ctrl_c_ends_it_though_a_request_hangs():
    with local() as running:
        port = int(running.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            running.process.send_signal(signal.SIGINT)
            said, _ = running.process.communicate()
            assert running.process.returncode == 0
            assert "Traceback" not in said
            assert said.endswith("Ended.\n")


def test_beyond_loopback_it_says_so():
    with local("--host", "0.0.0.0") as running:
        assert "It listens beyond this machine" in running.said
        assert httpx.get(running.url).status_code == 200


def test_signatures_are_verified_and_nothing_turns_that_off(capsys: pytest.CaptureFixture[str]):
    with local() as running:
        query = {"query": "{ __typename }"}
        assert httpx.post(f"{running.url}/graphql", json=query).status_code == 401
        assert httpx.get(f"{running.url}/amplify-local-model-introspection/x").status_code == 403
    with pytest.raises(SystemExit):
        main(["local", "--help"])
    assert set(re.findall(r"--\w+", capsys.readouterr().out)) == {"--help", "--outputs", "--host", "--port", "--db"}


def test_two_of_them_share_a_file_and_a_killed_one_loses_no_acknowledged_write(tmp_path: Path):
    file = tmp_path / "todos.db"
    key = re.compile(r"API key  (\S+)")
    with local("--db", str(file)) as one, local("--db", str(file)) as other:
        assert f"Items    in {file}" in one.said

        def create(running: Running, name: str) -> str:
            query = f'mutation {{ createTodo(input: {{id: "{name}"}}) {{ id }} }}'
            headers = {"x-api-key": key.findall(running.said)[0]}
            reply = httpx.post(f"{running.url}/graphql", headers=headers, json={"query": query})
            return str(reply.json()["data"]["createTodo"]["id"])

        written = [create(running, f"{letter}{n}") for n in range(50) for running, letter in ((one, "a"), (other, "b"))]
        one.process.kill()
        one.process.wait()
        written.append(create(other, "after"))
        with sqlite3.connect(file) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stored = {json.loads(body)["id"] for (body,) in connection.execute('SELECT body FROM "^todo"')}
        connection.close()
    assert stored == set(written)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["local", *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("amplify-data-client: ")
    return said.err


def test_a_missing_file_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert "nowhere.json is not there. Name an amplify_outputs.json (npx ampx generate outputs" in refusal(
        capsys, "--outputs", str(tmp_path / "nowhere.json")
    )
    assert "is a folder" in refusal(capsys, "--outputs", str(tmp_path))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("not json", "(8 bytes) is not JSON"),
        ("", "is empty"),
        ("[]", "is a list, expected a model introspection"),
        ('{"version": "1.4", "auth": {}}', "has no data.model_introspection"),
        ('{"version": "1.4", "data": {"url": "x"}}', "has no data.model_introspection"),
        ('{"version": "1.4", "data": {"model_introspection": 7}}', "data.model_introspection in"),
        ('{"version": 1, "models": 3}', "no 'models' object"),
        ('{"version": 1, "models": {"Todo": {}}}', "models.Todo cannot be read"),
        ('{"version": 9, "models": {}}', "has version 9"),
    ],
)
def test_a_file_that_is_no_introspection_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, told: str
):
    (tmp_path / "x.json").write_text(content)
    assert told in refusal(capsys, "--outputs", str(tmp_path / "x.json"))


def test_an_outputs_file_of_amplify_is_taken(tmp_path: Path):
    outputs = {"version": "1.4", "auth": {}, "data": {"model_introspection": json.loads(Path(TODO).read_text())}}
    (tmp_path / "amplify_outputs.json").write_text(json.dumps(outputs))
    with local(outputs=str(tmp_path / "amplify_outputs.json")) as running:
        assert "Models   Todo" in running.said


def test_a_place_that_cannot_be_listened_at_is_told(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} of 127.0.0.1 is in use" in refusal(capsys, "--outputs", TODO, "--port", port)
    assert "is not an address of this machine" in refusal(capsys, "--outputs", TODO, "--host", "192.0.2.1")
    assert "cannot listen on 999.1.1.1" in refusal(capsys, "--outputs", TODO, "--host", "999.1.1.1")
    with pytest.raises(SystemExit):
        main(["local", "--port", "65536"])
    assert "'65536' is not a port" in capsys.readouterr().err


def test_a_file_that_cannot_keep_the_items_is_told_and_left_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "text.db").write_text("This is not a database, and it shall stay as it is." * 30)
    assert "file is not a database" in refusal(capsys, "--outputs", TODO, "--db", str(tmp_path / "text.db"))
    assert (tmp_path / "text.db").read_text().startswith("This is not a database")
    assert "unable to open" in refusal(capsys, "--outputs", TODO, "--db", str(tmp_path / "no" / "x.db"))
    assert "unable to open" in refusal(capsys, "--outputs", TODO, "--db", str(tmp_path))


def test_without_the_extra_it_says_what_to_install(tmp_path: Path):
    for name in ("graphql", "starlette", "uvicorn"):
        program = (
            "import sys, importlib.util as util; find = util.find_spec\n"
            f"util.find_spec = lambda name, *more: None if name == {name!r} else find(name, *more)\n"
            f"from amplify_data_client.dev.cli import main; sys.exit(main(['local', '--outputs', {TODO!r}]))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        needed = f"The local backend needs {name}: pip install 'amplify-data-client[local]'"
        assert done.stderr == f"amplify-data-client: {needed}\n"
