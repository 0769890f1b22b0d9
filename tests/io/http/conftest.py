"""Both kinds of senders, and what a peer serves with."""

import signal
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.io.http.senders import Awaiting, Blocking, certificate


@pytest.fixture(params=[Blocking, Awaiting], ids=["blocking", "awaiting"])
def sender(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture(params=["plain", "TLS"])
def context(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext | None:
    """What a peer serves with: nothing, or a certificate that we trust."""
    if request.param == "plain":
        return None
    context, file = certificate(tmp_path)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


@pytest.fixture
def allow_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that stand for other machines, reached without TLS."""
    monkeypatch.setenv("AMPLIFY_DATA_ALLOW_HTTP", "two,api.example,api.test,nobody.invalid,two..dots")


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """SIGINT is a KeyboardInterrupt, also where a shell has started the tests in the background, and told them to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
