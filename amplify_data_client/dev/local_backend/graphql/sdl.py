"""Write the API's schema (SDL) as Amplify compiles it from an introspection.

Amplify's quirks are included; the tests compare the result with schemas that Amplify's own transformer wrote.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

from amplify_data_client._core.schema import keys
from amplify_data_client._core.schema.capabilities import operations
from amplify_data_client._core.schema.introspection import CustomOperation, Field, Introspection, Model, TypeRef
from amplify_data_client.dev.local_backend.access import rules

from . import conversation_sdl

FILTERS = {
    "ID": "ID",
    "Int": "Int",
    "AWSTimestamp": "Int",
    "Float": "Float",
    "Boolean": "Boolean",
}
PAGE = "limit: Int, nextToken: String"


def capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


@cache
def _fixed() -> str:
    return Path(__file__).with_name("fixed.graphql").read_text("utf-8")


def has_declared_key(introspection: Introspection, model: Model) -> bool:
    """Whether the schema declares the identifier, even just `id`. Only then the list query has key arguments."""
    raw = introspection.raw["models"].get(model.name) or {}
    return any(entry["type"] == "key" and not entry["properties"].get("name") for entry in raw.get("attributes") or ())


def may_be_left_out(model: Model) -> bool:
    """Whether a create may leave out the identifier.

    A database may make an integer key (PostgreSQL's SERIAL). The introspection does not tell, so each may be left out.
    """
    if model.is_sql and len(model.identifier) == 1:
        return model.identifier == ("id",) or model.fields[model.identifier[0]].type.name == "Int"
    return model.identifier == ("id",) and not model.has_custom_identifier


class Writer:
    """Writes the SDL of one introspection."""

    def __init__(self, introspection: Introspection) -> None:
        self._from = introspection
        self._queries: list[str] = []
        self._mutations: list[str] = []
        self._subscriptions: list[str] = []
        self._definitions: dict[str, str] = {}

    def write(self) -> str:
        """Return the whole schema."""
        for model in self._models:
            self._model(model)
        for enum in self._from.enums.values():
            self._define("enum", enum.name, enum.values)
        for custom in self._from.non_models.values():
            self._define("type", custom.name, map(_output, custom.fields.values()), rules.directives(rules.PROVIDERS))
        for given in self._from.inputs.values():
            self._define("input", given.name, (f"{f.name}: {f.type.graphql}" for f in given.fields.values()))
        self._custom_operations()
        for conversation in self._from.conversations.values():
            self._conversation(conversation.name)
        for name, fields in (
            ("Query", self._queries),
            ("Mutation", self._mutations),
            ("Subscription", self._subscriptions),
        ):
            if fields:
                self._define("type", name, fields)
        return "\n\n".join((_fixed(), *self._definitions.values()))

    @cached_property
    def _models(self) -> list[Model]:
        return list(self._from.models.values())

    @cached_property
    def _listed_by_relations(self) -> set[str]:
        return {
            field.type.name
            for model in self._models
            for field in model.fields.values()
            if field.association and field.association.connection == "HAS_MANY"
        }

    def _define(self, kind: str, name: str, lines: Iterable[str], directives: str = "") -> None:
        if name not in self._definitions:
            body = "\n".join(f"  {line}" for line in lines)
            self._definitions[name] = f"{kind} {name}{directives} {{\n{body}\n}}"

    def _model(self, model: Model) -> None:
        offered = operations(model)
        callers = rules.directives(rules.providers(model))
        self._define("type", model.name, map(_output, model.fields.values()), callers)
        self._inputs(model, offered)
        if "list" in offered or model.indexes:
            self._connection(model, capitalised(model.name), callers, everything=True)
        if model.name in self._listed_by_relations:  # of a model named in lower case relations have types of their own
            self._connection(model, model.name, callers, everything=False)
        self._root_queries(model, offered)
        self._root_mutations(model, offered)
        self._root_subscriptions(model, offered)

    def _connection(self, model: Model, name: str, callers: str, *, everything: bool) -> None:
        self._define("type", f"Model{name}Connection", (f"items: [{model.name}]!", "nextToken: String"), callers)
        fields = _plain(model)
        if everything:
            lines = [*self._filters(fields), *([] if model.is_sql else _identifier(fields))]
        else:  # made for a relation alone: only the declared fields
            lines = list(self._filters(f for f in fields if not _is_id(f) and not f.is_read_only))
        self._filter_input(f"Model{name}FilterInput", lines, _owners(model))

    def _filter_input(self, name: str, lines: Iterable[str], more: Iterable[str] = ()) -> None:
        self._define("input", name, (*lines, f"and: [{name}]", f"or: [{name}]", f"not: {name}", *more))

    def _filters(self, fields: Iterable[Field]) -> Iterator[str]:
        for field in fields:
            if field.type.kind == "enum":
                yield f"{field.name}: {self._enum_filter(field.type)}"
            elif field.type.kind == "scalar":
                yield f"{field.name}: Model{FILTERS.get(field.type.name, 'String')}Input"

    def _enum_filter(self, type_: TypeRef) -> str:
        enum = type_.name
        if type_.is_array:
            name = f"Model{enum}ListInput"
            lines = [f"eq: [{enum}]", f"ne: [{enum}]", f"contains: {enum}", f"notContains: {enum}"]
        else:
            name, lines = f"Model{enum}Input", [f"eq: {enum}", f"ne: {enum}"]
        self._define("input", name, lines)
        return name

    def _inputs(self, model: Model, offered: frozenset[str]) -> None:
        if not offered & {"create", "update", "delete"}:
            return
        name = capitalised(model.name)
        plain = _plain(model)
        given = [field for field in _stored(model) if not field.is_read_only]
        tested = [f for f in plain if not (_is_id(f) if model.is_sql else f.name in model.identifier)]
        others = [field for field in tested if not field.is_read_only]
        lines = [*self._filters(others), *(f"{f.name}: ModelStringInput" for f in plain if f.is_read_only)]
        self._filter_input(f"Model{name}ConditionInput", lines, _owners(model))
        if "create" in offered:
            self._define("input", f"Create{name}Input", (self._input_line(model, f, "create") for f in given))
        if "update" in offered:
            self._define("input", f"Update{name}Input", (self._input_line(model, f, "update") for f in given))
        if "delete" in offered:
            key = (model.fields[part] for part in model.identifier)
            self._define("input", f"Delete{name}Input", (f"{f.name}: {f.type.name}!" for f in key))

    def _input_line(self, model: Model, field: Field, verb: str) -> str:
        type_ = self._input_type(field.type)
        if field.name in model.identifier:
            is_optional = verb == "create" and may_be_left_out(model)
            return f"{field.name}: {type_.removesuffix('!')}{'' if is_optional else '!'}"
        return f"{field.name}: {type_.removesuffix('!') if verb == 'update' else type_}"

    def _input_type(self, type_: TypeRef) -> str:
        if type_.kind != "non_model":
            return type_.graphql
        name = f"{type_.name}Input"
        if name not in self._definitions:
            self._definitions[name] = ""  # for types that contain themselves
            fields = self._from.non_models[type_.name].fields.values()
            lines = [f"{field.name}: {self._input_type(field.type)}" for field in fields]
            del self._definitions[name]
            self._define("input", name, lines)
        return type_.graphql.replace(type_.name, name)

    def _root_queries(self, model: Model, offered: frozenset[str]) -> None:
        name = capitalised(model.name)
        if "get" in offered:
            key = ", ".join(f"{part}: {model.fields[part].type.name}!" for part in model.identifier)
            self._root(self._queries, f"get{name}({key}): {model.name}", rules.providers(model, "get"))
        found = f"Model{name}Connection"
        if "list" in offered:
            shared = f"filter: Model{name}FilterInput, {PAGE}"
            if has_declared_key(self._from, model):
                arguments = keys.identifier_arguments(model)
                key = self._key(arguments._replace(sort=None) if model.is_sql else arguments, is_required=False)
                shared = f"{key}, {shared}, sortDirection: ModelSortDirection"
            self._root(self._queries, f"{keys.list_field(model)}({shared}): {found}", rules.providers(model, "list"))
        for index in model.indexes:
            if index.query_field:
                key = self._key(keys.index_arguments(model, index), is_required=True)
                shared = f"{key}, sortDirection: ModelSortDirection, filter: Model{name}FilterInput, {PAGE}"
                self._root(self._queries, f"{index.query_field}({shared}): {found}", rules.providers(model, "list"))

    def _key(self, arguments: keys.KeyArguments, *, is_required: bool) -> str:
        partition = f"{arguments.partition.name}: {arguments.partition.type.name}{'!' if is_required else ''}"
        if arguments.sort is None:
            return partition
        condition = arguments.sort.input_type
        if len(arguments.sort.fields) == 1:
            kind = condition.removeprefix("Model").removesuffix("KeyConditionInput")
            self._key_condition(condition, kind, begins_with=kind in ("String", "ID"))
        else:
            part = condition.replace("ConditionInput", "Input")
            self._define("input", part, _composite_parts(arguments.sort.fields))
            self._key_condition(condition, part, begins_with=True)
        return f"{partition}, {arguments.sort.name}: {condition}"

    def _key_condition(self, name: str, kind: str, *, begins_with: bool) -> None:
        lines = [*(f"{operator}: {kind}" for operator in ("eq", "le", "lt", "ge", "gt")), f"between: [{kind}]"]
        self._define("input", name, [*lines, f"beginsWith: {kind}"] if begins_with else lines)

    def _root_mutations(self, model: Model, offered: frozenset[str]) -> None:
        name = capitalised(model.name)
        for verb in ("create", "update", "delete"):
            if verb in offered:
                given = f"input: {capitalised(verb)}{name}Input!, condition: Model{name}ConditionInput"
                callers = rules.providers(model, verb)
                self._root(self._mutations, f"{verb}{name}({given}): {model.name}", callers)

    def _root_subscriptions(self, model: Model, offered: frozenset[str]) -> None:
        mutations = operations(model) & {"create", "update", "delete"}
        verbs = [v for v in ("create", "update", "delete") if v in mutations and f"on{capitalised(v)}" in offered]
        if not verbs:
            return
        name = capitalised(model.name)
        owners = [name for name in _owner_fields(model, "listen") if not model.fields[name].type.is_array]
        given = ", ".join([f"filter: ModelSubscription{name}FilterInput", *(f"{owner}: String" for owner in owners)])
        for verb in verbs:
            callers = rules.providers(model, "listen")
            source = f'@aws_subscribe(mutations: ["{verb}{name}"])'
            field = f"on{capitalised(verb)}{name}({given}): {model.name} {source}"
            self._root(self._subscriptions, field, callers)
        private = {rule.get("ownerField") or rule.get("groupsField") for rule in model.auth_rules}
        plain = [field for field in _plain(model) if field.name not in private]
        kinds = {f.name: "String" if f.type.kind == "enum" else FILTERS.get(f.type.name, "String") for f in plain}
        filter_ = f"ModelSubscription{name}FilterInput"
        lines = [f"{field}: ModelSubscription{kind}Input" for field, kind in kinds.items()]
        if "id" not in kinds and not model.is_sql:
            lines.append("id: ModelSubscriptionIDInput")
        self._define(
            "input",
            filter_,
            (
                *lines,
                f"and: [{filter_}]",
                f"or: [{filter_}]",
                *(f"{owner}: ModelStringInput" for owner in _owner_fields(model)),
            ),
        )

    def _root(self, fields: list[str], field: str, callers: Iterable[rules.Provider]) -> None:
        fields.append(field + rules.directives(callers))

    def _custom_operations(self) -> None:
        everyone = rules.directives(rules.PROVIDERS)
        for fields, found in (
            (self._queries, self._from.queries),
            (self._queries, self._from.generations),
            (self._mutations, self._from.mutations),
            (self._subscriptions, self._from.subscriptions),
        ):
            fields.extend(_operation(operation) + everyone for operation in found.values())

    def _conversation(self, route: str) -> None:
        self._definitions = conversation_sdl.types(route) | self._definitions
        self._queries += conversation_sdl.fields(route, "Query")
        self._mutations += conversation_sdl.fields(route, "Mutation")
        self._subscriptions += conversation_sdl.fields(route, "Subscription")


def _operation(operation: CustomOperation) -> str:
    given = ", ".join(f"{field.name}: {field.type.graphql}" for field in operation.arguments.values())
    return f"{operation.name}{f'({given})' if given else ''}: {operation.type.graphql}"


def _output(field: Field) -> str:
    if field.association and field.association.connection == "HAS_MANY":
        name = field.type.name
        given = f"filter: Model{name}FilterInput, sortDirection: ModelSortDirection, {PAGE}"
        return f"{field.name}({given}): Model{name}Connection"
    if (
        field.is_read_only and not field.type.is_required
    ):  # the introspection calls timestamps optional, the API does not
        return f"{field.name}: {field.type.graphql}!"
    return f"{field.name}: {field.type.graphql}"


def _composite_parts(fields: Sequence[Field]) -> Iterator[str]:
    *first, last = fields
    yield from (f"{field.name}: {field.type.name}" for field in first)
    # Amplify writes only the last part's type as the one that DynamoDB knows
    yield f"{last.name}: {last.type.name if last.type.kind == 'enum' else FILTERS.get(last.type.name, 'String')}"


def _stored(model: Model) -> list[Field]:
    return [f for f in model.fields.values() if not f.association and f.type.kind != "model" and not f.is_implicit]


def _plain(model: Model) -> list[Field]:
    return [field for field in _stored(model) if field.type.kind in ("scalar", "enum")]


def _is_id(field: Field) -> bool:
    return field.name == "id" and field.type.name == "ID"


def _identifier(fields: Iterable[Field]) -> list[str]:
    # Amplify adds `id` to the filter of every model, whether the model has one or not.
    return [] if any(field.name == "id" for field in fields) else ["id: ModelIDInput"]


def _owners(model: Model) -> list[str]:
    return [f"{field.name}: ModelStringInput" for field in model.fields.values() if field.is_implicit]


def _owner_fields(model: Model, operation: str | None = None) -> list[str]:
    found = (
        rule.get("ownerField") or "owner"
        for rule in model.auth_rules
        if rule.get("allow") == "owner" and (operation is None or operation in rules.operations(rule))
    )
    return list(dict.fromkeys(found))


def write(introspection: Introspection) -> str:
    """Write the API's schema as AppSync's SDL."""
    return Writer(introspection).write()
