"""How does AppSync say that something went wrong?

Inside a GraphQL reply there are three shapes: what a resolver reports (with errorType), what the authorization
refuses (errorType Unauthorized), and what the GraphQL engine itself finds (no errorType).
"""

import secrets
from collections.abc import Sequence
from typing import Any


class ResolverError(Exception):
    """What a resolver reports: the field is null, its siblings are untouched."""

    def __init__(self, message: str, error_type: str | None = None, *, data: Any = None, info: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.data = data
        self.info = info


class EngineError(Exception):
    """What the GraphQL engine finds in a result: a null where none may be, a value that cannot be written."""


class RequestRefused(Exception):  # noqa: N818  # it is what the reply says, not what went wrong here
    """The whole request is refused over HTTP."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message


class DocumentRefused(Exception):  # noqa: N818  # as above
    """The document or its variables are not valid; nothing is executed."""

    def __init__(self, entries: Sequence[dict[str, Any]]) -> None:
        super().__init__(entries[0]["message"])
        self.entries = list(entries)


def unauthorized(field: str, type_name: str) -> ResolverError:
    """Refuse a field: by a resolver with the field's return type, by the schema's rules with its parent type."""
    return ResolverError(f"Not Authorized to access {field} on type {type_name}", "Unauthorized")


def dynamodb(kind: str, message: str) -> ResolverError:
    """Report what DynamoDB answers."""
    made_up = secrets.token_hex(26).upper()
    return ResolverError(f"{message} (Service: DynamoDb, Status Code: 400, Request ID: {made_up})", f"DynamoDB:{kind}")


def condition_failed() -> ResolverError:
    return dynamodb("ConditionalCheckFailedException", "The conditional request failed")


def invalid_arguments(message: str) -> ResolverError:
    return ResolverError(message, "InvalidArgumentsError")


def refused(message: str, locations: list[dict[str, Any]] | None) -> dict[str, Any]:
    """An entry of the validation shape."""
    return {"path": None, "locations": locations, "message": message}


def location(line: int, column: int) -> dict[str, Any]:
    return {"line": line, "column": column, "sourceName": None}
