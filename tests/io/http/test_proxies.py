"""A proxy that the environment names is obeyed."""

import asyncio
import contextlib
import gc
import time
import traceback
from typing import Any

import pytest

from amplify_data_client import ConfigurationError
from amplify_data_client._io.http.sender import open_async_sender
from tests.io.http.senders import Awaiting, Blocking, post
from tests.io.peers import answer, serving


def test_a_proxy_of_the_environment_is_obeyed(allow_http: None, monkeypatch: pytest.MonkeyPatch):
    with serving(answer(b'{"data": {"through": "proxy"}}')) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/graphql"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        sender = Blocking()
        assert sender.send("http://api.example/graphql").body == b'{"data": {"through": "proxy"}}'
        sender.close()
        with pytest.raises(ConfigurationError, match="closed"):
            sender.send("http://api.example/graphql")


def test_a_proxy_is_obeyed_in_each_event_loop(allow_http: None, monkeypatch: pytest.MonkeyPatch):
    with serving(answer(b'{"data": {"through": "proxy"}}')) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/graphql"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        sender = open_async_sender()

        async def call() -> Any:
            return await sender.send(post("http://api.example/graphql"), time.monotonic() + 20)

        assert [asyncio.run(call()).status for _ in range(3)] == [200] * 3
        asyncio.run(sender.aclose())
        with pytest.raises(ConfigurationError, match="closed"):
            asyncio.run(call())
    gc.collect()


@pytest.mark.parametrize("proxy", ["ftp://u:private@proxy:1", "socks5://u:private@proxy:1", "http://u:private@p:bad"])
@pytest.mark.parametrize("kind", [Blocking, Awaiting])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, kind: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    def send() -> None:
        with contextlib.closing(kind()) as made:
            made.send("https://api.test/graphql")

    with pytest.raises(ConfigurationError, match=r"HTTPS_PROXY.*does not name a proxy") as caught:
        send()
    assert "private" not in "".join(traceback.format_exception(caught.value))
