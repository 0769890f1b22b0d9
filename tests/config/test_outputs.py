"""An amplify_outputs.json, or its content, is a configuration."""

import copy
import json

import pytest

from amplify_data_client.config import resolution
from amplify_data_client.config.model import DataClientConfig, read_json
from amplify_data_client.config.requests import FindFile, Found, ReadFile
from amplify_data_client.errors import ConfigurationError

SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
OUTPUTS = {
    "version": "1.4",
    "auth": {"user_pool_id": "eu-west-1_x"},
    "data": {
        "url": "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
        "aws_region": "eu-west-1",
        "api_key": "da2-secret",
        "default_authorization_type": "API_KEY",
        "authorization_types": ["AMAZON_COGNITO_USER_POOLS", "AWS_IAM"],
        "model_introspection": SCHEMA,
    },
}


def resolve(outputs=None, env=None, *, region=None, wants_iam=False, files=None, found=None):
    steps = resolution.resolve(env or {}, outputs=outputs, region=region, wants_iam=wants_iam)
    answer = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return end.value
        if isinstance(step, ReadFile):
            answer = files[step.path]
        else:
            assert isinstance(step, FindFile)
            answer = Found(found, "/folder/here", "/folder")


def failure(outputs, **more):
    with pytest.raises(ConfigurationError) as caught:
        resolve(outputs, **more)
    assert "da2-secret" not in str(caught.value)
    return str(caught.value)


def changed(**data):
    outputs = copy.deepcopy(OUTPUTS)
    outputs["data"] |= data
    return outputs


def without(name):
    outputs = copy.deepcopy(OUTPUTS)
    del outputs["data"][name]
    return outputs


def test_the_content_is_a_configuration():
    config = resolve(OUTPUTS)
    assert config == DataClientConfig(
        "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
        "eu-west-1",
        SCHEMA,
        default_auth_mode="apiKey",
        api_key="da2-secret",
        source="outputs argument",
    )


def test_an_empty_key_is_none():
    assert resolve(changed(api_key="")).api_key is None
    assert resolve(without("api_key")).api_key is None


def test_a_path_is_read_and_named_as_the_source():
    config = resolve("some/outputs.json", files={"some/outputs.json": json.dumps(OUTPUTS).encode()})
    assert config.source == "amplify_outputs.json at some/outputs.json"
    assert config.api_key == "da2-secret"


def test_outputs_come_before_the_environment_and_the_environment_before_a_file_nearby():
    env = {"AMPLIFY_DATA_DEFAULT_NAME": "amplifyData", "AWS_REGION": "eu-west-1"}
    assert resolve(OUTPUTS, env).source == "outputs argument"
    nearby = {"files": {"/folder/amplify_outputs.json": json.dumps(OUTPUTS).encode()}}
    assert resolve(found="/folder/amplify_outputs.json", **nearby).source.endswith("at /folder/amplify_outputs.json")
    # set in part: an error, not a reason to look elsewhere
    assert "AMPLIFY_DATA_GRAPHQL_ENDPOINT" in failure(None, env=env, found="/folder/amplify_outputs.json", **nearby)


@pytest.mark.parametrize(
    ("stated", "mode"),
    [
        ("AMAZON_COGNITO_USER_POOLS", "userPool"),
        ("API_KEY", "apiKey"),
        ("AWS_IAM", "iam"),
        ("OPENID_CONNECT", "oidc"),
        ("AWS_LAMBDA", "lambda"),
    ],
)
def test_the_default_authorization_type_is_the_default_auth_mode(stated, mode):
    assert resolve(changed(default_authorization_type=stated)).default_auth_mode == mode


def test_credentials_that_the_caller_brings_mean_iam():
    config = resolve(OUTPUTS, wants_iam=True)
    assert (config.default_auth_mode, config.api_key) == ("iam", "da2-secret")


