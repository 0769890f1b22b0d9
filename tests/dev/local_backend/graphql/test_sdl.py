"""The schema written from an introspection is the one that Amplify's transformer compiled."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.graphql import sdl

pytestmark = pytest.mark.one_python

SCHEMAS = Path(__file__).parents[3] / "data" / "schemas"
NAMES = sorted(path.parent.name for path in SCHEMAS.glob("*/appsync.graphql"))
SCALARS = ["Date", "Time", "DateTime", "Timestamp", "Email", "JSON", "URL", "Phone", "IPAddress"]
DIRECTIVES = re.compile(r"aws_(?:api_key|iam|cognito_user_pools|oidc|lambda)")


def written(name: str) -> GraphQLSchema:
    raw = json.loads((SCHEMAS / name / "model-introspection.json").read_text())
    return build_schema(sdl.write(Introspection(raw)))


def compiled(name: str) -> GraphQLSchema:
    scalars = "\n".join(f"scalar AWS{scalar}" for scalar in SCALARS)
    directives = sdl.write(Introspection({"models": {}})).split("\n\n")[0]
    return build_schema(f"{directives}\n{scalars}\n{(SCHEMAS / name / 'appsync.graphql').read_text()}")


def members(named: GraphQLNamedType) -> Any:
    if isinstance(named, GraphQLEnumType):
        return list(named.values)
    if isinstance(named, GraphQLInputObjectType):
        return {name: str(field.type) for name, field in named.fields.items()}
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return {
            name: (str(field.type), {key: str(argument.type) for key, argument in field.args.items()})
            for name, field in named.fields.items()
        }
    return str(named)


# the introspection does not tell which keys a database makes, so ours may all be left out
MADE_KEYS = {
    "sql": {"CreateSerialInput.id", "CreateNoteInput.id"},
    "sqlkeys": {"CreateCustomersInput.customer_id", "CreateOrdersInput.id"},
}
# what Amplify compiles for the sort keys of SQL models, and nothing refers to
UNUSED = {
    "sql": {"ModelStringKeyConditionInput"},
    "sqlkeys": {
        "ModelIntKeyConditionInput",
        "ModelpricesPrimaryCompositeKeyConditionInput",
        "ModelpricesPrimaryCompositeKeyInput",
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_has_the_types_fields_and_arguments_of_the_compiled_schema(name: str) -> None:
    ours = {key: members(value) for key, value in written(name).type_map.items()}
    theirs = {key: members(value) for key, value in compiled(name).type_map.items()}
    assert theirs.keys() - ours.keys() == UNUSED.get(name, set())
    for one in MADE_KEYS.get(name, ()):
        type_, field = one.split(".")
        assert (ours[type_][field], theirs[type_][field]) == ("Int", "Int!")
        ours[type_][field] = theirs[type_][field]
    assert ours == {key: theirs[key] for key in theirs if key not in UNUSED.get(name, ())}


@pytest.mark.parametrize("name", NAMES)
def test_lets_the_same_kinds_of_caller_in_at_every_generated_root_field(name: str) -> None:
    raw = json.loads((SCHEMAS / name / "model-introspection.json").read_text())
    custom = {key for part in ("queries", "mutations", "subscriptions", "generations") for key in raw.get(part, {})}

    def callers(schema: GraphQLSchema) -> dict[str, set[str]]:
        return {
            field: {node.name.value for node in value.ast_node.directives if DIRECTIVES.match(node.name.value)}
            for root in (schema.query_type, schema.mutation_type, schema.subscription_type)
            if root
            for field, value in root.fields.items()
            if field not in custom and value.ast_node
        }

    assert callers(written(name)) == callers(compiled(name))


@pytest.mark.parametrize("name", NAMES)
def test_gives_models_the_directives_of_the_compiled_schema(name: str) -> None:
    raw = json.loads((SCHEMAS / name / "model-introspection.json").read_text())

    def callers(schema: GraphQLSchema, model: str) -> set[str]:
        node = schema.type_map[model].ast_node
        assert node is not None
        return {directive.name.value for directive in node.directives}

    ours, theirs = written(name), compiled(name)
    assert {model: callers(ours, model) for model in raw["models"]} == {
        model: callers(theirs, model) for model in raw["models"]
    }
