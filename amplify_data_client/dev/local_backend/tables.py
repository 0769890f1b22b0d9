"""Which tables and indexes does an introspection ask for?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amplify_data_client._core.schema.introspection import Field, Introspection, Model

from . import key_bytes
from .errors import dynamodb

_EMPTY = "The AttributeValue for a key attribute cannot contain an empty string value."


@dataclass(frozen=True, slots=True)
class KeyFields:
    """A partition key and the sort key's parts; several parts are joined into one string."""

    name: str
    partition: str
    sort: tuple[str, ...]
    is_relation: bool = False

    def sort_value(self, item: Mapping[str, Any]) -> Any:
        """The value of the sort key; None where a part is missing."""
        parts = [item.get(name) for name in self.sort]
        if any(part is None for part in parts):
            return None
        return parts[0] if len(parts) == 1 else key_bytes.joined(parts)


@dataclass(frozen=True, slots=True)
class Table:
    """A model's table: its primary key and its indexes, by name."""

    name: str
    key: KeyFields
    indexes: Mapping[str, KeyFields]

    def primary(self, item: Mapping[str, Any]) -> tuple[bytes, bytes]:
        """The primary key of an item, or of the key's fields alone.

        Raises:
            ResolverError: DynamoDB does not take this key.
        """
        sort = self.key.sort_value(item) if self.key.sort else None
        for name, value in ((self.key.partition, item.get(self.key.partition)), ("#".join(self.key.sort), sort)):
            if value == "":
                message = f"One or more parameter values are not valid. {_EMPTY} Key: {name}"
                raise dynamodb("ValidationException", message)
        partition = key_bytes.spread(key_bytes.encode(item[self.key.partition]))
        return partition, key_bytes.encode(sort) if sort is not None else b""

    def secondary(self, index: KeyFields, item: Mapping[str, Any]) -> tuple[bytes, bytes] | tuple[None, None]:
        """The item's key in an index; (None, None): it is not in the index."""
        partition = item.get(index.partition)
        sort = index.sort_value(item) if index.sort else ""
        if not _is_key(partition) or not _is_key(sort):
            return None, None
        for name, value in ((index.partition, partition), *((part, sort) for part in index.sort[:1])):
            if value == "":
                raise dynamodb(
                    "ValidationException",
                    "One or more parameter values are not valid. A value specified for a secondary index key is not "
                    f"supported. {_EMPTY} IndexName: {index.name}, IndexKey: {name}",
                )
        return key_bytes.encode(partition), key_bytes.encode(sort) if index.sort else b""


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def relation_index(model: Model, field: Field) -> str:
    """The name of the index that a hasMany or hasOne reads the other model's table by."""
    return f"gsi-{model.name}.{field.name}"


def _table(model: Model, relations: Mapping[str, tuple[str, ...]]) -> Table:
    indexes = {index.name: KeyFields(index.name, index.fields[0], index.fields[1:]) for index in model.indexes}
    for name, fields in relations.items():
        indexes[name] = KeyFields(name, fields[0], fields[1:], is_relation=True)
    partition, *sort = model.identifier
    return Table(model.name, KeyFields("", partition, tuple(sort)), indexes)


def models(introspection: Introspection) -> dict[str, Model]:
    """All models, those of conversation routes included."""
    found = dict(introspection.models)
    for conversation in introspection.conversations.values():
        for model in (conversation.conversation, conversation.message):
            found[model.name] = model
    return found


def tables(introspection: Introspection) -> dict[str, Table]:
    """The tables by model name."""
    known = models(introspection)
    relations: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in known}
    for model in known.values():
        for field in model.fields.values():
            if field.association and field.association.connection != "BELONGS_TO":
                relations[field.type.name][relation_index(model, field)] = field.association.fields
    return {name: _table(model, relations[name]) for name, model in known.items()}
