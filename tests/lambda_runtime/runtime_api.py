"""The Runtime API of one execution environment: where the runtime's client asks for invocations, and answers them.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any

_ANSWER = re.compile(
    r"/2018-06-01/runtime/(?:invocation/(?P<request>[^/]+)/(?P<kind>response|error)|(?:init|restore)/error)"
)
_ACCEPTED = b'{"status":"OK"}\n'


@dataclass(frozen=True)
class Invocation:
    """What the client is given to do; `deadline` is in seconds since the epoch."""

    request_id: str
    event: bytes
    deadline: float
    trace_id: str
    function_arn: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(self.deadline * 1000)),
            "Lambda-Runtime-Trace-Id": self.trace_id,
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
            "Content-Type": "application/json",
        }


@dataclass(frozen=True)
class Posted:
    """What the client said: `kind` is response, error, init error or restore error; `at` is when it was all there."""

    kind: str
    request_id: str | None
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass
class RuntimeApi:
    """Invocations that wait, and what was posted; None in either queue is the end.

    With SnapStart the client says when it is `initialised`, and goes on when it is told that it has been `restored`.
    """

    invocations: "SimpleQueue[Invocation | None]" = field(default_factory=SimpleQueue)
    posted: "SimpleQueue[Posted | None]" = field(default_factory=SimpleQueue)
    initialised: threading.Event = field(default_factory=threading.Event)
    restored: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve until the end of the block; gives the address, as AWS_LAMBDA_RUNTIME_API has it."""
        with _Server(self) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="runtime-api", daemon=True)
            thread.start()
            try:
                yield f"127.0.0.1:{server.server_port}"
            finally:
                self.invocations.put(None)
                self.restored.set()
                server.shutdown()
                thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a frozen client holds its connection open

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client that was killed
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        if self.path == "/2018-06-01/runtime/restore/next":
            self.server.api.initialised.set()
            self.server.api.restored.wait()
            return self._reply(200, b"")
        if self.path != "/2018-06-01/runtime/invocation/next":
            return self._reply(404, b"")
        invocation = self.server.api.invocations.get()
        if invocation is None:
            self.close_connection = True
            return None
        return self._reply(200, invocation.event, invocation.headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answered = _ANSWER.fullmatch(self.path)
        if answered is None:
            return self._reply(404, b"")
        kind, request_id = answered["kind"] or f"{self.path.split('/')[-2]} error", answered["request"]
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.api.posted.put(Posted(kind, request_id, headers, body, time.perf_counter()))
        return self._reply(202, _ACCEPTED)

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in (headers or {}).items())]
        # in one piece: the client would acknowledge the first of two only after 40 ms
        self.wfile.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body)

    def log_message(self, *_: object) -> None:
        pass
