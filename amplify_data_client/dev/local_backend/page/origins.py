"""May a web browser ask this?

Other pages in the same browser can reach loopback too. They cannot read what they get, since no header allows it, and
AppSync's credentials always cost them a preflight, which is refused; this room closes what is left:

- A page of another origin is refused by its `Origin`, whatever credentials it has.
- A name that its owner points at this machine (DNS rebinding) makes a foreign page one of the same origin. It is told
  by the `Host`: an IP address cannot be pointed anywhere, so only addresses, `localhost`, and the name that the
  backend was told to listen at are taken.
- Credentials are on the page only where the backend listens on loopback: from elsewhere anybody could read them.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the backend listens: the host as the user gave it, and the address that it became."""

    host: str
    address: str

    @property
    def is_private(self) -> bool:
        """Whether only this machine can connect."""
        return ipaddress.ip_address(self.address.partition("%")[0]).is_loopback

    def is_own(self, host: str) -> bool:
        """Whether a Host header names this backend in a way that nobody else can arrange."""
        name = host_name(host)
        return name is not None and (name in ("localhost", self.host.lower()) or _is_address(name))


def host_name(host: str) -> str | None:
    """The name in a Host header, in lower case and without its port; None: it has none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def is_foreign(headers: Mapping[str, str], listener: Listener | None) -> bool:
    """Whether a browser sends this for a page that is not the backend's own."""
    origin = headers.get("origin")
    if origin is None:  # no browser, or one that follows a link: it carries nothing that a stranger could choose
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
