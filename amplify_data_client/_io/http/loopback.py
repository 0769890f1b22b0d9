"""Finds out whether a host is this machine itself."""

import socket


def is_loopback(host: str) -> bool:
    """Say whether a host, without its port, is this machine by name or address (RFC 6761, RFC 1122).

    A name is taken at its word: it is not looked up.
    """
    name = host.strip("[]").lower()
    return f".{name.removesuffix('.')}".endswith(".localhost") or _is_loopback_address(name)


def _is_loopback_address(host: str) -> bool:
    # by what the system reads: "127.example.com" and "127.1.1.999" begin alike
    for family, loopback in ((socket.AF_INET, b"\x7f"), (socket.AF_INET6, bytes(15) + b"\x01")):
        try:
            return socket.inet_pton(family, host).startswith(loopback)
        except (OSError, ValueError):
            continue
    return False
