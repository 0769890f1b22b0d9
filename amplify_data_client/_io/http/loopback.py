"""Tells hosts that lead back to this machine from those of the network."""

import re


def is_loopback(host: str) -> bool:
    """Say whether a host, without its port, is this machine by name or address (RFC 6761, RFC 1122).

    A name is taken at its word: it is not looked up.
    """
    name = host.strip("[]").lower()
    is_name = f".{name.removesuffix('.')}".endswith(".localhost")
    return is_name or name in ("::1", "0:0:0:0:0:0:0:1") or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None
