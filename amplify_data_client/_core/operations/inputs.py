"""Turns the values of a call into GraphQL variables."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, TypeAlias

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import Field, Model
from amplify_data_client.errors import OperationError

from .api import Api
from .encoding import encode, is_record
from .identifiers import identifier_of, identifying
from .input_fields import input_fields

Input: TypeAlias = dict[str, Any]
_LEAVE_OUT = "Leave it out, and the API fills it in."
_GIVE = "Give a value, or leave it out if the database makes one."
_AS_IT_IS: Mapping[str, str] = MappingProxyType({})


def create_input(api: Api, model: Model, values: Mapping[str, Any], spelled: Mapping[str, str] = _AS_IT_IS) -> Input:
    """The input of a create. Fields that are not given are not sent, so defaults of the schema hold.

    Args:
        spelled: How the caller spelled the fields' names, for messages.
    """
    taken, given = input_fields(api, model), dict[str, Any]()
    for name, value in values.items():
        scalar = taken.plain.get(name)
        if scalar is not None and name not in given:  # nearly all of them
            given[name] = scalars.encode(scalar, value, f"{model.name}.{spelled.get(name, name)}")
        elif name in taken.settable:
            _add_input(api, model, model.fields[name], value, given, spelled)
        else:
            raise OperationError(
                f"{model.name}.{spelled.get(name, name)} cannot be given to create: "
                f"{_why_not(model.fields[name])}. Leave it out (to copy a record: record.to_input())."
            )
    _check_new_identifier(api, model, given, taken.filled)
    return given


def _check_new_identifier(api: Api, model: Model, given: Mapping[str, Any], filled: frozenset[str]) -> None:
    for name in model.identifier:
        if name in filled and given.get(name, ...) is None:
            api_fills = ("createdAt", "updatedAt", *model.owners) if model.has_custom_identifier else filled
            raise OperationError(
                f"{model.name}.{api.names(model.name).python(name)} identifies the item and cannot be null. "
                f"{_LEAVE_OUT if name in api_fills else _GIVE}"
            )
    if len(filled) < len(model.identifier):
        identifier_of(api, model, {**dict.fromkeys(filled, ...), **given}, "create")


def update_input(
    api: Api, model: Model, values: Mapping[str, Any], spelled: Mapping[str, str] = _AS_IT_IS, first: Any = None
) -> Input:
    """The input of an update: null removes a field, what is absent stays.

    Fields that the API sets itself are dropped, as in JavaScript, so that `to_dict()` of a record can be sent.

    Args:
        first: What the call was given first. If that is a record, parts of composite sort keys are taken from it.
    """
    taken, given = input_fields(api, model), dict[str, Any]()
    for name, value in values.items():
        if name not in taken.settable:
            continue
        field = model.fields[name]
        if value is None or (field.association is not None and _related_record(value) is None):
            _refuse_removal(model, field, spelled.get(name, name))
        _add_input(api, model, field, value, given, spelled)
    identifier_of(api, model, given, "update")
    _complete_sort_keys(api, model, given, first)
    return given


def _refuse_removal(model: Model, field: Field, word: str) -> None:
    """Refuse null for a required field, or for a relation whose key is one."""
    keys = [field.name] if field.association is None else _own_keys(field)
    if any(model.fields[name].type.must_be_given for name in keys if name in model.fields):
        raise OperationError(
            f"{model.name}.{word} is required, and null would remove it: the whole record could not be read any more. "
            "Give a value, or leave the field out to keep what is stored."
        )


def _complete_sort_keys(api: Api, model: Model, given: Input, first: Any) -> None:
    """Add the parts that are missing of an index's composite sort key from the record, as they were read.

    `.secondaryIndexes(i => [i("kind").sortKeys(["status", "updatedAt"])])` stores `status#updatedAt`, and each update
    sets updatedAt: so each update needs status.
    """
    missing = _missing_parts(api, model, given, ("updatedAt",))
    if missing and is_record(first):
        for name in missing:
            with suppress(KeyError):  # the record was loaded without it
                given[name] = first.wire_value(name)
        missing = _missing_parts(api, model, given, ("updatedAt",))
    if missing:
        raise _partial_key(api, model, missing, has_record=is_record(first))


def missing_on_create(api: Api, model: Model, given: Mapping[str, Any]) -> list[str]:
    """The parts of composite sort keys that a create lacks. (It is not refused for them: they may have defaults.)"""
    return _missing_parts(api, model, given, ("createdAt", "updatedAt", *model.identifier[:1]))


def _missing_parts(api: Api, model: Model, given: Mapping[str, Any], filled: tuple[str, ...]) -> list[str]:
    missing: dict[str, None] = {}
    taken = input_fields(api, model)
    for parts in taken.composites:
        absent = [name for name in parts if name not in given and name not in filled]
        if len(absent) < len(parts):
            missing |= dict.fromkeys(absent)
    return [name for name in missing if name in taken.settable]


def _partial_key(api: Api, model: Model, missing: Sequence[str], *, has_record: bool) -> OperationError:
    shown = [api.names(model.name).python(name) for name in missing]
    source = "The record was loaded without them: add them to its selection_set, or give" if has_record else "Give"
    return OperationError(
        f"{model.name}.update needs {', '.join(shown)} too: an index stores several fields as one sort key, and an update "
        f"that sets one of them (updatedAt and the identifier included) has to give them all. "
        f"{source} {', '.join(f'{name}=…' for name in shown)}."
    )


def _own_keys(field: Field) -> tuple[str, ...]:
    association = field.association
    return association.fields if association is not None and association.connection == "BELONGS_TO" else ()


def _why_not(field: Field) -> str:
    if field.is_implicit:
        return (
            "the owner rule fills it, and the schema does not declare it, so the API takes no value "
            "(declare the field in the model to set it from a function)"
        )
    return "the API sets it"


def _add_input(
    api: Api, model: Model, field: Field, value: Any, given: dict[str, Any], spelled: Mapping[str, str]
) -> None:
    name = field.name
    where = f"{model.name}.{spelled.get(name, name)}"
    if field.association is None:
        _add(given, name, encode(api, field, value, where), model, spelled)
        return
    for key, wire in foreign_keys(api, field, value, where).items():
        _add(given, key, wire, model, spelled)


def _add(given: dict[str, Any], name: str, wire: Any, model: Model, spelled: Mapping[str, str]) -> None:
    if name in given and given[name] != wire:
        raise OperationError(
            f"{model.name}.{spelled.get(name, name)} is given twice, with different values: by itself and through a "
            "related record. Give one of them."
        )
    given[name] = wire


def foreign_keys(api: Api, field: Field, related: Any, where: str) -> dict[str, Any]:
    """The foreign keys that a related record stands for; None clears them."""
    association = field.association
    assert association is not None  # noqa: S101  # callers ask for relations only
    if association.connection != "BELONGS_TO":
        raise OperationError(
            f"{where} is a {'hasMany' if association.connection == 'HAS_MANY' else 'hasOne'} relation: its keys are "
            f"stored in {field.type.name}. Create or update the {field.type.name} with "
            f"{', '.join(map(api.names(field.type.name).python, association.fields))} instead."
        )
    related = _related_record(related)
    if related is None:
        return dict.fromkeys(association.fields)
    other = api.model(field.type.name)
    keys = identifier_of(api, other, identifying(api, other, related, where), where)
    return dict(zip(association.fields, (keys[name] for name in other.identifier), strict=True))


def _related_record(value: Any) -> Any:
    from amplify_data_client._core.records.relation import fetched  # with the first relation that is given

    return fetched(value)
