"""Declares what a record needs of the client that fetched it: a loader of its relations."""

from collections.abc import Mapping
from typing import Any, Protocol

from amplify_data_client._core.schema.introspection import Field


class RelationLoader(Protocol):
    """Loads a record's relations. It deep-copies to itself, is not pickled, and its repr shows nothing."""

    def load(self, record: Any, field: Field, options: Mapping[str, Any]) -> Any:
        """Fetch a relation: a Page or Result, or an awaitable of one."""

    def fetched(self, record: Any, field: Field, value: Any, next_token: str | None) -> Any:
        """Wrap what a selection set has fetched already as load() would, without a request."""
