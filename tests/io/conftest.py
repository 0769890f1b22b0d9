"""Stand-ins of AWS on the loopback interface: moto where it has the service, scripted replies where it has not."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from amplify_data_client._core.wire import aws
from amplify_data_client._io import configure
from amplify_data_client.config.model import DataClientConfig


class Answer(NamedTuple):
    """What the scripted server says; `drop` closes the connection instead, `hang` says nothing until the test ends."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})
    drop: bool = False
    hang: bool = False


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ScriptedServer(ThreadingHTTPServer):
    """Gives its answers in turn, the last one for ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def script(self, *answers: Answer) -> "ScriptedServer":
        self.answers = list(answers)
        self.asked.clear()
        return self

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hangs up is part of the tests


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def _reply(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, headers, body))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.hang:
            self.server.over.wait()
        if answer.drop or answer.hang:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = _reply

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.over.set()
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def moto(moto_url: str) -> str:
    import urllib.request

    request = urllib.request.Request(f"{moto_url}/moto-api/reset", method="POST")
    urllib.request.urlopen(request).close()
    return moto_url


@pytest.fixture
def aws_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An account on this machine without any AWS or Amplify setting: HOME, its ~/.aws, the working directory."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "AMPLIFY_", "_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / "work").mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / ".aws/config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / ".aws/credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(home / "work")
    return home


@pytest.fixture(params=["blocking", "awaiting"])
def fetch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., DataClientConfig]:
    """Both ways to a configuration, called alike; attempts follow each other at once."""
    monkeypatch.setattr(aws, "WAITS", (0.0,) * len(aws.WAITS))

    def run(*arguments: Any, **passed: Any) -> DataClientConfig:
        if request.param == "blocking":
            return configure.get_amplify_data_client_config(*arguments, **passed)
        return asyncio.run(configure.get_async_amplify_data_client_config(*arguments, **passed))

    return run
