"""Decides to which hosts credentials may go over http://, unencrypted."""

import os

from amplify_data_client.errors import ConfigurationError

from .http11 import unsent
from .loopback import is_loopback

ALLOWED = "AMPLIFY_DATA_ALLOW_HTTP"


def require_trusted(host: str) -> None:
    """Refuse to send credentials unencrypted to another machine.

    Raises:
        ConfigurationError: The host is neither this machine nor named by AMPLIFY_DATA_ALLOW_HTTP.
    """
    if is_trusted(host):
        return
    raise unsent(
        ConfigurationError(
            f"The address of {host} begins with http://, and the request would carry credentials unencrypted. Use https://. "
            f"If {host} is reached over a network of this machine only, such as a container's, set {ALLOWED}={_with(host)}"
        )
    )


def is_trusted(host: str) -> bool:
    """Whether the host is this machine, or the environment names it."""
    return is_loopback(host) or host in _allowed()


def _allowed() -> list[str]:
    return [name for name in map(str.strip, os.environ.get(ALLOWED, "").lower().split(",")) if name]


def _with(host: str) -> str:
    names = [name for name in _allowed() if "*" not in name]
    return ",".join([*names, host])
