"""List what the page shows: fields, calls of the client, authorization rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema

from amplify_data_client._core.schema import keys
from amplify_data_client._core.schema.capabilities import operations
from amplify_data_client._core.schema.introspection import CustomOperation, Field, Introspection, Model
from amplify_data_client._core.schema.naming import Names

_WHO = {"private": "signed-in callers", "custom": "callers that the authorizer lets in"}
_HOW = {
    "apiKey": "API key",
    "iam": "IAM",
    "identityPool": "identity pool",
    "userPools": "user pool",
    "oidc": "OIDC",
    "function": "Lambda authorizer",
}


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A call of the Python client, and the root field that it sends."""

    call: str
    root_field: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field: its GraphQL type, the type's name if the page has a section for it, and notes."""

    name: str
    type: str
    link: str | None
    notes: tuple[str, ...]


def model_operations(model: Model, schema: GraphQLSchema) -> Iterator[ClientCall]:
    """List the operations of a model: create, read, update, delete."""
    fields, offered = Names(model.fields), operations(model)
    key = ", ".join(f"{fields.python(name)}=…" for name in model.identifier)
    calls = {"create": "…", "get": key, "list": "", "update": f"{key}, …", "delete": key}
    for verb in ("create", "get", "list"):
        if verb in offered:
            yield _generated(model, verb, calls[verb])
    indexes = Names(index.query_field for index in model.indexes if index.query_field)
    for index in model.indexes:
        if index.query_field and schema.query_type and index.query_field in schema.query_type.fields:
            given = ", ".join(f"{fields.python(name)}=…" for name in index.fields)
            yield ClientCall(
                f"client.models.{model.name}.{indexes.python(index.query_field)}({given})", index.query_field
            )
    for verb in ("update", "delete"):
        if verb in offered:
            yield _generated(model, verb, calls[verb])


def _generated(model: Model, verb: str, given: str) -> ClientCall:
    root_field = keys.list_field(model) if verb == "list" else keys.root_field(verb, model)
    return ClientCall(f"client.models.{model.name}.{verb}({given})", root_field)


def custom_operation(operation: CustomOperation, group: str, known: Names) -> ClientCall:
    """Return the call of a custom operation. `known` are the names of its group."""
    arguments = Names(operation.arguments)
    given = ", ".join(f"{arguments.python(name)}=…" for name in operation.arguments)
    return ClientCall(f"client.{group}.{known.python(operation.name)}({given})", operation.name)


def rows(fields: Mapping[str, Field], introspection: Introspection, model: Model | None = None) -> Iterator[FieldRow]:
    """List fields, of a model or of a custom type."""
    for field in fields.values():
        name = field.type.name
        is_shown = any(name in found for found in (introspection.models, introspection.enums, introspection.non_models))
        yield FieldRow(field.name, field.type.graphql, name if is_shown else None, tuple(_notes(field, model)))


def _notes(field: Field, model: Model | None) -> Iterator[str]:
    if model and field.name in model.identifier:
        yield "key"
    for index in model.indexes if model else ():
        if field.name in index.fields:
            yield f"index {index.name}"
    if field.association:
        word = field.association.connection.replace("_", " ").lower()
        yield f"{word}, by {', '.join(field.association.fields)}"
    if field.is_implicit:
        yield "filled in for the owner"
    elif field.is_read_only:
        yield "filled in"


def rules(model: Model) -> Iterator[str]:
    """Describe the authorization rules, one sentence per rule."""
    for rule in model.auth_rules:
        provider = rule.get("provider")
        how = f" ({_HOW.get(provider, provider)})" if provider else ""
        may = ", ".join(rule.get("operations") or ()) or "everything"
        yield f"{_who(rule)}{how}: {may}"


def _who(rule: Mapping[str, Any]) -> str:
    match rule.get("allow"):
        case "owner":
            return f"the owner in {rule.get('ownerField') or 'owner'}"
        case "groups" if rule.get("groupsField"):
            return f"the group in {rule['groupsField']}"
        case "groups":
            return f"group {', '.join(rule.get('groups') or ())}"
        case "public":
            return "anyone"
        case other:
            return _WHO.get(str(other), str(other))
