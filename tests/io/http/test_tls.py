"""Certificates are verified, always."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client import ConfigurationError
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client._io.http import tls
from tests.io.http.senders import certificate
from tests.io.peers import answer, serving


def test_an_unknown_certificate_is_refused_and_a_named_one_is_trusted(
    sender: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    context, file = certificate(tmp_path)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with serving(answer(), context=context) as peer:
        refused = sender.send(peer.url)
        assert refused.kind == "connect"
        assert "certificate" in str(refused.error).lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert isinstance(sender.send(peer.url), Reply)
        # the certificate is for another name
        outcome = sender.send(peer.url.replace("localhost", "127.0.0.1"))
        assert outcome.kind == "connect"


def test_a_file_of_certificates_that_cannot_be_read_is_named(
    sender: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    (tmp_path / "empty.pem").write_text("")
    with serving(answer()) as peer:
        for name, file in (("SSL_CERT_FILE", "missing.pem"), ("AWS_CA_BUNDLE", "empty.pem")):
            monkeypatch.setenv(name, str(tmp_path / file))
            with pytest.raises(ConfigurationError, match=rf"{file}.*{name}"):
                sender.send(peer.url.replace("http:", "https:"))


def test_the_context_always_verifies(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    for made in (tls._make(None).context, tls.whole()):
        assert made.verify_mode is ssl.CERT_REQUIRED
        assert made.check_hostname is True
    assert len(tls.whole().get_ca_certs()) > 50


def test_amazons_roots_come_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    names = [dict(part[0] for part in one["subject"]) for one in tls._make(None).context.get_ca_certs()]
    assert len(names) >= 5
    assert {name["organizationName"] for name in names} == {"Amazon", "Starfield Technologies, Inc."}


@pytest.mark.parametrize("label", ["Amazon Root CA 1", "Another Root"])
def test_what_amazons_roots_do_not_vouch_for_is_tried_with_all_roots(
    sender: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str
):
    context, file = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = certificate(tmp_path / "other", "elsewhere")
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(f"# Amazon Root CA 2\n{other.read_text()}\n# {label}\n{file.read_text()}")
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with serving(answer(), context=context) as peer:
        assert isinstance(sender.send(peer.url), Reply)
        assert isinstance(sender.send(peer.url), Reply)
    assert len(tls.context().get_ca_certs()) == 2
