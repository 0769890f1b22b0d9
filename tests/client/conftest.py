"""A client of each kind on the local backend, in process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from amplify_data_client import AsyncClient, Client, DataClientConfig, generate_client
from amplify_data_client.dev.local_backend import LocalBackend

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"


def introspection(schema: str) -> Any:
    return json.loads((SCHEMAS / schema / "model-introspection.json").read_text())


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> Iterator[LocalBackend]:
    """A backend for the schema `todo`, or the one named by @pytest.mark.schema."""
    mark = request.node.get_closest_marker("schema")
    with LocalBackend(introspection(mark.args[0] if mark else "todo")) as made:
        yield made


@pytest.fixture
def client(backend: LocalBackend) -> Client[Any]:
    return backend.client()


@pytest.fixture
def async_client(backend: LocalBackend) -> AsyncClient[Any]:
    return backend.async_client()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a client whose requests a function answers; `requests` keeps the bodies that were sent."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    def make(answer: Any, schema: str = "todo", **options: Any) -> Any:
        sent: list[Any] = []

        def handle(request: httpx.Request) -> httpx.Response:
            sent.append(json.loads(request.content))
            found = answer(sent[-1], len(sent))
            return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

        config = DataClientConfig("https://api.test/graphql", "eu-west-1", introspection(schema))
        made = generate_client(config, http_client=httpx.Client(transport=httpx.MockTransport(handle)), **options)
        made.requests = sent
        return made

    return make


@pytest.fixture
def introspect() -> Any:
    """The introspection of a schema, by its name."""
    return introspection
