"""What the compiled schema says of the fields that are asked."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLField, GraphQLSchema, build_schema

from amplify_data_client._core.schema import keys
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.graphql import sdl
from tests.dev.local_backend.asking import SCHEMAS, introspection

_SCALARS = ("Date", "Time", "DateTime", "Timestamp", "Email", "JSON", "URL", "Phone", "IPAddress")


class Api:
    """A schema as Amplify's transformer compiled it, and its introspection."""

    def __init__(self, name: str) -> None:
        self.introspection = Introspection(introspection(name))
        self.schema = _compiled(SCHEMAS / name)

    def document(self, name: str, selection: str, given: Mapping[str, Any]) -> str:
        """Write the document that asks one root field, its arguments as variables."""
        kind, field = self.root(name)
        declared = ", ".join(f"${key}: {field.args[key].type}" for key in given)
        passed = ", ".join(f"{key}: ${key}" for key in given)
        head, tail = (f"({declared})", f"({passed})") if given else ("", "")
        return f"{kind} Q{head} {{ {name}{tail}{f' {{ {selection} }}' if selection else ''} }}"

    def is_sorted(self, name: str, given: Mapping[str, Any]) -> bool:
        """Whether a root field lists items by a sort key."""
        for model in self.introspection.models.values():
            if keys.list_field(model) == name:
                arguments = keys.identifier_arguments(model)
                return arguments.sort is not None and given.get(arguments.partition.name) is not None
            for index in model.indexes:
                if index.query_field == name:
                    return len(index.fields) > 1
        return False

    def root(self, name: str) -> tuple[str, GraphQLField]:
        """Find a field of the queries or mutations, and say of which."""
        for kind, type_ in (("query", self.schema.query_type), ("mutation", self.schema.mutation_type)):
            if type_ is not None and name in type_.fields:
                return kind, type_.fields[name]
        raise LookupError(f"the API has no field {name}")


def _compiled(folder: Path) -> GraphQLSchema:
    [file] = (path for path in folder.glob("*.graphql") if path.name != "schema.graphql")
    scalars = "\n".join(f"scalar AWS{scalar}" for scalar in _SCALARS)
    directives = sdl.write(Introspection({"models": {}})).split("\n\n")[0]
    return build_schema(f"{directives}\n{scalars}\n{file.read_text()}")


@cache
def api_of(schema: str) -> Api:
    return Api(schema)
