"""What is asked for of a type, how is it printed, and how is it read?"""

from typing import TYPE_CHECKING, Any

from amplify_data_client._core.records.loader import RelationLoader
from amplify_data_client._core.records.reading import read_many, read_one
from amplify_data_client._core.records.tree import Tree
from amplify_data_client._core.schema.introspection import Field
from amplify_data_client._core.schema.naming import did_you_mean
from amplify_data_client.errors import OperationError

if TYPE_CHECKING:
    from amplify_data_client._core.records.record import Record

    from .api import Api


class Selection:
    """The fields asked for of a type. `text` is the GraphQL selection set, braces included."""

    __slots__ = ("_record_type", "_schema", "text", "tree", "type_name")

    def __init__(self, api: "Api", type_name: str, tree: Tree) -> None:
        self._schema = api
        self.type_name = type_name
        self.tree = tree
        self.text = _printed(api, type_name, tree)
        self._record_type: type[Record] | None = None

    @property
    def record_type(self) -> "type[Record]":
        """The class of its records, built when the first one arrives."""
        if self._record_type is None:
            # pydantic comes in here: after the first request has been answered, not before it is sent
            from amplify_data_client._core.records.classes import record_type

            self._record_type = record_type(self._schema.introspection, self.type_name, self.tree)
        return self._record_type

    def read_one(self, wire: Any, loader: RelationLoader | None) -> Any:
        """Make a record; null stays null."""
        return None if wire is None else read_one(self.record_type, wire, loader)

    def read_many(self, wires: Any, loader: RelationLoader | None) -> list[Any]:
        """Make records of a list; null items stay null, and no list is an empty one."""
        return read_many(self.record_type, wires, loader) if isinstance(wires, list) and wires else []


def default_tree(api: "Api", type_name: str, *, above: tuple[str, ...] = ()) -> Tree:
    """What JavaScript selects by default: every scalar, enum and custom type, whole; no relations; owner fields."""
    if type_name in above:
        raise OperationError(
            f"The custom type {type_name} contains itself ({' > '.join((*above, type_name))}), so it has no end to "
            "select by default. Give a selection_set."
        )
    tree: dict[str, Tree | None] = {}
    for field in api.fields(type_name).values():
        if field.type.kind == "non_model":
            tree[field.name] = default_tree(api, field.type.name, above=(*above, type_name))
        elif field.type.kind != "model":
            tree[field.name] = None
    return tree


def parse_paths(api: "Api", type_name: str, paths: tuple[str, ...]) -> Tree:
    """Read paths such as `comments.post.title`, `metadata.*`: Python's or the schema's spelling.

    Raises:
        OperationError: A path names no field, stops at a type that has fields, or goes on below a scalar.
    """
    tree: dict[str, Tree | None] = {}
    for path in paths:
        _insert_path(api, type_name, tree, path.split("."), path)
    return tree


def _insert_path(api: "Api", type_name: str, tree: "dict[str, Any]", steps: list[str], path: str) -> None:
    step, *rest = steps
    if step == "*":
        if rest:
            raise _error(path, f"'*' stands for all fields of {type_name}, so nothing can follow it")
        tree |= default_tree(api, type_name)  # whole, so nothing that was named before is lost
        return
    field = _field(api, type_name, step, path)
    if field.type.kind not in ("model", "non_model"):
        if rest:
            raise _error(path, f"{field.name!r} is a {field.type.name}, which has no fields")
        tree[field.name] = None
        return
    if not rest:
        raise _error(
            path,
            f"{field.name!r} is a {field.type.name}: say which of its fields, as '{path}.*' or '{path}.<field>'",
        )
    _insert_path(api, field.type.name, tree.setdefault(field.name, {}), rest, path)


def _field(api: "Api", type_name: str, step: str, path: str) -> Field:
    names = api.names(type_name)
    name = names.schema(step)
    if name is None:
        raise _error(path, f"{type_name} has no field {step!r}.{did_you_mean(step, names.pythons)}")
    return api.fields(type_name)[name]


def _error(path: str, reason: str) -> OperationError:
    return OperationError(f"The selection_set path {path!r} does not fit the schema: {reason}.".replace("?.", "?"))


def _printed(api: "Api", type_name: str, tree: Tree) -> str:
    parts = []
    for name, below in tree.items():
        if below is None:
            parts.append(name)
            continue
        field = api.fields(type_name)[name]
        text = _printed(api, field.type.name, below)
        if field.type.kind == "model" and field.type.is_array:
            text = f"{{ items {text} }}"
        parts.append(f"{name} {text}")
    return f"{{ {' '.join(parts)} }}"
