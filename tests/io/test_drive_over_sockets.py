"""Flows that either driver runs over real sockets."""

import asyncio
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client import (
    CallTimeoutError,
    ConfigurationError,
    ConnectionFailedError,
    DataClientConfig,
    OperationError,
    ReplyLostError,
    Result,
    ServerError,
    UnauthorizedError,
)
from amplify_data_client._core.operations.operation import Call, Operation
from amplify_data_client._core.wire import retry
from amplify_data_client._core.wire.exchange import exchange
from amplify_data_client._core.wire.sigv4 import Credentials
from amplify_data_client._io import drive
from amplify_data_client._io.authorize import Endpoint
from amplify_data_client._io.http.sender import open_async_sender, open_sender
from amplify_data_client.options import DEFAULT, read_options

from .conftest import Answer, ScriptedServer
from .peers import answer, dripping, read_request, serving

SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
VARIABLES = {"id": "private"}
QUERY = Operation("getTodo", "query", "{ getTodo }", VARIABLES, lambda e: Result(e.data, errors=e.errors))
MUTATION = Operation(
    "createTodo", "mutation", "mutation { createTodo }", VARIABLES, lambda e: Result(e.data, errors=e.errors)
)
GOOD = Answer(200, b'{"data": {"a": 1}}', {"x-amzn-requestid": "r-9"})


class Keys:
    is_chosen = False

    def __init__(self) -> None:
        self.asked = 0

    def current(self) -> Credentials:
        self.asked += 1
        return Credentials(f"AKID{self.asked}", "hidden", "hidden session")

    async def current_async(self) -> Credentials:
        return self.current()


class Caller:
    """Carries operations with one of the drivers."""

    def __init__(self, kind: str) -> None:
        self.is_blocking = kind == "blocking"
        self.runner = asyncio.Runner()
        self.sender: Any = open_sender() if self.is_blocking else open_async_sender()

    def call(self, operation: Operation[Any], url: str, *, raise_errors: bool = True, **options: Any) -> Any:
        endpoint = Endpoint(DataClientConfig(url, "eu-west-1", SCHEMA), Keys(), DEFAULT)  # type: ignore[arg-type]
        flow = exchange(Call(operation, read_options(options)), DEFAULT, raise_errors=raise_errors)
        if self.is_blocking:
            return drive.run(flow, endpoint, self.sender)
        return self.runner.run(drive.run_async(flow, endpoint, self.sender))

    def close(self) -> None:
        self.sender.close() if self.is_blocking else self.runner.run(self.sender.aclose())
        self.runner.close()


@pytest.fixture(params=["blocking", "awaiting"])
def caller(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.0)
    made = Caller(request.param)
    yield made
    made.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_each_attempt_asks_for_headers_and_is_signed_with_the_keys_of_the_moment(
    caller: Caller, server: ScriptedServer
):
    told: list[Any] = []

    def headers(about: Any) -> dict[str, str]:
        told.append(about["queryString"])
        return {"x-attempt": str(len(told))}

    server.script(Answer(503), Answer(429), GOOD)
    assert caller.call(QUERY, server.url, headers=headers).data == {"a": 1}
    assert told == [QUERY.document] * 3
    assert [asked.headers["x-attempt"] for asked in server.asked] == ["1", "2", "3"]
    assert [asked.headers["authorization"].split("/")[0][-5:] for asked in server.asked] == ["AKID1", "AKID2", "AKID3"]
    assert len({asked.body for asked in server.asked}) == 1


def test_a_mutation_whose_reply_was_lost_is_sent_once(caller: Caller, server: ScriptedServer):
    server.script(Answer(drop=True), GOOD)
    with pytest.raises(ReplyLostError) as caught:
        caller.call(MUTATION, server.url)
    assert caught.value.may_have_executed is True
    assert len(server.asked) == 1
    server.script(Answer(drop=True), GOOD)
    assert caller.call(QUERY, server.url).data == {"a": 1}
    assert len(server.asked) == 2


def test_nobody_there_is_tried_three_times_and_told(caller: Caller, caplog: pytest.LogCaptureFixture):
    with pytest.raises(ConnectionFailedError, match=r"3 attempts.*[Rr]efused") as caught:
        caller.call(MUTATION, f"http://127.0.0.1:{closed_port()}/graphql")
    assert caught.value.may_have_executed is False
    assert [record.getMessage() for record in caplog.records] == [
        "attempt 2 at createTodo after: connect",
        "attempt 3 at createTodo after: connect",
    ]


