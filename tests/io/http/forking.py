"""Forks forty children while threads call: `python -m tests.io.http.forking KIND URL`, a program of its own.

Each child makes two calls and ends with their outcome; one that hangs prints where, and ends.
"""

import asyncio
import faulthandler
import os
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Any

from amplify_data_client._core.wire.messages import HttpRequest
from amplify_data_client._io import credentials
from amplify_data_client._io.http.sender import open_async_sender, open_sender
from amplify_data_client.errors import ConfigurationError

CHILDREN, THREADS = 40, 6
Call = Callable[[str], bool]


def main(kind: str, url: str) -> None:
    """Print how many children had which outcome: right, wrong, refused, an error, or hung."""
    warnings.simplefilter("ignore", DeprecationWarning)  # of forks in a process with threads, since Python 3.12
    if find_spec("sniffio") is None:
        # httpcore tries with each request to import it, and a child cannot go on with an import that is under way
        sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    call, stopping = _KINDS[kind](url), threading.Event()

    def work() -> None:
        while not stopping.is_set():
            call("parent")

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    children = []
    for number in range(CHILDREN):
        children.append(_fork(call, f"child-{number}"))
        time.sleep(0.02)
    outcomes = Counter(_outcome(os.waitpid(child, 0)[1]) for child in children)
    stopping.set()
    for thread in threads:
        thread.join()
    print(dict(outcomes))


def _fork(call: Call, name: str) -> int:
    child = os.fork()
    if child:
        return child
    faulthandler.dump_traceback_later(60, exit=True)  # with the status 1
    try:
        os._exit(0 if call(name) and call(name) else 4)
    except ConfigurationError:
        os._exit(2)
    except BaseException:
        os._exit(3)


def _outcome(status: int) -> str:
    return ("right", "hung", "refused", "an error", "wrong")[os.waitstatus_to_exitcode(status)]


def _request(url: str, name: str) -> HttpRequest:
    return HttpRequest("POST", url, {"host": "localhost"}, name.encode())


def _blocking(url: str, http_client: Any = None) -> Call:
    sender = open_sender(http_client)

    def call(name: str) -> bool:
        reply: Any = sender.send(_request(url, name), time.monotonic() + 50)
        return bool(reply.body == name.encode())

    return call


def _awaiting(url: str, http_client: Any = None) -> Call:
    sender = open_async_sender(http_client)

    def call(name: str) -> bool:
        async def twice() -> bool:
            replies: list[Any] = [await sender.send(_request(url, name), time.monotonic() + 50) for _ in range(2)]
            return all(reply.body == name.encode() for reply in replies)

        return asyncio.run(twice())

    return call


def _over_httpx(url: str) -> Call:
    import httpx

    return _blocking(url, httpx.Client(trust_env=False))


def _keys(source: credentials.Source) -> Call:
    return lambda _: source.current().access_key == "key"


def _slow_session(_: str) -> Call:
    """Credentials that are fetched anew by each call, which takes a moment."""

    class Session:
        def get_credentials(self) -> Any:
            time.sleep(0.05)
            return _Frozen()

    source = credentials.find(session=Session())

    def call(name: str) -> bool:
        if name == "parent":
            source.forget()
        return source.current().access_key == "key"

    return call


class _Frozen:
    access_key, secret_key, token = "key", "secret", None

    def get_frozen_credentials(self) -> "_Frozen":
        return self


def _refreshed_session(_: str) -> Call:
    """botocore's own credentials, always about to expire: each call refreshes them under botocore's lock."""
    from botocore.credentials import RefreshableCredentials

    def fetch() -> dict[str, str]:
        time.sleep(0.05)
        expiry = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
        return {"access_key": "key", "secret_key": "secret", "token": "token", "expiry_time": expiry}

    made = RefreshableCredentials.create_from_metadata(fetch(), fetch, "test")

    class Session:
        def get_credentials(self) -> Any:
            return made

    return _keys(credentials.find(session=Session()))


_KINDS: dict[str, Callable[[str], Call]] = {
    "blocking": _blocking,
    "awaiting": _awaiting,
    "over httpx": _over_httpx,
    "the environment's keys": lambda _: _keys(credentials.find()),
    "a profile": lambda _: _keys(credentials.find("mine")),
    "a session that fetches": _slow_session,
    "a session that refreshes": _refreshed_session,
}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
