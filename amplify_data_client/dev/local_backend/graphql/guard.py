"""Check the schema's authorization directives and a role's policy before a field is resolved.

AppSync checks this before any resolver runs. A model's rules for single items are in `resolvers/authorization.py`.
"""

from collections.abc import Mapping

from graphql import GraphQLObjectType, GraphQLSchema

from amplify_data_client.dev.local_backend.access import rules
from amplify_data_client.dev.local_backend.access.identity import Identity
from amplify_data_client.dev.local_backend.errors import unauthorized

from .executor import Info

_PROVIDERS: dict[str, rules.Provider] = {directive: provider for provider, directive in rules.DIRECTIVES.items()}
_OPERATIONS = {"Query": "query", "Mutation": "mutate", "Subscription": "listen"}


def callers(schema: GraphQLSchema) -> Mapping[tuple[str, str], frozenset[rules.Provider]]:
    """Return the kinds of credential that may use each field: its own directives, or those of its type."""
    found: dict[tuple[str, str], frozenset[rules.Provider]] = {}
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            of_type = _providers(type_.ast_node)
            for name, field in type_.fields.items():
                if own := _providers(field.ast_node) or of_type:
                    found[type_.name, name] = own
    return found


def _providers(node: object) -> frozenset[rules.Provider]:
    named = (directive.name.value for directive in (getattr(node, "directives", None) or ()))
    return frozenset(_PROVIDERS[name] for name in named if name in _PROVIDERS)


class Guard:
    """Checks callers against the fields of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._callers = callers(schema)

    def check(self, identity: Identity, info: Info) -> None:
        """Refuse a field that the caller may not use.

        Raises:
            ResolverError: Unauthorized, in the wording with the parent's type.
        """
        parent, field = info.parent_type.name, info.field_name
        allowed = self._callers.get((parent, field))
        if allowed is not None and identity.provider not in allowed:
            raise unauthorized(field, parent)
        needed = None if field.startswith("__") else _OPERATIONS.get(parent)
        if needed is not None and identity.role is not None and needed not in identity.role.may:
            raise unauthorized(field, parent)
        if identity.denied_fields and {f"{parent}.{field}", field} & identity.denied_fields:
            raise unauthorized(field, parent)
