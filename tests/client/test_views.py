"""Errors that raise, errors that do not, copies of clients, and what a handler may return."""

import asyncio
import copy
import json
import logging
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from awslambdaric.lambda_runtime_marshaller import to_json

from amplify_data_client import (
    Client,
    ConfigurationError,
    DataClientConfig,
    GraphQLError,
    OperationError,
    ReplyError,
    ServerError,
    ThrottledOperationError,
    UnauthorizedError,
    UnknownNameError,
    generate_async_client,
    generate_client,
)

ITEM = {"id": "1", "name": "A", "description": None, "isDone": False, "createdAt": None, "updatedAt": None}


def failing(*_: Any) -> Any:
    return {"data": {"getTodo": None}, "errors": [{"message": "no", "path": ["getTodo"], "errorType": "X"}]}


def test_the_view_without_raising_has_everything_that_happened_in_errors(scripted: Any):
    client = scripted(failing)
    with pytest.raises(GraphQLError, match="no"):
        client.models.Todo.get(id="1")
    result = client.with_options(raise_errors=False).models.Todo.get(id="1")
    assert result.data is None
    assert [entry.message for entry in result.errors] == ["no"]
    refused = scripted(lambda *_: httpx.Response(401, json={"errors": [{"message": "not you"}]}), raise_errors=False)
    [entry] = refused.models.Todo.list().errors
    assert entry.message == "not you"
    assert isinstance(entry.cause, UnauthorizedError)


def test_a_mistake_in_the_call_raises_in_every_view(scripted: Any):
    client = scripted(failing, raise_errors=False)
    with pytest.raises(OperationError):
        client.models.Todo.create(nme="A")
    assert client.requests == []


def test_an_option_that_does_not_exist_is_a_mistake_in_the_call(client: Client[Any]):
    for mistake in (
        lambda: client.with_options(raise_error=False),
        lambda: client.graphql("query { listTodos { nextToken } }", selection_set=["id"]),
    ):
        with pytest.raises(OperationError, match=r"There is no option '(raise_error|selection_set)'"):
            mistake()


def test_what_a_client_has_is_in_its_reprs_and_in_dir(client: Client[Any]):
    assert repr(client.models) == "<Models: Todo>"
    assert repr(client.queries) == "<CustomOperations: none>"
    assert repr(client.enums) == "<Enums: none>"
    assert dir(client.models) == ["Todo"]
    assert {"create", "list", "iterate"} <= set(dir(client.models.Todo))
    with pytest.raises(UnknownNameError, match="has no generation route 'recipe'"):
        client.generations.recipe  # noqa: B018  # reading it is the mistake


def test_partial_data_comes_with_the_error(scripted: Any):
    reply = {"data": {"listTodos": {"items": [ITEM, None], "nextToken": "t"}}, "errors": [{"message": "partly"}]}
    client = scripted(lambda *_: reply)
    with pytest.raises(GraphQLError) as caught:
        client.models.Todo.list()
    assert [todo and todo.id for todo in caught.value.data] == ["1", None]
    assert caught.value.next_token == "t"


def test_iterate_always_raises_and_says_where_to_go_on(scripted: Any):
    def answer(body: Any, number: int) -> Any:
        if number == 1:
            return {"data": {"listTodos": {"items": [ITEM], "nextToken": "second"}}}
        return httpx.Response(403, json={"message": "no"})

    for raise_errors in (True, False):
        client = scripted(answer, raise_errors=raise_errors)
        records = client.models.Todo.iterate()
        assert next(records).id == "1"
        with pytest.raises(UnauthorizedError) as caught:
            next(records)
        assert caught.value.next_token == "second"


def test_in_the_other_view_pages_hold_their_errors_and_going_on_raises_them(scripted: Any, introspect: Any):
    def answer(body: Any, number: int) -> Any:
        if "nextToken" not in body["variables"]:
            return {"data": {"listTodos": {"items": [ITEM], "nextToken": "second"}}}
        return httpx.Response(403, json={"message": "no"})

    client = scripted(answer, raise_errors=False)
    [entry] = client.models.Todo.list(next_token="second").errors
    assert isinstance(entry.cause, UnauthorizedError)
    for going in (client.models.Todo.list().iterate(), client.models.Todo.iterate(next_token="second")):
        with pytest.raises(UnauthorizedError):
            list(going)

    def handle(request: httpx.Request) -> httpx.Response:
        found = answer(json.loads(request.content), 0)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    async def awaiting() -> None:
        config = DataClientConfig("https://api.test/graphql", "eu-west-1", introspect("todo"))
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as mine:
            client = generate_async_client(config, raise_errors=False, http_client=mine)
            assert (await client.models.Todo.list(next_token="second")).errors
            page = await client.models.Todo.list()
            for going in (page.iterate(), client.models.Todo.iterate(next_token="second")):
                with pytest.raises(UnauthorizedError):
                    [todo async for todo in going]

    asyncio.run(awaiting())


