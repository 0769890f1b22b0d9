"""A URL, a key and the introspection are all that a script outside AWS has; and it may do without the last."""

import asyncio
import inspect
import json
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest

from amplify_data_client import (
    ConfigurationError,
    OperationError,
    UnknownNameError,
    generate_async_client,
    generate_client,
    get_amplify_data_client_config,
    get_async_amplify_data_client_config,
)
from amplify_data_client.dev.local_backend import LocalBackend

from .conftest import introspection

CREATE = "mutation ($input: CreateTodoInput!) { createTodo(input: $input) { name } }"


URL = "https://api.example.com/graphql"


@pytest.fixture(params=["blocking", "awaiting"])
def factory(request: pytest.FixtureRequest, backend: LocalBackend) -> Any:
    """Makes a client that the local backend answers."""

    def make(*arguments: Any, **given: Any) -> Any:
        if request.param == "blocking":
            return generate_client(*arguments, http_client=httpx.Client(transport=backend.transport()), **given)
        http = httpx.AsyncClient(transport=backend.async_transport())
        return generate_async_client(*arguments, http_client=http, **given)

    return make


def done(result: Any) -> Any:
    async def wait() -> Any:
        return await result

    return asyncio.run(wait()) if inspect.isawaitable(result) else result


def test_a_client_of_an_endpoint_alone_sends_documents(factory: Any, backend: LocalBackend):
    client = factory(endpoint=URL, api_key=backend.api_key)
    assert done(client.graphql(CREATE, {"input": {"name": "A"}})).data == {"createTodo": {"name": "A"}}
    assert client.config.model_introspection is None
    assert client.config.source == "endpoint argument"


@pytest.mark.parametrize("place", ["models", "queries", "mutations", "generations", "conversations", "enums"])
def test_what_needs_a_schema_says_that_there_is_none(factory: Any, place: str):
    client = factory(endpoint=URL, api_key="k")
    with pytest.raises(
        UnknownNameError, match=r"no 'Todo': this client knows no schema.*introspection='model.*outputs="
    ):
        _ = getattr(client, place).Todo
    assert not hasattr(getattr(client, place), "Todo")
    assert dir(getattr(client, place)) == []
    assert "Todo" not in repr(getattr(client, place))


def test_with_the_introspection_it_has_models(factory: Any, backend: LocalBackend, tmp_path: Path):
    path = tmp_path / "modelIntrospectionSchema.json"
    path.write_text(json.dumps(introspection("todo")))
    for given in (path, str(path), introspection("todo")):
        client = factory(endpoint=URL, introspection=given, api_key=backend.api_key)
        assert done(client.models.Todo.create(name="A")).data.name == "A"


def test_other_modes_take_the_endpoint_too(factory: Any, backend: LocalBackend):
    signing = factory(endpoint=URL, introspection=introspection("todo"), region=backend.config().region)
    with pytest.raises(ConfigurationError, match="config= was given, and endpoint="):
        factory(backend.config(), endpoint=URL)
    assert signing.config.default_auth_mode == "iam"


def test_signing_without_a_region_says_that_it_needs_one(factory: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    client = factory(endpoint=URL, api_key="k")
    with pytest.raises(OperationError, match=r"auth_mode 'iam' needs the API's AWS region, .* region='…'"):
        done(client.graphql("{ a }", auth_mode="iam"))


FAILURES: list[Any] = [
    (make, given)
    for make in (
        generate_client,
        generate_async_client,
        get_amplify_data_client_config,
        get_async_amplify_data_client_config,
    )
    for given in ({"outputs": "nowhere.json"}, {"endpoint": URL, "introspection": "nowhere.json"})
]
FAILURES += [(make, {"endpoint": URL, "timeout": "soon"}) for make in (generate_client, generate_async_client)]


@pytest.mark.parametrize(("make", "given"), FAILURES)
def test_no_frame_of_the_package_shows_the_key_when_no_client_can_be_made(make: Any, given: Any):
    with pytest.raises((ConfigurationError, OperationError)) as caught:
        done(make(**given, api_key="da2-secret"))
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame for frame in frames if "amplify_data_client/" in frame.f_code.co_filename]
    assert len(ours) > 1
    for frame in ours:
        held = list(frame.f_locals.values())
        for value in held:  # reporters look into lists, tuples and mappings without asking for their repr
            held.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ())
        assert "da2-secret" not in [str(value) for value in held], frame.f_code.co_name
