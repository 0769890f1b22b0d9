"""Leave repeated fields out of a document, so that each one is validated once.

A request may have thousands of aliases of one field, and graphql-core's rules would check every one of them.
"""

from typing import Any

from graphql import DocumentNode, FieldNode, OperationDefinitionNode, OperationType, SelectionNode


def without_repetitions(document: DocumentNode) -> DocumentNode:
    """Return the document with one of the fields that differ by nothing but their alias.

    Rules about aliases need the whole document. A subscription is left as it is: it may have one field only.
    """
    assert document.loc is not None
    text = document.loc.source.body
    reduced = (one if _is_subscription(one) else _reduced(one, text) for one in document.definitions)
    made: DocumentNode = _with(document, definitions=tuple(reduced))
    return made


def _is_subscription(node: Any) -> bool:
    return isinstance(node, OperationDefinitionNode) and node.operation is OperationType.SUBSCRIPTION


def _reduced(node: Any, text: str) -> Any:
    selections = getattr(node, "selection_set", None)
    if selections is None:
        return node
    kept: dict[object, SelectionNode] = {}
    for one in selections.selections:
        kept.setdefault(_written(one, text), one)
    reduced = tuple(_reduced(one, text) for one in kept.values())
    return _with(node, selection_set=_with(selections, selections=reduced))


def _with(node: Any, **changes: Any) -> Any:
    # graphql-core 3.3 freezes its nodes
    return type(node)(**{key: getattr(node, key) for key in node.keys} | {"loc": node.loc} | changes)


def _written(node: SelectionNode, text: str) -> object:
    """Return what is written after the alias: name, arguments, directives and selection."""
    if isinstance(node, FieldNode) and node.loc and node.name.loc:
        return text[node.name.loc.start : node.loc.end]
    return id(node)
