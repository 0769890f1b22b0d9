"""Run the command `amplify-data-client`.

amplify-data-client local --outputs amplify_outputs.json
"""

import argparse
import errno
import shlex
import signal
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_data_client.errors import AmplifyDataError

if TYPE_CHECKING:
    from .local_backend import LocalBackend

_LOCAL = """
Serve a Data API on this machine, made from the model introspection: for handlers and scripts, without an AWS account.

It prints the environment that a function needs to use it, and a line per request. In a browser its address shows the
models, the operations, and GraphiQL. Signatures, keys and tokens are verified.
"""

_OPEN = """It listens beyond this machine: whoever reaches it and has a key can use it. The page shows no keys."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _local(options)
    except (AmplifyDataError, ModuleNotFoundError, OSError) as error:
        print(f"amplify-data-client: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnded.")
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("amplify-data-client", description="Tools for the Amplify Data client.")
    commands = parser.add_subparsers(required=True, metavar="command")
    local = commands.add_parser(
        "local",
        help="serve a Data API on this machine",
        description=_LOCAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    local.add_argument(
        "--outputs",
        default="amplify_outputs.json",
        metavar="FILE",
        help="an amplify_outputs.json or a model introspection JSON (default: %(default)s)",
    )
    local.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on (default: %(default)s, which only this machine reaches)",
    )
    local.add_argument("--port", type=_port, default=20002, help="the port; 0 takes a free one (default: %(default)s)")
    local.add_argument(
        "--db",
        default=":memory:",
        metavar="FILE",
        help="keep the items in this file (default: in memory, until it ends)",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: they are 0 to 65535")
    return int(text)


def _local(options: argparse.Namespace) -> int:
    if not Path(options.outputs).is_file():
        state = "is a folder" if Path(options.outputs).is_dir() else "is not there"
        raise FileNotFoundError(
            f"{options.outputs} {state}. Name an amplify_outputs.json (npx ampx generate outputs writes one) or a model "
            "introspection JSON with --outputs."
        )
    from amplify_data_client.dev.local_backend.log import LoggedBackend

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what ends a container and a background job
    with LoggedBackend(options.outputs, db=options.db) as backend, _served(backend, options) as url:
        print(_introduction(backend, url, options), flush=True)
        while True:
            # Python 3.14 may see a signal that came before a sleep only after it, so the sleeps are short
            time.sleep(0.5)


@contextmanager
def _served(backend: "LocalBackend", options: argparse.Namespace) -> Iterator[str]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(backend.serve(options.host, options.port))
        except OSError as error:
            raise OSError(_explained(error, options.host, options.port)) from error
        yield url


def _explained(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} of {host} is in use, perhaps by another local backend. Take another one: --port 0 finds it."
        case errno.EACCES:
            return f"Port {port} may not be used by this account. Take one above 1023, such as the default."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine. Without --host, it listens on 127.0.0.1."
        case _:
            return f"It cannot listen on {host}, port {port}: {error.strerror or error}."


def _introduction(backend: "LocalBackend", url: str, options: argparse.Namespace) -> str:
    exports = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in backend.env().items())
    items = "in memory, until it ends" if options.db == ":memory:" else f"in {options.db}"
    models = textwrap.fill(", ".join(backend.introspection.models), 100, subsequent_indent=" " * 11)
    reach = "" if backend.is_private else f"{_OPEN}\n\n"
    return f"""A local Data API listens at {url} (in a browser: its models, operations, and GraphiQL)

  GraphQL  {url}/graphql
  API key  {backend.api_key}
  Models   {models}
  Items    {items}

{reach}The environment of a function that uses it:

{exports}

Requests (Ctrl+C ends it):
"""


if __name__ == "__main__":
    sys.exit(main())
