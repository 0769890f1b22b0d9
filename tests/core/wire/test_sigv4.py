"""Signatures: equal to botocore's and to recorded ones."""

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from amplify_data_client._core.wire import sigv4
from amplify_data_client._core.wire.sigv4 import Credentials, bare_host, sign

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
RECORDED = json.loads((Path(__file__).parents[2] / "data/reference/goldens/sigv4.json").read_text())


def botos(
    method: str, url: str, headers: dict[str, str], body: bytes, token: str | None, service: str
) -> dict[str, str]:
    """What botocore signs, now."""
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    kind(BotoCredentials("AKIDEXAMPLE", "secret", token), service, "eu-west-1").add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


SAFE = "abcXYZ019-_~"
SEGMENTS = st.text(SAFE, min_size=1, max_size=5) | st.sampled_from(
    [
        "a%20b",
        "%C3%A9",
        "gr%C3%A4ph",
        "a+b",
        "x=y",
        "@",
        ".",
        "..",
        "...",
        ".a",
        "a.",
        "",
        "*",
        "%2F",
        "a:b",
        "$&',;()!",
    ]
)
PATHS = st.lists(SEGMENTS, max_size=5).map(lambda parts: "/" + "/".join(parts)) | st.just("")
PAIRS = st.tuples(
    st.text(SAFE, min_size=1, max_size=4) | st.just("a%20b"), st.sampled_from(["", "1", "a%20b", "%2F", "~", "%C3%A9"])
)
QUERIES = st.lists(PAIRS, max_size=4).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "x-amz-user-agent", "X-Custom", "x-other", "User-Agent", "X-Amzn-Trace-Id", "Expect"]
    ),
    st.text('abc  \t;,=/"é\u2028字', min_size=1, max_size=12).filter(str.strip),
)
HOSTS = st.sampled_from(
    ["api.example.com", "API.Example.com", "127.0.0.1:8080", "api.example.com:443", "api.example.com:80", "[::1]:8443"]
)


@settings(max_examples=300)
@given(
    path=PATHS,
    query=QUERIES,
    headers=HEADERS,
    body=st.text().map(lambda text: text.encode("utf-8", "replace")),
    token=st.none() | st.text("abc+/=", min_size=1),
    host=HOSTS,
    scheme=st.sampled_from(["https", "http"]),
)
def test_requests_are_signed_as_botocore_signs_them(path, query, headers, body, token, host, scheme):
    url = f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
    theirs = botos("POST", url, headers, body, token, "appsync")
    credentials, now = Credentials("AKIDEXAMPLE", "secret", token), moment(theirs["x-amz-date"])
    ours = sign("POST", url, headers, body, credentials, "eu-west-1", "appsync", now)
    assert ours["authorization"] == theirs["authorization"]
    assert ours["x-amz-date"] == theirs["x-amz-date"]
    assert ours.get("x-amz-security-token") == theirs.get("x-amz-security-token")
    assert {name.lower(): value for name, value in headers.items()}.items() <= ours.items()


@settings(max_examples=150)
@given(path=PATHS.filter(bool), token=st.none() | st.just("token"), query=st.sampled_from(["", "x-id=GetObject"]))
def test_s3_requests_are_signed_as_botocore_signs_them(path, token, query):
    url = f"https://bucket.s3.eu-west-1.amazonaws.com{path}" + (f"?{query}" if query else "")
    theirs = botos("GET", url, {}, b"", token, "s3")
    credentials, now = Credentials("AKIDEXAMPLE", "secret", token), moment(theirs["x-amz-date"])
    ours = sign("GET", url, {}, b"", credentials, "eu-west-1", "s3", now)
    assert ours["authorization"] == theirs["authorization"]
    assert ours["x-amz-content-sha256"] == theirs["x-amz-content-sha256"]


def test_what_proxies_and_tracing_change_is_sent_but_not_signed():
    headers = dict.fromkeys(botocore.auth.SIGNED_HEADERS_BLACKLIST, "value")
    signed = sign(
        "POST", "https://a.example/", headers, b"", Credentials("AKID", "secret"), "eu-west-1", "appsync", NOW
    )
    assert "SignedHeaders=host;x-amz-date," in signed["authorization"]
    assert headers.items() <= signed.items()


def test_the_cache_of_keys_never_mixes_them_up():
    def signature(secret: str, region: str, day: int) -> str:
        now = NOW.replace(day=day)
        signed = sign("POST", "https://a.example/", {}, b"", Credentials("AKID", secret), region, "appsync", now)
        return signed["authorization"].partition("Signature=")[2]

    cases = [(f"secret{n}", region, day) for n in range(8) for region in ("eu-west-1", "us-east-1") for day in (6, 7)]
    first = [signature(*case) for case in cases]
    assert len(set(first)) == len(cases)
    assert [signature(*case) for case in reversed(cases)] == first[::-1]


def test_keys_of_credentials_that_are_gone_are_not_kept_for_ever():
    for number in range(100):
        keys = Credentials("AKID", f"secret {number}")
        sign("POST", "https://a.example/", {}, b"", keys, "eu-west-1", "appsync", NOW)
    assert len(sigv4._keys) < 20


@pytest.mark.parametrize("vector", RECORDED, ids=lambda vector: vector["name"])
def test_recorded_requests_have_our_signature(vector: Any):
    request, keys = vector["request"], vector["credentials"]
    _, _, listed = request["headers"]["authorization"].partition("SignedHeaders=")
    names = set(listed.partition(",")[0].split(";")) - {"host", "x-amz-date", "x-amz-security-token"}
    credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
    url = f"http://{request['headers']['host']}{request['path']}"
    signed_at = moment(request["headers"]["x-amz-date"])
    given_headers = {name: request["headers"][name] for name in names}
    signed = sign(
        "POST",
        url,
        given_headers,
        request["body"].encode(),
        credentials,
        vector["region"],
        vector["service"],
        signed_at,
    )
    assert signed["authorization"] == request["headers"]["authorization"]


def test_credentials_show_and_give_away_nothing():
    credentials = Credentials("AKID", "hidden", "hidden too")
    assert "hidden" not in f"{credentials!r} {credentials}"
    assert "AKID" not in repr(credentials)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(credentials)
    assert len({credentials, Credentials("AKID", "hidden", "hidden too")}) == 1
    assert credentials == Credentials("AKID", "hidden", "hidden too")
    assert credentials != Credentials("AKID", "other", "hidden too")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example/graphql", "a.example"),
        ("https://a.example:443/graphql", "a.example"),
        ("http://a.example:80", "a.example"),
        ("https://a.example:8443?x=1", "a.example:8443"),
        ("https://A.Example/graphql", "a.example"),
    ],
)
def test_the_host_header_is_without_a_default_port(url: str, host: str):
    assert bare_host(url) == host
