"""Names the key arguments, fields and input types that Amplify generates for a model.

A composite sort key is one argument, named by joining its fields: for `identifier(['venueId', 'row', 'number'])`
`listSeats` has `venueId: ID` and `rowNumber: ModelSeatPrimaryCompositeKeyConditionInput`, whose operators take
`{row, number}`. A single sort key keeps its name: `listReadings(deviceId: ID, takenAt: ModelStringKeyConditionInput)`.
"""

from typing import NamedTuple

from .introspection import Field, Index, Model, TypeRef

_KEY_CONDITIONS = {"ID": "ID", "Int": "Int", "AWSTimestamp": "Int", "Float": "Float"}


class SortKey(NamedTuple):
    """The sort key argument of a list or index query; `fields` are several where it is composite."""

    name: str
    input_type: str
    fields: tuple[Field, ...]


class KeyArguments(NamedTuple):
    """The key arguments of a query: the partition key, and the sort key where there is one."""

    partition: Field
    sort: SortKey | None


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def _sort_key(model: Model, names: tuple[str, ...], composite_type: str) -> SortKey | None:
    if not names:
        return None
    fields = tuple(model.fields[name] for name in names)
    if len(fields) == 1:
        kind = _KEY_CONDITIONS.get(fields[0].type.name, "String")
        return SortKey(names[0], f"Model{kind}KeyConditionInput", fields)
    return SortKey(names[0] + "".join(map(_capitalised, names[1:])), composite_type, fields)


def identifier_arguments(model: Model) -> KeyArguments:
    """The key arguments of a model's own list query (it has them only with a custom identifier)."""
    partition, *rest = model.identifier
    composite = f"Model{_capitalised(model.name)}PrimaryCompositeKeyConditionInput"
    return KeyArguments(model.fields[partition], _sort_key(model, tuple(rest), composite))


def index_arguments(model: Model, index: Index) -> KeyArguments:
    """The key arguments of a secondary index's query."""
    partition, *rest = index.fields
    composite = f"Model{_capitalised(model.name)}{_capitalised(index.name)}CompositeKeyConditionInput"
    return KeyArguments(model.fields[partition], _sort_key(model, tuple(rest), composite))


def list_field(model: Model) -> str:
    """The name of the list query: `listTodos`."""
    return f"list{_capitalised(model.plural_name)}"


def root_field(verb: str, model: Model) -> str:
    """The name of another generated operation: `createTodo`, `getuserProfile` is `getUserProfile`."""
    return verb + _capitalised(model.name)


def input_type(verb: str, model: Model) -> str:
    """`CreateTodoInput`."""
    return f"{_capitalised(verb)}{_capitalised(model.name)}Input"


def condition_type(model: Model) -> str:
    """`ModelTodoConditionInput`."""
    return f"Model{_capitalised(model.name)}ConditionInput"


def required(type_: TypeRef) -> str:
    """A key's type as a variable that must be given: `ID!`."""
    return type_.name + "!"
