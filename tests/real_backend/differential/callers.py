"""Who asks: the headers that say so, on either side."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from amplify_data_client._core.wire.sigv4 import Credentials, sign
from amplify_data_client.dev.local_backend import LocalBackend


class Backend(Protocol):
    """What both sides tell callers."""

    api_key: str
    url: str

    def env(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Caller:
    """`headers` makes those of a request with this body; `tokens` issues the tokens of users, good on both sides."""

    name: str
    headers: Callable[[Backend, LocalBackend, bytes], dict[str, str]] = field(repr=False)


def _signed(backend: Backend, _tokens: LocalBackend, body: bytes) -> dict[str, str]:
    variables = backend.env()
    keys = variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], variables.get("AWS_SESSION_TOKEN")
    now = datetime.datetime.now(datetime.UTC)
    plain = {"content-type": "application/json"}
    signed = sign("POST", f"{backend.url}/graphql", plain, body, Credentials(*keys), "us-east-1", "appsync", now)
    return {name: value for name, value in signed.items() if name != "host"} | {"host": signed["host"]}


API_KEY = Caller("an API key", lambda backend, _tokens, _body: {"x-api-key": backend.api_key})
FUNCTION = Caller("a function", _signed)


def user(name: str, *groups: str, claims: dict[str, Any] | None = None, sub: str | None = None) -> Caller:
    """A user of the pool."""

    def headers(_backend: Backend, tokens: LocalBackend, _body: bytes) -> dict[str, str]:
        return {"authorization": tokens.token(name, sub=sub or f"sub-{name}", groups=groups, claims=claims)}

    return Caller(f"the user {name}{_listed(groups)}", headers)


def _listed(groups: Iterable[str]) -> str:
    return f" of {', '.join(groups)}" if groups else ""


def sending(**headers: str) -> Caller:
    """Someone with these headers and no others."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Caller(f"headers {', '.join(named) or 'without credentials'}", lambda *_: dict(named))


def tampering(change: Callable[[dict[str, str]], dict[str, str]], what: str) -> Caller:
    """A function whose headers are changed after signing."""
    return Caller(f"a function with {what}", lambda *given: change(_signed(*given)))


ANN, BOB, CAT = user("ann"), user("bob"), user("cat")
