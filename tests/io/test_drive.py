"""The drivers: what they wait for, how long, and what they log."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from amplify_data_client import CallTimeoutError, OperationError, Result, ThrottledError
from amplify_data_client._core.operations.operation import Call, Operation
from amplify_data_client._core.wire.exchange import exchange, exchange_all
from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply, Request, ServiceTarget
from amplify_data_client._core.wire.sigv4 import Credentials
from amplify_data_client._io import clock, drive
from amplify_data_client._io.authorize import AwsServices, Endpoint
from amplify_data_client._io.http.sender import AsyncSender, Sender
from amplify_data_client.config.model import DataClientConfig
from amplify_data_client.errors import is_unsent
from amplify_data_client.options import DEFAULT, CallOptions

GOOD = Reply(200, b'{"data": {"a": 1}}', {"x-amzn-requestid": "r-1"})
BUSY = Reply(429, b"", {})
THROTTLED = Reply(200, b'{"errors": [{"errorType": "DynamoDB:ThrottlingException", "path": ["a"]}]}', {})
OPERATION = Operation("getTodo", "query", "{ getTodo }", {"id": "private-id"}, lambda e: Result(e.data))
CONFIG = DataClientConfig("https://api.example/graphql", "eu-west-1", {"models": {}, "enums": {}, "nonModels": {}})


class Keys:
    """Static credentials."""

    def current(self) -> Credentials:
        return Credentials("key", "private-secret")

    async def current_async(self) -> Credentials:
        return self.current()


class Script:
    """A transport that answers as told; keeps each request's headers, and until when it might have taken."""

    def __init__(self, *outcomes: Reply | Failure) -> None:
        self.outcomes, self.sent = list(outcomes), list[dict[str, str]]()
        self.deadlines: list[float] = []
        self.verifies_tls = True

    def send(self, request: HttpRequest, deadline: float, *_: Any) -> Reply | Failure:
        self.sent.append(dict(request.headers))
        self.deadlines.append(deadline)
        return self.outcomes.pop(0)

    def close(self) -> None: ...


class AsyncScript(Script):
    async def send(self, request: HttpRequest, deadline: float, *_: Any) -> Reply | Failure:  # type: ignore[override]
        return super().send(request, deadline)

    async def aclose(self) -> None: ...


