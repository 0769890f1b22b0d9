"""A real backend, asked as a LocalBackend is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from amplify_data_client import Client, DataClientConfig, generate_client
from amplify_data_client.dev.local_backend.access.identity import Role
from amplify_data_client.dev.local_backend.access.issuer import Session

from .functions import Function, Functions

DATA = Path(__file__).parents[1] / "data" / "schemas"


@dataclass
class RealBackend:
    """The API of one schema: Amplify's resolvers on DynamoDB Local."""

    name: str
    url: str
    api_key: str
    environment: dict[str, str]
    functions: Functions

    @cached_property
    def introspection(self) -> Any:
        """The introspection in the project's test data; a test holds the served one against it."""
        return json.loads((DATA / self.name / "model-introspection.json").read_text())

    def env(self) -> dict[str, str]:
        """Give the environment of a function."""
        return dict(self.environment)

    def config(self) -> DataClientConfig:
        """Give the configuration of a client."""
        region = self.environment["AWS_REGION"]
        return DataClientConfig(f"{self.url}/graphql", region, self.introspection, api_key=self.api_key, source="real")

    def client(self, **options: Any) -> Client[Any]:
        """Make a client that signs as a function, unless the options say otherwise."""
        keys = self.environment["AWS_ACCESS_KEY_ID"], self.environment["AWS_SECRET_ACCESS_KEY"]
        return generate_client(self.config(), session=Session(Role("function", *keys), "us-east-1"), **options)

    def resolver(self, name: str) -> Callable[[Function], Function]:
        """Let the decorated function (arguments, identity) answer a custom operation."""

        def register(function: Function) -> Function:
            self.functions.registered[self.name, name] = function
            return function

        return register

    def items(self, model: str) -> list[dict[str, Any]]:
        """Give all that is stored of a model, in no order."""
        with urlopen(f"{self.url}/items/{model}") as reply:
            found: list[dict[str, Any]] = json.load(reply)
        return found

    def empty(self) -> None:
        """Delete all items, in all tables that were written to."""
        with urlopen(Request(f"{self.url}/items", method="DELETE")):
            pass

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Send a request, with the API key unless headers say who asks; gives the status and the answer."""
        sent = {"content-type": "application/json"} | ({"x-api-key": self.api_key} if headers is None else headers)
        try:
            with urlopen(Request(f"{self.url}/graphql", body, sent)) as reply:
                return reply.status, json.load(reply)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)