def test_throttling_is_retried_and_then_told(scripted: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("amplify_data_client._core.wire.retry.FIRST_WAIT", 0.0)
    entry = {"message": "slow down", "path": ["createTodo"], "errorType": "DynamoDB:ThrottlingException"}
    client = scripted(lambda *_: {"data": {"createTodo": None}, "errors": [entry]})
    with pytest.raises(ThrottledOperationError):
        client.models.Todo.create(name="A")
    assert len(client.requests) == 3


def test_a_copy_shares_the_connection_and_closing_it_leaves_the_original_open(client: Client[Any]):
    copied = client.with_options(headers={"x-trace": "1"})
    copied.close()
    assert client.models.Todo.list().data == []
    with client as entered:
        assert entered is client


def test_closing_a_copy_leaves_the_connections_open_and_closing_the_original_closes_them(
    backend: Any, monkeypatch: pytest.MonkeyPatch
):
    with backend.serve():
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)
        with generate_client() as original:
            with original.with_options(timeout=20) as copied:
                copied.models.Todo.list()
            assert original.models.Todo.list().data == copied.models.Todo.list().data == []
        for closed in (original, copied):
            with pytest.raises(ConfigurationError, match="closed"):
                closed.models.Todo.list()

        async def awaiting() -> None:
            async with generate_async_client() as original:
                async with original.with_options(timeout=20) as copied:
                    await copied.models.Todo.list()
                await original.models.Todo.list()
            for closed in (original, copied):
                with pytest.raises(ConfigurationError, match="closed"):
                    await closed.models.Todo.list()

        asyncio.run(awaiting())


def test_threads_share_one_client(client: Client[Any]):
    def work(number: int) -> str:
        made = client.models.Todo.create(name=f"n{number}").data
        return client.models.Todo.update(made, is_done=True).data.id

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(work, range(100)))
    assert sorted(made) == sorted(todo.id for todo in client.models.Todo.iterate())


def test_a_handler_may_return_results_pages_and_records_as_they_are(scripted: Any):
    client = scripted(
        lambda body, _: (
            {"data": {"listTodos": {"items": [ITEM], "nextToken": "t"}}}
            if "listTodos" in body["query"]
            else {"data": {"getTodo": ITEM}}
        )
    )
    result, page = client.models.Todo.get(id="1"), client.models.Todo.list()
    for answer in (result, page, result.data, page.data, {"todo": result.data, "all": [page]}):
        assert ITEM["id"] in to_json(answer)
    assert json.loads(to_json(result)) == {"data": ITEM}
    assert json.loads(to_json(page)) == {"data": [ITEM], "nextToken": "t"}
    assert json.loads(json.dumps(page.to_dict())) == json.loads(page.to_json()) == {"data": [ITEM], "nextToken": "t"}


def test_results_and_records_are_compared_copied_and_pickled_by_data(scripted: Any):
    client = scripted(lambda *_: {"data": {"getTodo": ITEM}})
    one, other = client.models.Todo.get(id="1"), client.models.Todo.get(id="1")
    assert one == other
    assert copy.deepcopy(one) == one
    assert pickle.loads(pickle.dumps(one)) == one
    assert pickle.loads(pickle.dumps(one.data)) == one.data
    assert client.models.Todo.get is not None
    changed = one.data.model_copy(update={"name": "B"})
    assert (changed.name, one.data.name, changed == one.data) == ("B", "A", False)


def test_a_pickled_record_is_read_by_a_process_that_never_saw_its_schema(scripted: Any):
    record = scripted(lambda *_: {"data": {"getTodo": ITEM}}).models.Todo.get(id="1").data
    program = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()).to_json())"
    shown = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(record), capture_output=True, check=True)
    assert json.loads(shown.stdout) == ITEM


def test_logs_tell_of_calls_but_never_of_values(scripted: Any, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "amplify_data_client")
    client = scripted(lambda *_: {"data": {"createTodo": ITEM}}, headers={"x-secret": "hidden"})
    client.models.Todo.create(name="private")
    [line] = [record.getMessage() for record in caplog.records if record.name == "amplify_data_client"]
    assert "createTodo" in line
    assert "private" not in line
    assert "hidden" not in line


