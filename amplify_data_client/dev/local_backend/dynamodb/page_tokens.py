"""Write and read `nextToken`.

A token is opaque: the last key read, with a seal (HMAC). As on AWS, DynamoDB judges whether a key can be the start of a
query: it compares the names of the key's attributes, the partition and the range.
"""

import base64
import binascii
import hashlib
import hmac
import json

from amplify_data_client.dev.local_backend.errors import ResolverError, dynamodb

from .store import Query

Position = tuple[bytes, ...]


class Tokens:
    """Writes and reads the tokens of one backend."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def write(self, query: Query, position: Position) -> str:
        """Make the token with which a query goes on after this position."""
        key = [base64.b64encode(part).decode() for part in (_partition(query, position), *position)]
        body = json.dumps([sorted(_attributes(query)), *key]).encode()
        return base64.urlsafe_b64encode(self._seal(body) + body).decode()

    def read(self, query: Query, token: str) -> Position:
        """Return the position in a token.

        Raises:
            ResolverError: It is no token, or DynamoDB does not take its key as the start of this query.
        """
        try:
            raw = base64.urlsafe_b64decode(token.encode())
            seal, body = raw[:16], raw[16:]
            if not hmac.compare_digest(seal, self._seal(body)):
                raise ValueError
            attributes, *key = json.loads(body)
        except (ValueError, binascii.Error, UnicodeError):
            raise ResolverError("Invalid pagination token given.", "BadRequestException") from None
        partition, *position = (base64.b64decode(part) for part in key)
        wanted = _attributes(query)
        if len(attributes) != len(wanted):
            raise dynamodb("ValidationException", "Exclusive Start Key must have same size as table's key schema")
        if set(attributes) != wanted:
            raise dynamodb("ValidationException", "The provided starting key is invalid")
        sort = position[1 if query.index is None else 0]
        if query.partition is not None and not (partition == query.partition and sort in query.range):
            raise dynamodb("ValidationException", "The provided starting key does not match the range key predicate")
        return tuple(position)

    def _seal(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()[:16]


def _partition(query: Query, position: Position) -> bytes:
    return position[0] if query.partition is None else query.partition


def _attributes(query: Query) -> set[str]:
    keys = (query.table.key, *((query.index,) if query.index else ()))
    return {name for key in keys for name in (key.partition, key.attribute) if name}
