"""The environment that the backend names is enough for a function."""

import pytest

from amplify_data_client.dev.local_backend.access.identity import Role
from amplify_data_client.dev.local_backend.environment import OFFLINE, Environment

ROLE = Role("function", "key", "secret", "token")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000", OFFLINE])
def test_on_this_machine_no_host_has_to_be_named(url: str):
    assert "AMPLIFY_DATA_ALLOW_HTTP" not in Environment("data", "eu-west-1").variables(ROLE, url)


def test_another_host_is_named_or_no_credentials_would_go_there():
    for read in (Environment("data", "eu-west-1").variables, Environment("data", "eu-west-1").placeholders):
        assert read(ROLE, "http://192.168.1.5:8000")["AMPLIFY_DATA_ALLOW_HTTP"] == "192.168.1.5"
