"""Keeps what is worked out from an introspection: names, selections, documents."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from amplify_data_client._core.records.classes import record_type
from amplify_data_client._core.records.reading import read_many, read_one
from amplify_data_client._core.schema.introspection import CustomOperation, Field, Introspection, Model
from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client._core.schema.selection import Tree, default_tree, parse_paths, selection_set
from amplify_data_client.errors import OperationError, UnknownNameError
from amplify_data_client.options import CallOptions
from amplify_data_client.results import AsyncPage, Page

if TYPE_CHECKING:
    from amplify_data_client._core.records.loader import RelationLoader
    from amplify_data_client._core.records.record import Record

T = TypeVar("T")
ThingT = TypeVar("ThingT", Model, CustomOperation)


class Selection:
    """The fields asked for of a type. `text` is the GraphQL selection set, braces included."""

    __slots__ = ("_introspection", "_record_type", "text", "tree", "type_name")

    def __init__(self, introspection: Introspection, type_name: str, tree: Tree) -> None:
        self._introspection = introspection
        self.type_name = type_name
        self.tree = tree
        self.text = selection_set(introspection, type_name, tree)
        self._record_type: type[Record] | None = None

    @property
    def record_type(self) -> "type[Record]":
        """The class of its records, made when the first one arrives: only then is pydantic imported."""
        if self._record_type is None:
            self._record_type = record_type(self._introspection, self.type_name, self.tree)
        return self._record_type

    def read_one(self, wire: Any, loader: "RelationLoader | None") -> Any:
        """Make a record; null stays null."""
        return None if wire is None else read_one(self.record_type, wire, loader)

    def read_many(self, wires: Any, loader: "RelationLoader | None") -> list[Any]:
        """Make records of a list; null items stay null, and no list is an empty one."""
        return read_many(self.record_type, wires, loader) if isinstance(wires, list) and wires else []


class Api:
    """What the operations know of the API.

    Everything in it is worked out on first use and then kept; two threads may work the same thing out twice.
    """

    __slots__ = ("_documents", "_made", "_selections", "introspection")

    def __init__(self, introspection: Introspection) -> None:
        self.introspection = introspection
        self._selections: dict[tuple[str, tuple[str, ...] | None], Selection] = {}
        self._documents: dict[tuple[str, str], str] = {}
        self._made: dict[tuple[Any, ...], Any] = {}

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
        return self.introspection.fields(type_name)

    def names(self, type_name: str) -> Names:
        """The fields of a type in both spellings."""
        return self.introspection.names(type_name)

    def selection(self, type_name: str, paths: Iterable[str] | None = None) -> Selection:
        """What is asked for of a type: the fields of a selection set, or JavaScript's default.

        Raises:
            OperationError: A path does not fit the schema.
        """
        key = (type_name, None if paths is None else _paths(type_name, paths))
        selection = self._selections.get(key)
        if selection is None:
            if key[1] is None:
                tree = default_tree(self.introspection, type_name)
            else:
                tree = parse_paths(self.introspection, type_name, key[1])
            selection = self._selections[key] = Selection(self.introspection, type_name, tree)
        return selection

    def once(self, make: Callable[["Api", ThingT, str], T], thing: ThingT, word: str) -> T:
        """What a function makes of a model or operation and a word, made once: it must not depend on a call's values."""
        key = (make, thing.name, word)
        made: T | None = self._made.get(key)
        if made is None:
            made = self._made[key] = make(self, thing, word)
        return made

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
        refused: The models whose get the schema refuses to a kind of credential, as relations found out.
    """

    api: Api
    page_type: type[Page[Any]] | type[AsyncPage[Any]]
    loader: "Callable[[CallOptions], RelationLoader]"
    refused: set[tuple[str, str | None]] | None = None


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
