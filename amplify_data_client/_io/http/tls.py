"""Makes the TLS contexts: which certificates are trusted.

certifi's roots are, or those in the file that the environment names. AWS's own endpoints need five of them, and parsing all
takes a fifth of a cold start (more with the OpenSSL of Lambda's newer runtimes:
https://github.com/aws/aws-lambda-base-images/issues/154). So Amazon's are read first, from the same file; a certificate that
they do not cover is tried again with all.
"""

import importlib.util
import os
import ssl
from collections.abc import Iterator
from typing import NamedTuple

from amplify_data_client._io import copies
from amplify_data_client.errors import ConfigurationError, mark_unsent

# how bundles call them, in the comment above each certificate: https://www.amazontrust.com/repository/
_AMAZONS = (b"Amazon Root CA", b"Starfield Services Root")
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


class _Trust(NamedTuple):
    context: ssl.SSLContext
    is_whole: bool


_lock = copies.ForkLock()  # OpenSSL has locks of its own, which a fork would leave locked
_trusts: dict[str | None, _Trust] = {}


def context() -> ssl.SSLContext:
    """The process's TLS context: certificates and host names are verified, always.

    It may trust Amazon's roots only; ask `whole` after a certificate that it refused.
    """
    roots = _roots()
    found = _trusts.get(roots)
    if found is None:
        with _lock:
            found = _trusts.get(roots)
            if found is None:
                found = _trusts[roots] = _make(roots)
    return found.context


def whole() -> ssl.SSLContext:
    """The context that trusts all roots; from now on `context` is this one too."""
    roots = _roots()
    with _lock:
        found = _trusts.get(roots)
        if found is None or not found.is_whole:
            found = _trusts[roots] = _make(roots, is_whole=True)
    return found.context


def _roots() -> str | None:
    return os.environ.get("AWS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")


def _make(roots: str | None, *, is_whole: bool = False) -> _Trust:
    if roots is None:
        roots = _certifi_file()
    try:
        amazons = "" if is_whole else _amazon_roots(roots)
        made = ssl.create_default_context(cadata=amazons) if amazons else ssl.create_default_context(cafile=roots)
    except OSError as error:
        name = "AWS_CA_BUNDLE" if os.environ.get("AWS_CA_BUNDLE") else "SSL_CERT_FILE"
        unreadable = ConfigurationError(
            f"The certificates in {roots} cannot be read ({error}). {name} names this file: it has to be a file of "
            "certificates in PEM format; without the variable certifi's are used."
        )
        mark_unsent(unreadable)
        raise unreadable from error
    made.set_alpn_protocols(["http/1.1"])
    return _Trust(made, is_whole=not amazons)


def _amazon_roots(roots: str) -> str:
    with open(roots, "rb") as file:
        text = file.read()
    found = (certificate for name in _AMAZONS for certificate in _certificates_named(text, name))
    return b"".join(found).decode("ascii", "ignore")


def _certificates_named(text: bytes, name: bytes) -> Iterator[bytes]:
    at = text.find(name)
    while at >= 0 and (begin := text.find(_BEGIN, at)) >= 0 and (end := text.find(_END, begin)) >= 0:
        yield text[begin:end] + _END + b"\n"
        at = text.find(name, end)


def _certifi_file() -> str:
    # asking certifi itself imports what reading packages' resources takes: a twelfth of a cold start
    found = importlib.util.find_spec("certifi")
    if found is not None and found.submodule_search_locations:
        roots = os.path.join(found.submodule_search_locations[0], "cacert.pem")
        if os.path.exists(roots):
            return roots
    import certifi  # from a zip file, say

    return certifi.where()