def test_a_reply_that_drips_ends_with_the_timeout_of_the_call(caller: Caller):
    with serving(dripping(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")) as peer:
        with pytest.raises(CallTimeoutError, match=r"longer than its timeout of 0\.3 s\.") as caught:
            caller.call(MUTATION, peer.url, timeout=0.3)
        assert caught.value.may_have_executed is True
        [entry] = caller.call(MUTATION, peer.url, timeout=0.3, raise_errors=False).errors
    assert isinstance(entry.cause, CallTimeoutError)


def test_waits_between_attempts_end_with_the_timeout_too(
    caller: Caller, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retry, "FIRST_WAIT", 1_000_000.0)
    monkeypatch.setattr(retry, "MOST_WAIT", 1_000_000.0)
    server.script(Answer(503))
    with pytest.raises(CallTimeoutError) as caught:
        caller.call(QUERY, server.url, timeout=0.2)
    assert isinstance(caught.value.__cause__, ServerError)
    assert len(server.asked) == 1


def test_a_thawed_client_works_on_its_first_call(caller: Caller):
    with serving(answer()) as peer:
        assert caller.call(MUTATION, peer.url).data == {"a": 1}
        peer.hang_up()
        time.sleep(0.05)
        assert caller.call(MUTATION, peer.url).data == {"a": 1}
        assert peer.connections == 2


def test_a_reused_connection_that_breaks_after_the_send_is_no_reason_to_write_twice(caller: Caller):
    def talk(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b'HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{"data": {"a": 1}}')
        read_request(connection)

    with serving(talk) as peer:
        assert caller.call(MUTATION, peer.url).data == {"a": 1}
        with pytest.raises(ReplyLostError):
            caller.call(MUTATION, peer.url)
        assert peer.connections == 1
        assert caller.call(QUERY, peer.url).data == {"a": 1}
        assert caller.call(QUERY, peer.url).data == {"a": 1}  # the second on the broken one, the third on a new one
        assert peer.connections == 3


def test_a_coroutine_function_is_for_the_awaiting_client_and_nothing_is_sent(caller: Caller, server: ScriptedServer):
    async def token() -> str:
        return "awaited"

    server.script(GOOD)
    if caller.is_blocking:
        with pytest.raises(OperationError, match="generate_async_client"):
            caller.call(QUERY, server.url, auth_mode="oidc", auth_token=token)
        assert server.asked == []
    else:
        caller.call(QUERY, server.url, auth_mode="oidc", auth_token=token)
        assert server.asked[0].headers["authorization"] == "awaited"


def test_logs_hold_neither_values_nor_secrets(caller: Caller, server: ScriptedServer, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    secret = {"headers": {"x-trace": "hidden header"}, "auth_token": "hidden token", "auth_mode": "oidc"}
    server.script(Answer(503, b"hidden body"), GOOD)
    caller.call(QUERY, server.url, **secret)
    server.script(Answer(401, b'{"message": "no"}'))
    with pytest.raises(UnauthorizedError):
        caller.call(QUERY, server.url)  # signed
    lines = [record.getMessage() for record in caplog.records if record.name == "amplify_data_client"]
    assert lines[0] == "attempt 2 at getTodo after: HTTP 503"
    assert lines[1].startswith("getTodo: HTTP 200, 2 attempt(s), ")
    assert lines[1].endswith("request r-9")
    assert lines[2].startswith("getTodo: HTTP 401, 1 attempt(s), ")
    shown = "".join(record.getMessage() for record in caplog.records)  # of every library that took part
    assert not any(word in shown for word in ("hidden", "private", "Signature", "AKID"))


def test_nothing_is_logged_unless_asked_for(server: ScriptedServer, capfd: pytest.CaptureFixture[str]):
    caller = Caller("blocking")
    server.script(GOOD)
    caller.call(QUERY, server.url)
    caller.close()
    assert capfd.readouterr() == ("", "")


def test_a_closed_sender_is_told(caller: Caller, server: ScriptedServer):
    server.script(GOOD)
    other = Caller("blocking" if caller.is_blocking else "awaiting")
    sender, other.sender = other.sender, other.sender.shared()
    sender.close() if caller.is_blocking else other.runner.run(sender.aclose())
    with pytest.raises(ConfigurationError, match="closed"):
        other.call(QUERY, server.url)
    other.close()
