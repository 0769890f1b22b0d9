"""Each row of docs/lambda.md's table of errors is what a misconfigured function really gets."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client import AmplifyDataError, generate_client
from amplify_data_client.dev.local_backend import LocalBackend
from tests.error_table import ROWS, TABLE, assert_documented
from tests.io import peers

ROOT = Path(__file__).parents[1]
FILES = "Reading the model introspection from S3 … failed:"


@pytest.fixture
def backend() -> Iterator[LocalBackend]:
    introspection = json.loads((ROOT / "examples" / "todo-introspection.json").read_text())
    with LocalBackend(introspection) as made, made.serve():
        yield made


def says(call: Callable[[], Any]) -> str:
    with pytest.raises(AmplifyDataError) as caught:
        call()
    return f"{type(caught.value).__name__}: {caught.value}"


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], str]:
    """Start a function in this environment; gives what it says."""

    def started(environment: dict[str, str]) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return says(lambda: generate_client(timeout=0.5))

    return started


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    reply = f"HTTP/1.1 {status} No\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()

    def talk(connection: Any, number: int) -> None:
        while peers.read_request(connection):
            connection.sendall(reply)

    with peers.serving(talk) as peer:
        yield peer.url.removesuffix("/graphql")


def test_a_function_without_variables(backend, start):
    env = {name: value for name, value in backend.env().items() if not name.startswith("AMPLIFY_DATA")}
    said = start(env | {"AMPLIFY_SSM_ENV_CONFIG": "{}"})
    assert_documented(said, "ConfigurationError: No configuration of a data API was found. …")


def test_a_parameter_that_is_not_there(backend, start):
    env = backend.env(ssm=True)
    del backend.parameters[next(path for path in backend.parameters if path.endswith("_KEY"))]
    assert_documented(start(env), "ConfigurationError: The environment lacks … (SSM has no parameter …")


def test_variables_that_are_there_in_part(backend, start):
    env = backend.env()
    del env["AMPLIFY_DATA_GRAPHQL_ENDPOINT"]
    assert_documented(start(env), "ConfigurationError: The environment lacks …")


def test_a_role_that_may_not_read_the_parameters(backend, start):
    with answering(400, '{"__type": "AccessDeniedException", "message": "no"}') as url:
        said = start(backend.env(ssm=True) | {"AWS_ENDPOINT_URL_SSM": url})
    assert_documented(said, "ConfigurationError: Reading from SSM … failed: AccessDeniedException …")


@pytest.mark.parametrize(
    ("status", "code", "row"),
    [
        (403, "AccessDenied", f"ConfigurationError: {FILES} AccessDenied …"),
        (404, "NoSuchKey", f"ConfigurationError: {FILES} NoSuch…"),
        (404, "NoSuchBucket", f"ConfigurationError: {FILES} NoSuch…"),
    ],
)
def test_an_introspection_that_cannot_be_read(status, code, row, backend, start):
    with answering(status, f"<Error><Code>{code}</Code></Error>") as url:
        assert_documented(start(backend.env() | {"AWS_ENDPOINT_URL_S3": url}), row)


def test_a_network_that_leads_nowhere(backend, start):
    with answering(200, "") as url:
        pass  # nothing listens there any more
    said = start(backend.env() | {"AWS_ENDPOINT_URL_S3": url})
    assert_documented(said, "ConfigurationError: Reading … failed: no connection from …")


def test_a_network_that_swallows_requests(backend, start):
    with peers.serving(lambda connection, number: bool(connection.recv(65536)) and connection.recv(1)) as peer:
        said = start(backend.env() | {"AWS_ENDPOINT_URL_S3": peer.url.removesuffix("/graphql")})
    assert_documented(said, "ConfigurationError: Reading … failed: no reply in time from …")


def test_keys_that_are_not_the_roles(backend, start):
    said = start(backend.env() | {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"})
    assert_documented(said, "CredentialsError: Reading … failed: …")


def test_a_role_that_may_not_call_the_api(backend):
    client = backend.client(role=backend.role("outsider", to=[]))
    assert_documented(says(client.models.Todo.list), "UnauthorizedError: …")


def test_a_role_that_may_only_read(backend):
    client = backend.client(role=backend.role("reader", to=["query"]))
    assert_documented(says(lambda: client.models.Todo.create(name="x")), "NotAuthorizedError: …")


def test_a_call_that_does_not_fit_the_schema(backend):
    assert_documented(says(lambda: backend.client().models.Todo.create(nmae="x")), "OperationError: …")


def test_an_item_that_is_not_there(backend):
    said = says(lambda: backend.client().models.Todo.update(id="gone", name="x"))
    assert_documented(said, "ConditionFailedError: …")


def test_every_row_is_tested_here_or_in_the_real_runtime():
    here = Path(__file__).read_text().replace("{FILES}", FILES)
    runtime = (ROOT / "tests" / "lambda_runtime" / "test_misconfigured.py").read_text()
    tested = {row for row in ROWS if f'"{row}"' in (runtime if row.startswith("Runtime.") else here)}
    assert ROWS.keys() == tested
    assert len(re.findall(r"^\| `", TABLE, re.MULTILINE)) >= 14
