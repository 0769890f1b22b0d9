"""Build the executable schema of an introspection."""

from graphql import GraphQLSchema, build_schema

from amplify_data_client._core.schema.introspection import Introspection

from . import scalars, sdl


def build(introspection: Introspection) -> tuple[str, GraphQLSchema]:
    """Return the schema as SDL and as graphql-core's types, with AppSync's scalars."""
    text = sdl.write(introspection)
    schema = build_schema(text, assume_valid=True, no_location=True)
    scalars.install(schema)
    return text, schema
