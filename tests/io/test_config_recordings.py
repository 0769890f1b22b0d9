"""Every case that was recorded of `getAmplifyDataClientConfig`, with the S3 of the case answering over HTTP."""

import json
from pathlib import Path

import pytest

from amplify_data_client.errors import AmplifyDataError, ConfigurationError, CredentialsError
from tests.io.conftest import Answer

RECORDED = json.loads((Path(__file__).parents[1] / "data/reference/goldens/config.json").read_bytes())["cases"]
PLACEHOLDER = "<value will be resolved during runtime>"


def suffixed(env, *suffixes):
    return [value for name, value in env.items() if name.endswith(suffixes)]


# Where JavaScript makes a configuration and we refuse: what in a case the rule applies to, and why.
REFUSED = {
    "an endpoint that is empty or a placeholder fails later in JavaScript, with every call": lambda case: any(
        value in ("", PLACEHOLDER) for value in suffixed(case["env"], "_GRAPHQL_ENDPOINT")
    ),
    "nothing can be signed without a region": lambda case: not case["env"].get("AWS_REGION"),
    "the recorder's S3 client has credentials of its own; ours are those of the environment": lambda case: (
        not case["env"].get("AWS_ACCESS_KEY_ID")
    ),
    "what is no introspection fails later in JavaScript, with a client that has no models": lambda case: (
        case["s3Answer"].get("body") in ("null", "[]")
    ),
}


def answer(recorded):
    body = recorded.get("body", "").encode()
    return Answer(recorded.get("status", 200), body, recorded.get("headers", {}), drop=recorded.get("drop", False))


def attempt(fetch, env):
    try:
        return fetch(env)
    except AmplifyDataError as error:
        return error


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["name"])
def test_the_outcome_is_the_recorded_one_or_differs_by_a_rule(aws_home, server, fetch, case):
    env = {name: None if isinstance(value, dict) else value for name, value in case["env"].items()}
    server.script(answer(case["s3Answer"]))
    outcome = attempt(fetch, {**env, "AWS_ENDPOINT_URL_S3": server.url})
    reasons = [reason for reason, applies in REFUSED.items() if applies(case)]
    if "resourceConfig" in case and not reasons:
        expected = case["resourceConfig"]["API"]["GraphQL"]
        assert outcome.endpoint == expected["endpoint"]
        assert outcome.region == expected["region"]
        assert outcome.default_auth_mode == expected["defaultAuthMode"]
        assert outcome.model_introspection == expected["modelIntrospection"]
    else:
        assert isinstance(outcome, ConfigurationError | CredentialsError)
    if outcome_is_about_variables(case):
        for name in case["threw"]["message"].partition("Expected string values for: ")[2].rstrip(".").split(", "):
            # JavaScript names variables without a first word where the name of the data resource is what is missing
            assert ("AMPLIFY_DATA_DEFAULT_NAME" if name.startswith("_") else name) in str(outcome)
    assert_same_requests(case, server.asked, outcome)


def outcome_is_about_variables(case):
    return "data environment variables are malformed" in case.get("threw", {}).get("message", "")


def assert_same_requests(case, asked, outcome):
    """Check what reached S3. What fails for want of variables, region or credentials never gets there."""
    if not asked:
        assert isinstance(outcome, AmplifyDataError)
        assert not case["s3Requests"] or [reason for reason, applies in REFUSED.items() if applies(case)]
        return
    # `x-id` is for AWS's own statistics. Attempts are ours to count.
    expected = {(request["method"], request["path"].removesuffix("?x-id=GetObject")) for request in case["s3Requests"]}
    assert {(request.method, request.path) for request in asked} == expected
    for request in asked:
        assert request.headers["x-amz-security-token"] == case["env"]["AWS_SESSION_TOKEN"]
        scope = f"{case['env']['AWS_REGION']}/s3/aws4_request"
        assert f"Credential={case['env']['AWS_ACCESS_KEY_ID']}/" in request.headers["authorization"]
        assert scope in request.headers["authorization"]
    # the recorder's client was told to try once; it tries three times where a connection drops or the JSON is cut
    temporary = case["s3Answer"].get("status", 200) >= 500 or case["s3Answer"].get("drop")
    assert len(asked) == (3 if temporary else 1)
