"""Describes a record class as a plain value, worked out from the schema and a selection.

Classes are cached by it, and a pickled record carries it, so that another process can make the class.
"""

from collections.abc import Iterator
from typing import NamedTuple

from amplify_data_client._core.schema.capabilities import can_load
from amplify_data_client._core.schema.introspection import Field, Introspection
from amplify_data_client._core.schema.selection import Tree


class FieldSpec(NamedTuple):
    """A selected field: `record` is the spec of its records where it has fields of its own."""

    name: str
    python: str
    field: Field
    record: "RecordSpec | None"


class RecordSpec(NamedTuple):
    """A record class: its selected fields, the relations it can load, and the names of all fields of the type.

    `identifier` has the Python names of a model's key fields; a custom type has none.
    """

    type_name: str
    fields: tuple[FieldSpec, ...]
    relations: tuple[tuple[str, Field], ...]
    all_names: tuple[str, ...]
    identifier: tuple[str, ...]


def spec_of(introspection: Introspection, type_name: str, tree: Tree) -> RecordSpec:
    """Work out the spec for what is selected of a type."""
    defined, names = introspection.fields(type_name), introspection.names(type_name)
    fields = []
    for name, below in tree.items():
        field = defined[name]
        record = None if below is None else spec_of(introspection, field.type.name, below)
        fields.append(FieldSpec(name, names.python(name), field, record))
    relations = tuple(
        (names.python(field.name), field)
        for field in defined.values()
        if field.association is not None and (field.name in tree or can_load(introspection, type_name, field))
    )
    identifier = tuple(names.python(name) for name in introspection.identifier(type_name))
    return RecordSpec(type_name, tuple(fields), relations, tuple(defined), identifier)


def selected_paths(spec: RecordSpec, name: str) -> list[str]:
    """Write what is selected of the records in a field as the paths of a selection set."""
    below = next(one.record for one in spec.fields if one.name == name)
    return [] if below is None else list(_paths(below))


def _paths(spec: RecordSpec) -> Iterator[str]:
    for one in spec.fields:
        if one.record is None:
            yield one.name
        else:
            yield from (f"{one.name}.{path}" for path in _paths(one.record))
