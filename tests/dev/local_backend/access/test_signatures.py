"""A signature is checked by rules of our own: held against recorded requests and against botocore."""

import datetime
import hashlib
import hmac
import itertools
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
from amplify_data_client.dev.local_backend.access.signatures import Scope, canonical, verify
from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

RECORDED = json.loads((Path(__file__).parents[3] / "data/reference/goldens/sigv4.json").read_text())
REGION = "eu-west-1"
ROLE = Role("function", "ASIAEXAMPLE", "secret/key+1", "token==")


def received(record: dict[str, Any]) -> Request:
    request = record["request"]
    return Request(request["method"], request["path"], request["headers"], request.get("body", "").encode())


def role_of(record: dict[str, Any]) -> Role:
    keys = record["credentials"]
    return Role("recorded", keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))


def scope_of(record: dict[str, Any]) -> Scope:
    return Scope(record["region"], record["service"])


def time_of(record: dict[str, Any]) -> datetime.datetime:
    stamp = record["request"]["headers"]["x-amz-date"]
    return datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: record["name"])
def test_accepts_what_the_javascript_client_signed(record: dict[str, Any]) -> None:
    role = role_of(record)
    assert verify(received(record), {role.access_key: role}, scope_of(record), time_of(record)) == role


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: record["name"])
def test_refuses_a_recorded_request_under_another_secret(record: dict[str, Any]) -> None:
    found = role_of(record)
    role = Role(found.name, found.access_key, found.secret_key + "x", found.token)
    with pytest.raises(RequestRefused) as refused:
        verify(received(record), {role.access_key: role}, scope_of(record), time_of(record))
    assert (refused.value.status, refused.value.error_type) == (403, "InvalidSignatureException")


def signed_by_botocore(method: str, url: str, headers: dict[str, str], body: bytes, service: str) -> Request:
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    request = AWSRequest(method, url, headers={"host": "example.test", **headers}, data=body)
    auth(Credentials(ROLE.access_key, ROLE.secret_key, ROLE.token), service, REGION).add_auth(request)
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
    assert verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), just_now(request)) == ROLE


@given(path=st.lists(segments.filter(bool), min_size=1, max_size=3))
def test_accepts_what_botocore_signs_for_s3(path: list[str]) -> None:
    url = "https://example.test/" + "/".join(quote(segment, safe="") for segment in path)
    request = signed_by_botocore("GET", url, {}, b"", "s3")
    assert verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "s3"), just_now(request)) == ROLE


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
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), now)
    assert refused.value.error_type == "InvalidSignatureException"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_refuses_a_clock_that_is_more_than_five_minutes_off(minutes: int) -> None:
    request, now = sent()
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), now + datetime.timedelta(minutes=minutes))
    assert refused.value.error_type == "InvalidSignatureException"
    assert refused.value.message.startswith("Signature ")


@pytest.mark.parametrize("minutes", [-4, 4])
def test_accepts_a_clock_that_is_less_than_five_minutes_off(minutes: int) -> None:
    request, now = sent()
    assert (
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), now + datetime.timedelta(minutes=minutes))
        == ROLE
    )


def test_refuses_an_unknown_key() -> None:
    request, now = sent()
    with pytest.raises(RequestRefused) as refused:
        verify(request, {}, Scope(REGION, "appsync"), now)
    assert (refused.value.status, refused.value.error_type) == (403, "UnrecognizedClientException")
    assert refused.value.message == "The security token included in the request is invalid."


@pytest.mark.parametrize("token", ["stale", ""])
def test_refuses_another_session_token(token: str) -> None:
    request, now = sent(more={"x-amz-security-token": token})
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), now)
    assert refused.value.error_type == "UnrecognizedClientException"


@pytest.mark.parametrize(
    ("region", "service", "message"),
    [
        (REGION, "ssm", "Credential should be scoped to correct service: 'ssm'. "),
        ("us-east-1", "appsync", "Credential should be scoped to a valid region, not 'eu-west-1'. "),
        ("us-east-1", "ssm", "Credential should be scoped to a valid region, not 'eu-west-1'. "),
    ],
)
def test_refuses_a_signature_for_another_region_or_service(region: str, service: str, message: str) -> None:
    request, now = sent()
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope(region, service), now)
    assert (refused.value.status, refused.value.error_type) == (403, "InvalidSignatureException")
    assert refused.value.message == message


def test_s3_names_the_region_that_it_expects() -> None:
    request = signed_by_botocore("GET", "https://example.test/bucket/key", {}, b"", "s3")
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope("us-east-1", "s3"), just_now(request))
    assert (refused.value.status, refused.value.error_type) == (400, "AuthorizationHeaderMalformed")
    assert refused.value.message.endswith("the region 'eu-west-1' is wrong; expecting 'us-east-1'")


def signed_names(service: str, names: list[str]) -> tuple[Request, datetime.datetime]:
    """A request whose signature is right for these header names, whatever they leave out."""
    request = signed_by_botocore("POST", "https://example.test/graphql", {}, b"", service)
    now = just_now(request)
    scope = f"{now:%Y%m%d}/{REGION}/{service}/aws4_request"
    hashed = hashlib.sha256(canonical(request, names, service).encode()).hexdigest()
    key = b"AWS4" + ROLE.secret_key.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    to_sign = f"AWS4-HMAC-SHA256\n{now:%Y%m%dT%H%M%SZ}\n{scope}\n{hashed}"
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"AWS4-HMAC-SHA256 Credential={ROLE.access_key}/{scope}"
    header = f"{credential}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return Request(request.method, request.target, {**request.headers, "authorization": header}, request.body), now


ALL = ["host", "x-amz-date", "x-amz-security-token"]


@pytest.mark.parametrize("service", ["appsync", "ssm"])
@pytest.mark.parametrize("names", [list(names) for n in range(1, 4) for names in itertools.permutations(ALL, n)])
def test_a_signature_covers_the_host_the_time_and_the_session_token(service: str, names: list[str]) -> None:
    request, now = signed_names(service, names)
    if names == ALL:
        assert verify(request, {ROLE.access_key: ROLE}, Scope(REGION, service), now) == ROLE
        return
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, service), now)
    assert (refused.value.status, refused.value.error_type) == (403, "InvalidSignatureException")
    missing = [name for name in ALL if name not in names]
    if missing and missing != ["host"]:
        assert ("'Host'" if "host" in missing else ", ".join(missing)) in refused.value.message


@pytest.mark.parametrize("names", [["host", "host", "x-amz-date"], ["host", "", "x-amz-date"]])
def test_refuses_header_names_that_are_doubled_or_empty(names: list[str]) -> None:
    request, now = signed_names("appsync", [*names, "x-amz-security-token"])
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), now)
    assert refused.value.error_type == "InvalidSignatureException"


def test_s3_wants_every_header_of_its_own_signed() -> None:
    request, now = signed_names("s3", ALL)
    assert "x-amz-content-sha256" in request.headers
    with pytest.raises(RequestRefused) as refused:
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "s3"), now)
    assert refused.value.error_type == "AccessDenied"
    assert refused.value.message.endswith("x-amz-content-sha256")


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
        verify(request, {ROLE.access_key: ROLE}, Scope(REGION, "appsync"), now)
    assert (refused.value.status, refused.value.error_type) == (403, "IncompleteSignatureException")
