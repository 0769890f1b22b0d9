"""Declares what a record needs of the client that fetched it: a loader of its relations."""

from collections.abc import Mapping
from typing import Any, Protocol

from amplify_data_client._core.schema.introspection import Field


class RelationLoader(Protocol):
    """Loads a record's relations. Opaque: it deep-copies to itself, is dropped on pickling, and shows nothing."""

    def load(self, record: Any, field: Field, options: Mapping[str, Any]) -> Any:
        """Fetch a relation: a Page or Result, or an awaitable of one."""

    def fetched(self, value: Any) -> Any:
        """Give what a selection set has fetched already the same shape, without a request."""
