"""Calls that have to end within a Lambda invocation: over sockets, in both drivers."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from awslambdaric.lambda_context import LambdaContext

from amplify_data_client import (
    AsyncClient,
    CallTimeoutError,
    Client,
    ConfigurationError,
    DataClientConfig,
    OperationError,
    ThrottledError,
    generate_async_client,
    generate_client,
)
from amplify_data_client._core.wire import aws, retry
from amplify_data_client._io import drive
from amplify_data_client.options import MARGIN
from tests.io.conftest import Answer, ScriptedServer
from tests.io.peers import dripping, full_listener, serving

SCHEMA = {
    "version": 1,
    "models": {
        "Todo": {
            "name": "Todo",
            "pluralName": "Todos",
            "fields": {"id": {"name": "id", "type": "ID", "isArray": False, "isRequired": True, "attributes": []}},
            "primaryKeyInfo": {"isCustomPrimaryKey": False, "primaryKeyFieldName": "id", "sortKeyFieldNames": []},
        }
    },
    "enums": {},
    "nonModels": {},
}
GOOD = Answer(200, json.dumps({"data": {"createTodo": {"id": "1"}, "getTodo": {"id": "1"}}}).encode())
BUSY = Answer(429)
DOCUMENT = '{ getTodo(id: "1") { id } }'
Run = Callable[..., Any]


def context(seconds: float) -> LambdaContext:
    """What the runtime passes to a handler that has so many seconds left."""
    return LambdaContext("id", None, None, int((time.time() + seconds) * 1000))


class Standing:
    """A context whose time stands still."""

    def __init__(self, millis: Any) -> None:
        self.millis = millis

    def get_remaining_time_in_millis(self) -> Any:
        return self.millis


@pytest.fixture(params=["blocking", "awaiting"])
def make(request: pytest.FixtureRequest, aws_home: Any, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Make a client of a URL and let it do one call: both kinds alike."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "private-secret")

    def run(url: str, call: Callable[[Any], Any], **options: Any) -> Any:
        config = DataClientConfig(url, "eu-west-1", SCHEMA)
        if request.param == "blocking":
            with generate_client(config, **options) as client:
                return call(client)

        async def awaited() -> Any:
            async with generate_async_client(config, **options) as client:
                return await call(client)

        return asyncio.run(awaited())

    return run


def create(**options: Any) -> Callable[[Any], Any]:
    return lambda client: client.models.Todo.create(**options)


def test_a_call_ends_before_the_invocation_does(make: Run):
    drips = serving(dripping(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"))
    with drips as peer, pytest.raises(CallTimeoutError, match="time left to the Lambda invocation") as caught:
        make(peer.url, create(deadline=Standing(1000 * (MARGIN + 1))))
    assert caught.value.may_have_executed is True
    assert "may have carried it out" in str(caught.value)
    assert "timeout=" not in str(caught.value)


def test_the_margin_is_kept_of_what_the_context_says():
    before = time.monotonic()
    end, is_invocations = drive.end_of(before + 30.0, Standing(2000))
    assert before + 2 - MARGIN <= end <= time.monotonic() + 2 - MARGIN
    assert is_invocations


def test_a_call_that_was_not_sent_says_that_nothing_was_executed(make: Run):
    with full_listener() as port, pytest.raises(CallTimeoutError, match="could not be sent") as caught:
        make(f"http://127.0.0.1:{port}/graphql", create(deadline=context(MARGIN + 0.2)))
    assert caught.value.may_have_executed is False
    assert "Nothing was executed" in str(caught.value)


@pytest.mark.parametrize("left", [0, 1, MARGIN * 1000])
def test_nothing_is_begun_when_only_the_margin_is_left(make: Run, server: ScriptedServer, left: float):
    server.script(GOOD)
    with pytest.raises(CallTimeoutError, match="of an earlier one") as caught:
        make(server.url, create(deadline=Standing(left)))
    assert caught.value.may_have_executed is False
    assert server.asked == []


def test_a_retry_that_the_invocation_has_no_time_for_is_not_begun(
    make: Run, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retry, "FIRST_WAIT", 1_000_000.0)
    monkeypatch.setattr(retry, "MOST_WAIT", 1_000_000.0)
    server.script(BUSY)
    with pytest.raises(CallTimeoutError, match="Nothing was executed") as caught:
        make(server.url, create(deadline=context(60)))
    assert isinstance(caught.value.__cause__, ThrottledError)
    assert len(server.asked) == 1


def test_of_timeout_and_deadline_the_earlier_one_holds(make: Run):
    with serving(dripping(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")) as peer:
        with pytest.raises(CallTimeoutError, match="its timeout"):
            make(peer.url, create(timeout=0.2, deadline=context(60)))
        with pytest.raises(CallTimeoutError, match="Lambda invocation"):
            make(peer.url, create(timeout=60, deadline=context(MARGIN + 0.2)))


def test_with_time_enough_a_call_is_as_any(make: Run, server: ScriptedServer):
    server.script(GOOD)
    assert make(server.url, create(deadline=context(60))).data.id == "1"


def test_a_function_is_asked_at_each_call(make: Run, server: ScriptedServer):
    server.script(GOOD)
    current: list[Any] = [None, context(60), Standing(0)]
    asked = lambda: current.pop(0)  # noqa: E731  # as a user writes it

    def calls(client: Any) -> Any:
        if isinstance(client, Client):
            return [client.models.Todo.create().data.id for _ in range(3)]

        async def awaited() -> Any:
            return [(await client.models.Todo.create()).data.id for _ in range(3)]

        return awaited()

    with pytest.raises(CallTimeoutError):
        make(server.url, calls, deadline=asked)
    assert current == []
    assert len(server.asked) == 2  # without an invocation there is no limit but the timeout


def test_a_copy_of_the_client_has_a_deadline_for_all_its_calls(make: Run, server: ScriptedServer):
    server.script(GOOD)
    with pytest.raises(CallTimeoutError):
        make(server.url, lambda client: client.with_options(deadline=Standing(0)).graphql(DOCUMENT))
    found = make(server.url, lambda client: client.with_options(deadline=Standing(0)).graphql(DOCUMENT, deadline=later))
    assert found.data["getTodo"] == {"id": "1"}


def later() -> LambdaContext:
    return context(60)


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (5.0, r"deadline is float; .*timeout="),
        (True, r"deadline is bool"),
        ({"event": 1}, r"deadline is dict; give the handler's context"),
        ("soon", r"deadline is str"),
        (lambda: 5, r"returned int; it has to return the handler's context"),
        (Standing("3000"), r"returned str; .*number of milliseconds"),
        (Standing(True), r"returned bool"),
        (Standing(None), r"returned NoneType"),
    ],
)
def test_what_cannot_tell_how_much_time_is_left_is_refused(make: Run, server: ScriptedServer, deadline: Any, said: str):
    with pytest.raises(OperationError, match=re.compile(said)):
        make(server.script(GOOD).url, create(deadline=deadline))
    with pytest.raises(OperationError, match=re.compile(said)):
        make(server.url, create(), deadline=deadline, raise_errors=False)
    assert server.asked == []


def environment(url: str) -> dict[str, str]:
    return {
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "private-secret",
        "AWS_ENDPOINT_URL_S3": url,
        "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "a-bucket",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY": "schema.json",
        "AMPLIFY_DATA_GRAPHQL_ENDPOINT": f"{url}/graphql",
    }


@pytest.mark.parametrize("factory", [generate_client, generate_async_client])
@pytest.mark.parametrize("answer", [Answer(hang=True), Answer(503)], ids=["silent", "failing"])
def test_a_client_made_in_a_handler_is_made_within_the_invocation(
    factory: Any, answer: Answer, aws_home: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(aws, "WAITS", (0.0, 1000.0, 1000.0))
    for name, value in environment(server.script(answer).url).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="in the time left to the Lambda invocation"):
        factory(deadline=context(MARGIN + 0.3))


@pytest.mark.parametrize("factory", [generate_client, generate_async_client])
def test_a_function_is_not_asked_before_there_is_an_invocation(
    factory: Any, aws_home: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
):
    def current() -> Any:
        raise LookupError("no invocation yet")

    server.script(Answer(200, json.dumps(SCHEMA).encode()))
    for name, value in environment(server.url).items():
        monkeypatch.setenv(name, value)
    client = factory(deadline=current)
    assert client.config.source.startswith("environment")
    if isinstance(client, AsyncClient):
        asyncio.run(client.close())
    else:
        client.close()
