"""What is a record class made from?

A plain value: classes are cached by it, and a pickled record carries it, so that another process can build the class.
"""

from typing import NamedTuple

from amplify_data_client._core.schema.capabilities import can_load
from amplify_data_client._core.schema.introspection import Field, Introspection, Model, NonModel
from amplify_data_client._core.schema.naming import Names

from .tree import Tree


class FieldSpec(NamedTuple):
    """A selected field: `record` is the spec of its records where it has fields of its own."""

    name: str
    python: str
    field: Field
    record: "RecordSpec | None"


class RecordSpec(NamedTuple):
    """A record class: its selected fields, the relations it can load, and the names it could have had."""

    type_name: str
    fields: tuple[FieldSpec, ...]
    relations: tuple[tuple[str, Field], ...]
    all_names: tuple[str, ...]


def spec_of(introspection: Introspection, type_name: str, tree: Tree) -> RecordSpec:
    """Work out the spec for what is selected of a type."""
    defined = _defined(introspection, type_name)
    names = Names(defined.fields)
    fields = []
    for name, below in tree.items():
        field = defined.fields[name]
        record = None if below is None else spec_of(introspection, field.type.name, below)
        fields.append(FieldSpec(name, names.python(name), field, record))
    relations = tuple(
        (names.python(field.name), field)
        for field in defined.fields.values()
        if field.association is not None and (field.name in tree or can_load(introspection, field))
    )
    return RecordSpec(type_name, tuple(fields), relations, tuple(defined.fields))


def _defined(introspection: Introspection, type_name: str) -> Model | NonModel:
    if type_name in introspection.models:
        return introspection.models[type_name]
    if type_name in introspection.non_models:
        return introspection.non_models[type_name]
    for route in introspection.conversations.values():
        for model in (route.conversation, route.message):
            if model.name == type_name:
                return model
    raise KeyError(type_name)
