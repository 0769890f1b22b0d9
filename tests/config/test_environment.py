"""The environment is resolved by asking for what it lacks; here the answers are values."""

import json

import pytest

from amplify_data_client.config import environment, resolution
from amplify_data_client.config.environment import PLACEHOLDER, Parameter, read_parameters
from amplify_data_client.config.requests import AskRegion, FindFile, Found, ReadObject, ReadParameters
from amplify_data_client.errors import ConfigurationError

SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
VALUES = {
    "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
    "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "a-bucket",
    "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY": "schema.json",
    "AMPLIFY_DATA_GRAPHQL_ENDPOINT": "https://api.example.com/graphql",
}
GOOD = {**VALUES, "AWS_REGION": "eu-west-1"}
BRANCH = "/amplify/resource_reference/myapp/me-sandbox-b3730c2f10/"


def drive(steps, *, stored=None, body=None, session_region=None):
    """Answer a resolution; give its outcome and what it asked for."""
    asked, answer = [], None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return end.value, asked
        asked.append(step)
        if isinstance(step, ReadParameters):
            answer = {path: stored[path] for path in step.paths if path in stored}
        elif isinstance(step, ReadObject):
            answer = json.dumps(SCHEMA).encode() if body is None else body
        elif isinstance(step, FindFile):
            answer = Found(None, "/folder/project/functions", "/folder/project")
        else:
            assert isinstance(step, AskRegion)
            answer = session_region


def resolve(env, region=None, **answers):
    steps = resolution.resolve(env, outputs=None, region=region, wants_iam=False)
    return drive(steps, **answers)


def failure(env, **answers):
    with pytest.raises(ConfigurationError) as caught:
        resolve(env, **answers)
    return str(caught.value)


def wired(values=VALUES, *, shared=True):
    """Give the environment that connectData makes, and what SSM then holds."""
    at = {name: BRANCH + name for name in values}
    config = {name: {"path": path, **({"sharedPath": path} if shared else {})} for name, path in at.items()}
    env = dict.fromkeys(values, PLACEHOLDER)
    env |= {"AMPLIFY_SSM_ENV_CONFIG": json.dumps(config), "AWS_REGION": "eu-west-1"}
    return env, {at[name]: value for name, value in values.items()}


def test_the_variables_of_a_node_function_are_enough():
    config, asked = resolve(GOOD)
    assert asked == [ReadObject("a-bucket", "schema.json", "eu-west-1")]
    assert (config.endpoint, config.region) == ("https://api.example.com/graphql", "eu-west-1")
    assert config.model_introspection == SCHEMA
    assert (config.default_auth_mode, config.api_key) == ("iam", None)
    assert config.source == "environment (AMPLIFY_DATA_…)"


def test_a_wired_function_reads_its_variables_in_one_call():
    env, stored = wired()
    config, asked = resolve(env, stored=stored)
    assert isinstance(asked[0], ReadParameters)
    assert sorted(asked[0].paths) == sorted(stored)
    assert asked[0].region == "eu-west-1"
    assert asked[1:] == [ReadObject("a-bucket", "schema.json", "eu-west-1")]
    assert config == resolve(GOOD)[0]


def test_variables_that_are_only_named_in_the_ssm_configuration_are_read():
    env, stored = wired()
    env = {name: value for name, value in env.items() if value != PLACEHOLDER}
    assert resolve(env, stored=stored)[0] == resolve(GOOD)[0]
    env |= dict.fromkeys(VALUES, "")  # as a console or template may leave them
    assert resolve(env, stored=stored)[0] == resolve(GOOD)[0]


def test_a_data_resource_of_another_name_is_found_behind_ssm():
    values = {name.replace("DATA_", "DATAMY_API_", 1): value for name, value in VALUES.items()}
    values["AMPLIFY_DATA_DEFAULT_NAME"] = values.pop("AMPLIFY_DATAMY_API_DEFAULT_NAME").replace("Data", "DatamyApi")
    values["MY_API_GRAPHQL_ENDPOINT"] = "https://unused.example.com"
    env, stored = wired(values, shared=False)
    config, asked = resolve(env, stored=stored)
    assert config.source == "environment (AMPLIFY_DATAMY_API_…)"
    assert [len(step.paths) for step in asked if isinstance(step, ReadParameters)] == [5]


def test_a_value_that_is_set_by_hand_stays_and_is_not_asked_for():
    env, stored = wired()
    env["AMPLIFY_DATA_GRAPHQL_ENDPOINT"] = "https://by-hand.example.com/graphql"
    config = resolve(env, stored=stored)[0]
    assert config.endpoint == "https://by-hand.example.com/graphql"
    env |= VALUES
    assert not [step for step in resolve(env)[1] if isinstance(step, ReadParameters)]


