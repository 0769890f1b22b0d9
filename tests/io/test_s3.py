"""The introspection is one signed GET: against moto where S3 behaves, against scripted replies where it does not."""

import json
import socket
from datetime import UTC, datetime

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from amplify_data_client._core.wire import aws, s3, sigv4
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io import configure
from amplify_data_client.config.requests import ReadObject
from amplify_data_client.errors import ConfigurationError, CredentialsError
from tests.io.conftest import Answer

SCHEMA = json.dumps({"version": 1, "models": {}, "enums": {}, "nonModels": {}}).encode()
SECRET = "the-secret-key"


def environment(url):
    return {
        "AWS_ACCESS_KEY_ID": "the-access-key",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "the-session-token",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_S3": url,
        "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "a-bucket",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY": "some folder/schéma.json",
        "AMPLIFY_DATA_GRAPHQL_ENDPOINT": "https://api.example.com/graphql",
    }


def failure(fetch, env, kind=ConfigurationError):
    with pytest.raises(kind) as caught:
        fetch(env)
    assert caught.type is kind
    for secret in (SECRET, "the-access-key", "the-session-token"):
        assert secret not in str(caught.value)
    return str(caught.value)


def error(status, code, message="", more=""):
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>'
    )
    return Answer(status, body.encode(), {"content-type": "application/xml"})


