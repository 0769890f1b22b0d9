"""Whom do we trust?

Parsing certifi's roots takes as long as importing the HTTP library does, so it is done in a thread meanwhile.
"""

import importlib.util
import os
import ssl
import threading
from contextlib import suppress

from amplify_data_client.errors import ConfigurationError

_lock = threading.Lock()
_contexts: dict[str | None, ssl.SSLContext] = {}


def prepare() -> None:
    """Begin to make the context, so that it is there when the first connection is."""
    if _roots() not in _contexts:
        # no daemon: a process that ends inside OpenSSL's parsing dies of a segmentation fault, so it waits those milliseconds
        threading.Thread(target=_prepared, name="amplify_data_client TLS", daemon=False).start()


def _prepared() -> None:
    with suppress(ConfigurationError):  # the first connection will raise it, where it can be caught
        context()


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
        roots = _certifis()
    try:
        made = ssl.create_default_context(cafile=roots)
    except OSError as error:
        name = "AWS_CA_BUNDLE" if os.environ.get("AWS_CA_BUNDLE") else "SSL_CERT_FILE"
        raise ConfigurationError(
            f"The certificates in {roots} cannot be read ({error}). {name} names this file: it has to be a file of "
            "certificates in PEM format; without the variable certifi's are used."
        ) from error
    made.set_alpn_protocols(["http/1.1"])
    return made


def _renew_lock() -> None:
    # a fork copies a lock that the thread above holds, but not the thread
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def _certifis() -> str:
    # asking certifi itself imports what reading packages' resources takes: a twelfth of a cold start
    found = importlib.util.find_spec("certifi")
    if found is not None and found.submodule_search_locations:
        roots = os.path.join(found.submodule_search_locations[0], "cacert.pem")
        if os.path.exists(roots):
            return roots
    import certifi  # from a zip file, say

    return certifi.where()
