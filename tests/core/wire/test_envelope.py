"""Replies, taken apart: what AppSync says, and what others say in its place."""

import json
from typing import Any

import pytest

from amplify_data_client import (
    HTTPStatusError,
    ReplyError,
    RequestError,
    ServerError,
    ThrottledError,
    UnauthorizedError,
)
from amplify_data_client._core.operations.operation import Operation
from amplify_data_client._core.wire.envelope import open_reply, read_payload
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client.options import read_options
from amplify_data_client.results import Result

CREATE = Operation("createTodo", "mutation", "mutation { … }", {}, lambda envelope: Result(envelope.data))
GET = Operation("getTodo", "query", "query { … }", {}, lambda envelope: Result(envelope.data))
PAGE = b"<html><body>secret words of a proxy</body></html>"
HTML = {"content-type": "text/html; charset=utf-8", "x-amzn-requestid": "r-1"}


def opened(body: Any, status: int = 200, **headers: str) -> Any:
    return open_reply(CREATE, Reply(status, json.dumps(body).encode(), headers))


def test_a_reply_is_data_errors_extensions_and_the_id_of_the_request():
    reply = {"data": {"a": 1}, "errors": [{"message": "no", "path": ["a", 0]}], "extensions": {"x": 1}}
    envelope = open_reply(CREATE, Reply(200, json.dumps(reply).encode(), {"x-amzn-requestid": "r-1"}))
    assert (envelope.data, envelope.extensions, envelope.request_id) == ({"a": 1}, {"x": 1}, "r-1")
    assert [(entry.message, entry.path) for entry in envelope.errors] == [("no", ("a", 0))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read_in_every_encoding_of_json(encoding: str):
    assert open_reply(CREATE, Reply(200, '{"data": {"a": "é"}}'.encode(encoding), {})).data == {"a": "é"}


@pytest.mark.parametrize("data", [[], [1], "secret", 5, True, None])
def test_data_that_is_no_object_is_no_graphql_reply(data: Any):
    with pytest.raises(ReplyError, match="createTodo is JSON, but not a GraphQL reply") as caught:
        opened({"data": data})
    assert "secret" not in str(caught.value)
    assert opened({"data": data, "errors": ["no"]}).data is None


@pytest.mark.parametrize(
    ("errors", "messages"),
    [
        (None, []),
        ([], []),
        ([{"message": "a"}, {"message": "b"}], ["a", "b"]),
        ({"message": "one"}, ["one"]),
        ("text", ["text"]),
        (["text", None, 5], ["text", "(AppSync gave no message)", "5"]),
        ([{}, {"message": None}, {"message": 5}], ["(AppSync gave no message)"] * 3),
    ],
)
def test_errors_may_have_any_shape(errors: Any, messages: list[str]):
    assert [entry.message for entry in opened({"data": {"a": 1}, "errors": errors}).errors] == messages


def test_odd_keys_of_an_entry_do_not_matter():
    entry = {"message": "no", "errorType": 5, "path": "todo", "locations": "?", "errorInfo": [], "data": 0}
    [read] = opened({"errors": [entry]}).errors
    assert (read.message, read.error_type, read.path, read.error_info, read.data) == ("no", None, None, [], 0)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, UnauthorizedError),
        (401, UnauthorizedError),
        (429, ThrottledError),
        (502, ServerError),
        (404, HTTPStatusError),
    ],
)
def test_a_page_of_a_proxy_is_told_by_its_status_and_not_shown(status: int, error: type[HTTPStatusError]):
    with pytest.raises(error, match=f"createTodo was refused with HTTP {status}.*text/html, 49 bytes.*proxy") as caught:
        open_reply(CREATE, Reply(status, PAGE, HTML))
    assert ("Check the endpoint" in str(caught.value)) is (status not in (429, 502))
    assert "allow.resource" not in str(caught.value)
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.error_type, caught.value.request_id) == (status, None, "r-1")
    assert "secret" not in str(caught.value)
    [entry] = caught.value.entries
    assert entry.message == str(caught.value)
    assert entry.cause is caught.value


def test_a_400_tells_the_real_message_once_and_whole():
    body = {"errors": [{"errorType": "MalformedHttpRequestException", "message": "Variable 'input' is odd..."}]}
    with pytest.raises(HTTPStatusError) as caught:
        opened(body, 400)
    expected = "createTodo was refused with HTTP 400 MalformedHttpRequestException: Variable 'input' is odd."
    assert str(caught.value) == expected
    [entry] = caught.value.entries
    assert (entry.message, entry.error_type) == ("Variable 'input' is odd...", "MalformedHttpRequestException")


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307])
def test_another_status_than_200_is_no_reply_of_appsync(status: int):
    reply = Reply(status, b"", {"location": "https://elsewhere.example/?token=secret"})
    with pytest.raises(ReplyError, match=f"HTTP {status}.*Check the endpoint") as caught:
        open_reply(CREATE, reply)
    assert ("Redirects are not followed" in str(caught.value)) is (status > 300)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "error_type"),
    [
        ("UnauthorizedException:http://internal.amazon.com/coral/com.amazonaws/", "UnauthorizedException"),
        ("com.amazonaws.appsync#UnauthorizedException", "UnauthorizedException"),
        ("com.amazonaws.appsync#UnauthorizedException:http://internal/", "UnauthorizedException"),
        ("UnauthorizedException", "UnauthorizedException"),
        ("", None),
    ],
)
def test_the_type_of_a_refusal_is_bare(header: str, error_type: str | None):
    with pytest.raises(UnauthorizedError) as caught:
        opened({}, 403, **{"x-amzn-errortype": header})
    assert caught.value.error_type == error_type