def test_the_region_is_the_argument_the_hosts_or_the_stated_one():
    custom = changed(url="https://api.example.com/graphql", aws_region="eu-west-3")
    assert resolve(custom, {"AWS_REGION": "us-east-1"}).region == "eu-west-3"
    assert resolve(changed(aws_region="us-east-1")).region == "eu-west-1"
    assert resolve(OUTPUTS, region="ap-south-1").region == "ap-south-1"


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ([], "outputs is a list"),
        (json.dumps(OUTPUTS), "outputs is JSON text; give the path"),
        (5, "outputs is a number"),
        (b"amplify_outputs.json", "outputs is a bytes"),
        ({}, "has no data section (it has nothing)"),
        ({"version": "1.4", "auth": {}}, "has no data section (it has auth, version)"),
        ({"version": "1.4", "auth": {}}, "npx ampx generate outputs"),
        ({"aws_appsync_graphqlEndpoint": "https://x"}, "is of Amplify Gen 1"),
        ({"aws_project_region": "eu-west-1", "aws_cognito_region": "eu-west-1"}, "is of Amplify Gen 1"),
        ({"UserAgent": "aws-amplify-cli/2.0", "Version": "1.0", "api": {"plugins": {}}}, "is of Amplify Gen 1"),
        ({"api": {"plugins": {"awsAPIPlugin": {}}}}, "is of Amplify Gen 1 (it has api.plugins)"),
        ({"API": {"GraphQL": {"endpoint": "https://x/graphql"}}}, "is of Amplify Gen 1 (it has API.GraphQL)"),
        ({"models": {}, "codegenVersion": "3.4.4", "version": "0f4e"}, "is of Amplify Gen 1 (it has codegenVersion)"),
        ({"__schema": {"types": []}}, "is the API's GraphQL schema"),
        ({"data": {"__schema": {"types": []}}}, "is the API's GraphQL schema"),
        (
            changed(model_introspection={"models": {}, "codegenVersion": "3.4.4"}),
            "model_introspection in outputs argument is of",
        ),
        (changed(model_introspection={"data": {"__schema": {}}}), "is the API's GraphQL schema"),
        ({**OUTPUTS, "version": "2"}, "has version '2'; this library reads version 1"),
        ({**OUTPUTS, "version": 1}, "has version 1;"),
        ({"data": None}, "data in outputs argument is null"),
        ({"data": []}, "data in outputs argument is a list"),
        (without("url"), "has no url"),
        (changed(url=None), "data.url in outputs argument is null"),
        (changed(url=""), "data.url in outputs argument is empty"),
        (changed(url="nonsense"), "data.url in outputs argument is not a URL"),
        (without("aws_region"), "has no aws_region"),
        (changed(aws_region=5), "data.aws_region in outputs argument is a number"),
        (without("default_authorization_type"), "has no default_authorization_type"),
        (changed(default_authorization_type="IAM"), "is 'IAM'; AppSync knows AMAZON_COGNITO_USER_POOLS, API_KEY"),
        (without("model_introspection"), "has no model_introspection"),
        (changed(model_introspection=None), "data.model_introspection in outputs argument is null"),
        (changed(model_introspection={"version": 1}), "no 'models' object"),
        (changed(api_key=5), "data.api_key in outputs argument is a number"),
    ],
)
def test_every_malformed_shape_says_what_is_wrong_with_it(outputs, reason):
    assert reason in failure(outputs)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "amplify_outputs.json at x.json is empty"),
        (b"da2-secret", "amplify_outputs.json at x.json (10 bytes) is not JSON"),
        (b"null", "amplify_outputs.json at x.json is null"),
        (b"[]", "amplify_outputs.json at x.json is a list"),
    ],
)
def test_a_file_that_is_something_else_is_named(content, reason):
    assert reason in failure("x.json", files={"x.json": content})


def test_a_byte_order_mark_is_accepted():
    content = b"\xef\xbb\xbf" + json.dumps(OUTPUTS).encode()
    assert resolve("x.json", files={"x.json": content}).region == "eu-west-1"


def test_a_configuration_never_shows_its_key_or_its_schema():
    config = resolve(changed(model_introspection={"models": {"Secretive": {}}}))
    for shown in (repr(config), str(config), f"{config}"):
        assert "da2-secret" not in shown
        assert "Secretive" not in shown
        assert "source='outputs argument'" in shown


def test_a_configuration_is_frozen_and_can_be_compared_and_copied():
    config = DataClientConfig("https://x/graphql", "eu-west-1", SCHEMA)
    with pytest.raises(AttributeError):
        config.region = "us-east-1"  # type: ignore[misc]
    assert copy.deepcopy(config) == copy.copy(config) == config
    assert config.source == "config argument"


def test_a_configuration_written_by_hand_takes_pythons_spelling_of_the_auth_mode():
    config = DataClientConfig("https://x/graphql", "eu-west-1", SCHEMA, default_auth_mode="api_key", api_key="k")
    assert config.default_auth_mode == "apiKey"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (("nonsense", "eu-west-1", SCHEMA), "endpoint is not a URL"),
        ((None, "eu-west-1", SCHEMA), "endpoint is null"),
        (("https://x/graphql", "", SCHEMA), "region is ''"),
        (("https://x/graphql", None, SCHEMA), "region is None"),
        (("https://x/graphql", "eu west", SCHEMA), "region is 'eu west'"),
        (("https://x:port/graphql", "eu-west-1", SCHEMA), "endpoint is not a URL"),
        (("https://x:65536/graphql", "eu-west-1", SCHEMA), "endpoint is not a URL"),
        (("https://x/graphql", "eu-west-1", "schema.json"), "model_introspection is a string"),
        (("https://x/graphql", "eu-west-1", {"data": {}}), "it has 'data'"),
        (("https://x/graphql", "eu-west-1", {**SCHEMA, "version": 2}), "has version 2; this library reads version 1"),
        (("https://x/graphql", "eu-west-1", SCHEMA, "cognito"), "default_auth_mode is 'cognito'"),
        (("https://x/graphql", "eu-west-1", SCHEMA, "iam", 5), "api_key is a number"),
    ],
)
def test_a_configuration_written_by_hand_is_checked(values, reason):
    with pytest.raises(ConfigurationError) as caught:
        DataClientConfig(*values)
    assert reason in str(caught.value)


def test_the_javascript_of_gen_1_is_told_as_such():
    text = b'/* eslint-disable */\nconst awsmobile = {"aws_project_region": "eu-west-1"};\nexport default awsmobile;\n'
    with pytest.raises(ConfigurationError, match=r"JavaScript of Amplify Gen 1 \(aws-exports\.js\)"):
        read_json(text, "aws-exports.js")
