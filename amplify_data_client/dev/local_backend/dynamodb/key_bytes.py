"""How is a key written, so that comparing bytes compares keys as DynamoDB does?"""

import hashlib
import struct
from typing import Any

Key = bytes


def encode(value: Any) -> Key:
    """Write a key value: strings in the order of their UTF-8 bytes, numbers in the order of their values."""
    if isinstance(value, str):
        return b"s" + value.encode("utf-8", "surrogatepass")
    number = int(value) if value == int(value) else value
    bits: int
    [bits] = struct.unpack(">Q", struct.pack(">d", float(number)))
    bits = bits ^ 0xFFFFFFFFFFFFFFFF if bits >> 63 else bits | 1 << 63
    return b"n" + bits.to_bytes(8, "big") + (str(number).encode() if abs(number) > 2**53 else b"")


def hashed(key: Key) -> Key:
    """Put a hash in front of a partition key: a scan then goes by hash, as DynamoDB's does, not by key or age."""
    return hashlib.md5(key, usedforsecurity=False).digest()[:8] + key


def joined(values: list[Any]) -> str:
    """Join the parts of a composite sort key: `status#2024-01-01`; numbers in it then compare as text."""
    return "#".join(_text(value) for value in values)


def _text(value: Any) -> str:
    if value is None:  # as Amplify's resolvers write it
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value)


def after_prefix(key: Key) -> Key:
    """The least upper bound of all strings that begin with this one: no UTF-8 text has a byte 0xFF."""
    return key + b"\xff"
