"""What is refused over HTTP, before any GraphQL."""

import datetime
import json

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection

LIST = json.dumps({"query": "{ listTodos { items { id } } }"}).encode()


def refusal(error_type: str, message: str) -> dict[str, object]:
    return {"errors": [{"errorType": error_type, "message": message}]}


def test_an_empty_body(todo: Api) -> None:
    assert todo.post(b"") == (400, refusal("MalformedHttpRequestException", "Request body is empty."))


@pytest.mark.parametrize(
    "body",
    [
        b"meow",
        b"{}",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"\xff\xfe",
        b'{"query": 1}',
        b'{"query": "{x}", "variables": []}',
        b'{"query": "{x}", "variables": "{}"}',
        b'{"query": "{x}", "operationName": 1}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_is_no_request(todo: Api, body: bytes) -> None:
    assert todo.post(body) == (400, refusal("MalformedHttpRequestException", "Unable to parse GraphQL query."))


def test_no_credentials(todo: Api) -> None:
    said = refusal("UnauthorizedException", "Valid authorization header not provided.")
    assert todo.post(LIST, {}) == (401, said)


def test_a_wrong_api_key(todo: Api) -> None:
    said = refusal("UnauthorizedException", "You are not authorized to make this call.")
    assert todo.post(LIST, {"x-api-key": "nope"}) == (401, said)


@pytest.mark.parametrize("token", ["nope", "a.b.c", "Bearer x.y.z", "eyJhbGciOiJub25lIn0.e30."])
def test_an_unusable_token(todo: Api, token: str) -> None:
    assert todo.post(LIST, {"authorization": token}) == (
        401,
        refusal("UnauthorizedException", "Unable to parse JWT token."),
    )


def test_an_expired_token(todo: Api) -> None:
    token = todo.backend.token("ann", minutes=-1)
    assert todo.post(LIST, {"authorization": token}) == (401, refusal("UnauthorizedException", "Token has expired."))


def test_iam_on_an_api_without_it() -> None:
    with LocalBackend(introspection("todo"), modes=["apiKey"]) as backend:
        status, answer = Api(backend).post(LIST, {"authorization": "AWS4-HMAC-SHA256 Credential=x"})
    assert (status, answer) == (401, refusal("UnauthorizedException", "Unable to parse JWT token."))


def test_a_role_without_any_permission(todo: Api) -> None:
    role = todo.backend.role("nothing", to=[])
    with pytest.raises(Exception, match="Permission denied") as refused:
        todo.backend.client(role=role).models.Todo.list()
    assert refused.value.status == 401
    assert refused.value.error_type == "UnauthorizedException"


def test_a_wrong_signature_is_refused_whatever_it_asks(todo: Api) -> None:
    headers = {
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIAFAKE/20240101/us-east-1/appsync/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={'a' * 64}",
        "x-amz-date": "20240101T000000Z",
        "host": "x",
    }
    assert todo.post(LIST, headers) == (
        403,
        refusal("UnrecognizedClientException", "The security token included in the request is invalid."),
    )


def test_signatures_are_not_checked_only_where_one_says_so() -> None:
    headers = {"authorization": "AWS4-HMAC-SHA256 Credential=whatever"}
    with LocalBackend(introspection("todo"), verify_signatures=False) as backend:
        assert Api(backend).post(LIST, headers)[0] == 200
    with LocalBackend(introspection("todo")) as backend:
        assert Api(backend).post(LIST, headers)[0] == 403


def test_the_api_key_wins_over_the_authorization_header(todo: Api) -> None:
    assert todo.post(LIST, {"x-api-key": todo.backend.api_key, "authorization": "nope"})[0] == 200


def test_header_names_have_no_case(todo: Api) -> None:
    assert todo.post(LIST, {"X-Api-Key": todo.backend.api_key})[0] == 200


@pytest.mark.parametrize(
    ("headers", "body"), [({}, LIST), ({"x-api-key": "nope"}, LIST), ({"authorization": "AWS4-"}, LIST)]
)
def test_a_refusal_names_its_type_in_a_header_and_has_a_request_id(todo: Api, headers, body) -> None:
    reply = todo.backend.handle("POST", "/graphql", headers, body)
    assert reply.headers["x-amzn-errortype"] == json.loads(reply.body)["errors"][0]["errorType"]
    assert len(reply.headers["x-amzn-requestid"]) == 36


def test_every_answer_has_a_request_id_of_its_own(todo: Api) -> None:
    ids = {
        todo.backend.handle("POST", "/graphql", {"x-api-key": todo.backend.api_key}, LIST).headers["x-amzn-requestid"]
        for _ in range(3)
    }
    assert len(ids) == 3


def test_graphql_is_answered_to_post_only(todo: Api) -> None:
    assert todo.backend.handle("GET", "/graphql", {"x-api-key": todo.backend.api_key}).status == 405


def test_nothing_is_answered_elsewhere(todo: Api) -> None:
    assert todo.backend.handle("POST", "/other", {}).status == 404


def test_an_own_clock_decides_about_tokens_and_timestamps() -> None:
    now = datetime.datetime(2030, 1, 2, 3, 4, 5, 678_901, tzinfo=datetime.UTC)
    with LocalBackend(introspection("todo"), clock=lambda: now) as backend:
        created = Api(backend).run("createTodo", "createdAt updatedAt", input={"name": "x"})
    assert created == {"createdAt": "2030-01-02T03:04:05.678Z", "updatedAt": "2030-01-02T03:04:05.678Z"}
