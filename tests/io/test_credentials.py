"""Credentials come from the environment, or from botocore with real configuration files."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import boto3
import botocore.session
import pytest

from amplify_data_client._core.wire.sigv4 import Credentials
from amplify_data_client._io import credentials
from amplify_data_client.errors import ConfigurationError, CredentialsError
from tests.io.conftest import Answer

SECRET = "the-secret-key"


def current(source, how="current"):
    found = source.current() if how == "current" else asyncio.run(source.current_async())
    assert isinstance(found, Credentials)
    return found


@pytest.fixture(params=["current", "current_async"])
def how(request):
    return request.param


def failure(source, how="current"):
    with pytest.raises(CredentialsError) as caught:
        current(source, how)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def later(**passed):
    return (datetime.now(UTC) + timedelta(**passed)).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- the environment's keys


def test_the_environments_keys_are_read_anew_for_every_request(aws_home, how):
    env = {"AWS_ACCESS_KEY_ID": "first", "AWS_SECRET_ACCESS_KEY": SECRET}
    source = credentials.find(env=env)
    assert current(source, how) == Credentials("first", SECRET)
    env.update(AWS_ACCESS_KEY_ID="second", AWS_SESSION_TOKEN="token")
    assert current(source, how) == Credentials("second", SECRET, "token")


def test_the_process_environment_is_the_default(aws_home, monkeypatch):
    source = credentials.find()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "later")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert current(source).access_key == "later"


@pytest.mark.parametrize(
    ("there", "lacking"),
    [("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")],
)
def test_half_a_pair_of_keys_is_an_error(aws_home, how, there, lacking):
    assert f"has {there} but not {lacking}" in failure(credentials.find(env={there: SECRET}), how)


def test_the_environments_keys_need_no_botocore():
    program = (
        "import sys; from amplify_data_client._io import credentials; import asyncio;"
        "source = credentials.find(); source.current(); asyncio.run(source.current_async());"
        "sys.exit(any(name.split('.')[0] in ('boto3', 'botocore') for name in sys.modules))"
    )
    env = {**os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": SECRET}
    assert subprocess.run([sys.executable, "-c", program], env=env, check=False).returncode == 0


def test_nothing_anywhere_says_what_was_looked_for(aws_home, how):
    message = failure(credentials.find(env={}), how)
    for part in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "~/.aws", "container", "profile='…'", "auth_mode='api_key'"):
        assert part in message


def test_credentials_that_come_later_are_found(aws_home):
    source = credentials.find(env={})
    failure(source)
    (aws_home / ".aws/credentials").write_text(f"[default]\naws_access_key_id=late\naws_secret_access_key={SECRET}\n")
    assert current(source).access_key == "late"


def test_a_missing_botocore_says_how_to_get_it(aws_home, monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    assert "pip install boto3" in failure(credentials.find(env={}))
    assert "profile 'dev'" in failure(credentials.find(profile="dev"))


# --- profiles


def config(home, text):
    (home / ".aws/config").write_text(text)


def test_a_profiles_keys_win_over_the_environments(aws_home, monkeypatch, how):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    config(
        aws_home,
        f"[profile dev]\naws_access_key_id=key\naws_secret_access_key={SECRET}\naws_session_token=t\nregion=eu-west-3",
    )
    source = credentials.find(profile="dev")
    assert current(source, how) == Credentials("key", SECRET, "t")
    assert source.region() == "eu-west-3"


def test_the_profile_of_the_environment_is_used_where_there_are_no_keys(aws_home, monkeypatch):
    config(aws_home, f"[profile dev]\naws_access_key_id=key\naws_secret_access_key={SECRET}\nregion=eu-west-3\n")
    monkeypatch.setenv("AWS_PROFILE", "dev")
    source = credentials.find(env={})
    assert (current(source).access_key, source.region()) == ("key", "eu-west-3")


def test_an_unknown_profile_names_the_known_ones(aws_home, how):
    assert "There is no AWS profile 'dve'; the configuration files have: none" in failure(credentials.find("dve"), how)
    config(aws_home, "[profile dev]\nregion=eu-west-1\n[profile prod]\nregion=eu-west-1\n")
    source = credentials.find(profile="dve")
    assert "have: 'dev', 'prod'" in failure(source, how)
    with pytest.raises(CredentialsError):
        source.check()
    with pytest.raises(CredentialsError):
        source.region()


def test_a_profile_without_credentials_says_so(aws_home, how):
    config(aws_home, "[profile dev]\nregion=eu-west-1\n")
    assert "no AWS credentials in profile 'dev'" in failure(credentials.find(profile="dev"), how)


def test_a_profile_with_half_a_pair_of_keys_says_so(aws_home, how):
    config(aws_home, "[profile dev]\naws_access_key_id=key\n")
    assert "missing: aws_secret_access_key" in failure(credentials.find(profile="dev"), how)


def test_an_unreadable_configuration_file_is_named(aws_home, how):
    config(aws_home, "nonsense")
    assert f"Unable to parse config file: {aws_home / '.aws/config'}" in failure(credentials.find(profile="dev"), how)


@pytest.mark.parametrize("profile", ["", 5])
def test_a_profile_that_is_no_name_is_refused(profile):
    with pytest.raises(ConfigurationError, match="profile is"):
        credentials.find(profile=profile)


# --- assuming a role


ROLE = "arn:aws:iam::123456789012:role/reader"


def assume_role(home, monkeypatch, sts):
    config(home, f"[profile dev]\nrole_arn={ROLE}\nsource_profile=base\nregion=eu-west-1\n")
    (home / ".aws/credentials").write_text(f"[base]\naws_access_key_id=base\naws_secret_access_key={SECRET}\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)
    return credentials.find(profile="dev")


def test_a_role_is_assumed(aws_home, monkeypatch, moto, how):
    source = assume_role(aws_home, monkeypatch, moto)
    first = current(source, how)
    assert first.access_key.startswith("ASIA")
    assert first.token
    assert current(source, how) == first


def test_a_role_that_may_not_be_assumed_says_why(aws_home, monkeypatch, server, how):
    denial = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: base is not authorized to perform: "
    denial += b"sts:AssumeRole</Message></Error></ErrorResponse>"
    source = assume_role(aws_home, monkeypatch, server.script(Answer(403, denial)).url)
    message = failure(source, how)
    assert "profile 'dev'" in message
    assert "not authorized to perform: sts:AssumeRole" in message
    assert "role trusts it" in message


# --- a process


PROCESS = """
import json, pathlib, sys
log = pathlib.Path(sys.argv[1])
calls = log.read_text().count("x") + 1 if log.exists() else 1
log.write_text("x" * calls)
print(json.dumps({"Version": 1, "AccessKeyId": f"key-{calls}", "SecretAccessKey": "the-secret-key",
                  "SessionToken": f"token-{calls}", "Expiration": sys.argv[2]}))
