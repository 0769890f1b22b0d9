"""Derive tables and indexes from an introspection, and the keys of an item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amplify_data_client._core.schema.introspection import Field, Introspection, Model
from amplify_data_client.dev.local_backend.errors import ResolverError, dynamodb
from amplify_data_client.errors import ConfigurationError

from . import key_bytes

_WRONG_TYPE = "Invalid attribute value type"
_PUT = "A value specified for a secondary index key is not supported."
_UPDATED = (
    "The update expression attempted to update a secondary index key to a value that is not supported. The "
    "AttributeValue for a key attribute cannot contain an empty string value"
)
_EMPTY = "The AttributeValue for a key attribute cannot contain an empty string value."


@dataclass(frozen=True, slots=True)
class KeyFields:
    """A partition key and the parts of the sort key; several parts are joined into one string."""

    name: str
    partition: str
    sort: tuple[str, ...]
    is_relation: bool = False

    @property
    def attribute(self) -> str:
        """The name of the sort key's attribute: a composite one is stored under its joined name."""
        return "#".join(self.sort)


@dataclass(frozen=True, slots=True)
class Table:
    """A model's table: its primary key and its indexes, by name."""

    name: str
    key: KeyFields
    indexes: Mapping[str, KeyFields]

    def primary(self, item: Mapping[str, Any]) -> tuple[bytes, bytes]:
        """Return the primary key of an item; the key's fields are enough.

        Raises:
            ResolverError: DynamoDB does not accept this key.
        """
        partition, *rest = (item[name] for name in (self.key.partition, *self.key.sort))
        sort = rest[0] if len(rest) == 1 else key_bytes.joined(rest)
        # an empty part of a composite sort key is not an empty key
        checked = {self.key.partition: partition} | ({self.key.sort[0]: sort} if len(rest) == 1 else {})
        for name, value in checked.items():
            if value is None:
                raise dynamodb("ValidationException", _WRONG_TYPE)
            if value == "":
                raise empty_key(name)
        return key_bytes.hashed(key_bytes.encode(partition)), key_bytes.encode(sort) if rest else b""

    def composites(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Return the joined attributes of the composite sort keys of which a part is given."""
        keys = (key for key in (self.key, *self.indexes.values()) if len(key.sort) > 1)
        return {
            key.attribute: key_bytes.joined([given.get(part) for part in key.sort])
            for key in keys
            if any(part in given for part in key.sort)
        }

    def check_indexes(self, item: Mapping[str, Any], *, is_update: bool = False) -> None:
        """Refuse null and the empty string in the key of an index, as DynamoDB does."""
        for index in self.indexes.values():
            for name in filter(None, (index.partition, index.attribute)):
                if name in item and item[name] is None:
                    raise dynamodb("ValidationException", _WRONG_TYPE)
                if item.get(name) == "":
                    raise _invalid(_UPDATED) if is_update else empty_key(name, index)

    def secondary(self, index: KeyFields, item: Mapping[str, Any]) -> tuple[bytes, bytes] | tuple[None, None]:
        """Return the item's key in an index, or (None, None) if the item is not in it."""
        partition = item.get(index.partition)
        sort = item.get(index.attribute) if index.sort else 0
        if not _is_key(partition) or not _is_key(sort):
            return None, None
        return key_bytes.encode(partition), key_bytes.encode(sort) if index.sort else b""


def empty_key(name: str, index: KeyFields | None = None) -> ResolverError:
    """Make DynamoDB's error for an empty string in a key of the table or of an index."""
    return _invalid(
        f"{_EMPTY} Key: {name}" if index is None else f"{_PUT} {_EMPTY} IndexName: {index.name}, IndexKey: {name}"
    )


def _invalid(message: str) -> ResolverError:
    return dynamodb("ValidationException", f"One or more parameter values are not valid. {message}")


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def relation_index(model: Model, field: Field) -> str:
    """Return the name of the index by which a hasMany or hasOne reads the other model's table."""
    return f"gsi-{model.name}.{field.name}"


def _table(model: Model, relations: Mapping[str, tuple[str, ...]]) -> Table:
    indexes = {index.name: KeyFields(index.name, index.fields[0], index.fields[1:]) for index in model.indexes}
    for name, fields in relations.items():
        indexes[name] = KeyFields(name, fields[0], fields[1:], is_relation=True)
    for key in (
        model.identifier,
        *((index.partition, *index.sort) for index in indexes.values() if not index.is_relation),
    ):
        _check_key(model, key)
    partition, *sort = model.identifier
    return Table(model.name, KeyFields("", partition, tuple(sort)), indexes)


def _check_key(model: Model, names: Iterable[str]) -> None:
    for name in names:
        field = model.fields.get(name)
        if (
            field is None
            or field.type.is_array
            or field.type.kind not in ("scalar", "enum")
            or field.type.name == "AWSJSON"
        ):
            raise ConfigurationError(
                f"{model.name}.{name} cannot be part of a key, as the model introspection has it: it is "
                f"{field.type.graphql if field else 'not defined'}. Deploy the backend again."
            )


def models(introspection: Introspection) -> dict[str, Model]:
    """Return all models, including those of conversation routes."""
    found = dict(introspection.models)
    for conversation in introspection.conversations.values():
        for model in (conversation.conversation, conversation.message):
            found[model.name] = model
    return found


def tables(introspection: Introspection) -> dict[str, Table]:
    """Return the tables by model name."""
    known = models(introspection)
    relations: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in known}
    for model in known.values():
        for field in model.fields.values():
            if field.association and field.association.connection != "BELONGS_TO":
                relations[field.type.name][relation_index(model, field)] = field.association.fields
    return {name: _table(model, relations[name]) for name, model in known.items()}
