"""Hidden variables are read from SSM: against moto where it behaves, against scripted replies where it does not."""

import json

import boto3
import pytest

from amplify_data_client._core.wire.aws import ServiceContext
from amplify_data_client._core.wire.ssm import read_parameters
from amplify_data_client.config.environment import PLACEHOLDER
from amplify_data_client.config.requests import ReadParameters
from amplify_data_client.errors import ConfigurationError, CredentialsError
from tests.io.conftest import Answer

SCHEMA = json.dumps({"version": 1, "models": {}, "enums": {}, "nonModels": {}}).encode()
VALUES = {
    "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
    "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "the-hidden-bucket",
    "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY": "schema.json",
    "AMPLIFY_DATA_GRAPHQL_ENDPOINT": "https://hidden.example.com/graphql",
}
BASE = "/amplify/resource_reference/myapp/me-sandbox-b3730c2f10/"


def environment(url, values=VALUES, **ssm_config):
    config = {name: {"path": BASE + name} for name in values} | ssm_config
    return {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "the-secret-key",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": url,
        "AMPLIFY_SSM_ENV_CONFIG": json.dumps(config),
        **dict.fromkeys(values, PLACEHOLDER),
    }


def failure(fetch, env, kind=ConfigurationError):
    with pytest.raises(kind) as caught:
        fetch(env)
    assert caught.type is kind
    for value in (*VALUES.values(), "the-secret-key"):
        assert value == "amplifyData" or value not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def account(moto):
    options = {
        "endpoint_url": moto,
        "region_name": "eu-west-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    ssm, s3 = boto3.client("ssm", **options), boto3.client("s3", **options)
    s3.create_bucket(Bucket="the-hidden-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="the-hidden-bucket", Key="schema.json", Body=SCHEMA)

    def put(path, value, kind="String"):
        ssm.put_parameter(Name=path, Value=value, Type=kind)

    yield put
    ssm.close()
    s3.close()


@pytest.mark.parametrize("kind", ["String", "SecureString"])
def test_a_wired_function_finds_its_api(aws_home, moto, account, fetch, kind):
    for name, value in VALUES.items():
        account(BASE + name, value, kind)
    config = fetch(environment(moto))
    assert config.endpoint == "https://hidden.example.com/graphql"
    assert config.model_introspection == json.loads(SCHEMA)


def test_more_than_ten_names_take_more_than_one_call(aws_home, moto, account, fetch):
    more = {f"N{n}_GRAPHQL_ENDPOINT": {"path": f"/many/{n}"} for n in range(20)}
    for n in range(20):
        account(f"/many/{n}", "x")
    for name, value in VALUES.items():
        account(BASE + name, value)
    assert fetch(environment(moto, **more)).region == "eu-west-1"


def test_what_the_branch_has_not_is_looked_up_at_the_shared_path(aws_home, moto, account, fetch):
    shared = {name: {"path": f"/branch/{name}", "sharedPath": f"/shared/{name}"} for name in VALUES}
    for name, value in VALUES.items():
        account(f"/shared/{name}", value)
    assert fetch(environment(moto, **shared)).endpoint == VALUES["AMPLIFY_DATA_GRAPHQL_ENDPOINT"]


def test_a_missing_parameter_is_named(aws_home, moto, account, fetch):
    for name, value in list(VALUES.items())[:3]:
        account(BASE + name, value)
    message = failure(fetch, environment(moto))
    assert f"AMPLIFY_DATA_GRAPHQL_ENDPOINT (SSM has no parameter '{BASE}AMPLIFY_DATA_GRAPHQL_ENDPOINT')" in message


def refusal(status, kind, message="", prefix="com.amazonaws.ssm#"):
    body = json.dumps({"__type": f"{prefix}{kind}", "message": message}).encode()
    return Answer(status, body, {"content-type": "application/x-amz-json-1.1"})


@pytest.mark.parametrize(
    ("answer", "kind", "parts"),
    [
        (
            refusal(400, "AccessDeniedException", "User: x is not authorized to perform: ssm:GetParameters", ""),
            ConfigurationError,
            ("AccessDeniedException (HTTP 400): User: x is not", f"{BASE}AMPLIFY_DATA_DEFAULT_NAME", "connectData"),
        ),
        (refusal(400, "InvalidKeyId"), ConfigurationError, ("kms:Decrypt",)),
        (refusal(400, "ExpiredTokenException"), CredentialsError, ("have expired",)),
        (refusal(400, "UnrecognizedClientException"), CredentialsError, ("AWS_ACCESS_KEY_ID",)),
        (refusal(400, "InvalidSignatureException"), CredentialsError, ("clock",)),
        (Answer(403, b"<html>"), ConfigurationError, ("no code (HTTP 403)",)),
        (Answer(200, b"<html>"), ConfigurationError, ("the reply is not SSM's", "AWS_ENDPOINT_URL")),
        (Answer(200, b"[]"), ConfigurationError, ("the reply is not SSM's",)),
        (Answer(200, b'{"Parameters": [{"Name": "x"}]}'), ConfigurationError, ("the reply is not SSM's",)),
        (Answer(200, b'{"Parameters": [{"Name": {}, "Value": "x"}]}'), ConfigurationError, ("is not SSM's",)),
    ],
)
def test_each_refusal_says_what_to_do(aws_home, server, fetch, answer, kind, parts):
    message = failure(fetch, environment(server.script(answer).url), kind)
    for part in parts:
        assert part in message
    assert len(server.asked) == 1


@pytest.mark.parametrize("hiccup", [Answer(500), refusal(400, "ThrottlingException"), Answer(drop=True)])
def test_a_passing_failure_is_tried_again(aws_home, server, fetch, hiccup):
    found = [{"Name": BASE + name, "Value": value} for name, value in VALUES.items()]
    reply = Answer(200, json.dumps({"Parameters": found, "InvalidParameters": []}).encode())
    server.script(hiccup, reply, Answer(200, SCHEMA))
    assert fetch(environment(server.url)).endpoint == VALUES["AMPLIFY_DATA_GRAPHQL_ENDPOINT"]
    asked = server.asked[1]
    assert (asked.method, asked.path, asked.headers["x-amz-target"]) == ("POST", "/", "AmazonSSM.GetParameters")
    assert json.loads(asked.body) == {"Names": [BASE + name for name in VALUES], "WithDecryption": True}
    assert "/eu-west-1/ssm/aws4_request" in asked.headers["authorization"]


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("eu-west-1", "https://ssm.eu-west-1.amazonaws.com/"),
        ("cn-north-1", "https://ssm.cn-north-1.amazonaws.com.cn/"),
    ],
)
def test_the_address_follows_the_partition(region, url):
    request = next(read_parameters(ReadParameters(("/x",), region), ServiceContext({})))
    assert request.target is not None
    assert request.target.url == url


def test_another_address_may_be_given():
    env = {"AWS_ENDPOINT_URL": "http://no", "AWS_ENDPOINT_URL_SSM": "http://yes/"}
    request = next(read_parameters(ReadParameters(("/x",), "eu-west-1"), ServiceContext(env)))
    assert request.target is not None
    assert request.target.url == "http://yes/"
