"""Works out, once per model, what the inputs of its mutations take."""

from collections.abc import Mapping
from typing import NamedTuple

from amplify_data_client._core.schema.introspection import Model

from .api import Api

_ONE_SORT_KEY = 2  # fields of an index: the partition key and one sort key


class InputFields(NamedTuple):
    """What the inputs of a model's mutations take.

    Attributes:
        plain: The settable fields that hold one scalar, with its name: nearly all fields.
        settable: All fields that an input may have; the API sets the others itself.
        filled: The parts of the identifier that a create may leave out.
        composites: The fields of each index that stores several as one sort key.
    """

    plain: Mapping[str, str]
    settable: frozenset[str]
    filled: frozenset[str]
    composites: tuple[tuple[str, ...], ...]


def input_fields(api: Api, model: Model) -> InputFields:
    """Say what the inputs of a model's mutations take."""
    return api.once(_input_fields, model, "input")


def _input_fields(_api: Api, model: Model, _word: str) -> InputFields:
    settable = [field for field in model.fields.values() if field.is_settable]
    plain = [field for field in settable if field.type.kind == "scalar" and not field.type.is_array]
    return InputFields(
        {field.name: field.type.name for field in plain},
        frozenset(field.name for field in settable),
        _filled(model),
        () if model.is_sql else tuple(index.fields[1:] for index in model.indexes if len(index.fields) > _ONE_SORT_KEY),
    )


def _filled(model: Model) -> frozenset[str]:
    # A single key may have a default or come from a database; the introspection does not say. On DynamoDB the parts of a
    # composite identifier have neither, but for timestamps and owners.
    if model.is_sql or len(model.identifier) == 1:
        return frozenset(model.identifier)
    return frozenset(model.identifier).intersection(("createdAt", "updatedAt", *model.owners))
