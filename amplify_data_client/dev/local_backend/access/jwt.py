"""Write and read the tokens (JWT) of test users."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def issue(claims: Mapping[str, Any], secret: bytes) -> str:
    """Write a JWT (HS256)."""
    head = _encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _encode(json.dumps(claims).encode())
    return f"{head}.{body}.{_encode(_sign(f'{head}.{body}', secret))}"


def read(token: str, secret: bytes | None) -> dict[str, Any] | None:
    """Return a JWT's claims, or None if it is not a JWT or not signed with the given secret."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    head, body, signature = parts
    try:
        if secret is not None and not hmac.compare_digest(_decode(signature), _sign(f"{head}.{body}", secret)):
            return None
        claims = json.loads(_decode(body))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _sign(text: str, secret: bytes) -> bytes:
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
