"""What goes into the headers of a request, per mode."""

from typing import Any

import pytest
from botocore.handlers import add_recursion_detection_header
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_data_client import DataClientConfig, OperationError
from amplify_data_client._core.wire.authorization import AGENT
from amplify_data_client._core.wire.messages import Request
from amplify_data_client._core.wire.sigv4 import Credentials
from amplify_data_client._io.authorize import Endpoint, trace
from amplify_data_client.options import DEFAULT, read_options

SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
BODY = b"{}"


def with_options(options: Any) -> Request:
    return Request(BODY, "document", "{ document }", read_options(options))


class Keys:
    """A source whose keys change from request to request."""

    is_chosen = False

    def __init__(self) -> None:
        self.asked = 0

    def current(self) -> Credentials:
        self.asked += 1
        return Credentials(f"AKID{self.asked}", "secret", "session")

    async def current_async(self) -> Credentials:
        return self.current()


@pytest.fixture
def endpoint() -> Endpoint:
    config = DataClientConfig("https://api.test/graphql", "eu-west-1", SCHEMA, api_key="da2-configured")
    return Endpoint(config, Keys(), DEFAULT)  # type: ignore[arg-type]  # a source of the test's own


@pytest.fixture(params=["blocking", "awaiting"])
def headers(request: pytest.FixtureRequest, endpoint: Endpoint) -> Any:
    """The headers of a call with options, from either driver."""

    async def make(**options: Any) -> dict[str, str]:
        asked = with_options(options)
        sent = await endpoint.authorize_async(asked) if request.param == "awaiting" else endpoint.authorize(asked)
        assert (sent.method, sent.url, sent.body) == ("POST", "https://api.test/graphql", BODY)
        return sent.headers

    return make


async def test_iam_signs_every_request_with_the_keys_of_the_moment(headers: Any):
    one, other = await headers(), await headers()
    assert one["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID1/")
    assert other["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID2/")
    assert one["x-amz-security-token"] == "session"
    assert one["x-amz-user-agent"] == AGENT


async def test_keys_and_tokens_are_not_signed(headers: Any, endpoint: Endpoint):
    assert (await headers(auth_mode="api_key"))["x-api-key"] == "da2-configured"
    assert (await headers(auth_mode="api_key", api_key="da2-own"))["x-api-key"] == "da2-own"
    for mode in ("user_pool", "oidc", "lambda"):
        sent = await headers(auth_mode=mode, auth_token=lambda: "fresh")
        assert sent["authorization"] == "fresh"
        assert "x-amz-date" not in sent
    assert "authorization" not in await headers(auth_mode="none")
    assert endpoint.credentials.asked == 0  # type: ignore[attr-defined]  # a source of the test's own


async def test_headers_given_by_hand_are_signed_along_or_switch_signing_off(headers: Any):
    assert "x-trace" in (await headers(headers={"X-Trace": "1"}))["authorization"]
    assert (await headers(headers={"Authorization": "mine"}))["authorization"] == "mine"
    assert "authorization" not in await headers(headers={"x-api-key": "mine"})
    assert (await headers(headers={"content-type": "text/x"}))["content-type"] == "text/x"


async def test_a_function_for_headers_is_told_about_each_request(headers: Any):
    told: list[Any] = []

    def make(about: Any) -> dict[str, str]:
        told.append(about)
        return {"x-n": str(len(told))}

    assert (await headers(headers=make))["x-n"] == "1"
    assert (await headers(headers=make))["x-n"] == "2"
    assert told[0] == {"method": "POST", "url": "https://api.test/graphql", "queryString": "{ document }"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"auth_mode": "user_pool"}, "needs a token"),
        ({"auth_mode": "lambda"}, "needs a token"),
        ({"auth_token": lambda: 5}, "auth_token is int"),
        ({"auth_token": "two\nlines"}, "line break"),
        ({"auth_token": " "}, "auth_token is empty"),
        ({"auth_token": lambda: ""}, "auth_token is empty"),
        ({"headers": {"x-n": 5}}, "'x-n' is int"),
        ({"headers": {"x n": "5"}}, "cannot be the name"),
        ({"headers": {"x-n": "a\r\nb"}}, "line break"),
        ({"headers": {"x-n": "a\x00b"}}, "control character"),
        ({"headers": {"x-n": "a\ud800"}}, "surrogate"),
        ({"headers": {"": "a"}}, "cannot be the name"),
        ({"headers": {5: "a"}}, "cannot be the name"),
        ({"headers": {"Content-Length": "5"}}, "'Content-Length' follows from the request"),
        ({"headers": {"Host": "elsewhere"}}, "'Host' follows from the request"),
        ({"headers": {"transfer-encoding": "chunked"}}, "follows from the request"),
        ({"auth_mode": "api_key", "api_key": "da2\n-x"}, "api_key has a line break"),
        ({"auth_mode": "api_key", "api_key": 5}, "api_key is int"),
        ({"headers": ["x"]}, "give a mapping"),
        ({"headers": lambda about: None}, None),
    ],
)
async def test_what_no_header_can_hold_is_refused(headers: Any, options: Any, reason: str | None):
    if reason is None:
        assert "authorization" in await headers(**options)
        return
    with pytest.raises(OperationError, match=reason):
        await headers(**options)


