"""Execute an operation as AppSync does.

graphql-core provides the language and the types. AppSync's execution differs from it: every failing sub-field is
listed, even below a parent that is already null, and errors have AppSync's shapes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    Undefined,
    get_named_type,
    value_from_ast,
)

from amplify_data_client.dev.local_backend.errors import ResolverError, location

from .scalars import OUTPUT_WORDS, ScalarError

Path = tuple[str | int, ...]
Fields = dict[str, list[FieldNode]]
FAILED: Final = object()  # null, and its error is already reported
_CONDITIONS = {"skip": (False, GraphQLSkipDirective), "include": (True, GraphQLIncludeDirective)}
_META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef, "__typename": TypeNameMetaFieldDef}


@dataclass(frozen=True, slots=True)
class Info:
    """The field that a resolver answers."""

    field_name: str
    parent_type: GraphQLObjectType
    return_type: GraphQLOutputType
    schema: GraphQLSchema
    context: Any
    path: Path

    @property
    def type_name(self) -> str:
        return get_named_type(self.return_type).name


class Execution:
    """The execution of one operation. `guard` is called before every field and raises if the caller may not use it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: dict[str, Any],
        context: Any,
        guard: Callable[[Info], None],
    ) -> None:
        self.errors: list[dict[str, Any]] = []
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._context = context
        self._guard = guard

    def run(self, operation: OperationDefinitionNode) -> dict[str, Any] | None:
        """Execute the operation and return its data; the errors are then in `errors`."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None  # validation has checked it
        data = self._object(root, [operation.selection_set], {}, ())
        return None if data is FAILED else data

    def _object(
        self, parent: GraphQLObjectType, selections: Iterable[SelectionSetNode], source: Any, path: Path
    ) -> Any:
        result: dict[str, Any] = {}
        is_lost = False
        for name, nodes in self._collect(parent, selections).items():
            definition = _META.get(nodes[0].name.value) or parent.fields.get(nodes[0].name.value)
            if definition is None:
                continue
            value = self._field(parent, definition, nodes, source, (*path, name))
            if value is FAILED:
                is_lost = is_lost or isinstance(definition.type, GraphQLNonNull)
                value = None
            result[name] = value
        return FAILED if is_lost else result

    def _field(
        self, parent: GraphQLObjectType, definition: GraphQLField, nodes: list[FieldNode], source: Any, path: Path
    ) -> Any:
        node = nodes[0]
        info = Info(node.name.value, parent, definition.type, self._schema, self._context, path)
        try:
            self._context.check_time()
            self._guard(info)
            arguments = _arguments(definition.args, node, self._variables)
            resolve = definition.resolve or _read
            value = resolve(source, info, **arguments)
        except ResolverError as error:
            self._report(error, node, path)
            return FAILED
        except GraphQLError as error:
            self._report(ResolverError(error.message), node, path)
            return FAILED
        return self._complete(definition.type, nodes, value, path, info)

    def _complete(self, type_: Any, nodes: list[FieldNode], value: Any, path: Path, info: Info) -> Any:
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                return self._null(type_, path, info)
            return self._complete(type_.of_type, nodes, value, path, info)
        if value is None:
            return None
        if isinstance(type_, GraphQLList):
            return self._list(type_, nodes, value, path, info)
        if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(type_, value, path)
        return self._composite(type_, nodes, value, path)

    def _list(self, type_: GraphQLList[Any], nodes: list[FieldNode], value: Any, path: Path, info: Info) -> Any:
        if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping):
            return self._engine(f"Can't resolve value ({_place(path)}) : type mismatch error, expected type LIST", path)
        items = [self._complete(type_.of_type, nodes, item, (*path, n), info) for n, item in enumerate(value)]
        if isinstance(type_.of_type, GraphQLNonNull) and any(item is FAILED for item in items):
            return FAILED
        return [None if item is FAILED else item for item in items]

    def _leaf(self, type_: GraphQLScalarType | GraphQLEnumType, value: Any, path: Path) -> Any:
        try:
            return type_.serialize(value)
        except (GraphQLError, ScalarError, TypeError, ValueError):
            word = OUTPUT_WORDS.get(type_.name, type_.name)
            message = f"Unable to serialize `{value}` as a valid {word} Object."
            return self._engine(f"Can't serialize value ({_place(path)}) : {message}", path)

    def _composite(self, type_: Any, nodes: list[FieldNode], value: Any, path: Path) -> Any:
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            type_ = self._concrete(type_, value)
        if not isinstance(type_, GraphQLObjectType) or (not isinstance(value, Mapping) and not _is_meta(type_)):
            return self._engine(
                f"Can't resolve value ({_place(path)}) : type mismatch error, expected type OBJECT", path
            )
        return self._object(type_, [node.selection_set for node in nodes if node.selection_set], value, path)

    def _concrete(self, type_: GraphQLAbstractType, value: Any) -> Any:
        possible = self._schema.get_possible_types(type_)
        named = value.get("__typename") if isinstance(value, Mapping) else None
        return next((one for one in possible if one.name == named), None)

    def _collect(self, parent: GraphQLObjectType, selections: Iterable[SelectionSetNode]) -> Fields:
        found: Fields = {}
        seen: set[str] = set()
        for selection in selections:
            self._collect_from(parent, selection, found, seen)
        return found

    def _collect_from(
        self, parent: GraphQLObjectType, selection: SelectionSetNode, found: Fields, seen: set[str]
    ) -> None:
        for node in selection.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
                continue
            fragment: Any = node
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
            if self._applies(parent, fragment):
                self._collect_from(parent, fragment.selection_set, found, seen)

    def _is_included(self, node: Any) -> bool:
        if not node.directives:
            return True
        for directive in node.directives:
            known = _CONDITIONS.get(directive.name.value)
            if known is not None:
                wanted, definition = known
                if _arguments(definition.args, directive, self._variables)["if"] is not wanted:
                    return False
        return True

    def _applies(self, parent: GraphQLObjectType, fragment: InlineFragmentNode | FragmentDefinitionNode) -> bool:
        if fragment.type_condition is None:
            return True
        named = self._schema.get_type(fragment.type_condition.name.value)
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            return self._schema.is_sub_type(named, parent)
        return named is parent

    def _report(self, error: ResolverError, node: FieldNode, path: Path) -> None:
        start = node.loc.start_token if node.loc else None
        self.errors.append(
            {
                "path": list(path),
                "data": error.data,
                "errorType": error.error_type,
                "errorInfo": error.info,
                "locations": [location(start.line, start.column)] if start else None,
                "message": error.message,
            }
        )

    def _engine(self, message: str, path: Path) -> Any:
        self.errors.append({"path": list(path), "locations": None, "message": message})
        return FAILED

    def _null(self, type_: GraphQLNonNull[Any], path: Path, info: Info) -> Any:
        named = get_named_type(type_).name
        within = info.parent_type.name
        message = f"Cannot return null for non-nullable type: '{named}' within parent '{within}' ({_place(path)})"
        return self._engine(message, path)


def _place(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f"/{part}" for part in path)


def _is_meta(type_: GraphQLObjectType) -> bool:
    return type_.name.startswith("__")


def _read(source: Any, info: Info, /, **_arguments: Any) -> Any:
    return source.get(info.field_name) if isinstance(source, Mapping) else getattr(source, info.field_name, None)


def _arguments(
    defined: Mapping[str, GraphQLArgument], node: FieldNode | DirectiveNode, variables: dict[str, Any]
) -> dict[str, Any]:
    # the document is validated, so the arguments fit (graphql-core's own function changed its signature between 3.2
    # and 3.3)
    arguments: dict[str, Any] = {}
    for given in node.arguments or ():
        value = value_from_ast(given.value, defined[given.name.value].type, variables)
        if value is not Undefined:
            arguments[given.name.value] = value
    return arguments