@pytest.fixture
def bucket(moto):
    client = boto3.client(
        "s3",
        endpoint_url=moto,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield lambda body: client.put_object(Bucket="a-bucket", Key="some folder/schéma.json", Body=body)
    client.close()


@pytest.mark.parametrize("body", [SCHEMA, b"\xef\xbb\xbf" + SCHEMA])
def test_the_introspection_is_read_from_the_bucket(aws_home, moto, bucket, fetch, body):
    bucket(body)
    assert fetch(environment(moto)).model_introspection == json.loads(SCHEMA)


def test_a_missing_object_says_what_to_deploy(aws_home, moto, bucket, fetch):
    message = failure(fetch, environment(moto))
    assert "(bucket 'a-bucket', key 'some folder/schéma.json', eu-west-1) failed: NoSuchKey (HTTP 404)" in message
    assert "defineData" in message


def test_a_missing_bucket_says_what_to_deploy(aws_home, moto, fetch):
    message = failure(fetch, environment(moto))
    assert "NoSuchBucket (HTTP 404)" in message
    assert "same branch or sandbox" in message


def test_an_empty_object_says_so(aws_home, moto, bucket, fetch):
    bucket(b"")
    assert "in the S3 bucket 'a-bucket' is empty" in failure(fetch, environment(moto))


@pytest.mark.parametrize(
    ("answer", "kind", "parts"),
    [
        (
            error(
                403, "AccessDenied", "User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: s3:GetObject"
            ),
            ConfigurationError,
            ("AccessDenied (HTTP 403): User: arn:aws:sts::1:assumed-role/r/f is not", "allow.resource(fn)"),
        ),
        (Answer(403), ConfigurationError, ("AccessDenied (HTTP 403)", "allow.resource(fn)")),
        (Answer(404), ConfigurationError, ("NotFound (HTTP 404)", "defineData")),
        (
            error(301, "PermanentRedirect", "Use the specified endpoint"),
            ConfigurationError,
            ("PermanentRedirect (HTTP 301)", "in another region, the request was for eu-west-1", "pass region="),
        ),
        (
            error(301, "PermanentRedirect")._replace(headers={"x-amz-bucket-region": "us-east-2"}),
            ConfigurationError,
            ("The bucket is in us-east-2",),
        ),
        (
            error(400, "AuthorizationHeaderMalformed", "the region is wrong", "<Region>us-west-1</Region>"),
            ConfigurationError,
            ("The bucket is in us-west-1", "AWS_REGION"),
        ),
        (Answer(307, b"", {"location": "http://elsewhere"}), ConfigurationError, ("HTTP 307",)),
        (
            error(403, "SignatureDoesNotMatch", "It does not match", "<AWSAccessKeyId>the-access-key</AWSAccessKeyId>"),
            CredentialsError,
            ("SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY", "clock"),
        ),
        (
            error(403, "InvalidAccessKeyId", "", "<AWSAccessKeyId>the-access-key</AWSAccessKeyId>"),
            CredentialsError,
            ("InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        ),
        (
            error(400, "ExpiredToken", "Expired", "<Token-0>the-session-token</Token-0>"),
            CredentialsError,
            ("ExpiredToken", "expired", "sign in again"),
        ),
        (error(403, "RequestTimeTooSkewed"), CredentialsError, ("clock",)),
        (error(418, "Strange", "tea"), ConfigurationError, ("Strange (HTTP 418): tea.",)),
        (Answer(200, b"<html>captive portal</html>"), ConfigurationError, ("is not JSON",)),
    ],
)
def test_each_refusal_says_what_to_do(aws_home, server, fetch, answer, kind, parts):
    message = failure(fetch, environment(server.script(answer).url), kind)
    for part in parts:
        assert part in message
    # a signature refused for its time is made once more, with the service's
    assert len(server.asked) == (2 if b"RequestTimeTooSkewed" in answer.body else 1)


@pytest.mark.parametrize(
    "hiccup",
    [error(500, "InternalError"), error(503, "SlowDown"), Answer(502, b"<html>"), Answer(429), Answer(drop=True)],
)
def test_a_passing_failure_is_tried_again_and_signed_anew(aws_home, server, fetch, hiccup):
    server.script(hiccup, hiccup, Answer(200, SCHEMA))
    assert fetch(environment(server.url)).region == "eu-west-1"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("trouble", "part"),
    [
        (error(500, "InternalError", "We are sorry"), "InternalError (HTTP 500): We are sorry. It was tried 3 times"),
        (Answer(503, b"<html>"), "no code (HTTP 503). It was tried 3 times"),
        (Answer(drop=True), "the connection was dropped before a reply had come"),
    ],
)
def test_a_lasting_failure_ends_after_three_attempts(aws_home, server, fetch, trouble, part):
    assert part in failure(fetch, environment(server.script(trouble).url))
    assert len(server.asked) == 3


def test_no_connection_points_to_the_network(aws_home, fetch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    message = failure(fetch, environment(f"http://127.0.0.1:{address[1]}"))
    for part in (f"no connection from 127.0.0.1:{address[1]}", "VPC endpoint for s3", "AWS_ENDPOINT_URL"):
        assert part in message


def test_a_server_that_never_answers_does_not_hang_the_client(aws_home, server, fetch, monkeypatch):
    monkeypatch.setattr(configure, "TIMEOUT", 0.2)
    server.script(Answer(hang=True))
    assert "no reply in time from 127.0.0.1" in failure(fetch, environment(server.url))


def test_the_request_is_signed_with_the_credentials_of_the_environment(aws_home, server, fetch):
    fetch(environment(server.script(Answer(200, SCHEMA)).url))
    [asked] = server.asked
    assert (asked.method, asked.path) == ("GET", "/a-bucket/some%20folder/sch%C3%A9ma.json")
    assert asked.headers["x-amz-security-token"] == "the-session-token"
    assert "Credential=the-access-key/" in asked.headers["authorization"]
    assert "/eu-west-1/s3/aws4_request" in asked.headers["authorization"]


def test_the_trace_of_an_invocation_goes_on_to_s3_unsigned(aws_home, server, fetch, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "fn")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1;Sampled=1")
    fetch(environment(server.script(Answer(200, SCHEMA)).url))
    [asked] = server.asked
    assert asked.headers["x-amzn-trace-id"] == "Root=1;Sampled=1"
    assert "x-amzn-trace-id" not in asked.headers["authorization"]


# --- addresses, as values


@pytest.mark.parametrize(
    ("bucket", "region", "env", "expected"),
    [
        ("a-bucket", "eu-west-1", {}, "https://a-bucket.s3.eu-west-1.amazonaws.com/k/e%20y.json"),
        ("a.bucket", "eu-west-1", {}, "https://s3.eu-west-1.amazonaws.com/a.bucket/k/e%20y.json"),
        ("a-bucket", "cn-north-1", {}, "https://a-bucket.s3.cn-north-1.amazonaws.com.cn/k/e%20y.json"),
        ("a-bucket", "us-gov-west-1", {}, "https://a-bucket.s3.us-gov-west-1.amazonaws.com/k/e%20y.json"),
        ("a-bucket", "us-iso-east-1", {}, "https://a-bucket.s3.us-iso-east-1.c2s.ic.gov/k/e%20y.json"),
        ("a-bucket", "us-isob-east-1", {}, "https://a-bucket.s3.us-isob-east-1.sc2s.sgov.gov/k/e%20y.json"),
        ("a-bucket", "us-isof-south-1", {}, "https://a-bucket.s3.us-isof-south-1.csp.hci.ic.gov/k/e%20y.json"),
        ("a-bucket", "eu-isoe-west-1", {}, "https://a-bucket.s3.eu-isoe-west-1.cloud.adc-e.uk/k/e%20y.json"),
        ("a-bucket", "eusc-de-east-1", {}, "https://a-bucket.s3.eusc-de-east-1.amazonaws.eu/k/e%20y.json"),
        ("b-1", "eu-west-1", {"AWS_ENDPOINT_URL": "http://localhost:1/"}, "http://localhost:1/b-1/k/e%20y.json"),
        (
            "b-1",
            "eu-west-1",
            {"AWS_ENDPOINT_URL": "http://no", "AWS_ENDPOINT_URL_S3": "http://yes"},
            "http://yes/b-1/k/e%20y.json",
        ),
        (
            "b-1",
            "eu-west-1",
            {"AWS_ENDPOINT_URL": "http://no", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            "https://b-1.s3.eu-west-1.amazonaws.com/k/e%20y.json",
        ),
    ],
)
def test_the_address_follows_partition_bucket_and_environment(bucket, region, env, expected):
    assert s3.object_url(bucket, "k/e y.json", region, aws.ServiceContext(env)) == expected


@pytest.mark.parametrize("bucket", ["a", "evil.com/", "a@b.com", "a bucket", "x" * 300, "evil.com#-x"])
def test_a_name_that_no_bucket_can_have_never_becomes_a_host(bucket):
    with pytest.raises(ConfigurationError, match="not the name of an S3 bucket"):
        s3.object_url(bucket, "k", "eu-west-1", aws.ServiceContext({}))


@pytest.mark.parametrize("own", ["localhost:4566", "s3://x", "http://", 5])
def test_an_own_address_that_is_no_url_is_named_by_its_variable(own):
    with pytest.raises(ConfigurationError, match="AWS_ENDPOINT_URL_S3 is "):
        s3.object_url("a-bucket", "k", "eu-west-1", aws.ServiceContext({"AWS_ENDPOINT_URL_S3": own}))


@pytest.mark.parametrize("region", ["evil.com/", "eu west", "EU-WEST-1"])
def test_a_region_that_is_none_never_becomes_a_host(region):
    with pytest.raises(ConfigurationError, match="is not an AWS region"):
        s3.object_url("a-bucket", "k", region, aws.ServiceContext({}))


@pytest.mark.parametrize("key", ["schema.json", "some folder/schéma.json", "a+b=c&d?e#f%20g", "a//b/../c", "~'(x)*!"])
@pytest.mark.parametrize("token", [None, "the-session-token"])
def test_the_signature_is_botocores(key, token):
    request = next(s3.read_object(ReadObject("a-bucket", key, "eu-west-1"), aws.ServiceContext({})))
    target = request.target
    assert target is not None
    theirs = AWSRequest(method="GET", url=target.url)
    S3SigV4Auth(BotocoreCredentials("the-access-key", SECRET, token), "s3", "eu-west-1").add_auth(theirs)
    now = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    keys = sigv4.Credentials("the-access-key", SECRET, token)
    ours = sigv4.sign(target.method, target.url, target.headers, request.body, keys, target.region, target.service, now)
    assert ours["authorization"] == theirs.headers["Authorization"]


def test_waiting_is_asked_of_the_driver_and_grows():
    steps = s3.read_object(ReadObject("a-bucket", "k", "eu-west-1"), aws.ServiceContext({}))
    sends = [next(steps), steps.send(Reply(500, b"", {})), steps.send(Reply(503, b"", {}))]
    assert [send.wait_at_most for send in sends] == list(aws.WAITS) == sorted(aws.WAITS)
    assert aws.WAITS[0] == 0
    with pytest.raises(ConfigurationError):
        steps.send(Reply(500, b"", {}))


SKEWED = b"<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>"
EXPIRED = b'{"__type": "InvalidSignatureException", "message": "Signature expired: 2026 is now earlier than 2027"}'
DATE = {"date": "Fri, 01 Jan 2100 12:00:00 GMT"}


@pytest.mark.parametrize(("status", "body"), [(403, SKEWED), (400, EXPIRED)])
def test_a_request_refused_for_its_time_is_signed_once_more_with_the_services(status: int, body: bytes):
    steps = s3.read_object(ReadObject("a-bucket", "k", "eu-west-1"), aws.ServiceContext({}))
    next(steps)
    again = steps.send(Reply(status, body, DATE, is_verified=True))
    assert (again.server_time, again.attempt, again.wait_at_most) == (DATE["date"], 2, 0)
    with pytest.raises((ConfigurationError, CredentialsError)):
        steps.send(Reply(status, body, DATE, is_verified=True))


def test_a_reply_of_anybody_does_not_move_the_clock():
    steps = s3.read_object(ReadObject("a-bucket", "k", "eu-west-1"), aws.ServiceContext({}))
    next(steps)
    with pytest.raises(CredentialsError, match="clock"):
        steps.send(Reply(403, SKEWED, DATE))


def test_a_service_may_ask_for_a_wait():
    steps = s3.read_object(ReadObject("a-bucket", "k", "eu-west-1"), aws.ServiceContext({}))
    next(steps)
    assert steps.send(Reply(503, b"", {"retry-after": "2"})).wait_at_least == 2
