"""A URL, with or without an introspection, is a configuration."""

import json

import pytest

from amplify_data_client.config import endpoint
from amplify_data_client.config.requests import AskRegion, ReadFile
from amplify_data_client.config.resolution import Given
from amplify_data_client.errors import ConfigurationError

SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
APPSYNC, OWN = "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql", "https://api.example.com/graphql"


def resolve(env=None, *, wants_iam=False, file=b"", session_region=None, **given):
    steps = endpoint.resolve(env or {}, Given(**given), wants_iam=wants_iam)
    answer = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return end.value
        if isinstance(step, ReadFile):
            answer = file
        else:
            assert isinstance(step, AskRegion)
            answer = session_region


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ({}, "iam"),
        ({"api_key": "k"}, "apiKey"),
        ({"api_key": "k", "wants_iam": True}, "iam"),
        ({"api_key": "k", "auth_mode": "lambda"}, "lambda"),
        ({"auth_mode": "identity_pool"}, "iam"),
    ],
)
def test_the_mode_is_the_given_one_or_follows_from_what_is_given(given, mode):
    assert resolve(endpoint=APPSYNC, **given).default_auth_mode == mode


@pytest.mark.parametrize(
    ("given", "env", "session", "region"),
    [
        ({"endpoint": APPSYNC}, {"AWS_REGION": "us-east-1"}, None, "eu-west-1"),
        ({"endpoint": APPSYNC, "region": "us-west-2"}, {}, None, "us-west-2"),
        ({"endpoint": OWN}, {"AWS_REGION": "us-east-1"}, None, "us-east-1"),
        ({"endpoint": OWN}, {}, "ap-south-1", "ap-south-1"),
        ({"endpoint": OWN, "api_key": "k"}, {}, None, None),
        ({"endpoint": "http://localhost:4000/graphql", "auth_mode": "oidc"}, {}, "eu-west-1", None),
    ],
)
def test_the_region_is_the_hosts_or_another_one_that_is_known(given, env, session, region):
    assert resolve(env, session_region=session, **given).region == region


def test_a_host_of_ones_own_needs_a_region_where_requests_are_signed():
    with pytest.raises(ConfigurationError, match=r"No AWS region is known for the endpoint argument.* pass region='…'"):
        resolve(endpoint=OWN)


@pytest.mark.parametrize("introspection", [SCHEMA, "folder/modelIntrospectionSchema.json"])
def test_an_introspection_is_read(introspection):
    config = resolve(endpoint=APPSYNC, introspection=introspection, file=json.dumps(SCHEMA).encode())
    assert config.model_introspection == SCHEMA


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"introspection": SCHEMA}, "introspection= goes with endpoint="),
        ({"endpoint": APPSYNC, "outputs": {}}, "endpoint= and outputs= were both given"),
        ({"endpoint": "abc.appsync-api.eu-west-1.amazonaws.com"}, "endpoint is not a URL; expected"),
        ({"endpoint": 5}, "endpoint is a number; expected"),
        ({"endpoint": APPSYNC, "introspection": 5}, "introspection is a number; give the path"),
        ({"endpoint": APPSYNC, "introspection": ' {"models": {}}'}, "introspection is JSON text; give the path"),
        ({"endpoint": APPSYNC, "introspection": {"a": 1}}, "introspection argument is not a model introspection"),
        (
            {"endpoint": APPSYNC, "introspection": {"version": "1", "data": {"model_introspection": SCHEMA}}},
            "is an amplify_outputs.json, which names the endpoint too: give it as outputs=…",
        ),
        ({"endpoint": APPSYNC, "auth_mode": "cognito"}, "default_auth_mode is 'cognito'"),
        ({"endpoint": APPSYNC, "api_key": 5}, "api_key is a number"),
    ],
)
def test_what_does_not_go_together_or_cannot_be_used_is_refused(given, reason):
    with pytest.raises(ConfigurationError, match=reason):
        resolve(**given)


def test_a_key_is_not_shown():
    assert "da2-secret" not in repr(Given(endpoint=APPSYNC, api_key="da2-secret"))
    assert "da2-secret" not in repr(resolve(endpoint=APPSYNC, api_key="da2-secret"))