"""


def process(home, program, *arguments):
    (home / "process.py").write_text(program)
    command = " ".join([sys.executable, str(home / "process.py"), *arguments])
    config(home, f"[profile dev]\ncredential_process={command}\n")
    return credentials.find(profile="dev")


def test_a_process_is_asked_again_before_its_credentials_expire(aws_home, how):
    source = process(aws_home, PROCESS, str(aws_home / "calls"), later(minutes=5))
    seen = [current(source, how) for _ in range(3)]
    assert len({found.access_key for found in seen}) == 3
    for found in seen:  # never a key with the token of another
        assert found.token == found.access_key.replace("key", "token")


def test_a_process_is_not_asked_again_while_its_credentials_last(aws_home, how):
    source = process(aws_home, PROCESS, str(aws_home / "calls"), later(hours=2))
    assert [current(source, how).access_key for _ in range(3)] == ["key-1"] * 3


def test_many_threads_ask_the_process_once(aws_home):
    source = process(aws_home, PROCESS, str(aws_home / "calls"), later(hours=2))
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(source.current().access_key)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["key-1"] * 16


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('the vault is locked')", "the vault is locked"),
        ("print('not json the-secret-key')", "JSONDecodeError"),
        ("print('[\"the-secret-key\"]')", "credential_process"),
        ('print(\'{"Version": 2, "SecretAccessKey": "the-secret-key"}\')', "Unsupported version '2'"),
        ('print(\'{"Version": 1, "SecretAccessKey": "the-secret-key"}\')', "Missing required key"),
        (
            'print(\'{"Version": 1, "AccessKeyId": "", "SecretAccessKey": "the-secret-key"}\')',
            "credentials without a key",
        ),
    ],
)
def test_a_process_that_fails_says_why_and_shows_no_secret(aws_home, how, program, reason):
    source = process(aws_home, program)
    with pytest.raises(CredentialsError) as caught:
        current(source, how)
    error = caught.value
    assert reason in str(error)
    while error is not None:
        assert SECRET not in f"{error} {vars(error)}"
        error = error.__cause__


def test_a_process_that_does_not_exist_says_so(aws_home, how):
    config(aws_home, "[profile dev]\ncredential_process=/nowhere/at/all\n")
    assert "FileNotFoundError" in failure(credentials.find(profile="dev"), how)


def test_the_event_loop_goes_on_while_a_process_works(aws_home):
    # the process ends only after the loop has done something meanwhile
    program = (
        "import pathlib, sys, time\n"
        "sign = pathlib.Path(sys.argv[1])\n"
        "for _ in range(1000):\n"
        "    if sign.exists(): break\n"
        "    time.sleep(0.02)\n"
        "else: sys.exit('the loop was blocked')\n"
        'print(\'{"Version": 1, "AccessKeyId": "key", "SecretAccessKey": "the-secret-key"}\')\n'
    )
    sign = aws_home / "sign"
    source = process(aws_home, program, str(sign))

    async def both():
        waiting = asyncio.create_task(source.current_async())
        await asyncio.sleep(0)
        sign.touch()
        return await waiting

    assert asyncio.run(both()).access_key == "key"


def test_no_thread_is_taken_while_nothing_can_block(aws_home, monkeypatch):
    source = process(aws_home, PROCESS, str(aws_home / "calls"), later(hours=2))

    async def twice():
        await source.current_async()
        monkeypatch.setattr(asyncio, "to_thread", None)
        return await source.current_async()

    assert asyncio.run(twice()).access_key == "key-1"


def test_a_thread_is_taken_while_credentials_are_about_to_expire(aws_home, monkeypatch):
    source = process(aws_home, PROCESS, str(aws_home / "calls"), later(minutes=14))
    taken = []

    async def to_thread(work):
        taken.append(work)
        return work()

    async def thrice():
        return [await source.current_async() for _ in range(3)]

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    asyncio.run(thrice())
    assert len(taken) == 3


# --- single sign-on


SSO_START = "https://portal.example.com/start"
SSO_PROGRAM = """
import asyncio, sys
from amplify_data_client._io import credentials
source = credentials.find(profile="dev")
try:
    found = source.current() if sys.argv[1] == "current" else asyncio.run(source.current_async())
    print(found.access_key)