@pytest.fixture(params=["blocking", "awaiting"])
def drive_flow(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Run a flow with one of the drivers, against these outcomes."""

    def driven(flow: Any, *outcomes: Reply | Failure) -> tuple[Any, Script]:
        endpoint = Endpoint(CONFIG, Keys(), CallOptions())
        if request.param == "blocking":
            script = Script(*outcomes)
            return drive.run(flow, endpoint, Sender(script, is_ours=True)), script
        awaiting = AsyncScript(*outcomes)
        return asyncio.run(drive.run_async(flow, endpoint, AsyncSender(awaiting, is_ours=True))), awaiting

    return driven


@pytest.fixture
def run(drive_flow: Any) -> Callable[..., Any]:
    """Run one call."""

    def driven(*outcomes: Reply | Failure, **options: Any) -> tuple[Any, Script]:
        return drive_flow(exchange(Call(OPERATION, CallOptions(**options)), DEFAULT, raise_errors=True), *outcomes)

    return driven


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that were asked for; each takes no time and is the longest possible."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr(drive.time, "sleep", asked.append)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(drive, "jitter", lambda at_most: at_most)
    return asked


def test_attempts_are_apart_and_each_is_signed(run: Any, waits: list[float]):
    result, script = run(BUSY, Failure("connect", OSError()), GOOD)
    assert result.data == {"a": 1}
    assert waits == [0.2, 0.4]
    assert len(script.sent) == 3
    assert all(headers["authorization"].startswith("AWS4-HMAC-SHA256") for headers in script.sent)


def test_a_wait_that_does_not_fit_into_the_time_is_not_begun(run: Any, waits: list[float]):
    with pytest.raises(CallTimeoutError) as caught:
        run(BUSY, timeout=0.15)
    assert waits == []
    assert isinstance(caught.value.__cause__, ThrottledError)


def test_headers_of_a_function_are_asked_for_at_each_attempt(run: Any, waits: list[float]):
    asked: list[Any] = []

    def headers(about: Any) -> dict[str, str]:
        asked.append(about)
        return {"x-attempt": str(len(asked))}

    _, script = run(BUSY, GOOD, headers=headers)
    assert [sent["x-attempt"] for sent in script.sent] == ["1", "2"]
    assert asked[0] == {"method": "POST", "url": CONFIG.endpoint, "queryString": OPERATION.document}


def test_an_iterator_that_ends_in_a_users_function_does_not_look_like_a_result(run: Any):
    with pytest.raises((StopIteration, RuntimeError)):
        run(GOOD, auth_mode="lambda", auth_token=lambda: next(iter(())))


def test_a_token_that_never_comes_ends_with_the_time_for_the_call():
    async def token() -> str:
        await asyncio.Event().wait()
        return ""

    endpoint = Endpoint(CONFIG, Keys(), CallOptions())
    sender = AsyncSender(AsyncScript(), is_ours=True)
    call = Call(OPERATION, CallOptions(auth_mode="lambda", auth_token=token, timeout=0.05))
    with pytest.raises(CallTimeoutError, match="could not be sent"):
        asyncio.run(drive.run_async(exchange(call, DEFAULT, raise_errors=True), endpoint, sender))


def test_a_token_that_waits_for_a_cancelled_task_does_not_cancel_the_call():
    async def go(token: Any) -> Any:
        endpoint = Endpoint(CONFIG, Keys(), CallOptions())
        sender = AsyncSender(AsyncScript(GOOD), is_ours=True)
        call = Call(OPERATION, CallOptions(auth_mode="lambda", auth_token=token))
        return await drive.run_async(exchange(call, DEFAULT, raise_errors=True), endpoint, sender)

    async def shared() -> str:
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        return str(await future)

    with pytest.raises(RuntimeError, match="waited for something that was cancelled") as caught:
        asyncio.run(go(shared))
    assert is_unsent(caught.value)

    async def cancelled() -> None:
        reached = asyncio.Event()

        async def never() -> str:
            reached.set()
            return str(await asyncio.get_running_loop().create_future())

        task = asyncio.ensure_future(go(never))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())


def test_a_users_own_timeout_is_not_taken_for_ours():
    async def token() -> str:
        raise TimeoutError("the identity provider is slow")

    endpoint = Endpoint(CONFIG, Keys(), CallOptions())
    sender = AsyncSender(AsyncScript(), is_ours=True)
    call = Call(OPERATION, CallOptions(auth_mode="lambda", auth_token=token))
    with pytest.raises(TimeoutError, match="identity provider") as caught:
        asyncio.run(drive.run_async(exchange(call, DEFAULT, raise_errors=True), endpoint, sender))
    assert not isinstance(caught.value, CallTimeoutError)


def test_the_blocking_driver_refuses_what_it_would_have_to_await():
    async def token() -> str:
        return "token"

    endpoint = Endpoint(CONFIG, Keys(), CallOptions())
    call = Call(OPERATION, CallOptions(auth_mode="lambda", auth_token=token))
    with pytest.raises(OperationError, match="generate_async_client"):
        drive.run(exchange(call, DEFAULT, raise_errors=True), endpoint, Sender(Script(), is_ours=True))


def test_a_call_is_one_line_at_debug_and_shows_no_secret(run: Any, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG, "amplify_data_client"):
        run(GOOD, auth_mode="lambda", auth_token="private-token", headers={"x-mine": "private-header"})
    (line,) = [record.getMessage() for record in caplog.records if record.name == "amplify_data_client"]
    assert line.startswith("getTodo: HTTP 200, 1 attempt(s), ")
    assert line.endswith("request r-1")
    assert "private" not in line


@pytest.mark.parametrize(("before", "why"), [(BUSY, "HTTP 429"), (THROTTLED, "throttled by DynamoDB")])
def test_a_retry_is_a_warning(run: Any, waits: list[float], caplog: pytest.LogCaptureFixture, before: Any, why: str):
    run(before, GOOD)
    lines = [(record.levelno, record.getMessage()) for record in caplog.records if record.levelno >= logging.WARNING]
    assert lines == [(logging.WARNING, f"attempt 2 at getTodo after: {why}")]


def test_a_call_that_fails_is_a_line_too(run: Any, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG, "amplify_data_client"), pytest.raises(CallTimeoutError):
        run(Failure("timeout", TimeoutError(), sent=True))
    lines = [record.getMessage() for record in caplog.records if record.name == "amplify_data_client"]
    assert lines[-1].startswith("getTodo: timeout, 1 attempt(s), ")


def test_nothing_is_printed_unless_asked_for(run: Any, waits: list[float], monkeypatch: pytest.MonkeyPatch):
    """Python prints the warnings of a logger without handlers."""
    monkeypatch.setattr(logging.getLogger("amplify_data_client"), "handlers", [])
    run(BUSY, GOOD)
    assert [type(one) for one in logging.getLogger("amplify_data_client").handlers] == [logging.NullHandler]


def test_a_call_may_take_as_long_as_appsync_does():
    assert drive.DEFAULT_TIMEOUT == 30.0


def two_calls(**options: Any) -> Any:
    """Two calls, as an upsert has them."""
    first = yield Call(OPERATION, CallOptions(**options))
    second = yield Call(OPERATION, CallOptions(**options))
    return [first.data, second.data]


def as_one(calls: Any, **options: Any) -> Any:
    return exchange_all(calls, DEFAULT, lambda call, result: result, raise_errors=True, **options)


def test_one_end_of_time_holds_for_all_calls_of_a_flow(drive_flow: Any):
    result, script = drive_flow(as_one(two_calls(timeout=5)), GOOD, GOOD)
    assert result == [{"a": 1}, {"a": 1}]
    assert script.deadlines[0] == script.deadlines[1]


def test_each_request_of_a_batch_has_its_own_time(drive_flow: Any, waits: list[float]):
    _, script = drive_flow(as_one(two_calls(timeout=5), renews_timeout=True), BUSY, GOOD, GOOD)
    first, again, second = script.deadlines
    assert first == again < second


def test_a_flow_whose_time_is_used_up_begins_no_further_call(drive_flow: Any, monkeypatch: pytest.MonkeyPatch):
    now = [1000.0]
    monkeypatch.setattr(drive.time, "monotonic", lambda: now[0])

    def calls() -> Any:
        yield Call(OPERATION, CallOptions(timeout=5))
        now[0] += 6
        yield Call(OPERATION, CallOptions(timeout=5))

    with pytest.raises(CallTimeoutError, match=r"could not be sent within its timeout of 5 s") as caught:
        drive_flow(as_one(calls()), GOOD)
    assert caught.value.may_have_executed is False


def test_an_error_is_raised_where_the_flow_asked_for_the_call(drive_flow: Any):
    def calls() -> Any:
        try:
            yield Call(OPERATION, CallOptions(auth_mode="lambda"))
        except OperationError as error:
            return f"told: {error}"[:30]

    empty: list[str] = []

    def users() -> Any:
        try:
            yield Call(OPERATION, CallOptions(auth_mode="lambda", auth_token=empty.pop))
        except IndexError as error:
            return type(error)

    assert drive_flow(as_one(calls()))[0] == "told: auth_mode 'lambda' needs"
    assert drive_flow(as_one(users()))[0] is IndexError


def test_each_call_of_a_flow_is_a_line(drive_flow: Any, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG, "amplify_data_client"):
        drive_flow(as_one(two_calls()), GOOD, GOOD)
    lines = [record.getMessage() for record in caplog.records if record.name == "amplify_data_client"]
    assert [line.partition(",")[0] for line in lines] == ["getTodo: HTTP 200"] * 2


EXPIRED = Reply(
    403,
    b'{"errors": [{"errorType": "InvalidSignatureException", "message": "Signature expired: 2026 is now earlier"}]}',
    {"date": "Fri, 01 Jan 2100 12:00:00 GMT"},
)


@pytest.fixture
def fresh_clock() -> Iterator[None]:
    yield
    clock.forget()


@pytest.mark.usefixtures("fresh_clock")
def test_the_servers_time_is_signed_with_and_remembered(run: Any):
    _, script = run(EXPIRED, GOOD)
    before, after = [sent["x-amz-date"] for sent in script.sent]
    assert before < "2100" < after < "21000101T1230"
    assert run(GOOD)[1].sent[0]["x-amz-date"] >= after


@pytest.mark.usefixtures("fresh_clock")
def test_a_clock_that_was_corrected_wrongly_is_corrected_again(run: Any):
    run(EXPIRED, GOOD)
    early = b'{"errors": [{"errorType": "x", "message": "Signature not yet current: 2100 is still later"}]}'
    _, script = run(Reply(403, early, {"date": "Thu, 01 Jan 2026 12:00:00 GMT"}), GOOD)
    assert script.sent[1]["x-amz-date"].startswith("20260101T1")


@pytest.mark.usefixtures("fresh_clock")
def test_a_date_that_cannot_be_read_changes_nothing(run: Any):
    _, script = run(Reply(403, EXPIRED.body, {"date": "Friday"}), GOOD)
    assert script.sent[1]["x-amz-date"][:4] == script.sent[0]["x-amz-date"][:4]


@pytest.mark.parametrize(
    ("url", "verifies_tls", "is_verified"),
    [
        ("https://api.example/graphql", True, True),
        ("https://api.example/graphql", False, False),  # a user's own client, with settings of its own
        ("http://api.example/graphql", True, False),
        ("http://localhost:20002/graphql", False, True),
        ("http://127.0.0.1:20002/graphql", False, True),
        ("http://[::1]:20002/graphql", False, True),
        ("http://localhost.example/graphql", True, False),
        ("http://127.0.0.1.example/graphql", True, False),
        ("http://api@localhost.example/", True, False),
    ],
)
@pytest.mark.parametrize("kind", [Script, AsyncScript])
def test_only_verified_tls_and_this_machine_may_correct_the_clock(
    kind: type[Script], url: str, verifies_tls: bool, is_verified: bool
):
    told: list[Reply] = []

    def flow() -> Any:
        told.append((yield Request(b"", "x", target=ServiceTarget("ssm", "eu-west-1", "POST", url, {}))))

    script = kind(EXPIRED)
    script.verifies_tls = verifies_tls
    if kind is Script:
        drive.run(flow(), AwsServices(Keys()), Sender(script, is_ours=True))
    else:
        asyncio.run(drive.run_async(flow(), AwsServices(Keys()), AsyncSender(script, is_ours=True)))  # type: ignore[arg-type]
    assert told[0].is_verified is is_verified


def test_a_wait_that_a_server_asks_for_is_kept(run: Any, waits: list[float]):
    run(Reply(429, b"", {"retry-after": "3"}), GOOD)
    assert waits == [3.2]


def test_a_wait_that_a_server_asks_for_and_the_time_does_not_allow_is_not_begun(run: Any, waits: list[float]):
    with pytest.raises(CallTimeoutError) as caught:
        run(Reply(429, b"", {"retry-after": "60"}), timeout=30)
    assert waits == []
    assert isinstance(caught.value.__cause__, ThrottledError)


def test_a_throttled_call_is_tried_as_often_as_it_may_be(run: Any, waits: list[float]):
    result, script = run(*[THROTTLED] * 9, GOOD, max_attempts=10, timeout=120)
    assert (result.data, len(script.sent)) == ({"a": 1}, 10)
    assert waits[-3:] == [12.8, 20.0, 20.0]
