"""Whom do we trust?

Parsing certifi's roots takes as long as importing the HTTP library does, so it is done in a thread meanwhile.
"""

import os
import ssl
import threading

_lock = threading.Lock()
_contexts: dict[str | None, ssl.SSLContext] = {}


def prepare() -> None:
    """Begin to make the context, so that it is there when the first connection is."""
    if _roots() not in _contexts:
        threading.Thread(target=context, name="amplify_data_client TLS", daemon=True).start()


def context() -> ssl.SSLContext:
    """The process's TLS context: certificates and host names are verified, always."""
    roots = _roots()
    made = _contexts.get(roots)
    if made is None:
        with _lock:
            made = _contexts.get(roots)
            if made is None:
                made = _contexts[roots] = _make(roots)
    return made


def _roots() -> str | None:
    return os.environ.get("AWS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")


def _make(roots: str | None) -> ssl.SSLContext:
    if roots is None:
        import certifi

        roots = certifi.where()
    made = ssl.create_default_context(cafile=roots)
    made.set_alpn_protocols(["http/1.1"])
    return made
