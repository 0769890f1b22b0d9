"""What error reporters show of this package's frames holds no token, key, signature or body."""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest

import amplify_data_client
from amplify_data_client import DataClientConfig, generate_async_client, generate_client, get_amplify_data_client_config
from amplify_data_client._io import credentials
from amplify_data_client.config.requests import Environment

PACKAGE = str(Path(amplify_data_client.__file__).parent)
SECRETS = {
    "secret key": "SECRETKEYsecretkey000",
    "session token": "SESSIONTOKENsessiontoken",
    "api key": "da2-APIKEYapikey",
    "token": "eyJTOKENtoken.aaa.bbb",
    "header": "HEADERheader",
    "body": "BODYbody",
    "signature": "Signature=",
}
SCHEMA = json.loads((Path(__file__).parent / "data/schemas/todo/model-introspection.json").read_text())


def seen(value: Any, depth: int = 0) -> Iterator[str]:
    """The secrets that a reporter shows of a value: its repr, and what it finds by looking into collections.

    A call's variables are the user's values, which the user's own frames show as well: those count in a repr only.
    """
    text = repr(value)
    yield from (name for name, secret in SECRETS.items() if secret in text and (name != "body" or not depth))
    if depth > 6 or isinstance(value, str | bytes):
        return
    if isinstance(value, Mapping):
        for key in list(value):
            yield from seen(key, depth + 1)
            yield from seen(value[key], depth + 1)
    elif isinstance(value, Sequence | AbstractSet):
        for one in list(value):
            yield from seen(one, depth + 1)


def frames(error: BaseException | None) -> Iterator[FrameType]:
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.startswith(PACKAGE):
                yield trace.tb_frame
            trace = trace.tb_next
        error = error.__cause__ or error.__context__


def leaks(error: BaseException, *, parameters_of: tuple[str, ...] = ()) -> set[str]:
    """The variables in frames of the package that show a secret, but for the public function that was given it."""
    return {
        f"{frame.f_code.co_qualname if hasattr(frame.f_code, 'co_qualname') else frame.f_code.co_name}: {name}: {found}"
        for frame in frames(error)
        for name, value in frame.f_locals.items()
        for found in seen(value)
        if frame.f_code.co_name not in parameters_of
    }


MODES: dict[str, dict[str, Any]] = {
    "iam": {},
    "apiKey": {"api_key": SECRETS["api key"]},
    "userPool": {"auth_token": SECRETS["token"]},
    "oidc": {"auth_token": lambda: SECRETS["token"]},
}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRETS["secret key"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", SECRETS["session token"])


def answer(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


REPLIES: dict[str, Any] = {
    "refused": answer,
    "html": lambda request: httpx.Response(200, text="<html>"),
    "403": lambda request: httpx.Response(403, json={"message": f"no: Authorization={SECRETS['token']}"}),
    "500": lambda request: httpx.Response(500),
    "error": lambda request: httpx.Response(200, json={"data": None, "errors": [{"message": "odd"}]}),
}


def failure(mode: str, handler: Any, **options: Any) -> list[Exception]:
    """What both clients raise for a create."""
    config = DataClientConfig("https://api.test/graphql", "eu-west-1", SCHEMA, default_auth_mode=mode)  # type: ignore[arg-type]
    given = {"headers": {"x-mine": SECRETS["header"]}, "max_attempts": 1, **MODES[mode], **options}

    async def awaiting() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
            await generate_async_client(config, http_client=http, **given).models.Todo.create(name=SECRETS["body"])

    raised = []
    with httpx.Client(transport=httpx.MockTransport(handler)) as http:
        client = generate_client(config, http_client=http, **given)
        with pytest.raises(Exception) as caught:  # any
            client.models.Todo.create(name=SECRETS["body"])
        raised.append(caught.value)
    with pytest.raises(Exception) as caught:  # any
        asyncio.run(awaiting())
    return [*raised, caught.value]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("reply", REPLIES)
def test_a_request_that_fails_shows_none(mode: str, reply: str):
    for error in failure(mode, REPLIES[reply]):
        assert leaks(error, parameters_of=("create",)) == set()


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {f"x {SECRETS['header']}": "x"}},
        {"headers": {"x-mine": f"{SECRETS['header']}\r\ny: 1"}},
        {"headers": lambda about: {"x-mine": f"{SECRETS['header']}\n1"}},
        {"headers": lambda about: [SECRETS["header"]]},
        {"auth_token": f"a\n{SECRETS['token']}"},
        {"auth_token": lambda: [SECRETS["token"]]},
        {"api_key": f"a\n{SECRETS['api key']}", "auth_mode": "api_key"},
        {"auth_token": "", "auth_mode": "oidc"},
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_a_header_or_token_that_is_unfit_is_not_shown(mode: str, options: dict[str, Any]):
    for error in failure(mode, REPLIES["html"], **options):
        assert leaks(error, parameters_of=("create",)) == set()
        assert not any(secret in str(error) for secret in SECRETS.values())


@pytest.mark.parametrize(
    "option",
    [
        {"auth_mode": SECRETS["token"]},
        {"timeout": SECRETS["token"]},
        {"headers": [SECRETS["header"]]},
        {"api_key": SECRETS["api key"].encode()},
        {"nothing": SECRETS["token"]},
        {"auth_token": 5, "api_key": SECRETS["api key"]},
    ],
)
def test_an_option_that_is_refused_is_not_shown(option: dict[str, Any]):
    client = generate_client(DataClientConfig("https://api.test/graphql", "eu-west-1", SCHEMA))
    with pytest.raises(amplify_data_client.OperationError) as caught:
        client.with_options(**option)
    assert leaks(caught.value, parameters_of=("with_options",)) == set()


@pytest.mark.parametrize("lacking", ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"])
def test_half_a_pair_of_keys_is_not_shown(monkeypatch: pytest.MonkeyPatch, lacking: str):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", SECRETS["api key"])
    monkeypatch.delenv(lacking)
    with pytest.raises(amplify_data_client.CredentialsError) as caught:
        credentials.find(env=Environment(os.environ)).current()
    assert leaks(caught.value) == set()


def test_a_configuration_that_fails_does_not_show_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AMPLIFY_DATA_DEFAULT_NAME", "amplifyData")
    with pytest.raises(amplify_data_client.ConfigurationError) as caught:
        get_amplify_data_client_config()
    assert leaks(caught.value) == set()
    with pytest.raises(amplify_data_client.ConfigurationError) as caught:
        generate_client()
    assert leaks(caught.value) == set()
