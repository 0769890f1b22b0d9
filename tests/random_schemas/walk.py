"""Does with a client whatever a schema offers, and compares what is read with what was written.

One walk for both clients: what a blocking client gives is there at once, what an awaiting one gives is awaited.
"""

import inspect
import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from amplify_data_client import Record
from amplify_data_client._core.schema import keys, scalars
from amplify_data_client._core.schema.capabilities import can_load, operations
from amplify_data_client._core.schema.introspection import Association, Field, Index, Introspection, Model
from amplify_data_client.dev.local_backend import LocalBackend

from .values import is_same, value_of

Draw = Callable[[st.SearchStrategy[Any]], Any]
Item = dict[str, Any]
STAMPS = ("createdAt", "updatedAt")


async def got(answer: Any) -> Any:
    """What a call gives."""
    return await answer if inspect.isawaitable(answer) else answer


async def listed(answer: Any) -> list[Any]:
    """What an iteration gives."""
    return [one async for one in answer] if hasattr(answer, "__aiter__") else list(answer)


class Walk:
    """One walk through a client of one backend."""

    def __init__(self, backend: LocalBackend, client: Any, draw: Draw) -> None:
        self.introspection: Introspection = backend.introspection
        self.backend, self.client, self.draw = backend, client, draw
        self.items: dict[str, list[Item]] = {name: [] for name in self.introspection.models}

    async def run(self) -> None:
        """Do everything."""
        for name in self.introspection.models:
            await self._create_some(name)
        for name, items in self.items.items():
            for item in items:
                await self._read(name, item)
            await self._list(name)
            await self._batch(name)
        for name, items in self.items.items():
            for item in items:
                await self._relations(name, item)
        for name in self.items:
            await self._change(name)
        await self._custom()

    def _model(self, name: str) -> tuple[Model, Any, frozenset[str]]:
        model = self.introspection.models[name]
        return model, self.client.models[name], operations(model)

    async def _create_some(self, name: str) -> None:
        model, calls, offered = self._model(name)
        for _ in range(2):
            item = self._made_up(model)
            if any(_key(model, item) == _key(model, other) for other in self.items[name]):
                continue
            if "create" in offered:
                record = (await got(calls.create(item))).data
                self._same(model, item, record)
                item = {**item, **{part: record.to_dict()[part] for part in model.identifier}}
            else:
                if not model.has_custom_identifier:
                    item["id"] = f"item {len(self.items[name])}"
                stored = {part: self._stored(model.fields[part], value) for part, value in item.items()}
                self.backend.seed({name: [stored]})
            self.items[name].append(item)

    def _stored(self, field: Field, value: Any) -> Any:
        """The form in which the backend stores a value: JSON is parsed."""
        if isinstance(value, list):
            return [self._stored(field, one) for one in value]
        if isinstance(value, dict):
            fields = self.introspection.fields(field.type.name)
            return {name: self._stored(fields[name], one) for name, one in value.items()}
        return json.loads(value) if field.type.name == "AWSJSON" and value is not None else value

    def _made_up(self, model: Model) -> Item:
        keyed = {part for index in model.indexes for part in index.fields} | set(model.identifier)
        keyed.update(key for field in _belongs(model) for key in field.association.fields)
        needed = _needed(model)
        item = {}
        for field in model.fields.values():
            is_filled_in = field.name in STAMPS or (field.name == "id" and not model.has_custom_identifier)
            if field.type.kind == "model" or not field.is_settable or (is_filled_in and field.name not in needed):
                continue
            values = value_of(self.introspection, field, is_key=field.name in keyed, is_given=field.name in needed)
            item[field.name] = self.draw(values)
        for field in _belongs(model):
            self._belong(model, item, field)
        # a key of an index is no null, and neither is a time that the API fills in: they are left out
        keyed.update(STAMPS)
        return {part: value for part, value in item.items() if value is not None or part not in keyed}

    def _belong(self, model: Model, item: Item, field: Field) -> None:
        """Let an item belong to one that is there, or to none."""
        assert field.association is not None
        parents = self.items[field.type.name]
        other = self.introspection.models[field.type.name]
        if parents and self.draw(st.booleans()):
            parent = self.draw(st.sampled_from(parents))
            item.update(zip(field.association.fields, _key(other, parent), strict=True))
        elif not any(one.type.is_required for one in (model.fields[name] for name in field.association.fields)):
            item.update(dict.fromkeys(field.association.fields))

    def _same(self, model: Model, item: Item, record: Any) -> None:
        assert isinstance(record, Record), record
        shown = record.to_dict()
        for name, value in item.items():
            is_kept = is_same(self.introspection, model.fields[name], value, shown[name])
            assert is_kept, f"{model.name}.{name}: wrote {value!r}, read {shown[name]!r}"
        for field in model.fields.values():
            python = self.introspection.names(model.name).python(field.name)
            assert field.type.kind == "model" or getattr(record, python) is not ...
        hash(record)

    async def _read(self, name: str, item: Item) -> None:
        model, calls, offered = self._model(name)
        if "get" not in offered:
            return
        key = dict(zip(model.identifier, _key(model, item), strict=True))
        record = (await got(calls.get(key))).data
        self._same(model, item, record)
        assert (await got(calls.get(record))).data == record
        paths = [
            f"{one}.*"
            for one, field in model.fields.items()
            if field.type.kind == "non_model"
            or (field.association is not None and _is_answered(model, field.association))
        ]
        whole = (await got(calls.get(key, {"selection_set": ["*", *paths]}))).data
        self._same(model, item, whole)
        first = model.fields[model.identifier[0]]
        if first.type.name in ("ID", "String"):
            assert (await got(calls.get(key | {first.name: f"{key[first.name]}~"}))).data is None

    async def _list(self, name: str) -> None:
        model, calls, offered = self._model(name)
        if "list" in offered:
            await self._found(model, model.identifier, calls.iterate, self.items[name])
            page = await got(calls.list({"limit": 1}))
            assert len(page.data) <= 1
            for field in model.fields.values():
                for item in self.items[name]:
                    await self._filtered(model, calls, field, item)
        for index in model.indexes:
            if index.query_field is not None:
                for item in self.items[name]:
                    await self._by_index(model, getattr(calls, index.query_field), index, item)

    async def _found(self, model: Model, by: Any, iterate: Any, items: list[Item], *given: Any) -> None:
        found = {tuple(_key(model, one.to_dict())): one for one in await listed(iterate(*given))}
        for item in items:
            assert tuple(_key(model, item)) in found, f"{model.name}: {given} finds {len(found)}, but not {item}"
            self._same(model, item, found[tuple(_key(model, item))])

    async def _filtered(self, model: Model, calls: Any, field: Field, item: Item) -> None:
        value = item.get(field.name)
        if field.type.kind not in ("scalar", "enum") or field.type.is_array or value is None or value == "":
            return
        if field.type.name in ("Boolean", "AWSJSON") or not field.is_settable:
            return
        await self._found(model, (), calls.iterate, [item], {"filter": {field.name: {"eq": value}}})

    async def _by_index(self, model: Model, query: Any, index: Index, item: Item) -> None:
        if any(item.get(part) is None for part in index.fields):
            return
        partition, sort = keys.index_arguments(model, index)
        given = {partition.name: item[partition.name]}
        await self._found(model, (), query.iterate, [item], given)
        if sort is None:
            return
        parts = {one.name: item[one.name] for one in sort.fields}
        exact = {sort.name: {"eq": parts if len(parts) > 1 else parts[sort.name]}}
        await self._found(model, (), query.iterate, [item], given | exact)

    async def _relations(self, name: str, item: Item) -> None:
        model, calls, offered = self._model(name)
        if "get" not in offered:
            return
        record = (await got(calls.get(dict(zip(model.identifier, _key(model, item), strict=True))))).data
        for field in model.fields.values():
            if field.association is None or not can_load(self.introspection, model.name, field):
                continue
            loaded = await got(getattr(record, self.introspection.names(name).python(field.name))())
            other = self.introspection.models[field.type.name]
            expected = self._related(model, item, field)
            if field.association.connection == "HAS_MANY":
                found = {tuple(_key(other, one.to_dict())) for one in await listed(loaded.iterate())}
                assert found == {tuple(_key(other, one)) for one in expected}
            elif expected:
                assert any(_is_of(other, one, loaded.data) for one in expected), (field.name, loaded, expected)
            else:
                assert loaded.data is None

    def _related(self, model: Model, item: Item, field: Field) -> list[Item]:
        """The items that a relation leads to."""
        assert field.association is not None
        other = self.introspection.models[field.type.name]
        if field.association.connection == "BELONGS_TO":
            wanted = [item.get(name) for name in field.association.fields]
            return [one for one in self.items[other.name] if None not in wanted and _key(other, one) == wanted]
        own = _key(model, item)
        return [one for one in self.items[other.name] if [one.get(name) for name in field.association.fields] == own]

    async def _batch(self, name: str) -> None:
        model, calls, offered = self._model(name)
        items = self.items[name]
        if "get" in offered and items:
            answer = await got(
                calls.batch_get([dict(zip(model.identifier, _key(model, one), strict=True)) for one in items])
            )
            for item, record in zip(items, answer.data, strict=True):
                self._same(model, item, record)
        if {"create", "delete"} <= offered:
            fresh = self._made_up(model)
            if not any(_key(model, fresh) == _key(model, one) for one in items):
                made = await got(calls.batch_create([fresh]))
                self._same(model, fresh, made.data[0])
                gone = await got(calls.batch_delete(made.data))
                assert gone.data == made.data

    async def _change(self, name: str) -> None:
        """Change, write again, copy and delete the items of a model."""
        model, calls, offered = self._model(name)
        for item in list(self.items[name]):
            changes = self._changes(model, item)
            key = dict(zip(model.identifier, _key(model, item), strict=True))
            if "update" in offered and changes:
                self._same(model, item | changes, (await got(calls.update(key | changes))).data)
                item.update(changes)
                answer = await got(calls.batch_update([key | changes]))
                self._same(model, item, answer.data[0])
            if {"update", "get"} <= offered and changes:
                record = (await got(calls.get(key))).data
                sent = {part: value for part, value in record.to_dict().items() if value is not None}
                self._same(model, item, (await got(calls.update(sent))).data)
                condition = {"condition": {"not": {part: {"attributeExists": False} for part in _tested(model, item)}}}
                self._same(model, item, (await got(calls.update(key | changes, condition))).data)
            if {"update", "create"} <= offered and changes:
                self._same(model, item, (await got(calls.upsert(key | changes))).data)
            if {"get", "create", "delete"} <= offered and not model.has_custom_identifier:
                record = (await got(calls.get(key))).data
                identifier = {"id": "the copy"} if _needed(model) & {"id"} else {}
                copied = (await got(calls.create(record.to_input() | identifier))).data
                self._same(model, {part: value for part, value in item.items() if part != "id"}, copied)
                await got(calls.delete(copied))
            if "delete" in offered:
                self._same(model, item, (await got(calls.delete(key))).data)
                self.items[name].remove(item)
                if "get" in offered:
                    assert (await got(calls.get(key))).data is None

    def _changes(self, model: Model, item: Item) -> Item:
        taken = {part for index in model.indexes for part in index.fields} | set(model.identifier)
        taken.update(key for field in _belongs(model) for key in field.association.fields)
        free = [
            field
            for field in model.fields.values()
            if field.is_settable and field.type.kind != "model" and field.name not in taken
        ]
        if not free:
            return {}
        chosen = self.draw(st.lists(st.sampled_from(free), min_size=1, max_size=2, unique_by=lambda one: one.name))
        changes = {
            field.name: self.draw(value_of(self.introspection, field, is_given=field.name in STAMPS))
            for field in chosen
        }
        # every update has the identifier and sets updatedAt: the other parts of a composite sort key have to be given
        for _ in model.indexes:  # what one index needs may be a part of another
            for index in model.indexes:
                parts = set(index.fields[1:])
                if len(parts) > 1 and parts & {"updatedAt", *model.identifier, *changes}:
                    changes |= {part: item[part] for part in parts.difference(model.identifier)}
        return changes

    async def _custom(self) -> None:
        for known, calls in (
            (self.introspection.queries, self.client.queries),
            (self.introspection.mutations, self.client.mutations),
        ):
            for name, operation in known.items():
                self.backend.resolver(name)(lambda arguments, _identity: arguments.get("value"))
                given = {one.name: self.draw(value_of(self.introspection, one)) for one in operation.arguments.values()}
                answer = (await got(getattr(calls, name)(given))).data
                returned = Field(name, operation.type)
                shown = _wire(operation.type.name, answer, is_array=operation.type.is_array)
                assert is_same(self.introspection, returned, given.get("value"), shown), (name, given, answer)