async def test_a_line_break_at_the_end_of_a_key_or_token_is_no_part_of_it(headers: Any):
    assert (await headers(auth_mode="api_key", api_key="da2-x\n"))["x-api-key"] == "da2-x"
    assert (await headers(auth_mode="oidc", auth_token=lambda: " token\r\n"))["authorization"] == "token"


async def test_what_is_refused_is_not_shown(headers: Any):
    for options in (
        {"auth_token": "hid\nden"},
        {"auth_mode": "api_key", "api_key": "hid\nden"},
        {"headers": {"x-n": "hid\x01den"}},
    ):
        with pytest.raises(OperationError) as caught:
            await headers(**options)
        assert "hid" not in str(caught.value)


async def test_headers_keep_letters_of_any_language(headers: Any):
    assert (await headers(headers={"x-n": "gräph 字\tx"}))["x-n"] == "gräph 字\tx"


async def test_a_trace_header_goes_along_unsigned(headers: Any):
    sent = await headers(headers={"X-Amzn-Trace-Id": "Root=1"})
    assert sent["x-amzn-trace-id"] == "Root=1"
    assert "x-amzn-trace-id" not in sent["authorization"]


TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


@pytest.mark.parametrize("mode", ["iam", "api_key"])
async def test_the_trace_of_an_invocation_goes_on_unsigned(headers: Any, monkeypatch: pytest.MonkeyPatch, mode: str):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "fn")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", TRACE)
    sent = await headers(auth_mode=mode)
    assert sent["x-amzn-trace-id"] == TRACE
    assert "x-amzn-trace-id" not in sent.get("authorization", "")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-next")  # the next invocation
    assert (await headers(auth_mode=mode))["x-amzn-trace-id"] == "Root=1-next"
    assert (await headers(headers={"X-Amzn-Trace-Id": "Root=mine"}))["x-amzn-trace-id"] == "Root=mine"


async def test_there_is_no_trace_outside_of_an_invocation(headers: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    monkeypatch.setenv("_X_AMZN_TRACE_ID", TRACE)
    assert "x-amzn-trace-id" not in await headers()
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "fn")
    monkeypatch.delenv("_X_AMZN_TRACE_ID")
    assert "x-amzn-trace-id" not in await headers()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.just(TRACE),
    name=st.booleans(),
)
def test_the_trace_header_is_botocores(monkeypatch: pytest.MonkeyPatch, found: str, name: bool):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", found)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "fn")
    if not name:
        monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME")
    request: dict[str, Any] = {"headers": {}}
    add_recursion_detection_header(request)
    assert {key.lower(): value for key, value in request["headers"].items()} == trace()


async def test_a_missing_api_key_is_told(endpoint: Endpoint):
    config = DataClientConfig("https://api.test/graphql", "eu-west-1", SCHEMA)
    bare = Endpoint(config, endpoint.credentials, DEFAULT)
    with pytest.raises(OperationError, match="needs a key"):
        bare.authorize(with_options({"auth_mode": "api_key"}))


async def test_coroutine_functions_are_awaited_or_refused(endpoint: Endpoint):
    async def token() -> str:
        return "awaited"

    async def headers(about: Any) -> dict[str, str]:
        return {"x-n": "1"}

    request = with_options({"auth_mode": "oidc", "auth_token": token, "headers": headers})
    sent = (await endpoint.authorize_async(request)).headers
    assert (sent["authorization"], sent["x-n"]) == ("awaited", "1")
    with pytest.raises(OperationError, match="generate_async_client"):
        endpoint.authorize(request)


def test_the_clients_token_is_not_used_for_another_mode_of_a_call(endpoint: Endpoint):
    client = read_options({"auth_mode": "user_pool", "auth_token": "token"})
    call = read_options({"auth_mode": "iam"}).with_defaults(client)
    assert call.auth_token is None
    assert read_options({"timeout": 5}).with_defaults(client).auth_token == "token"


def test_options_show_no_secret():
    options = read_options({"auth_token": "hidden", "api_key": "hidden", "headers": {"x": "hidden"}})
    assert "hidden" not in repr(options)


async def test_a_key_that_cannot_be_a_headers_name_is_not_shown(headers: Any):
    for name in ("Bearer private", "private\n", "", "prïvate", 5):
        with pytest.raises(OperationError, match="cannot be the name of a header") as caught:
            await headers(headers={name: "x"})
        assert "private" not in str(caught.value)


@pytest.mark.parametrize("name", ["Host", "host", "HOST"])
async def test_a_host_header_is_refused_and_the_one_for_private_apis_named(headers: Any, name: str):
    with pytest.raises(OperationError, match="x-appsync-domain"):
        await headers(headers={name: "api.example"})
    sent = await headers(headers={"X-AppSync-Domain": "id.appsync-api.eu-west-1.amazonaws.com"})
    assert "x-appsync-domain" in sent["authorization"]