def test_only_the_hidden_variables_of_a_known_name_are_asked_for():
    env, stored = wired()
    env["AMPLIFY_DATA_DEFAULT_NAME"] = "amplifyData"
    env["AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY"] = "other.json"
    asked = resolve(env, stored=stored)[1]
    assert asked[0].paths == (
        f"{BRANCH}AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME",
        f"{BRANCH}AMPLIFY_DATA_GRAPHQL_ENDPOINT",
    )
    assert asked[1].key == "other.json"


def test_secrets_of_the_function_are_none_of_our_business():
    env, stored = wired()
    config = json.loads(env["AMPLIFY_SSM_ENV_CONFIG"]) | {"STRIPE_KEY": {"path": "/secret"}}
    env |= {"AMPLIFY_SSM_ENV_CONFIG": json.dumps(config), "STRIPE_KEY": PLACEHOLDER}
    asked = resolve(env, stored=stored)[1]
    assert "/secret" not in asked[0].paths


def test_a_parameter_that_does_not_exist_is_named_with_its_variable():
    env, stored = wired()
    del stored[f"{BRANCH}AMPLIFY_DATA_GRAPHQL_ENDPOINT"]
    message = failure(env, stored=stored)
    assert f"AMPLIFY_DATA_GRAPHQL_ENDPOINT (SSM has no parameter '{BRANCH}AMPLIFY_DATA_GRAPHQL_ENDPOINT')" in message
    assert "a-bucket" not in message


def test_a_missing_parameter_that_is_not_needed_does_no_harm():
    env, stored = wired({**VALUES, "MY_API_GRAPHQL_ENDPOINT": "x"})
    del stored[f"{BRANCH}MY_API_GRAPHQL_ENDPOINT"]
    assert resolve(env, stored=stored)[0] == resolve(GOOD)[0]


def test_a_placeholder_that_nothing_explains_is_an_error():
    message = failure({**GOOD, "AMPLIFY_DATA_GRAPHQL_ENDPOINT": PLACEHOLDER})
    assert "AMPLIFY_DATA_GRAPHQL_ENDPOINT (it holds the placeholder" in message
    assert "AMPLIFY_SSM_ENV_CONFIG does not name it" in message
    assert "docs/lambda.md" in message


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("not json", "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"AMPLIFY_DATA_DEFAULT_NAME": "/path"}', "no usable entry for AMPLIFY_DATA_DEFAULT_NAME"),
        ('{"AMPLIFY_DATA_DEFAULT_NAME": {}}', "no usable entry"),
        ('{"AMPLIFY_DATA_DEFAULT_NAME": {"path": ""}}', "no usable entry"),
        ('{"AMPLIFY_DATA_DEFAULT_NAME": {"path": "/x", "sharedPath": 5}}', "no usable entry"),
    ],
)
def test_a_malformed_ssm_configuration_says_so(config, reason):
    env = {"AMPLIFY_DATA_DEFAULT_NAME": PLACEHOLDER, "AMPLIFY_SSM_ENV_CONFIG": config, "AWS_REGION": "eu-west-1"}
    assert reason in failure(env)


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("value", [None, "", 5])
def test_a_variable_that_is_missing_is_named_and_its_wiring_explained(name, value):
    message = failure({**GOOD, name: value})
    assert f"lacks {name}" in message
    assert "allow.resource" in message
    assert "connectData" in message
    assert "docs/lambda.md" in message
    assert not [shown for shown in VALUES.values() if shown in message.replace("'amplifyData'", "")]
    if name == "AMPLIFY_DATA_DEFAULT_NAME":
        assert "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY, whose first words are made from that name" in message


def test_all_missing_variables_are_named_at_once_and_strangers_pointed_out():
    message = failure({**GOOD, "AMPLIFY_DATA_DEFAULT_NAME": "otherData"})
    for suffix in ("MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME", "MODEL_INTROSPECTION_SCHEMA_KEY", "GRAPHQL_ENDPOINT"):
        assert f"OTHER_DATA_{suffix}" in message
    assert "It has AMPLIFY_DATA_GRAPHQL_ENDPOINT" in message


def test_nothing_at_all_tells_what_was_looked_at_and_how_to_go_on():
    # what a Python function with allow.resource() alone has
    message = failure({"AMPLIFY_SSM_ENV_CONFIG": "{}", "AWS_REGION": "eu-west-1", "PATH": "/bin"})
    for part in (
        "arguments (config, outputs)",
        "AMPLIFY_DATA_DEFAULT_NAME",
        "amplify_outputs.json in /folder/project/functions and its parents up to /folder/project",
        "npx ampx generate outputs",
        "connectData",
        "docs/lambda.md",
    ):
        assert part in message


