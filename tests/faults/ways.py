"""Calls the client in each way there is: blocking or awaiting, over its own connections, a proxy, httpx's or httpx2's clients."""

import asyncio
import importlib
import importlib.util
import json
import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from amplify_data_client import (
    AmplifyDataError,
    DataClientConfig,
    RequestError,
    generate_async_client,
    generate_client,
)

from .heart import HEART

INTROSPECTION = json.loads((Path(__file__).parents[2] / "examples" / "todo-introspection.json").read_text())
API_KEY, HEADER = "da2-SECRETsecretSECRETsecret", "HEADERSECRETheadersecret"
SESSION_TOKEN, SECRET_KEY = "SESSIONTOKENsessiontoken", "SECRETKEYsecretkeySECRETKEYsecretkey0000"
SECRETS = (API_KEY, HEADER, SESSION_TOKEN, SECRET_KEY, "Signature=")
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_SESSION_TOKEN": SESSION_TOKEN}


class Reported(NamedTuple):
    """What a call reported: `done`, `may have` (an error, it may have been executed), `not` (an error, it was not)."""

    what: str
    result: Any
    error: BaseException | None
    seconds: float
    lag: float  # how long this process itself was kept waiting meanwhile

    @property
    def record(self) -> str | None:
        """Whose record came."""
        return getattr(getattr(self.result, "data", None), "id", None)


class Way(NamedTuple):
    """A kind of client, and how it connects."""

    kind: str
    transport: str

    def __str__(self) -> str:
        return f"{self.kind}, {self.transport}"

    @property
    def awaits(self) -> bool:
        return self.kind == "awaiting"

    @property
    def is_ours(self) -> bool:
        """Whether the connections are the client's own: how they are made is its to answer for."""
        return self.transport == "direct"


def all_ways() -> list[Way]:
    packages = [name for name in ("httpx", "httpx2") if importlib.util.find_spec(name)]
    return [Way(kind, transport) for transport in ("direct", "proxy", *packages) for kind in ("blocking", "awaiting")]


class Caller:
    """A client, and the loop it needs."""

    def __init__(self, way: Way, url: str, *, mode: Any = "apiKey", **options: Any) -> None:
        self.way = way
        self.timeout: float = options["timeout"]
        self._runner = asyncio.Runner() if way.awaits else None
        self._theirs = _users_client(way, url) if way.transport.startswith("httpx") else None
        config = DataClientConfig(url, "us-east-1", INTROSPECTION, default_auth_mode=mode, api_key=API_KEY)
        given = {"http_client": self._theirs} if self._theirs is not None else {}
        make: Any = generate_async_client if way.awaits else generate_client
        self.client = make(config, headers={"x-own": HEADER}, **given, **options)

    def create(self, identifier: str) -> Reported:
        return self.report(lambda: self.client.models.Todo.create(id=identifier, name=identifier))

    def get(self, identifier: str) -> Reported:
        return self.report(lambda: self.client.models.Todo.get(id=identifier))

    def report(self, call: Any) -> Reported:
        """Call, and say what came of it."""
        began, lag = time.monotonic(), HEART.lag
        error: BaseException | None = None
        result: Any = None
        try:
            result = self.await_if(call)
        except Exception as raised:
            error = raised
        seconds = time.monotonic() - began
        return Reported(self.word_for(error), result, error, seconds, HEART.lag - lag)

    def await_if(self, call: Any) -> Any:
        if self._runner is None:
            return call()

        async def awaited() -> Any:
            return await call()

        return self._runner.run(awaited())

    @staticmethod
    def word_for(error: BaseException | None) -> str:
        if error is None:
            return "done"
        if not isinstance(error, AmplifyDataError):
            return "foreign"
        return "may have" if isinstance(error, RequestError) and error.may_have_executed else "not"

    def tasks(self) -> list[str]:
        """Tasks that are left in the loop."""
        if self._runner is None:
            return []

        async def others() -> list[str]:
            await asyncio.sleep(0)
            return [repr(task) for task in asyncio.all_tasks() - {asyncio.current_task()}]

        return self._runner.run(others())

    def close(self) -> None:
        self.await_if(self.client.close)
        if self._theirs is not None:
            self.await_if(self._theirs.aclose if self.way.awaits else self._theirs.close)

    def end(self) -> None:
        if self._runner is not None:
            self._runner.close()


def _users_client(way: Way, url: str) -> Any:
    package = importlib.import_module(way.transport)
    make = package.AsyncClient if way.awaits else package.Client
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"]) if url.startswith("https") else False
    return make(trust_env=False, verify=context, follow_redirects=True)


@contextmanager
def environment(way: Way, url: str) -> Iterator[None]:
    """The variables of a process whose requests take this way; the server is its own proxy."""
    given = dict(KEYS)
    if way.transport == "proxy":
        scheme, _, rest = url.partition("://")
        given[f"{scheme}_proxy"] = f"http://127.0.0.1:{rest.partition('/')[0].rpartition(':')[2]}"
    with mock.patch.dict(os.environ, given):
        yield
