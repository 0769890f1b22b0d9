"""Holds what was sent against the API that a deployment has."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

_SCALARS = "Date Time DateTime Timestamp Email JSON Phone URL IPAddress"


@lru_cache
def api(file: Path) -> GraphQLSchema:
    """The compiled API; the scalars are AppSync's own, so its schema does not declare them."""
    scalars = "".join(f"scalar AWS{name}\n" for name in _SCALARS.split())
    return build_schema(scalars + file.read_text(), assume_valid_sdl=True)


def objections(schema: GraphQLSchema, body: Mapping[str, Any]) -> list[str]:
    """Why that API would refuse a request: its document, then its variables."""
    operation = checked(schema, body["query"])
    return operation if isinstance(operation, list) else unfit(schema, operation, body.get("variables") or {})


def checked(schema: GraphQLSchema, text: str) -> list[str] | OperationDefinitionNode:
    """The operation of a document, or why the API would refuse it."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return [error.message]
    if wrong := validate(schema, document):
        return [error.message for error in wrong]
    return next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))


def unfit(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> list[str]:
    """Why the API would refuse the variables of an operation."""
    values = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    return [error.message for error in values] if isinstance(values, list) else []
