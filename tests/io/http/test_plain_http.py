"""Credentials leave over http:// only to this machine, or to hosts that the environment names."""

import logging
from typing import Any

import httpx
import pytest

from amplify_data_client import ConfigurationError
from amplify_data_client._core.wire.messages import Failure, Reply
from amplify_data_client._io.http import plain_http
from tests.io.http.senders import Awaiting, Blocking
from tests.io.peers import answer, serving

THIS_MACHINE = ["localhost", "localhost.", "api.localhost", "127.0.0.1", "127.255.255.254", "::1"]
OTHERS = [
    "backend",
    "example.org",
    "127.example.org",
    "127.1",
    "notlocalhost",
    "localhost.example.org",
    "10.0.0.1",
    "::2",
    "",
]


@pytest.mark.parametrize("host", THIS_MACHINE)
def test_this_machine_is_trusted(host: str):
    plain_http.require_trusted(host)


@pytest.mark.parametrize("host", OTHERS)
def test_another_machine_is_not(host: str):
    with pytest.raises(ConfigurationError, match=f"AMPLIFY_DATA_ALLOW_HTTP={host}$"):
        plain_http.require_trusted(host)


def test_hosts_are_named_one_by_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", " Backend, host.docker.internal ,")
    assert plain_http.is_trusted("backend")
    assert plain_http.is_trusted("host.docker.internal")
    assert not plain_http.is_trusted("docker.internal")
    with pytest.raises(ConfigurationError, match=r"AMPLIFY_DATA_ALLOW_HTTP=backend,host\.docker\.internal,other$"):
        plain_http.require_trusted("other")


@pytest.mark.parametrize("pattern", ["*", "*.example.org", "*,"])
def test_a_star_names_nothing(pattern: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", pattern)
    with pytest.raises(ConfigurationError, match=r"AMPLIFY_DATA_ALLOW_HTTP=a\.example\.org$"):
        plain_http.require_trusted("a.example.org")


def test_nothing_is_sent_to_a_host_that_is_not_named(sender: Any, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ConfigurationError, match="unencrypted"):
        sender.send("http://evil.invalid/graphql")
    monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", "evil.invalid")
    assert sender.send("http://evil.invalid/graphql").kind == "connect"


@pytest.mark.parametrize("kind", [Blocking, Awaiting])
def test_neither_through_the_environments_proxy(kind: Any, monkeypatch: pytest.MonkeyPatch):
    with serving(answer()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/graphql"))
        made = kind()
        with pytest.raises(ConfigurationError, match="unencrypted"):
            made.send("http://backend:8000/graphql")
        assert proxy.connections == 0
        monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", "backend")
        assert isinstance(made.send("http://backend:8000/graphql"), Reply)
        made.close()


@pytest.mark.parametrize(
    ("url", "warns"),
    [("http://nobody.invalid/graphql", 1), ("http://localhost:9/graphql", 0), ("https://nobody.invalid/graphql", 0)],
)
def test_over_a_users_client_there_is_one_warning(url: str, warns: int, caplog: pytest.LogCaptureFixture):
    with httpx.Client(trust_env=False) as mine:
        made = Blocking(mine)
        assert all(isinstance(made.send(url), Failure) for _ in range(3))
    warnings = [record.getMessage() for record in caplog.records if record.name == "amplify_data_client"]
    assert len(warnings) == warns
    assert all("unencrypted to nobody.invalid" in warning for warning in warnings)


def test_there_is_none_where_no_connection_is_opened(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "amplify_data_client")
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=b"{}"))) as mine:
        assert Blocking(mine).send("http://nobody.invalid/graphql").body == b"{}"
    assert [record for record in caplog.records if record.name == "amplify_data_client"] == []
