"""Check that fields with the same response name can be merged.

The rule FieldsInSetCanMerge of the GraphQL specification. Its time is proportional to the document: "the same field with
the same arguments" is an equivalence, so each field is compared with one of its group only.
"""

from collections.abc import Iterable
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    ValidationContext,
    ValidationRule,
    get_named_type,
    print_ast,
)

Parent = GraphQLNamedType | None
Placed = tuple[Parent, FieldNode]
MAX_DEPTH = 100


def can_merge(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Return whether a document keeps the rule. This reads the selections only, not the whole document."""
    errors: list[GraphQLError] = []
    rule = FieldsMergeRule(ValidationContext(schema, document, TypeInfo(schema), errors.append))
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            rule.enter_operation_definition(node)
    return not errors


class FieldsMergeRule(ValidationRule):
    """Refuses two different fields with one response name."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._compared: set[frozenset[tuple[str, int]]] = set()

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: Any) -> None:
        root = self.context.schema.get_root_type(node.operation)
        self._merge([(root, node.selection_set)], 0)

    def _merge(self, selections: list[tuple[Parent, SelectionSetNode]], depth: int) -> None:
        if depth > MAX_DEPTH:  # deeper documents are refused when they are executed
            return
        groups: dict[str, list[Placed]] = {}
        seen: set[str] = set()
        for parent, selection in selections:
            self._collect(parent, selection, groups, seen)
        for name, fields in groups.items():
            self._group(name, fields, depth)

    def _collect(
        self, parent: Parent, selection: SelectionSetNode, groups: dict[str, list[Placed]], seen: set[str]
    ) -> None:
        pending: list[tuple[Parent, SelectionSetNode]] = [(parent, selection)]
        while pending:
            parent, selection = pending.pop()
            for node in selection.selections:
                if isinstance(node, FieldNode):
                    name = node.alias.value if node.alias else node.name.value
                    groups.setdefault(name, []).append((parent, node))
                elif isinstance(node, InlineFragmentNode):
                    pending.append((self._condition(node.type_condition, parent), node.selection_set))
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    fragment = self.context.get_fragment(node.name.value)
                    if isinstance(fragment, FragmentDefinitionNode):
                        pending.append((self._condition(fragment.type_condition, parent), fragment.selection_set))

    def _condition(self, node: Any, parent: Parent) -> Parent:
        return self.context.schema.get_type(node.name.value) if node else parent

    def _group(self, name: str, fields: list[Placed], depth: int) -> None:
        # fragments can reach the same fields on exponentially many ways
        together = frozenset((parent.name if parent else "", id(node)) for parent, node in fields)
        if together in self._compared:
            return
        self._compared.add(together)
        first: dict[str, tuple[FieldNode, str]] = {}
        shapes: set[str] = set()
        deeper: list[tuple[Parent, SelectionSetNode]] = []
        for parent, node in fields:
            written = _written(node)
            # fields of different object types never occur in one answer: only their shapes have to agree
            key = parent.name if isinstance(parent, GraphQLObjectType) else ""
            known, known_written = first.setdefault(key, (node, written))
            if known_written != written:
                self._report(f"Fields conflict: {name}: they have differing arguments or names", (known, node))
                return
            type_ = self._type(parent, node)
            shapes.add(str(type_) if node.selection_set is None else "object")
            if node.selection_set is not None:
                deeper.append((get_named_type(type_) if type_ else None, node.selection_set))
        if len(shapes) > 1:
            self._report(f"Fields conflict: {name}: they return differing types", [node for _, node in fields[:2]])
        elif deeper:
            self._merge(deeper, depth + 1)

    def _type(self, parent: Parent, node: FieldNode) -> Any:
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and node.name.value in parent.fields:
            return parent.fields[node.name.value].type
        return None

    def _report(self, message: str, nodes: Iterable[FieldNode]) -> None:
        self.report_error(GraphQLError(message, list(nodes)))


def _written(node: FieldNode) -> str:
    given = sorted(f"{argument.name.value}:{print_ast(argument.value)}" for argument in node.arguments or ())
    return f"{node.name.value}({','.join(given)})"
