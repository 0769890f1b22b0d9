"""Describes a call of `graphql()` with a document of the user's.

Only as much is read as a request needs (which operation, and whether it may be repeated); AppSync judges the rest.
"""

import re
from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.schema import scalars
from amplify_data_client.errors import OperationError
from amplify_data_client.options import CallOptions
from amplify_data_client.results import Result

from .operation import Call, Envelope, Operation

# comments and strings are passed over, so braces and words inside them do not count
_TOKEN = r'#[^\n\r]*|"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|[{}()@]|[_A-Za-z][_0-9A-Za-z]*'
_KINDS = ("query", "mutation", "subscription")


def graphql_call(document: Any, variables: Any, operation_name: str | None, options: CallOptions) -> Call[Result[Any]]:
    """Describe a request with a document: text, gql's `GraphQLRequest`, or graphql-core's `DocumentNode`.

    Raises:
        OperationError: It holds no operation, several without `operation_name`, or a subscription.
    """
    text, variables, operation_name = _text_of(document, variables, operation_name)
    kind, name = _chosen(_operations(text), operation_name)
    if kind == "subscription":
        raise OperationError("graphql() sends queries and mutations; a subscription needs a WebSocket.")
    if variables is not None and not isinstance(variables, Mapping):
        raise OperationError(f"The variables of graphql() are {type(variables).__name__}; give a mapping.")
    sent = {key: scalars.encode_any(value, f"${key}") for key, value in (variables or {}).items()}

    def read(envelope: Envelope) -> Result[Any]:
        return envelope.result(envelope.data)

    shown = name or f"anonymous {kind}"
    operation = Operation(
        shown, "mutation" if kind == "mutation" else "query", text, sent, read, operation_name=operation_name
    )
    return Call(operation, options)


def _text_of(document: Any, variables: Any, operation_name: str | None) -> tuple[str, Any, str | None]:
    if isinstance(document, str):
        return document, variables, operation_name
    inner = getattr(document, "document", document)  # gql's GraphQLRequest wraps graphql-core's DocumentNode
    if inner is not document:
        variables = getattr(document, "variable_values", None) if variables is None else variables
        operation_name = operation_name or getattr(document, "operation_name", None)
    if not hasattr(inner, "definitions"):
        raise OperationError(
            f"The document of graphql() is {type(document).__name__}; give text, a gql GraphQLRequest or a "
            "graphql-core DocumentNode."
        )
    from graphql import print_ast  # whoever has such an object has graphql-core

    return print_ast(inner), variables, operation_name


def _operations(text: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    depth, words = 0, list[str]()
    for token in re.findall(_TOKEN, text):
        if token in "{(":
            if token == "{" and depth == 0:
                if not words:
                    found.append(("query", None))
                elif words[0] in _KINDS:
                    # `query @cached {` has a directive, and no name
                    name = words[1] if len(words) > 1 and words[1] != "@" else None
                    found.append((words[0], name))
                words = []
            depth += 1
        elif token in "})":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and token[0] not in '#"':
            words.append(token)
    if depth != 0:
        raise OperationError(
            "The GraphQL document does not end: a brace or parenthesis is missing, or there is one too many."
        )
    if not found:
        raise OperationError("The GraphQL document holds no operation: write `query { … }` or `mutation { … }`.")
    return found


def _chosen(found: list[tuple[str, str | None]], operation_name: str | None) -> tuple[str, str | None]:
    if operation_name is None:
        if len(found) > 1:
            raise OperationError(
                f"The GraphQL document holds {len(found)} operations ({', '.join(str(name) for _, name in found)}); "
                "say which with operation_name=…."
            )
        return found[0]
    for kind, name in found:
        if name == operation_name:
            return kind, name
    raise OperationError(
        f"The GraphQL document has no operation {operation_name!r}; it has {', '.join(str(name) for _, name in found)}."
    )
