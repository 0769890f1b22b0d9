"""Finds what a client offers by its name: methods, index queries, custom operations, enums."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar, cast

from amplify_data_client._core.schema.capabilities import operations
from amplify_data_client._core.schema.introspection import Index, Introspection, Model
from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import UnknownNameError

T = TypeVar("T")
ShellT = TypeVar("ShellT")

# the methods of a model client by the operations they need
_NEEDS = {
    "create": ("create",),
    "get": ("get",),
    "update": ("update",),
    "delete": ("delete",),
    "list": ("list",),
    "iterate": ("list",),
    "upsert": ("create", "update"),
    "batch_create": ("create",),
    "batch_get": ("get",),
    "batch_update": ("update",),
    "batch_delete": ("delete",),
}

_LIVE = {"oncreate", "onupdate", "ondelete", "observequery"}
_NO_LIVE_UPDATES = (
    "live updates (on_create, on_update, on_delete, observe_query, subscriptions) need a WebSocket, which this version "
    "does not open yet. Ask again with list or iterate."
)
_PLACES = ("models", "queries", "mutations", "generations", "conversations", "enums")
# JavaScript's names of a conversation's methods
CHAT = {"sendMessage": "send_message", "listMessages": "list_messages"}


_restricted: dict[tuple[type, tuple[str, ...]], type] = {}


class _Unavailable:
    """Stands in the place of a method; Python then asks `find_index`, which says why there is none."""

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise AttributeError


def _missing(model: Model, method: str) -> str | None:
    offered = operations(model)
    return next((name for name in _NEEDS.get(method, ()) if name not in offered), None)


def restricted(shell: type[ShellT], model: Model) -> type[ShellT]:
    """Make the class of a model's client, without the methods whose operations the schema disables."""
    offered = operations(model)
    missing = tuple([method for method, needs in _NEEDS.items() if not offered.issuperset(needs)])
    if not missing:
        return shell
    made = _restricted.get((shell, missing))  # a copy of a client, made for an invocation say, asks again
    if made is None:
        made = _restricted[shell, missing] = _without(shell, missing)
    return cast("type[ShellT]", made)


def _without(shell: type[ShellT], missing: tuple[str, ...]) -> type[ShellT]:
    members: dict[str, Any] = {name: _Unavailable() for name in missing}
    members["__dir__"] = lambda self: [name for name in shell.__dir__(self) if name not in missing]
    return cast("type[ShellT]", type(shell.__name__, (shell,), members))


def index_names(model: Model) -> dict[str, Index]:
    """Give the index queries of a model, by the schema's name."""
    return {index.query_field: index for index in model.indexes if index.query_field}


def find_index(model: Model, word: str) -> Index:
    """Find an index query by its name in either spelling.

    Raises:
        UnknownNameError: The model has no such query, and no such method.
    """
    indexes = index_names(model)
    name = Names(indexes).schema(word)
    if name is None and (disabled := _missing(model, word)):
        raise UnknownNameError(
            f"{model.name} has no {word!r}: its schema disables {disabled!r} (.disableOperations([…])). Enable it "
            "there and deploy."
        )
    if name is None and word.replace("_", "").lower() in _LIVE:
        raise UnknownNameError(f"{model.name}.{word}: {_NO_LIVE_UPDATES}")
    if name is None:
        names = Names(indexes)
        offered = [*(name for name in _NEEDS if _missing(model, name) is None), *names.pythons]
        raise UnknownNameError(
            f"The model client of {model.name} has no {word!r}.{did_you_mean(word, offered)} "
            f"It has {', '.join(offered)}."
        )
    return indexes[name]


def find(what: str, known: Mapping[str, T], word: str) -> T:
    """Find one of the schema's things by its name in either spelling.

    Raises:
        UnknownNameError: The schema has no such thing.
    """
    if word in known:
        return known[word]
    names = Names(known)
    name = names.schema(word)
    if name is None:
        shown = ", ".join(names.pythons) or "none"
        raise UnknownNameError(
            f"The schema has no {what} {word!r}.{did_you_mean(word, names.pythons)} It has: {shown}."
        )
    return known[name]


def unknown_part(client: Any, word: str) -> AttributeError:
    """Make the error for an attribute that a client does not have; say where the schema's thing of that name is."""
    if word.startswith("_"):  # what Python and its tools look for
        return AttributeError(f"{type(client).__name__!r} object has no attribute {word!r}")
    if word == "subscriptions":
        return UnknownNameError(f"client.subscriptions: {_NO_LIVE_UPDATES}")
    places = [place for place in _PLACES if Names(getattr(client._api.introspection, place)).schema(word) is not None]
    if places:
        meant = f" Did you mean 'client.{places[0]}.{word}'?"
    else:
        meant = did_you_mean(word, [*_PLACES, "graphql", "with_options", "close"])
    return UnknownNameError(f"The client has no {word!r}.{meant} It has {', '.join(_PLACES)}, graphql.")


def spellings(known: Iterable[str]) -> list[str]:
    """Give Python's names, for `dir()`."""
    return list(Names(known).pythons)


def described(names: object) -> str:
    """Make the repr of an object that gives access to several things: it lists their names."""
    return f"<{type(names).__name__}: {', '.join(dir(names)) or 'none'}>"


class EnumValues(tuple[str, ...]):
    """The values of an enum, in the schema's order."""

    __slots__ = ()

    def values(self) -> list[str]:
        """Give the values as a list, as in JavaScript."""
        return list(self)


class Enums:
    """The enums of the schema: `client.enums.Mood.values()`, or iterate `client.enums.Mood`."""

    def __init__(self, introspection: Introspection) -> None:
        self._enums = introspection.enums

    def __getattr__(self, name: str) -> EnumValues:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._enums:
            raise UnknownNameError(
                f"The schema has no enum {name!r}.{did_you_mean(name, self._enums)} "
                f"It has: {', '.join(self._enums) or 'none'}."
            )
        return EnumValues(self._enums[name].values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._enums)

    def __dir__(self) -> list[str]:
        return list(self._enums)

    def __repr__(self) -> str:
        return described(self)
