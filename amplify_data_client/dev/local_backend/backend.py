"""Assemble the local backend: `LocalBackend` is its public class."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.access.authentication import Authorizer, Clock
from amplify_data_client.dev.local_backend.access.identity import EVERYTHING, Role
from amplify_data_client.dev.local_backend.access.issuer import Issuer, Session
from amplify_data_client.dev.local_backend.doors.router import Router
from amplify_data_client.dev.local_backend.doors.s3 import Bucket
from amplify_data_client.dev.local_backend.doors.ssm import Parameters
from amplify_data_client.dev.local_backend.doors.transport import AsyncBackendTransport, BackendTransport
from amplify_data_client.dev.local_backend.graphql.engine import Engine
from amplify_data_client.dev.local_backend.graphql.schema import build
from amplify_data_client.dev.local_backend.page.origins import Listener
from amplify_data_client.dev.local_backend.resolvers.custom import Function, Functions
from amplify_data_client.dev.local_backend.resolvers.models import Models, Rules

from . import source
from .context import stamp
from .environment import OFFLINE, Environment
from .messages import Reply
from .page import Page
from .resolvers import wiring

if TYPE_CHECKING:
    from amplify_data_client.async_client import AsyncClient
    from amplify_data_client.client import Client
    from amplify_data_client.config.model import DataClientConfig

MODES = ("apiKey", "iam", "userPools", "oidc", "function")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class LocalBackend:
    """Serve a Data API like AppSync's, made from a model introspection, with the S3 and SSM that a function reads at its start.

    Args:
        introspection: The parsed JSON or its path; an `amplify_outputs.json`, which contains it, is accepted too.
        db: The file in which the items are stored; in memory by default.
        region: The region; requests signed for another one are refused.
        name: The name of the data resource, from which the names of the environment variables are made.
        api_key: The API key; a random one by default.
        modes: The authorization modes that the API has.
        field_rules: Authorization rules of single fields, which the introspection does not contain: `{"Note": {"secret": [rule]}}`.
        defaults: Default values, which the introspection does not contain: `{"Todo": {"priority": "low"}}`.
        validations: The rules of `.validate`, which it does not contain either:
            `{"Todo": {"name": [{"type": "minLength", "value": 3, "message": "too short"}]}}`.
        verify_signatures: Whether signatures are verified. With False every signed request is accepted.
        clock: Returns the current time, with a time zone.
    """

    def __init__(
        self,
        introspection: Mapping[str, Any] | str | PathLike[str],
        *,
        db: str | PathLike[str] = ":memory:",
        region: str = "us-east-1",
        name: str = "amplifyData",
        api_key: str | None = None,
        modes: Iterable[str] = MODES,
        field_rules: Rules | None = None,
        defaults: Mapping[str, Mapping[str, Any]] | None = None,
        validations: Mapping[str, Mapping[str, Iterable[Mapping[str, Any]]]] | None = None,
        verify_signatures: bool = True,
        clock: Clock = _now,
    ) -> None:
        self.introspection = Introspection(source.read(introspection))
        self.sdl, schema = build(self.introspection)
        self._issuer = Issuer(modes, api_key, region, clock=clock, verify_signatures=verify_signatures)
        self._functions = Functions(self.introspection)
        self._models = Models(
            self.introspection, str(db), self._issuer.secret, field_rules or {}, defaults or {}, validations or {}
        )
        wiring.connect(schema, self.introspection, self._models.resolvers, self._functions)
        self._environment = Environment(name, region)
        body = json.dumps(self.introspection.raw).encode()
        self._parameters = Parameters()
        bucket = Bucket(self._environment.bucket, {self._environment.key: body})
        self._page = Page(self.introspection, schema, self._issuer, self._environment)
        self._router = Router(Engine(schema), self._issuer.authenticator, bucket, self._parameters, self._page)
        self.url = OFFLINE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<LocalBackend of {len(self.introspection.models)} models at {self.url}>"

    @property
    def url(self) -> str:
        """The backend's URL. Nothing listens at it before `serve`."""
        return self._url

    @url.setter
    def url(self, url: str) -> None:
        self._url = url
        self._parameters.values.update(self._environment.parameters(url))

    @property
    def parameters(self) -> dict[str, str]:
        """SSM's parameters by path. Functions can read what is added here, such as the paths of a real template."""
        return self._parameters.values

    @property
    def is_private(self) -> bool:
        """Whether only this machine can connect to it."""
        return self._page.listener is None or self._page.listener.is_private

    @property
    def api_key(self) -> str:
        """The API key."""
        return self._issuer.api_key

    def close(self) -> None:
        """Close the store. Items in memory are lost."""
        self._models.store.close()

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Answer an HTTP request; `target` is its path with the query string."""
        return self._router.handle(method, target, headers, body)

    def transport(self) -> BackendTransport:
        """Make a transport for `httpx.Client` that this backend answers."""
        return BackendTransport(self.handle)

    def async_transport(self) -> AsyncBackendTransport:
        """Make a transport for `httpx.AsyncClient` that this backend answers."""
        return AsyncBackendTransport(self.handle)

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve over HTTP until the block ends; yields the URL, which `env` and `outputs` then contain.

        A browser shows a page there: the models, the operations, and GraphiQL.
        """
        from amplify_data_client.dev.local_backend.doors.server import listen, serving

        before, opened = self.url, listen(host, port)
        self._page.listener = Listener(host, str(opened.getsockname()[0]))
        with serving(self.handle, opened) as url:
            self.url = self._page.url = url
            try:
                yield url
            finally:
                self.url, self._page.listener = before, None

    def client(self, *, role: Role | None = None, **options: Any) -> "Client[Any]":
        """Make a client of this backend that needs no socket. It signs as a function does, unless the options say otherwise."""
        import httpx

        from amplify_data_client import generate_client

        options.setdefault("http_client", httpx.Client(transport=self.transport()))
        return generate_client(self.config(), session=self._session(role), **options)

    def async_client(self, *, role: Role | None = None, **options: Any) -> "AsyncClient[Any]":
        """Make an asynchronous client of this backend; see `client`."""
        import httpx

        from amplify_data_client import generate_async_client

        options.setdefault("http_client", httpx.AsyncClient(transport=self.async_transport()))
        return generate_async_client(self.config(), session=self._session(role), **options)

    def config(self) -> "DataClientConfig":
        """Return the configuration of a client of this backend."""
        from amplify_data_client.config.model import DataClientConfig

        return DataClientConfig(
            endpoint=f"{self.url}/graphql",
            region=self._environment.region,
            model_introspection=self.introspection.raw,
            api_key=self.api_key,
            source="local backend",
        )

    def env(self, *, ssm: bool = False, role: Role | None = None) -> dict[str, str]:
        """Return a function's environment. With `ssm` the values are in SSM, as for deployed JavaScript functions."""
        make = self._environment.placeholders if ssm else self._environment.variables
        return make(role or self._issuer.function, self.url)

    def outputs(self) -> dict[str, Any]:
        """Return the contents of an `amplify_outputs.json` for this backend."""
        return {
            "version": "1.4",
            "data": {
                "url": f"{self.url}/graphql",
                "aws_region": self._environment.region,
                "api_key": self.api_key,
                "default_authorization_type": "API_KEY",
                "authorization_types": ["AWS_IAM", "AMAZON_COGNITO_USER_POOLS"],
                "model_introspection": self.introspection.raw,
            },
        }

    def role(self, name: str, *, to: Iterable[str] = EVERYTHING) -> Role:
        """Make a role, as `allow.resource(fn).to(["query", "mutate", "listen"])` does."""
        return self._issuer.role(name, to)

    def token(
        self,
        username: str,
        *,
        sub: str | None = None,
        groups: Iterable[str] = (),
        claims: Mapping[str, Any] | None = None,
        minutes: float = 60,
        oidc: bool = False,
    ) -> str:
        """Issue the token of a test user; `sub` is the username unless it is given."""
        return self._issuer.token(username, sub=sub, groups=groups, claims=claims or {}, minutes=minutes, oidc=oidc)

    def authorizer(self, function: Authorizer) -> Authorizer:
        """Use this function as the Lambda authorizer: it takes the token and returns a bool or an authorizer's response."""
        self._issuer.authorize_with(function)
        return function

    def resolver(self, name: str) -> Callable[[Function], Function]:
        """Answer a custom operation with the decorated function (arguments, identity), which may be asynchronous."""

        def register(function: Function) -> Function:
            self._functions.register(name, function)
            return function

        return register

    def seed(self, items: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Store items: `{"Todo": [{"name": "one"}]}`; ids and timestamps are filled in.

        Names may have either spelling. Values have the form that they have on the wire, and are not checked.

        Raises:
            LookupError: There is no such model, or no such field.
            ValueError: An item has no key.
        """
        self._models.seed(items, stamp(self._issuer.authenticator.clock()))

    def items(self, model: str) -> list[dict[str, Any]]:
        """Return all stored items of a model, in no particular order."""
        return self._models.items(model)

    def empty(self) -> None:
        """Delete all items."""
        self._models.store.empty()

    def reset(self) -> None:
        """Delete all items, and forget the functions that were registered."""
        self.empty()
        self._functions.clear()
        self._issuer.authenticator.authorizer = None

    def _session(self, role: Role | None) -> Session:
        return Session(role or self._issuer.function, self._environment.region)
