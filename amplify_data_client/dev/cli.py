"""What can be done from the command line?

amplify-data-client local --outputs amplify_outputs.json
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from amplify_data_client.errors import AmplifyDataError

from .local_backend import LocalBackend, Reply


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _local(options)
    except (AmplifyDataError, OSError, ValueError) as error:
        print(f"amplify-data-client: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("amplify-data-client", description="Tools for the Amplify Data client.")
    commands = parser.add_subparsers(required=True, metavar="command")
    local = commands.add_parser("local", help="serve a local backend", description="Serve a Data API on this machine.")
    local.add_argument(
        "--outputs",
        default="amplify_outputs.json",
        metavar="FILE",
        help="an amplify_outputs.json or a model introspection JSON (default: %(default)s)",
    )
    local.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    local.add_argument("--port", type=int, default=20002, help="the port; 0 takes a free one (default: %(default)s)")
    local.add_argument(
        "--db", default=":memory:", metavar="FILE", help="keep the items in this file (default: in memory)"
    )
    return parser


def _local(options: argparse.Namespace) -> int:
    if not Path(options.outputs).is_file():
        raise ValueError(
            f"{options.outputs} is not there. Name an amplify_outputs.json (npx ampx generate outputs) or a model "
            "introspection JSON with --outputs."
        )
    backend = _Logged(options.outputs, db=options.db)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill`, and containers, end it as Ctrl+C does
    with backend, backend.serve(options.host, options.port) as url:
        _introduce(backend, url)
        while True:
            time.sleep(3600)


def _introduce(backend: LocalBackend, url: str) -> None:
    models = ", ".join(backend.introspection.models)
    print(f"A local Data API listens at {url}/graphql (Ctrl+C ends it)")
    print(f"Models: {models}")
    print(f"API key: {backend.api_key}\n")
    print("The environment of a function that uses it:\n")
    for name, value in backend.env().items():
        print(f"export {name}={value}")
    print(flush=True)


class _Logged(LocalBackend):
    """A backend that prints a line per request: when, what, status, milliseconds; never values."""

    log: TextIO = sys.stdout

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        started = time.monotonic()
        reply = super().handle(method, target, headers, body)
        took = (time.monotonic() - started) * 1000
        clock = datetime.now().astimezone().strftime("%H:%M:%S")
        print(
            f"{clock}  {_what(method, target, body):32} {reply.status} {took:7.1f} ms{_errors(reply)}",
            file=self.log,
            flush=True,
        )
        return reply


def _what(method: str, target: str, body: bytes) -> str:
    path = target.partition("?")[0]
    if path != "/graphql":
        return f"{method} {path}"
    try:
        query = json.loads(body)["query"]
    except (ValueError, KeyError, TypeError):
        return "POST /graphql (not a GraphQL request)"
    kind, _, rest = query.partition("{")
    return f"{kind.split('(')[0].strip() or 'query'} {rest.split('(')[0].split('{')[0].strip()}"


def _errors(reply: Reply) -> str:
    try:
        found = json.loads(reply.body).get("errors")
    except (ValueError, AttributeError):
        return ""
    return "  " + ", ".join(str(one.get("errorType") or "error") for one in found) if found else ""


if __name__ == "__main__":
    sys.exit(main())
