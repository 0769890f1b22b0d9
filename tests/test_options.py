"""What may be said about a call is checked when it is said."""

from typing import Any

import pytest

from amplify_data_client.errors import OperationError
from amplify_data_client.options import CallOptions, read_auth_mode, read_options


def test_both_spellings_are_read_and_none_is_not_given():
    assert read_options({"authMode": "user_pool", "auth_token": "t", "timeout": None}) == CallOptions("userPool", "t")
    assert read_options({"apiKey": None}) == CallOptions()


@pytest.mark.parametrize(
    ("spellings", "mode"),
    [
        (("iam", "identityPool", "identity_pool"), "iam"),
        (("apiKey", "api_key"), "apiKey"),
        (("userPool", "user_pool"), "userPool"),
        (("oidc",), "oidc"),
        (("lambda",), "lambda"),
        (("none",), "none"),
    ],
)
def test_modes_have_the_spellings_of_both_languages(spellings: tuple[str, ...], mode: str):
    assert {read_auth_mode(spelling) for spelling in spellings} == {mode}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"auth_mod": "iam"},
            "There is no option 'auth_mod' here. The options are: auth_mode, auth_token, api_key, headers, timeout",
        ),
        ({"selection_set": ["id"]}, "There is no option 'selection_set' here"),
        ({"auth_mode": "cognito"}, "auth_mode is 'cognito'; AppSync knows 'iam'"),
        ({"auth_token": 5}, "auth_token is int; give text, or a function"),
        ({"headers": ["a"]}, "headers is list; give a mapping, or a function"),
        ({"api_key": lambda: "key"}, "api_key is function; give text"),
        ({"max_attempts": 0}, "max_attempts is 0; give a whole number from 1"),
        ({"maxAttempts": 2.0}, "max_attempts is 2.0; give a whole number"),
        ({"max_attempts": True}, "max_attempts is True"),
        ({"timeout": "3"}, "timeout is '3'; give seconds"),
        ({"timeout": True}, "timeout is True"),
        ({"timeout": 0}, "timeout is 0; give seconds, more than 0"),
        ({"timeout": float("nan")}, "timeout is nan"),
        ({"timeout": float("inf")}, "timeout is inf; give seconds, more than 0 and at most a day"),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, Any], reason: str):
    with pytest.raises(OperationError, match=reason):
        read_options(given)


def test_how_often_a_call_is_tried_is_the_calls_or_the_clients():
    client = read_options({"max_attempts": 5, "timeout": 60})
    assert read_options({"timeout": 1}).with_defaults(client) == CallOptions(timeout=1, max_attempts=5)
    assert read_options({"maxAttempts": 1}).with_defaults(client) == CallOptions(timeout=60, max_attempts=1)


def test_what_was_given_for_a_secret_is_not_shown():
    token = f"hidden.{'x' * 100}"
    for given in (
        {"auth_token": b"hidden"},
        {"api_key": b"hidden"},
        {"headers": [("a", "hidden")]},
        {"auth_mode": token},  # in the wrong place
        {"timeout": {"hidden": 1}},
    ):
        with pytest.raises(OperationError) as caught:
            read_options(given)
        assert "hidden" not in str(caught.value)
