"""The factories' configuration: files that are found, sessions, and what is not done when nothing is missing."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from amplify_data_client._io import configure
from amplify_data_client.config.model import DataClientConfig
from amplify_data_client.config.resolution import Given
from amplify_data_client.errors import ConfigurationError, CredentialsError

SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
OUTPUTS = {
    "version": "1.4",
    "data": {
        "url": "https://api.example.com/graphql",
        "aws_region": "eu-west-1",
        "default_authorization_type": "AMAZON_COGNITO_USER_POOLS",
        "authorization_types": ["AWS_IAM"],
        "model_introspection": SCHEMA,
    },
}


@pytest.fixture
def project(aws_home):
    """A repository with a function in it; the working directory is that of the function."""
    function = aws_home / "repository/amplify/functions/py"
    function.mkdir(parents=True)
    (aws_home / "repository/.git").mkdir()
    os.chdir(function)  # aws_home puts the working directory back
    return aws_home / "repository"


@pytest.mark.parametrize("folder", [".", "amplify", "amplify/functions/py"])
def test_an_outputs_file_is_found_up_to_the_repositorys_root(project, fetch, folder):
    path = (project / folder / "amplify_outputs.json").resolve()
    path.write_text(json.dumps(OUTPUTS))
    config = fetch({})
    assert config.source == f"amplify_outputs.json at {path}"
    assert config.default_auth_mode == "userPool"


def test_the_nearest_outputs_file_holds(project, fetch):
    (project / "amplify_outputs.json").write_text("nonsense")
    (project / "amplify/amplify_outputs.json").write_text(json.dumps(OUTPUTS))
    assert fetch({}).source.endswith("amplify/amplify_outputs.json")


@pytest.mark.parametrize("is_worktree", [False, True])
def test_the_search_ends_at_the_repositorys_root(project, fetch, is_worktree):
    if is_worktree:
        (project / ".git").rmdir()
        (project / ".git").write_text("gitdir: elsewhere")
    (project.parent / "amplify_outputs.json").write_text(json.dumps(OUTPUTS))
    with pytest.raises(ConfigurationError) as caught:
        fetch({})
    assert f"in {project}/amplify/functions/py and its parents up to {project}." in str(caught.value)


@pytest.mark.parametrize("path", ["out.json", Path("out.json")])
def test_a_path_is_relative_to_the_working_directory(project, fetch, path):
    Path("out.json").write_text(json.dumps(OUTPUTS))
    assert fetch({}, outputs=path).source == "amplify_outputs.json at out.json"


@pytest.mark.parametrize(
    ("path", "reason"),
    [("no.json", "No such file or directory"), (".", "Is a directory"), ("a\0b", "embedded null byte")],
)
def test_a_path_that_cannot_be_read_says_why(project, fetch, path, reason):
    with pytest.raises(ConfigurationError) as caught:
        fetch({}, outputs=path)
    assert f"{path} cannot be read: {reason}" in str(caught.value)
    assert os.getcwd() in str(caught.value)


def test_a_profile_signs_requests_and_gives_the_region_that_nothing_else_names(aws_home, server, fetch):
    from tests.io.conftest import Answer

    (aws_home / ".aws/config").write_text(
        "[profile dev]\naws_access_key_id=profile-key\naws_secret_access_key=x\nregion=eu-west-3\n"
    )
    server.script(Answer(200, json.dumps(SCHEMA).encode()))
    env = {
        "AWS_ENDPOINT_URL_S3": server.url,
        "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "a-bucket",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY": "schema.json",
        "AMPLIFY_DATA_GRAPHQL_ENDPOINT": "https://api.example.com/graphql",
    }
    assert fetch(env, profile="dev").region == "eu-west-3"
    assert "Credential=profile-key/" in server.asked[0].headers["authorization"]
    assert "/eu-west-3/s3/" in server.asked[0].headers["authorization"]


def test_a_profile_beside_outputs_means_iam(aws_home, fetch):
    (aws_home / ".aws/config").write_text("[profile dev]\naws_access_key_id=a\naws_secret_access_key=b\n")
    config = fetch({}, outputs=OUTPUTS, profile="dev")
    assert config.default_auth_mode == "iam"
    assert fetch({}, outputs=OUTPUTS, session=boto3.Session("a", "b")).default_auth_mode == "iam"


def test_an_unknown_profile_is_an_error_before_the_first_call(aws_home, fetch):
    with pytest.raises(CredentialsError, match="There is no AWS profile 'dve'"):
        fetch({}, outputs=OUTPUTS, profile="dve")


def test_a_region_that_is_given_overrides_all(aws_home, fetch):
    assert fetch({"AWS_REGION": "us-east-1"}, outputs=OUTPUTS, region="ap-south-1").region == "ap-south-1"


APPSYNC = "https://abc.appsync-api.eu-west-3.amazonaws.com/graphql"


def test_an_endpoint_alone_is_a_configuration(aws_home, fetch):
    config = fetch({}, endpoint=APPSYNC, api_key="da2-secret")
    assert (config.endpoint, config.region, config.model_introspection) == (APPSYNC, "eu-west-3", None)
    assert (config.default_auth_mode, config.api_key) == ("apiKey", "da2-secret")
    assert fetch({}, endpoint=APPSYNC).default_auth_mode == "iam"
    assert fetch({}, endpoint=APPSYNC, auth_mode="user_pool", api_key="k").default_auth_mode == "userPool"
    assert fetch({}, endpoint=APPSYNC, api_key="k", session=boto3.Session("a", "b")).default_auth_mode == "iam"


def test_an_introspection_beside_the_endpoint_may_be_a_path(aws_home, fetch):
    Path("schema.json").write_text(json.dumps(SCHEMA))
    for introspection in ("schema.json", Path("schema.json"), SCHEMA):
        config = fetch({}, endpoint=APPSYNC, introspection=introspection)
        assert config.model_introspection == SCHEMA
        assert config.source == "endpoint and introspection arguments"
    with pytest.raises(ConfigurationError, match=r"nowhere\.json cannot be read: .* path of the model introspection"):
        fetch({}, endpoint=APPSYNC, introspection="nowhere.json")


def test_the_key_and_the_mode_override_what_a_file_says(aws_home, fetch):
    config = fetch({}, outputs=OUTPUTS, auth_mode="api_key", api_key="k")
    assert (config.default_auth_mode, config.api_key) == ("apiKey", "k")


# --- what a factory calls


CONFIG = DataClientConfig("https://api.example.com/graphql", "eu-west-1", SCHEMA, "userPool")


@pytest.fixture(params=["resolve", "resolve_async"])
def resolve(request):
    def run(*arguments, **passed):
        if request.param == "resolve":
            return configure.resolve(*arguments, **passed)
        return asyncio.run(configure.resolve_async(*arguments, **passed))

    return run


def test_a_given_configuration_is_taken_as_it_is(aws_home, resolve):
    found = resolve(CONFIG, env={"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "x"})
    assert found.config is CONFIG
    assert found.credentials.current().access_key == "key"


def test_a_given_configuration_is_not_checked_against_files_or_network(aws_home, resolve, monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    found = resolve(CONFIG, profile="dev", given=Given(region="eu-west-2"))
    assert (found.config.default_auth_mode, found.config.region) == ("iam", "eu-west-2")
    with pytest.raises(CredentialsError):
        found.credentials.current()


def test_a_configuration_of_another_kind_is_refused(aws_home, resolve):
    with pytest.raises(ConfigurationError, match="config is an object; give a DataClientConfig"):
        resolve(OUTPUTS)


def test_a_configuration_wins_over_outputs_and_environment(aws_home, resolve):
    env = {"AMPLIFY_DATA_DEFAULT_NAME": "amplifyData"}
    assert resolve(CONFIG, given=Given(OUTPUTS), env=env).config is CONFIG


@pytest.mark.parametrize("given", [Given(endpoint=APPSYNC), Given(introspection=SCHEMA)])
def test_a_configuration_beside_an_endpoint_is_refused(aws_home, resolve, given):
    with pytest.raises(ConfigurationError, match="config= was given, and endpoint= or introspection= too"):
        resolve(CONFIG, given=given)


def test_the_process_environment_is_the_default(aws_home, resolve, monkeypatch):
    monkeypatch.setenv("AMPLIFY_DATA_DEFAULT_NAME", "amplifyData")
    with pytest.raises(ConfigurationError, match="AMPLIFY_DATA_GRAPHQL_ENDPOINT"):
        resolve()


def test_what_reads_the_configuration_is_closed_and_only_opened_where_something_is_read(aws_home):
    class Reader:
        is_closed = False

        def close(self):
            self.is_closed = True

        async def aclose(self):
            self.is_closed = True

    opened = []

    def open_reader():
        opened.append(Reader())
        return opened[-1]

    configure.resolve(CONFIG, open_reader)
    asyncio.run(configure.resolve_async(CONFIG, open_reader))
    assert opened == []
    assert configure.resolve(open_reader=open_reader, env={}, given=Given(OUTPUTS)).config.region == "eu-west-1"
    asyncio.run(configure.resolve_async(open_reader=open_reader, env={}, given=Given(OUTPUTS)))
    assert [reader.is_closed for reader in opened] == [True, True]


def test_a_function_loads_no_aws_package_for_its_configuration(aws_home, server):
    from tests.io.conftest import Answer

    server.script(Answer(200, json.dumps(SCHEMA).encode()))
    program = (
        "import sys; from amplify_data_client._io.configure import get_amplify_data_client_config as get;"
        "print(get().source);"
        "sys.exit(any(name.split('.')[0] in ('boto3', 'botocore', 'gql', 'pydantic') for name in sys.modules))"
    )
    env = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_S3": server.url,
        "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "a-bucket",
        "AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY": "schema.json",
        "AMPLIFY_DATA_GRAPHQL_ENDPOINT": "https://api.example.com/graphql",
    }
    run = subprocess.run([sys.executable, "-c", program], env=env, check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "environment (AMPLIFY_DATA_…)\n"), run.stderr
