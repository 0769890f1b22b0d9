"""The recorded environments that Amplify's synthesis gives to functions make a configuration, or advice."""

import json
from pathlib import Path

import pytest

from amplify_data_client.config import resolution
from amplify_data_client.config.requests import FindFile, Found, ReadObject, ReadParameters
from amplify_data_client.errors import ConfigurationError

SYNTHESES = json.loads((Path(__file__).parents[1] / "data/wiring.json").read_bytes())["results"]
SCHEMA = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}


def resolve(synthesis, values):
    """Resolve as in the deployed function: `values` stands for what CloudFormation and SSM fill in."""
    env = {name: values(name) if isinstance(text, dict) else text for name, text in synthesis["environment"].items()}
    steps = resolution.resolve({**env, "AWS_REGION": "eu-west-1"}, outputs=None, region=None, wants_iam=False)
    asked, answer = [], None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return end.value, asked
        asked.append(step)
        if isinstance(step, ReadParameters):
            answer = {
                path: values(path.rpartition("/")[2]) for path in step.paths if path in synthesis["ssmParameters"]
            }
        elif isinstance(step, ReadObject):
            answer = json.dumps(SCHEMA).encode()
        else:
            assert isinstance(step, FindFile)
            answer = Found(None, "/var/task", "/")


def deployed(name, data_name="amplifyData"):
    return data_name if name == "AMPLIFY_DATA_DEFAULT_NAME" else f"https://{name.lower().replace('_', '-')}"


def ids(synthesis):
    return "-".join(filter(None, (synthesis["variant"], synthesis.get("dataName"))))


@pytest.mark.parametrize(
    "synthesis", [one for one in SYNTHESES if not one["variant"].endswith(("python", "in-data-group"))], ids=ids
)
def test_a_function_that_knows_the_variables_finds_its_api(synthesis):
    own = synthesis.get("dataName")
    prefix, name = ("AMPLIFY_DATAMY_API", "amplifyDatamyApi") if own else ("AMPLIFY_DATA", "amplifyData")
    config, asked = resolve(synthesis, lambda variable: deployed(variable, name))
    assert config.endpoint == deployed(f"{prefix}_GRAPHQL_ENDPOINT")
    assert config.source == f"environment ({prefix}_…)"
    assert len([step for step in asked if isinstance(step, ReadParameters)]) <= 1


@pytest.mark.parametrize(
    "synthesis", [one for one in SYNTHESES if one["variant"].endswith(("python", "in-data-group"))], ids=ids
)
def test_a_python_function_with_permission_alone_is_told_how_to_wire_it(synthesis):
    with pytest.raises(ConfigurationError) as caught:
        resolve(synthesis, deployed)
    for part in ("allow.resource", "connectData(backend.data", "AMPLIFY_SSM_ENV_CONFIG", "docs/lambda.md"):
        assert part in str(caught.value)
