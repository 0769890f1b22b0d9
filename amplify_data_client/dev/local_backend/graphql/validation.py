"""Validate a document and report errors in AppSync's words."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    ValueNode,
    print_ast,
    specified_rules,
    validate,
)
from graphql.validation import OverlappingFieldsCanBeMergedRule

from amplify_data_client.dev.local_backend.errors import location, refused

from .overlap import FieldsMergeRule, can_merge
from .repetition import without_repetitions

# graphql-core's own rule compares every pair of fields: a document of a few kilobytes could take minutes
FIELD_RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
RULES = [*FIELD_RULES, FieldsMergeRule]
MAX_ERRORS = 20

_WORDS: list[tuple[str, Callable[[re.Match[str]], tuple[str, str]]]] = [
    (
        r"Cannot query field '(.+?)' on type '(.+?)'",
        lambda m: ("FieldUndefined", f"Field '{m[1]}' in type '{m[2]}' is undefined"),
    ),
    (r"Unknown argument '(.+?)' on ", lambda m: ("UnknownArgument", f"Unknown field argument {m[1]}")),
    (r"Unknown type '(.+?)'", lambda m: ("UnknownType", f"Unknown type {m[1]}")),
    (r"Unknown directive '@(.+?)'", lambda m: ("UnknownDirective", f"Unknown directive {m[1]}")),
    (
        r"Field '(.+?)' of type '(.+?)' must have a selection",
        lambda m: ("SubSelectionRequired", f"Sub selection required for type {m[2]} of field {m[1]}"),
    ),
    (
        r"Field '(.+?)' must not have a selection since type '(.+?)'",
        lambda m: ("SubSelectionNotAllowed", f"Sub selection not allowed on leaf type {m[2]} of field {m[1]}"),
    ),
    (
        r"(?:Field '.+?' argument '|Argument '[\w.]+\()(\w+)(?::\))?' of type '.+?' is required",
        lambda m: ("MissingFieldArgument", f"Missing field argument {m[1]}"),
    ),
    (r"Variable '\$(.+?)' is not defined", lambda m: ("UndefinedVariable", f"Undefined variable {m[1]}")),
    (r"Variable '\$(.+?)' is never used", lambda m: ("UnusedVariable", f"Unused variable {m[1]}")),
    (
        r"Variable '\$(.+?)' of type '(.+?)' used in position expecting type '(.+?)'",
        lambda m: ("VariableTypeMismatch", f"Variable type '{m[2]}' doesn't match expected type '{m[3]}'"),
    ),
    (r"Unknown fragment '(.+?)'", lambda m: ("UndefinedFragment", f"Undefined fragment {m[1]}")),
    (r"Fragment '(.+?)' is never used", lambda m: ("UnusedFragment", f"Unused fragment {m[1]}")),
    (r"Fields conflict: (.+)", lambda m: ("FieldsConflict", m[1])),
]


def check(schema: GraphQLSchema, document: DocumentNode) -> list[dict[str, Any]]:
    """Return the entries of a document's errors, in AppSync's words."""
    if not validate(schema, without_repetitions(document), FIELD_RULES, 1) and can_merge(schema, document):
        return []
    return [_entry(document, error) for error in validate(schema, document, RULES, MAX_ERRORS)]


def syntax_entry(error: GraphQLError) -> dict[str, Any]:
    """Make the entry of a syntax error."""
    return refused(f"Validation error of type InvalidSyntax: {error.message}", _locations(error))


def _locations(error: GraphQLError) -> list[dict[str, Any]] | None:
    return [location(place.line, place.column) for place in error.locations or ()][:1] or None


def _entry(document: DocumentNode, error: GraphQLError) -> dict[str, Any]:
    kind, text = _word(document, error)
    trail = _trail(document, error.nodes[0]) if error.nodes else []
    path = "/".join(node.name.value for node in trail if isinstance(node, FieldNode | FragmentDefinitionNode))
    where = f" @ '{path}'" if path else ""
    return refused(f"Validation error of type {kind}: {text}{where}", _locations(error))


def _word(document: DocumentNode, error: GraphQLError) -> tuple[str, str]:
    message = error.message.replace('"', "'")  # graphql-core's releases differ in their quotes
    for pattern, words in _WORDS:
        if found := re.match(pattern, message):
            return words(found)
    node = error.nodes[0] if error.nodes else None
    argument = (
        next((n for n in reversed(_trail(document, node)) if isinstance(n, ArgumentNode)), None) if node else None
    )
    if argument is None:
        return "ValidationError", error.message
    expected = re.search(r"type '(.+?)'|^(\w+) cannot represent|'(\w+)' enum", message)
    shown = _shown(argument.value)
    return "WrongType", f"argument '{argument.name.value}' with value '{shown}' is not a valid '{_bare(expected)}'"


def _bare(found: re.Match[str] | None) -> str:
    return next(filter(None, found.groups())).strip("[]!") if found else "value"


def _shown(value: ValueNode) -> str:
    text = print_ast(value)
    return text if len(text) <= 200 else text[:200] + "…"


def _trail(document: DocumentNode, wanted: Node) -> list[Node]:
    """Return the nodes from the document down to the wanted one."""
    if wanted.loc is None:
        return []
    start, end = wanted.loc.start, wanted.loc.end
    trail: list[Node] = []
    node: Node | None = document
    while node is not None and node is not wanted:
        node = next((n for n in _children(node) if n is wanted or _spans(n, start, end)), None)
        if node is not None:
            trail.append(node)
    return trail


def _spans(node: Node, start: int, end: int) -> bool:
    return node.loc is not None and node.loc.start <= start and node.loc.end >= end


def _children(node: Node) -> Iterator[Node]:
    for key in node.keys:
        value = getattr(node, key, None)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple | list):
            yield from (child for child in value if isinstance(child, Node))


def operation_named(document: DocumentNode, name: str | None) -> OperationDefinitionNode | str:
    """Return the operation to execute, or the reason why there is none."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name:
        named = [node for node in found if node.name and node.name.value == name]
        return named[0] if named else f"Unknown operation named '{name}'."
    if len(found) == 1:
        return found[0]
    return (
        "Must provide operation name if query contains multiple operations." if found else "Must provide an operation."
    )
