"""Functions that fail, or take too long: what the platform is told, and what it is not."""

import pytest

from amplify_data_client.dev.local_backend import LocalBackend

from . import wire
from .conftest import Deploy, Start
from .sandbox import Deployment, InvocationError, Sandbox, TimedOutError


def failure(sandbox: Sandbox, event: object) -> InvocationError:
    with pytest.raises(InvocationError) as caught:
        sandbox.invoke(event)
    assert caught.value.posted.kind == "error"
    return caught.value


def assert_tells_no_secret(error: InvocationError, sandbox: Sandbox, deployment: Deployment) -> None:
    """Neither the answer nor its headers (they have the trace for X-Ray) nor the log."""
    told = "\n".join([error.posted.body.decode(), *error.posted.headers.values(), sandbox.log])
    assert error.message in told
    keys = [value for name, value in deployment.environment.items() if name.startswith("AWS_") and len(value) > 19]
    secrets = [
        deployment.environment[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")
    ]
    assert set(secrets) <= set(keys)
    assert [secret for secret in [*secrets, "AWS4-HMAC-SHA256", "Signature="] if secret in told] == []


def test_a_call_that_does_not_fit_the_schema(deploy: Deploy, started: Start, backend: LocalBackend):
    deployment = deploy("failing")
    sandbox = started(deployment)
    error = failure(sandbox, {"values": {"nmae": "something private"}})
    assert error.type == "OperationError"
    assert "nmae" in error.message and "name" in error.message
    assert "something private" not in error.posted.body.decode() + sandbox.log
    assert any("failing.py" in line for line in error.stack)
    assert_tells_no_secret(error, sandbox, deployment)
    assert sandbox.invoke({"values": {"name": "next"}})["data"]["name"] == "next"
    assert len(backend.items("Todo")) == 1


def test_a_refusal_of_the_api(deploy: Deploy, started: Start):
    deployment = deploy("failing")
    sandbox = started(deployment)
    error = failure(sandbox, {"id": "no such todo"})
    assert error.type == "ConditionFailedError"
    assert error.message.startswith("updateTodo")
    assert_tells_no_secret(error, sandbox, deployment)


def test_a_role_that_may_not_call(deploy: Deploy, started: Start, backend: LocalBackend):
    role = backend.role("outsider", to=[])
    keys = {"ACCESS_KEY_ID": role.access_key, "SECRET_ACCESS_KEY": role.secret_key, "SESSION_TOKEN": role.token or ""}
    deployment = deploy("failing", **{f"AWS_{name}": key for name, key in keys.items()})
    sandbox = started(deployment)
    error = failure(sandbox, {"id": "x"})
    assert error.type == "UnauthorizedError"
    assert_tells_no_secret(error, sandbox, deployment)


def test_after_a_timeout_the_next_execution_environment_works(deploy: Deploy, started: Start, backend: LocalBackend):
    with wire.to(backend.url) as way:
        deployment = deploy("loaded", url=way.url)
        killed = started(deployment)
        killed.invoke()
        way.is_dead = True
        with pytest.raises(TimedOutError, match=r"Task timed out after 1\.50 seconds"):
            killed.invoke(timeout=1.5)
        way.is_dead = False
        assert len(started(deployment).invoke()["calls"]) == 1
        assert len(backend.items("Todo")) == 2


def test_with_a_deadline_the_function_answers_before_its_time_is_up(
    deploy: Deploy, started: Start, backend: LocalBackend
):
    """The context says two seconds; the platform waits for longer, so that a slow machine does not fail."""
    with wire.to(backend.url) as way:
        sandbox = started(deploy("bounded", url=way.url))
        assert sandbox.invoke(timeout=60)["created"]["name"] == "in time"
        way.is_dead = True
        answer = sandbox.invoke(left=2)
        assert (answer["created"], answer["may_exist"]) == (None, True)
        assert "the Lambda invocation" in answer["said"]
        way.is_dead = False
        assert sandbox.invoke(timeout=60)["created"]["name"] == "in time"
