"""Functions that cannot start: the platform is told what docs/lambda.md explains, at the first call and in the log."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.error_table import assert_documented

from .conftest import FUNCTIONS, Deploy, Start
from .sandbox import Deployment, InvocationError


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A service that always says this."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers["content-length"] or 0))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, name="refusing", daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def initialise(started: Start, deployment: Deployment) -> str:
    """Start a function that cannot start; gives what the platform is told."""
    sandbox = started(deployment)
    failed = InvocationError(sandbox.initialise())
    assert failed.posted.kind == "init error"
    assert failed.posted.headers["lambda-runtime-function-error-type"] == failed.type
    told = failed.posted.body.decode() + sandbox.log
    assert f"[ERROR] {failed.type}: {failed.message}" in sandbox.log
    assert deployment.environment["AWS_SECRET_ACCESS_KEY"] not in told
    assert deployment.environment["AWS_SESSION_TOKEN"] not in told
    assert sandbox.process.wait() == 1
    return f"{failed.type}: {failed.message}"


def test_allow_resource_alone_gives_no_variables(deploy: Deploy, started: Start):
    deployment = deploy("loaded")
    bare = {name: value for name, value in deployment.environment.items() if not name.startswith("AMPLIFY_DATA_")}
    said = initialise(started, deploy_with(deployment, {**bare, "AMPLIFY_SSM_ENV_CONFIG": "{}"}))
    assert_documented(said, "ConfigurationError: No configuration of a data API was found. …")


def deploy_with(deployment: Deployment, environment: dict[str, str]) -> Deployment:
    return Deployment(deployment.command, deployment.task, deployment.handler, environment)


def test_a_parameter_that_is_not_there(deploy: Deploy, started: Start, backend: LocalBackend):
    deployment = deploy("loaded")
    path = next(path for path in backend.parameters if path.endswith("SCHEMA_BUCKET_NAME") and "/myapp/" in path)
    value = backend.parameters.pop(path)
    said = initialise(started, deployment)
    backend.parameters[path] = value
    assert_documented(said, "ConfigurationError: The environment lacks … (SSM has no parameter …")
    assert path in said


def test_variables_that_are_there_in_part(deploy: Deploy, started: Start):
    said = initialise(started, deploy("loaded", AMPLIFY_SSM_ENV_CONFIG="{}", AMPLIFY_DATA_DEFAULT_NAME="amplifyData"))
    assert_documented(said, "ConfigurationError: The environment lacks …")


def test_a_role_that_may_not_read_the_parameters(deploy: Deploy, started: Start):
    body = b'{"__type": "AccessDeniedException", "message": "User: arn:aws:sts::1:assumed-role/r/f is not authorized"}'
    with answering(400, body) as url:
        said = initialise(started, deploy("loaded", AWS_ENDPOINT_URL_SSM=url))
    assert_documented(said, "ConfigurationError: Reading from SSM … failed: AccessDeniedException …")
    assert "connectData(backend.data, backend.<function>)" in said


@pytest.mark.parametrize(
    ("status", "code", "row"), [(403, "AccessDenied", "AccessDenied …"), (404, "NoSuchBucket", "NoSuch…")]
)
def test_an_introspection_that_cannot_be_read(status: int, code: str, row: str, deploy: Deploy, started: Start):
    with answering(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()) as url:
        said = initialise(started, deploy("loaded", AWS_ENDPOINT_URL_S3=url))
    assert_documented(said, f"ConfigurationError: Reading the model introspection from S3 … failed: {row}")


def test_a_network_that_leads_nowhere(deploy: Deploy, started: Start):
    with answering(200, b"") as url:
        pass  # nothing listens there any more
    said = initialise(started, deploy("loaded", AWS_ENDPOINT_URL_SSM=url))
    assert_documented(said, "ConfigurationError: Reading … failed: no connection from …")


def test_keys_that_are_not_the_roles(deploy: Deploy, started: Start):
    said = initialise(started, deploy("loaded", AWS_ACCESS_KEY_ID="AKIDEXAMPLE"))
    assert_documented(said, "CredentialsError: Reading … failed: …")


def test_a_function_without_the_layer(deploy: Deploy, started: Start, runtime: Path):
    said = initialise(started, deploy("loaded", PYTHONPATH=str(runtime)))
    assert_documented(said, "Runtime.ImportModuleError: … No module named 'amplify_data_client'")


def test_a_layer_for_another_python(deploy: Deploy, started: Start, opt: Path, runtime: Path, tmp_path: Path):
    other = shutil.copytree(opt, tmp_path / "opt")
    for compiled in [*other.rglob("*.so"), *other.rglob("*.pyc")]:
        compiled.rename(str(compiled).replace(".cpython-3", ".cpython-2"))
    said = initialise(started, deploy("loaded", PYTHONPATH=f"{other}:{runtime}"))
    assert_documented(said, "Runtime.ImportModuleError: … No module named 'pydantic_core._pydantic_core'")


def test_a_handler_that_is_not_there_is_the_runtimes_own_error(deploy: Deploy, started: Start):
    deployment = deploy("loaded")
    other = Deployment(deployment.command, FUNCTIONS, "loaded.handle", deployment.environment)
    assert initialise(started, other) == "Runtime.HandlerNotFound: Handler 'handle' missing on module 'loaded'"