@pytest.mark.parametrize(
    ("error_type", "advice"),
    [
        ("UnrecognizedClientException", "Renew the keys"),
        ("InvalidSignatureException", "clock"),
        ("ExpiredTokenException", "have expired"),
        ("UnauthorizedException", "appsync:GraphQL"),
        ("AccessDeniedException", "no permission appsync:GraphQL"),
        ("WAFForbiddenException", "body, request rate, IP addresses"),
        ("IncompleteSignatureException", "not a signature that AWS can read"),
        ("MissingAuthenticationTokenException", "nothing that authorizes it"),
    ],
)
def test_a_refusal_says_what_to_do(error_type: str, advice: str):
    with pytest.raises(UnauthorizedError, match=advice):
        opened({"__type": f"com.amazonaws#{error_type}", "message": "no"}, 403)


def test_an_error_can_be_printed_whatever_the_service_said():
    with pytest.raises(RequestError) as caught:
        opened({"errors": [{"message": "half \ud800 a pair"}]}, 400)
    str(caught.value).encode()
    assert caught.value.entries[0].message == "half \ud800 a pair"


def is_executed(status: int) -> bool:
    """What AppSync has not begun: 4xx, but for a proxy's own words that it had waited long enough."""
    return status not in range(400, 500) or status in (408, 499)


@pytest.mark.parametrize("body", [b"", b"cut sh", b"{}", PAGE], ids=["none", "cut", "no reply", "html"])
def test_a_mutation_may_have_been_executed_unless_it_was_refused_and_a_query_never(body: bytes):
    for status in range(200, 600):
        for operation, expected in ((CREATE, is_executed(status)), (GET, False)):
            with pytest.raises(RequestError) as caught:
                open_reply(operation, Reply(status, body, {}))
            assert caught.value.may_have_executed is expected, status
            assert ("look before you try again" in str(caught.value)) is expected, status
            assert caught.value.operation == operation.name


def test_the_table_of_statuses_is_the_one_that_was_decided():
    refused = [400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 418, 422, 425, 429, 431, 451]
    assert not any(map(is_executed, refused))
    assert all(map(is_executed, [200, 201, 202, 204, 206, 300, 301, 302, 307, 308, 408, 499, 500, 502, 503, 504, 529]))


@pytest.mark.parametrize("status", [401, 403])
def test_an_api_key_that_was_not_used_is_a_hint_of_a_refusal(status: int):
    def said(**options: Any) -> str:
        with pytest.raises(UnauthorizedError) as caught:
            open_reply(CREATE, Reply(status, b'{"message": "no"}', {}), read_options(options))
        return str(caught.value)

    assert "An api_key is given" in said(api_key="da2-hidden")
    assert "An api_key is given" in said(api_key="da2-hidden", auth_mode="iam")
    assert "An api_key is given" not in said(api_key="da2-hidden", auth_mode="api_key")
    assert "An api_key is given" not in said(auth_mode="iam")
    assert "hidden" not in said(api_key="da2-hidden")


def test_a_refusal_of_the_firewall_is_not_about_keys_or_permissions():
    with pytest.raises(UnauthorizedError) as caught:
        opened({"errors": [{"errorType": "WAFForbiddenException", "message": "403 Forbidden"}]}, 403)
    assert "AWS WAF" in str(caught.value)
    assert "allow.resource" not in str(caught.value)


@pytest.mark.parametrize("message", ["Signature expired: 2026 is now earlier", "Signature not yet current: 2026"])
def test_a_signature_refused_for_its_time_is_about_the_clock_alone(message: str):
    with pytest.raises(UnauthorizedError, match="set this machine's clock") as caught:
        opened({"errors": [{"errorType": "InvalidSignatureException", "message": message}]}, 403)
    assert "secret key" not in str(caught.value)


@pytest.mark.parametrize(
    "message",
    [
        "It does not match… The Canonical String for this request should have been 'POST x-amz-security-token:hidden'",
        "Credential should be scoped… Authorization=AWS4-HMAC-SHA256 hidden",
    ],
)
def test_a_refused_signature_does_not_show_what_was_signed(message: str):
    with pytest.raises(UnauthorizedError) as caught:
        opened({"__type": "InvalidSignatureException", "message": message}, 403)
    assert "hidden" not in str(caught.value)
    assert "hidden" not in caught.value.entries[0].message


@pytest.mark.parametrize("payload", [None, [], "text", {}, {"data": None}, {"data": []}, {"errors": []}])
def test_a_payload_that_has_neither_data_nor_errors_is_none(payload: Any):
    assert read_payload(payload) is None


def test_a_payload_is_read_without_a_reply_around_it():
    envelope = read_payload({"data": {"onCreateTodo": {"id": "1"}}, "errors": [{"message": "odd"}], "extensions": 3})
    assert envelope is not None
    assert envelope.data == {"onCreateTodo": {"id": "1"}}
    assert [entry.message for entry in envelope.errors] == ["odd"]
    assert (envelope.extensions, envelope.request_id) == (None, None)
