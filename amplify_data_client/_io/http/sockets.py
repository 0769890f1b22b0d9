"""Makes sockets for addresses, and counts the time that is left to them."""

import socket
import time
from typing import Any, TypeAlias

from .http11 import TIME_IS_OVER

# family, kind, protocol, canonical name, address: as `socket.getaddrinfo` gives them
AddressInfo: TypeAlias = tuple[Any, Any, int, str, Any]


def new_socket(info: AddressInfo) -> socket.socket:
    """Make a socket for an address; it does not wait to fill packets."""
    made = socket.socket(info[0], info[1], info[2])
    try:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def time_left(deadline: float) -> float:
    """The seconds until the deadline.

    Raises:
        TimeoutError: There are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(TIME_IS_OVER)
    return left
