"""The Lambda functions behind the custom operations of real backends: Python functions, called over HTTP."""

import asyncio
import inspect
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Function = Callable[[dict[str, Any], Any], Any]


class Functions:
    """Functions (arguments, identity), by schema and operation."""

    def __init__(self) -> None:
        self.registered: dict[tuple[str, str], Function] = {}

    def call(self, schema: str, event: dict[str, Any]) -> Any:
        function = self.registered.get((schema, event["fieldName"]))
        if function is None:
            raise LookupError(f"no function is registered for {event['fieldName']} of {schema}")
        result = function(event["arguments"], event["identity"])
        return asyncio.run(_finish(result)) if inspect.isawaitable(result) else result


async def _finish(awaitable: Any) -> Any:
    return await awaitable


@contextmanager
def answering(functions: Functions) -> Iterator[str]:
    """Answer as AWS Lambda does, until the end of the block; gives the URL."""

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            try:
                answer = functions.call(self.path.strip("/"), event)
            except Exception as error:  # as Lambda reports whatever a function raises
                answer = {"errorMessage": str(error), "errorType": type(error).__name__}
                self.send_header("x-amz-function-error", "Unhandled")
            body = json.dumps(answer).encode()
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        server.block_on_close = False  # Node keeps its connections open
        threading.Thread(target=server.serve_forever, name="functions", daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