def test_a_call_that_fails_has_its_line_too(scripted: Any, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "amplify_data_client")
    client = scripted(lambda *_: httpx.Response(403, json={"message": "secret"}, headers={"x-amzn-requestid": "r-1"}))
    with pytest.raises(UnauthorizedError):
        client.models.Todo.get(id="private")
    [line] = [record.getMessage() for record in caplog.records]
    assert "getTodo: HTTP 403, 1 attempt(s)" in line
    assert "r-1" in line


@pytest.mark.parametrize("error", [StopIteration, RuntimeError])
def test_an_error_of_the_users_own_function_comes_through(scripted: Any, error: type[Exception]):
    def headers(about: Any) -> Any:
        raise error("mine")

    client = scripted(lambda *_: {"data": {"getTodo": None}}, headers=headers)
    with pytest.raises(error, match="mine"):
        client.models.Todo.get(id="1")
    assert client.requests == []


def test_an_empty_page_with_pages_behind_it_is_worth_a_warning(scripted: Any, caplog: pytest.LogCaptureFixture):
    client = scripted(lambda *_: {"data": {"listTodos": {"items": [], "nextToken": "t"}}})
    client.models.Todo.list(filter={"name": {"eq": "private"}})
    [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "next_token" in line
    assert "private" not in line


def test_secrets_and_values_are_in_no_repr_and_no_message(scripted: Any):
    client = scripted(lambda *_: httpx.Response(500, text="secret body"), auth_mode="api_key", api_key="da2-secret")
    with pytest.raises(ServerError) as caught:
        client.models.Todo.create(name="private")
    seen = [repr(client), repr(client._endpoint), repr(client._endpoint.options), str(caught.value), repr(caught.value)]
    assert not [text for text in seen if "secret" in text or "private" in text]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("subscriptions", r"client\.subscriptions: live updates .* need a WebSocket, which this version does not open"),
        ("Todo", r"The client has no 'Todo'\. Did you mean 'client\.models\.Todo'\?"),
        ("quries", r"The client has no 'quries'\. Did you mean 'queries'\? It has models, queries, mutations, "),
    ],
)
def test_a_part_that_a_client_does_not_have_is_told(client: Any, async_client: Any, word: str, said: str):
    for one in (client, async_client):
        with pytest.raises(UnknownNameError, match=said):
            getattr(one, word)
        assert not hasattr(one, word)
        assert copy.copy(one).config is one.config


@pytest.mark.parametrize("word", ["on_create", "onUpdate", "on_delete", "observe_query", "observeQuery"])
def test_live_updates_are_said_not_to_be_there_yet(client: Any, async_client: Any, word: str):
    for one in (client, async_client):
        with pytest.raises(UnknownNameError, match=rf"^Todo\.{word}: live updates .* need a WebSocket") as caught:
            getattr(one.models.Todo, word)
        assert "Did you mean" not in str(caught.value)
        assert not hasattr(one.models.Todo, word)


def test_html_and_truncated_replies_are_told_as_such(scripted: Any):
    with pytest.raises(ReplyError, match="not JSON"):
        scripted(lambda *_: httpx.Response(200, text="<html>")).models.Todo.create(name="A")
    with pytest.raises(ReplyError, match="not JSON"):
        scripted(lambda *_: httpx.Response(200, text='{"data": {"getTodo": {"id"')).models.Todo.get(id="1")


IMPORTED = "import sys\n{}\nprint(*(name for name in sys.modules if '.' not in name))"


def modules_after(program: str, **env: str) -> set[str]:
    import os

    done = subprocess.run(
        [sys.executable, "-c", IMPORTED.format(program)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **env},
    )
    return set(done.stdout.split())


def test_importing_the_package_loads_none_of_the_heavy_libraries():
    assert not modules_after("import amplify_data_client") & {"pydantic", "gql", "graphql", "botocore", "boto3"}


def test_a_create_in_a_function_loads_neither_gql_nor_boto(introspect: Any):
    from amplify_data_client.dev.local_backend import LocalBackend

    with LocalBackend(introspect("todo")) as backend, backend.serve():
        program = (
            "from amplify_data_client import generate_client\n"
            "assert generate_client().models.Todo.create(name='A').data.id"
        )
        loaded = modules_after(program, **backend.env())
    assert "pydantic" in loaded
    assert not loaded & {"gql", "graphql", "botocore", "boto3", "httpx", "asyncio", "logging"}