def test_the_endpoint_of_another_api_does_not_count_as_an_environment():
    assert not environment.is_set({"HASURA_GRAPHQL_ENDPOINT": "https://x", "AMPLIFY_SSM_ENV_CONFIG": '{"A": {}}'})
    assert not environment.is_set({"AMPLIFY_DATA_DEFAULT_NAME": "", "AMPLIFY_DATA_SOMETHING": "x"})
    assert not environment.is_set({"AMPLIFY_STORAGE_GRAPHQL_ENDPOINT": "https://x"})
    assert environment.is_set({"AMPLIFY_DATAMY_API_GRAPHQL_ENDPOINT": "https://x"})
    assert environment.is_set({"AMPLIFY_SSM_ENV_CONFIG": '{"AMPLIFY_DATA_DEFAULT_NAME": {"path": "/x"}}'})
    assert environment.is_set({"X_MODEL_INTROSPECTION_SCHEMA_KEY": "x"})


@pytest.mark.parametrize(
    "endpoint",
    [
        "S3cret/graphql",
        "ftp://S3cret/y",
        "https://",
        "https:///S3cret",
        "https://S3cret\n",
        "https://S3cret b/graphql",
        "https://x:S3cret/graphql",
        "https://user:S3cret@x/graphql",
        "https://x/graphql#S3cret",
        "https://[S3cret]/graphql",
    ],
)
def test_an_endpoint_that_is_no_url_is_refused_without_showing_it(endpoint):
    message = failure({**GOOD, "AMPLIFY_DATA_GRAPHQL_ENDPOINT": endpoint})
    assert "AMPLIFY_DATA_GRAPHQL_ENDPOINT is not a URL" in message
    assert "S3cret" not in message


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"not json", "(8 bytes) is not JSON: Expecting value: line 1 column 1 (char 0). Deploy the backend again"),
        (b'{"version": 1, "models": {', "is not JSON"),
        (b"\xff\xfe\xff", "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"null", "is null"),
        (b"[]", "is a list"),
        (b'"text"', "is a string"),
        (b"true", "is a boolean"),
        (b"3", "is a number"),
        (b"{}", "it has no keys at all"),
        (b'{"data": {}, "version": "1.4"}', "it has 'data', 'version'"),
        (b'{"version": 1, "models": []}', "no 'models' object"),
    ],
)
def test_what_is_not_an_introspection_says_where_it_is_and_what_it_is(body, reason):
    message = failure(GOOD, body=body)
    assert reason in message
    assert "The object 'schema.json' in the S3 bucket 'a-bucket'" in message


def test_a_byte_order_mark_is_accepted():
    assert resolve(GOOD, body=b"\xef\xbb\xbf" + json.dumps(SCHEMA).encode())[0].model_introspection == SCHEMA


@pytest.mark.parametrize(
    ("env", "region", "session", "expected"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, None, None, "eu-west-1"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-2"}, None, None, "eu-west-2"),
        ({"AWS_REGION": "eu-west-1"}, "us-east-1", None, "us-east-1"),
        ({}, None, "ap-south-1", "ap-south-1"),
    ],
)
def test_the_region_is_the_argument_the_environment_or_the_sessions(env, region, session, expected):
    config, asked = resolve({**VALUES, **env}, region, session_region=session)
    assert config.region == expected
    assert asked[-1].region == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("abc.appsync-api.us-east-2.amazonaws.com", "us-east-2"),
        ("abc.appsync-api.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("abc.appsync-api.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("api.example.com", "eu-west-1"),
    ],
)
def test_appsyncs_own_host_names_the_region_that_requests_have_to_be_signed_for(host, expected):
    env = {**GOOD, "AMPLIFY_DATA_GRAPHQL_ENDPOINT": f"https://{host}/graphql"}
    assert resolve(env)[0].region == expected


def test_no_region_anywhere_is_an_error():
    assert "Set AWS_REGION or pass region=" in failure(VALUES)
    env, stored = wired()
    del env["AWS_REGION"]
    assert "No AWS region is known for the SSM parameters" in failure(env, stored=stored)


def test_a_shared_path_equal_to_the_own_one_is_not_asked_for_again():
    wanted = {"A": Parameter("/nowhere", "/nowhere")}
    values, asked = drive(read_parameters(wanted, "eu-west-1"), stored={})
    assert (values, len(asked)) == ({}, 1)


def test_shared_paths_are_asked_for_ten_at_a_time_too():
    wanted = {f"V{n}": Parameter(f"/own/{n}", f"/shared/{n}") for n in range(23)}
    values, asked = drive(read_parameters(wanted, "eu-west-1"), stored={f"/shared/{n}": str(n) for n in range(23)})
    assert [len(step.paths) for step in asked] == [10, 10, 3] * 2
    assert values == {f"V{n}": str(n) for n in range(23)}
