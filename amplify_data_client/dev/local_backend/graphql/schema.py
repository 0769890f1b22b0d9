"""Build the executable schema of an introspection."""

from graphql import GraphQLError, GraphQLSchema, build_schema

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.access import rules
from amplify_data_client.dev.local_backend.dynamodb.tables import models
from amplify_data_client.errors import ConfigurationError

from . import scalars, sdl


def build(introspection: Introspection) -> tuple[str, GraphQLSchema]:
    """Return the schema as SDL and as graphql-core's types, with AppSync's scalars.

    Raises:
        ConfigurationError: No API can be made of this introspection.
    """
    for model in models(introspection).values():
        rules.check(model)
    try:
        text = sdl.write(introspection)
        schema = build_schema(text, assume_valid=True, no_location=True)
    except (GraphQLError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ConfigurationError(
            f"The local backend cannot make an API of this model introspection: {_sentence(error)} Deploy the "
            "backend again, or name the right file: it is what Amplify calls modelIntrospectionSchema.json."
        ) from error
    scalars.install(schema)
    return text, schema


def _sentence(error: Exception) -> str:
    text = (str(error) or type(error).__name__).splitlines()[0]
    return text if text.endswith(".") else f"{text}."
