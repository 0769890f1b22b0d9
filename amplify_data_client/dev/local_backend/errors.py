"""Define AppSync's errors: their types, messages and entries in a reply.

An entry of a GraphQL reply has one of three shapes: an error of a resolver (with errorType), a refusal by the
authorization (errorType Unauthorized), and an error of the GraphQL engine itself (no errorType).
"""

import secrets
from collections.abc import Sequence
from typing import Any


class ResolverError(Exception):
    """An error of one field: the field is null, its siblings are not affected."""

    def __init__(self, message: str, error_type: str | None = None, *, data: Any = None, info: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.data = data
        self.info = info


class RequestRefused(Exception):  # noqa: N818  # named for what the reply says
    """The whole request is refused, with an HTTP status."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message


class DocumentRefused(Exception):  # noqa: N818  # as above
    """The document or its variables are not valid, so nothing is executed."""

    def __init__(self, entries: Sequence[dict[str, Any]]) -> None:
        super().__init__(entries[0]["message"])
        self.entries = list(entries)


def unauthorized(field: str, type_name: str) -> ResolverError:
    """Make the error of a refused field. Resolvers name the field's return type, the schema's directives its parent type."""
    return ResolverError(f"Not Authorized to access {field} on type {type_name}", "Unauthorized")


def dynamodb(kind: str, message: str) -> ResolverError:
    """Make an error of DynamoDB."""
    made_up = secrets.token_hex(26).upper()
    return ResolverError(f"{message} (Service: DynamoDb, Status Code: 400, Request ID: {made_up})", f"DynamoDB:{kind}")


def condition_failed() -> ResolverError:
    return dynamodb("ConditionalCheckFailedException", "The conditional request failed")


def invalid_arguments(message: str) -> ResolverError:
    return ResolverError(message, "InvalidArgumentsError")


def refused(message: str, locations: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Make an entry as validation reports it."""
    return {"path": None, "locations": locations, "message": message}


def location(line: int, column: int) -> dict[str, Any]:
    return {"line": line, "column": column, "sourceName": None}
