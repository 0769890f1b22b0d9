"""What do operations need to know of the shell that asks for them?"""

from collections.abc import Callable
from typing import Any, NamedTuple

from amplify_data_client._core.records.loader import RelationLoader
from amplify_data_client.options import CallOptions
from amplify_data_client.results import AsyncPage, Page

from .api import Api


class ClientBinding(NamedTuple):
    """The schema, the class of pages, and `tie`: what makes a record able to load its relations with some options."""

    api: Api
    page_type: type[Page[Any]] | type[AsyncPage[Any]]
    loader: Callable[[CallOptions], RelationLoader]
