"""Attach the resolvers to the fields of the schema."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema

from amplify_data_client._core.schema import keys
from amplify_data_client._core.schema.introspection import Field, Introspection, Model
from amplify_data_client.dev.local_backend.context import as_mutated, is_mutated
from amplify_data_client.dev.local_backend.dynamodb.tables import relation_index
from amplify_data_client.dev.local_backend.errors import dynamodb, unauthorized
from amplify_data_client.dev.local_backend.graphql.executor import Info
from amplify_data_client.dev.local_backend.graphql.sdl import capitalised

from .conversations import ConversationResolver
from .custom import Functions
from .model import READS, ModelResolvers

Resolver = Callable[..., Any]
NUMBERS = ("Int", "Float", "AWSTimestamp")
_MISTYPED = "One or more parameter values were invalid: Condition parameter type does not match schema type"


class Wiring:
    """Attaches the resolvers of the models to a schema."""

    def __init__(self, schema: GraphQLSchema, models: Mapping[str, ModelResolvers]) -> None:
        self._schema = schema
        self._models = models

    def connect(self) -> None:
        for resolvers in self._models.values():
            self._operations(resolvers)
            self._fields(resolvers)

    def put(self, root: GraphQLObjectType | None, name: str, resolver: Resolver) -> None:
        """Set the resolver of a field, if the schema has the field."""
        field: GraphQLField | None = root.fields.get(name) if root else None
        if field is not None:
            field.resolve = resolver

    def _operations(self, resolvers: ModelResolvers) -> None:
        model, query, mutation = resolvers.model, self._schema.query_type, self._schema.mutation_type
        name = capitalised(model.name)
        self.put(query, f"get{name}", resolvers.get)
        self.put(query, keys.list_field(model), resolvers.list)
        for index in model.indexes:
            if index.query_field:
                self.put(query, index.query_field, resolvers.by_index(index))
        for verb in ("create", "update", "delete"):
            self.put(mutation, f"{verb}{name}", getattr(resolvers, verb))

    def _fields(self, resolvers: ModelResolvers) -> None:
        model = resolvers.model
        type_ = self._schema.type_map[model.name]
        assert isinstance(type_, GraphQLObjectType)
        owners = {rule.get("ownerField") or "owner" for rule in model.auth_rules if rule.get("allow") == "owner"}
        for field in model.fields.values():
            if field.association:
                self.put(type_, field.name, self._relation(model, field))
            elif field.name in owners:
                self.put(type_, field.name, _owner)
        for name in resolvers.rules.fields:
            self.put(type_, name, _guarded(resolvers, name, type_.fields[name].resolve))

    def _relation(self, model: Model, field: Field) -> Resolver:
        assert field.association is not None
        other = self._models[field.type.name]
        is_list = field.association.connection == "HAS_MANY"
        if field.association.connection == "BELONGS_TO":
            resolve = _belongs_to(other, field.association.fields)
        else:
            resolve = _has(other, model, field, is_list=is_list)
        if self._models[model.name].rules.is_redacted(other.rules):
            return _redacted(other, resolve, {"items": [], "nextToken": None} if is_list else None)
        return resolve


def _redacted(other: ModelResolvers, resolve: Resolver, nothing: Any) -> Resolver:
    def read(source: Any, info: Info, /, **given: Any) -> Any:
        if not is_mutated(source):
            return resolve(source, info, **given)
        other.rules.visible(info.context.identity, info.field_name, info.type_name, *READS)
        return nothing

    return read


def _owner(source: Any, info: Info) -> Any:
    owner = source.get(info.field_name)
    return [_last(part) for part in owner] if isinstance(owner, list) else _last(owner)


def _last(owner: Any) -> Any:
    return owner.rpartition("::")[2] if isinstance(owner, str) else owner


def _belongs_to(other: ModelResolvers, foreign: tuple[str, ...]) -> Resolver:
    def resolve(source: Any, info: Info) -> Any:
        values = [source.get(name) for name in foreign]
        if any(value is None or value == "" for value in values):
            other.rules.visible(info.context.identity, info.field_name, info.type_name, *READS)
            return None
        return _marked(other.read(info, dict(zip(other.model.identifier, values, strict=True)), *READS), source)

    return resolve


def _has(other: ModelResolvers, model: Model, field: Field, *, is_list: bool) -> Resolver:
    key = other.table.indexes[relation_index(model, field)]
    # Amplify's template of a hasMany writes the only sort key as text, whatever its type
    is_mistyped = (
        is_list
        and not model.is_sql
        and len(model.identifier) == 2
        and model.fields[model.identifier[1]].type.name in NUMBERS
    )

    def resolve(source: Any, info: Info, /, **given: Any) -> Any:
        if is_mistyped:
            other.rules.visible(info.context.identity, info.field_name, info.type_name, *READS)
            raise dynamodb("ValidationException", _MISTYPED)
        values = [source.get(name) for name in model.identifier]
        if not is_list:
            return _marked(other.first(info, key, values), source)
        page = other.related(info, key, values, given)
        page["items"] = [_marked(item, source) for item in page["items"]]
        return page

    return resolve


def _marked(found: dict[str, Any] | None, source: Any) -> dict[str, Any] | None:
    return as_mutated(found) if found is not None and is_mutated(source) else found


def _guarded(resolvers: ModelResolvers, name: str, resolve: Resolver | None) -> Resolver:
    def read(source: Any, info: Info, /, **given: Any) -> Any:
        if is_mutated(source):  # what a mutation returns goes to every subscriber, so it has no such field
            return None
        if not resolvers.rules.may_read_field(info.context.identity, name, source):
            raise unauthorized(name, info.type_name)
        return resolve(source, info, **given) if resolve else source.get(name)

    return read


def connect(
    schema: GraphQLSchema, introspection: Introspection, models: Mapping[str, ModelResolvers], functions: Functions
) -> None:
    """Attach all resolvers to a schema."""
    wiring = Wiring(schema, models)
    wiring.connect()
    for root, names in (
        (schema.query_type, (*introspection.queries, *introspection.generations)),
        (schema.mutation_type, introspection.mutations),
    ):
        for name in names:
            wiring.put(root, name, functions.resolve)
    for conversation in introspection.conversations.values():
        resolver = ConversationResolver(conversation, models, functions)
        wiring.put(schema.mutation_type, conversation.send.name, resolver.send)
