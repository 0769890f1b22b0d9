"""Refuse requests that a browser sends on behalf of other web pages.

Other pages in the same browser can send requests to loopback too. They cannot read the answers, since no header allows
it, and AppSync's credentials need a preflight request, which is refused. What remains is closed here:

- A page of another origin is refused by its `Origin` header, whatever its credentials.
- With DNS rebinding, the owner of a name points it at this machine, and his page has the same origin. The `Host` header
  shows it: only IP addresses, `localhost`, and the host name given to `serve` are accepted.
- The page contains credentials only if the backend listens on loopback: otherwise anybody could read them.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the backend listens: the host as the user gave it, and the address of the socket."""

    host: str
    address: str

    @property
    def is_private(self) -> bool:
        """Whether only this machine can connect."""
        return ipaddress.ip_address(self.address.partition("%")[0]).is_loopback

    def is_own(self, host: str) -> bool:
        """Whether a Host header names this backend in a way that no other site can imitate."""
        name = host_name(host)
        return name is not None and (name in ("localhost", self.host.lower()) or _is_address(name))


def host_name(host: str) -> str | None:
    """Return the name in a Host header, in lower case and without the port, or None."""
    if "@" in host:  # no browser sends a user's name here
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def is_foreign(headers: Mapping[str, str], listener: Listener | None) -> bool:
    """Whether a browser sends this request for a page that is not the backend's own."""
    origin = headers.get("origin")
    if origin is None:  # no browser, or one that follows a link, which sends nothing that another page chose
        return False
    host = headers.get("host", "")
    return (
        listener is None
        or not listener.is_own(host)
        or origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower())
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
