"""A signature is checked by rules of our own: held against recorded requests and against botocore."""

import datetime
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client.dev.local_backend.access.identity import Role
from amplify_data_client.dev.local_backend.access.signatures import verify
from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

RECORDED = json.loads((Path(__file__).parents[3] / "data/reference/goldens/sigv4.json").read_text())
ROLE = Role("function", "ASIAEXAMPLE", "secret/key+1", "token==")


def received(record: dict[str, Any]) -> Request:
    request = record["request"]
    return Request(request["method"], request["path"], request["headers"], request.get("body", "").encode())


def role_of(record: dict[str, Any]) -> Role:
    keys = record["credentials"]
    return Role("recorded", keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))


def time_of(record: dict[str, Any]) -> datetime.datetime:
    stamp = record["request"]["headers"]["x-amz-date"]
    return datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: record["name"])
def test_accepts_what_the_javascript_client_signed(record: dict[str, Any]) -> None:
    role = role_of(record)
    assert verify(received(record), {role.access_key: role}, record["service"], time_of(record)) == role


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: record["name"])
def test_refuses_a_recorded_request_under_another_secret(record: dict[str, Any]) -> None:
    found = role_of(record)
    role = Role(found.name, found.access_key, found.secret_key + "x", found.token)
    with pytest.raises(RequestRefused) as refused:
        verify(received(record), {role.access_key: role}, record["service"], time_of(record))
    assert (refused.value.status, refused.value.error_type) == (403, "InvalidSignatureException")


def signed_by_botocore(method: str, url: str, headers: dict[str, str], body: bytes, service: str) -> Request:
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    request = AWSRequest(method, url, headers={"host": "example.test", **headers}, data=body)
    auth(Credentials(ROLE.access_key, ROLE.secret_key, ROLE.token), service, "eu-west-1").add_auth(request)
    target = "/" + url.partition("://")[2].partition("/")[2]
    sent = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    return Request(method, target, sent, body)


def just_now(request: Request) -> datetime.datetime:
    stamp = request.headers["x-amz-date"]
    return datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)


segments = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), max_size=8).filter(
    lambda text: text not in (".", "..")
)
printable = st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@given(
    path=st.lists(segments, min_size=1, max_size=3),
    query=st.dictionaries(segments, segments, max_size=3),
    body=st.binary(max_size=64),
    custom=st.lists(printable, max_size=3),
)
def test_accepts_what_botocore_signs(path: list[str], query: dict[str, str], body: bytes, custom: list[str]) -> None:
    url = "https://example.test/x" + "/".join(quote(segment, safe="") for segment in path)
    if query:
        url += "?" + "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.items())
    request = signed_by_botocore("POST", url, {"x-custom": "  ".join(custom)}, body, "appsync")
    assert verify(request, {ROLE.access_key: ROLE}, "appsync", just_now(request)) == ROLE


@given(path=st.lists(segments.filter(bool), min_size=1, max_size=3))
def test_accepts_what_botocore_signs_for_s3(path: list[str]) -> None:
    url = "https://example.test/" + "/".join(quote(segment, safe="") for segment in path)
    request = signed_by_botocore("GET", url, {}, b"", "s3")
    assert verify(request, {ROLE.access_key: ROLE}, "s3", just_now(request)) == ROLE


def sent(**changes: Any) -> tuple[Request, datetime.datetime]:
    request = signed_by_botocore("POST", "https://example.test/graphql", {}, b"{}", "appsync")
    parts = {"method": request.method, "target": request.target, "headers": dict(request.headers), "body": request.body}
    parts.update({name: value for name, value in changes.items() if name in parts})
    parts["headers"] |= changes.get("more", {})
    return Request(**parts), just_now(request)


@pytest.mark.parametrize(
    "changes",
    [{"body": b"{ }"}, {"target": "/graphql?x=1"}, {"method": "PUT"}, {"more": {"host": "evil.test"}}],
    ids=["body", "query", "method", "host"],
)
def test_refuses_what_was_changed_after_signing(changes: dict[str, Any]) -> None:
    request, now = sent(**changes)
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, "appsync", now)
    assert refused.value.error_type == "InvalidSignatureException"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_refuses_a_clock_that_is_more_than_five_minutes_off(minutes: int) -> None:
    request, now = sent()
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, "appsync", now + datetime.timedelta(minutes=minutes))
    assert refused.value.error_type == "InvalidSignatureException"
    assert refused.value.message.startswith("Signature ")


@pytest.mark.parametrize("minutes", [-4, 4])
def test_accepts_a_clock_that_is_less_than_five_minutes_off(minutes: int) -> None:
    request, now = sent()
    assert verify(request, {ROLE.access_key: ROLE}, "appsync", now + datetime.timedelta(minutes=minutes)) == ROLE


def test_refuses_an_unknown_key() -> None:
    request, now = sent()
    with pytest.raises(RequestRefused) as refused:
        verify(request, {}, "appsync", now)
    assert (refused.value.status, refused.value.error_type) == (403, "UnrecognizedClientException")
    assert refused.value.message == "The security token included in the request is invalid."


@pytest.mark.parametrize("token", ["stale", ""])
def test_refuses_another_session_token(token: str) -> None:
    request, now = sent(more={"x-amz-security-token": token})
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, "appsync", now)
    assert refused.value.error_type == "UnrecognizedClientException"


def test_refuses_a_signature_for_another_service() -> None:
    request, now = sent()
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, "ssm", now)
    assert refused.value.error_type == "InvalidSignatureException"


@pytest.mark.parametrize(
    "more",
    [
        {"authorization": "AWS4-HMAC-SHA256 nonsense"},
        {"x-amz-date": ""},
        {"x-amz-date": "yesterday"},
        {"authorization": "AWS4-HMAC-SHA256 Credential=a/20261122/r/appsync/aws4_request, SignedHeaders=host"},
    ],
)
def test_refuses_an_incomplete_signature(more: dict[str, str]) -> None:
    request, now = sent(more=more)
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, "appsync", now)
    assert (refused.value.status, refused.value.error_type) == (403, "IncompleteSignatureException")
