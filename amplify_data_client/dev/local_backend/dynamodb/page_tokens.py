"""Write and read `nextToken`.

A token is opaque: the last key read, with a seal (HMAC) by which a token of another query is recognised.
"""

import base64
import binascii
import hashlib
import hmac
import json

from amplify_data_client.dev.local_backend.errors import ResolverError


class Tokens:
    """Writes and reads the tokens of one backend."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def write(self, query: str, position: tuple[bytes, ...]) -> str:
        """Make the token for the page of a query that begins after this position."""
        body = json.dumps([base64.b64encode(part).decode() for part in position]).encode()
        return base64.urlsafe_b64encode(self._seal(query, body) + body).decode()

    def read(self, query: str, token: str) -> tuple[bytes, ...]:
        """Return the position in a token.

        Raises:
            ResolverError: The token is not one of this query.
        """
        try:
            raw = base64.urlsafe_b64decode(token.encode())
            seal, body = raw[:16], raw[16:]
            if not hmac.compare_digest(seal, self._seal(query, body)):
                raise ValueError
            return tuple(base64.b64decode(part) for part in json.loads(body))
        except (ValueError, binascii.Error, UnicodeError):
            raise ResolverError("Invalid pagination token given.", "BadRequestException") from None

    def _seal(self, query: str, body: bytes) -> bytes:
        return hmac.new(self._secret, query.encode() + b"\0" + body, hashlib.sha256).digest()[:16]