except credentials.CredentialsError as error:
    print(error)
"""


def sign_on(home, server, how, *, expires):
    config(
        home,
        f"[profile dev]\nsso_start_url={SSO_START}\nsso_region=eu-west-1\nsso_account_id=123456789012\n"
        "sso_role_name=reader\nregion=eu-west-1\n",
    )
    token = {"startUrl": SSO_START, "region": "eu-west-1", "accessToken": "sso-token", "expiresAt": expires}
    cache = home / ".aws/sso/cache"
    cache.mkdir(parents=True)
    (cache / f"{hashlib.sha1(SSO_START.encode()).hexdigest()}.json").write_text(json.dumps(token))
    # botocore looks for the home directory when it is imported
    run = subprocess.run(
        [sys.executable, "-c", SSO_PROGRAM, how],
        env={**os.environ, "AWS_ENDPOINT_URL_SSO": server.url, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout


def test_single_sign_on_gives_the_roles_credentials(aws_home, server, how):
    expiration = int((datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000)
    role = {"accessKeyId": "sso-key", "secretAccessKey": SECRET, "sessionToken": "t", "expiration": expiration}
    server.script(Answer(200, json.dumps({"roleCredentials": role}).encode()))
    assert sign_on(aws_home, server, how, expires=later(hours=1)) == "sso-key\n"
    [asked] = server.asked
    assert asked.path.startswith("/federation/credentials?")
    assert "role_name=reader" in asked.path
    assert asked.headers["x-amz-sso_bearer_token"] == "sso-token"


UNAUTHORIZED = Answer(
    401,
    json.dumps({"message": "Session token not found or invalid"}).encode(),
    {"x-amzn-errortype": "UnauthorizedException"},
)


# newer versions of botocore see for themselves that a token has expired, older ones ask the portal
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_sign_on_that_no_longer_holds_says_how_to_sign_in_again(aws_home, server, how, hours):
    server.script(UNAUTHORIZED)
    message = sign_on(aws_home, server, how, expires=later(hours=hours))
    assert "profile 'dev'" in message
    assert "aws sso login" in message
    assert "sso-token" not in message


# --- containers (and SnapStart)


def container(number, **passed):
    keys = {"AccessKeyId": f"key-{number}", "SecretAccessKey": SECRET, "Token": f"token-{number}"}
    return Answer(200, json.dumps({**keys, "Expiration": later(**passed)}).encode())


@pytest.fixture
def in_container(aws_home, server, monkeypatch):
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/credentials")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token")
    return server


def test_the_container_endpoint_is_asked_with_its_token_and_again_before_expiry(in_container, how):
    in_container.script(container(1, minutes=5), container(2, hours=6), container(3, hours=6))
    source = credentials.find(env={})
    assert [current(source, how).access_key for _ in range(3)] == ["key-2"] * 3
    assert [(asked.path, asked.headers["authorization"]) for asked in in_container.asked] == [
        ("/credentials", "container-token")
    ] * 2


def test_a_container_endpoint_that_refuses_is_named_without_its_token(in_container, how):
    in_container.script(Answer(400, b"no"))
    message = failure(credentials.find(env={}), how)
    assert "container" in message.lower()
    assert "container-token" not in message


# --- sessions


@pytest.mark.parametrize("kind", ["boto3", "botocore"])
def test_a_session_of_the_user_is_asked_for_every_request(aws_home, how, kind):
    process(aws_home, PROCESS, str(aws_home / "calls"), later(minutes=5))
    if kind == "boto3":
        session = boto3.Session(profile_name="dev", region_name="eu-west-2")
    else:
        session = botocore.session.Session(profile="dev")
        session.set_config_variable("region", "eu-west-2")
    source = credentials.find(session=session)
    assert current(source, how).access_key != current(source, how).access_key
    assert source.region() == "eu-west-2"
    assert source.is_chosen


def test_a_session_with_keys_of_its_own_needs_no_files(aws_home, how):
    source = credentials.find(session=boto3.Session("key", SECRET, "token"))
    assert current(source, how) == Credentials("key", SECRET, "token")


def test_a_session_without_credentials_says_so(aws_home, how):
    assert "no AWS credentials in the session" in failure(credentials.find(session=boto3.Session()), how)


@pytest.mark.parametrize("session", ["dev", 5, object()])
def test_what_is_no_session_is_refused(session):
    with pytest.raises(ConfigurationError, match=r"give a boto3\.Session"):
        credentials.find(session=session)


def test_an_asynchronous_session_is_refused(aws_home, how):
    class AioSession:
        async def get_credentials(self):
            raise AssertionError

    assert "not an asynchronous one" in failure(credentials.find(session=AioSession()), how)


def test_a_profile_and_a_session_are_one_too_many():
    with pytest.raises(ConfigurationError, match="Both profile and session"):
        credentials.find(profile="dev", session=boto3.Session("key", SECRET))


def test_no_source_shows_what_it_gives(aws_home):
    env = {"AWS_ACCESS_KEY_ID": "the-access-key", "AWS_SECRET_ACCESS_KEY": SECRET}
    sources = [credentials.find(env=env), credentials.find(session=boto3.Session("the-access-key", SECRET))]
    for source in sources:
        current(source)
        assert SECRET not in repr(source)
        assert "the-access-key" not in repr(source)
    assert [source.is_chosen for source in sources] == [False, True]


SETTINGS = ("use_fips_endpoint", "use_dualstack_endpoint")


def test_the_settings_of_the_profile_in_use_are_read(aws_home, monkeypatch):
    (aws_home / ".aws/config").write_text(
        "[default]\nuse_fips_endpoint = true\n[profile other]\nuse_dualstack_endpoint = true\nregion = eu-west-1\n"
    )
    env = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert credentials.find(env=env).settings(SETTINGS) == {"use_fips_endpoint": True}
    assert credentials.find("other").settings(SETTINGS) == {"use_dualstack_endpoint": True}
    session = botocore.session.Session(profile="other")
    assert credentials.find(session=session).settings(SETTINGS) == {"use_dualstack_endpoint": True}
    boto3_session = boto3.Session(profile_name="other")
    assert credentials.find(session=boto3_session).settings(SETTINGS) == {"use_dualstack_endpoint": True}
    monkeypatch.setenv("AWS_PROFILE", "other")
    assert credentials.find(env=env).settings(SETTINGS) == {"use_dualstack_endpoint": True}


@pytest.mark.parametrize("config", [None, "[default]\nregion = eu-west-1\n"])
def test_botocore_is_not_imported_for_settings_that_nobody_made(aws_home, monkeypatch, config):
    if config is not None:
        (aws_home / ".aws/config").write_text(config)
    monkeypatch.setattr(credentials, "_open_session", lambda profile: pytest.fail("a session was opened"))
    assert credentials.find(env={}).settings(SETTINGS) == {}
