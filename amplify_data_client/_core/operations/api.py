"""Keeps what is worked out from an introspection: names, selections, documents."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from amplify_data_client._core.records.loader import RelationLoader
from amplify_data_client._core.schema.introspection import Field, Introspection, Model
from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import OperationError, UnknownNameError
from amplify_data_client.options import CallOptions
from amplify_data_client.results import AsyncPage, Page

from .selection import Selection, default_tree, parse_paths


class Api:
    """What the operations know of the API.

    Everything in it is worked out on first use and then kept; two threads may work the same thing out twice.
    """

    __slots__ = ("_documents", "_names", "_selections", "introspection")

    def __init__(self, introspection: Introspection) -> None:
        self.introspection = introspection
        self._names: dict[str, Names] = {}
        self._selections: dict[tuple[str, tuple[str, ...] | None], Selection] = {}
        self._documents: dict[tuple[str, str], str] = {}

    def model(self, name: str) -> Model:
        """Find a model by its schema name.

        Raises:
            UnknownNameError: There is no such model.
        """
        models = self.introspection.models
        if name not in models:
            raise UnknownNameError(
                f"The schema has no model {name!r}.{did_you_mean(name, models)} Its models: {_listed(models)}."
            )
        return models[name]

    def fields(self, type_name: str) -> Mapping[str, Field]:
        """The fields of a model, custom type or input type."""
        at = self.introspection
        for kind in (at.models, at.non_models, at.inputs):
            if type_name in kind:
                return kind[type_name].fields
        for route in at.conversations.values():
            for model in (route.conversation, route.message):
                if model.name == type_name:
                    return model.fields
        raise OperationError(f"The model introspection mentions a type {type_name!r} but does not define it.")

    def names(self, type_name: str) -> Names:
        """The fields of a type in both spellings."""
        names = self._names.get(type_name)
        if names is None:
            names = self._names[type_name] = Names(self.fields(type_name))
        return names

    def selection(self, type_name: str, paths: Iterable[str] | None = None) -> Selection:
        """What is asked for of a type: the fields of a selection set, or JavaScript's default.

        Raises:
            OperationError: A path does not fit the schema.
        """
        key = (type_name, None if paths is None else _paths(type_name, paths))
        selection = self._selections.get(key)
        if selection is None:
            if key[1] is None:
                tree = default_tree(self, type_name)
            else:
                tree = parse_paths(self, type_name, key[1])
            selection = self._selections[key] = Selection(self, type_name, tree)
        return selection

    def document(self, head: str, selection: str, make: Callable[[], str]) -> str:
        """A document, made once for each operation and selection text."""
        key = (head, selection)
        document = self._documents.get(key)
        if document is None:
            document = self._documents[key] = make()
        return document


class ClientBinding(NamedTuple):
    """What an operation needs of the client that asks for it.

    Attributes:
        page_type: The class of the client's pages.
        loader: Makes what loads a record's relations, with the options that they inherit.
    """

    api: Api
    page_type: type[Page[Any]] | type[AsyncPage[Any]]
    loader: Callable[[CallOptions], RelationLoader]


def _paths(type_name: str, paths: object) -> tuple[str, ...]:
    if isinstance(paths, str) or not isinstance(paths, Iterable):
        raise OperationError(
            f"selection_set of {type_name} is {type(paths).__name__}; give a list of paths: "
            "selection_set=['id', 'comments.text']."
        )
    listed = tuple(paths)
    if not listed or not all(isinstance(path, str) for path in listed):
        raise OperationError(
            f"selection_set of {type_name} must be a list of one or more strings; leave it out to get every field."
        )
    return listed


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