def _wire(type_name: str, value: Any, *, is_array: bool) -> Any:
    if type_name == "AWSJSON" and not is_array:
        return None if value is None else json.dumps(value)
    if isinstance(value, list):
        return [_wire(type_name, one, is_array=False) for one in value]
    return value.to_dict() if isinstance(value, Record) else scalars.encode(type_name, value, "value")


def _tested(model: Model, item: Item) -> list[str]:
    """A field of an item that a condition can test, if it has one."""
    plain = [
        field.name
        for field in model.fields.values()
        if field.type.kind == "scalar" and field.is_settable and field.name not in (*model.identifier, *STAMPS)
    ]
    return [name for name in plain if item.get(name) is not None][:1]


def _belongs(model: Model) -> list[Any]:
    """The relations to a parent."""
    found = [field for field in model.fields.values() if field.association is not None]
    return [field for field in found if field.association is not None and field.association.connection == "BELONGS_TO"]


def _needed(model: Model) -> set[str]:
    """The parts of composite sort keys: all of them have to be given, those that the API would fill in too."""
    return {part for index in model.indexes if len(index.fields) > 2 for part in index.fields[1:]}


def _is_answered(model: Model, association: Association) -> bool:
    """Amplify's own resolver fails for a hasMany over an identifier of two parts, the second of which is a number."""
    kinds = [model.fields[part].type.name for part in model.identifier]
    is_numeric = len(kinds) == 2 and kinds[1] in ("Int", "Float", "AWSTimestamp")
    return association.connection != "HAS_MANY" or not is_numeric


def _key(model: Model, item: Item) -> list[Any]:
    return [item.get(part) for part in model.identifier]


def _is_of(model: Model, item: Item, record: Any) -> bool:
    return record is not None and _key(model, item) == _key(model, record.to_dict())
