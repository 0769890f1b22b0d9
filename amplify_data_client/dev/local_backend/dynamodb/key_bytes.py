"""Encode keys as bytes that sort as DynamoDB sorts keys."""

import hashlib
import struct
from typing import Any

Key = bytes


def encode(value: Any) -> Key:
    """Encode a key value. Strings sort by their UTF-8 bytes, numbers by their values."""
    if isinstance(value, str):
        return b"s" + value.encode("utf-8", "surrogatepass")
    number = int(value) if value == int(value) else value
    bits: int
    [bits] = struct.unpack(">Q", struct.pack(">d", float(number)))
    bits = bits ^ 0xFFFFFFFFFFFFFFFF if bits >> 63 else bits | 1 << 63
    return b"n" + bits.to_bytes(8, "big") + (str(number).encode() if abs(number) > 2**53 else b"")


def hashed(key: Key) -> Key:
    """Prefix a partition key with its hash: a scan then goes in the order of hashes, as DynamoDB's does."""
    return hashlib.md5(key, usedforsecurity=False).digest()[:8] + key


def joined(values: list[Any]) -> str:
    """Join the parts of a composite sort key: `status#2024-01-01`. Numbers in it compare as text."""
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
    """Return the upper bound of all strings that begin with this one: UTF-8 has no byte 0xFF."""
    return key + b"\xff"
