"""Reads selection paths into a tree of fields, and prints the tree as a GraphQL selection set."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from amplify_data_client.errors import OperationError

from .introspection import Field, Introspection
from .naming import did_you_mean

# AppSync answers no larger document, and custom types that double one another would make one of any size
_MOST_FIELDS, _MOST_LEVELS = 10_000, 100

# the selected fields, each with what is selected of it: None for a scalar or enum; of a hasMany, its items' fields
Tree: TypeAlias = Mapping[str, "Tree | None"]


def default_tree(introspection: Introspection, type_name: str) -> Tree:
    """Select what JavaScript selects by default: scalars, enums, custom types as a whole, owner fields; no relations.

    Raises:
        OperationError: A custom type contains itself, or the custom types come to too many fields.
    """
    tree, _ = _whole(introspection, type_name, (), _MOST_FIELDS)
    if not tree:
        raise OperationError(f"{type_name} has no fields but relations to models. Give a selection_set.")
    return tree


def _whole(introspection: Introspection, type_name: str, above: tuple[str, ...], room: int) -> tuple[Tree, int]:
    """Select a type, and say how many of the fields that there is `room` for are left."""
    if type_name in above:
        raise OperationError(
            f"The custom type {type_name} contains itself ({' > '.join((*above, type_name))}), so it has no end to "
            "select by default. Give a selection_set."
        )
    tree: dict[str, Tree | None] = {}
    for field in introspection.fields(type_name).values():
        room -= 1
        if room < 0 or len(above) >= _MOST_LEVELS:
            raise OperationError(
                f"{(*above, type_name)[0]} cannot be selected by default: its custom types nest to more than "
                f"{_MOST_FIELDS} fields, or more than {_MOST_LEVELS} levels. Give a selection_set."
            )
        if field.type.kind == "non_model":
            below, room = _whole(introspection, field.type.name, (*above, type_name), room)
            if below:  # a type of nothing but models has no selection set that a document could hold
                tree[field.name] = below
        elif field.type.kind != "model":
            tree[field.name] = None
    return tree, room


def parse_paths(introspection: Introspection, type_name: str, paths: tuple[str, ...]) -> Tree:
    """Read paths such as `comments.post.title`, `metadata.*`: Python's or the schema's spelling.

    Raises:
        OperationError: A path names no field, stops at a type that has fields, or goes on below a scalar.
    """
    tree: dict[str, Tree | None] = {}
    for path in paths:
        steps = path.split(".")
        if len(steps) > _MOST_LEVELS:
            raise OperationError(f"A selection_set path goes through {len(steps)} fields; the most is {_MOST_LEVELS}.")
        _insert_path(introspection, type_name, tree, steps, path)
    return tree


def selection_set(introspection: Introspection, type_name: str, tree: Tree) -> str:
    """Print a tree as a GraphQL selection set, braces included."""
    parts = []
    for name, below in tree.items():
        if below is None:
            parts.append(name)
            continue
        field = introspection.fields(type_name)[name]
        text = selection_set(introspection, field.type.name, below)
        if field.is_connection:
            text = f"{{ items {text} nextToken }}"
        parts.append(f"{name} {text}")
    return f"{{ {' '.join(parts)} }}"


def _insert_path(
    introspection: Introspection, type_name: str, tree: dict[str, Any], steps: list[str], path: str
) -> None:
    step, *rest = steps
    if step == "*":
        if rest:
            raise _error(path, f"'*' stands for all fields of {type_name}, so nothing can follow it")
        tree |= default_tree(introspection, type_name)  # whole, so nothing that was named before is lost
        return
    field = _field(introspection, type_name, step, path)
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
    _insert_path(introspection, field.type.name, tree.setdefault(field.name, {}), rest, path)


def _field(introspection: Introspection, type_name: str, step: str, path: str) -> Field:
    names = introspection.names(type_name)
    name = names.schema(step)
    if name is None:
        raise _error(path, f"{type_name} has no field {step!r}.{did_you_mean(step, names.pythons)}")
    return introspection.fields(type_name)[name]


def _error(path: str, reason: str) -> OperationError:
    end = "" if reason.endswith((".", "?")) else "."
    return OperationError(f"The selection_set path {path!r} does not fit the schema: {reason}{end}")
