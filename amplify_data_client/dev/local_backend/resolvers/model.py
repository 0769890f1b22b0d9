"""Resolve the operations of a model: create, get, update, delete, list, index queries, relations."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from amplify_data_client._core.schema import keys as key_names
from amplify_data_client._core.schema.introspection import Index, Model
from amplify_data_client.dev.local_backend.context import Context, as_mutated
from amplify_data_client.dev.local_backend.dynamodb import key_bytes, keys, limits
from amplify_data_client.dev.local_backend.dynamodb.filters import Test, compiled
from amplify_data_client.dev.local_backend.dynamodb.page_tokens import Tokens
from amplify_data_client.dev.local_backend.dynamodb.store import Item, Query, Range, Store
from amplify_data_client.dev.local_backend.dynamodb.tables import KeyFields, Table, empty_key
from amplify_data_client.dev.local_backend.errors import ResolverError, condition_failed, dynamodb, unauthorized
from amplify_data_client.dev.local_backend.graphql.executor import Info
from amplify_data_client.dev.local_backend.graphql.sdl import may_be_left_out

from .authorization import ModelRules, Visible
from .validations import Validations

DEFAULT_LIMIT = 100
# Amplify protects a relation with what the other model's rules say of either
READS = ("get", "list")


class ModelResolvers:
    """The resolvers of one model."""

    def __init__(
        self,
        model: Model,
        table: Table,
        rules: ModelRules,
        store: Store,
        tokens: Tokens,
        defaults: Mapping[str, Any],
        validations: Validations,
    ) -> None:
        self.model = model
        self.table = table
        self.rules = rules
        self._store = store
        self._tokens = tokens
        self._defaults = defaults
        self._validations = validations
        self._stamps = [name for name in ("createdAt", "updatedAt") if name in model.fields]
        # Amplify leaves these nulls out of a created item (DynamoDB refuses a null in any other key of an index); a
        # default replaces null too
        self._left_out = {key.partition for key in table.indexes.values() if not key.is_relation} | defaults.keys()
        self._composites = [key for key in table.indexes.values() if len(key.sort) > 1]
        if model.is_sql:  # a column is null or has a value, and no column holds joined keys
            self._left_out, self._composites = set(model.fields), []
        self._filled_in = model.identifier[0] if may_be_left_out(model) else None

    def create(
        self, _source: Any, info: Info, input: Item, condition: Item | None = None
    ) -> Item:  # `input` is the argument's name
        context: Context = info.context
        context.count()
        self._check_composites("creating", {*input, *self._stamps, *self._defaults})
        given = self.rules.check_create(context.identity, info.field_name, input)
        self._validations.check(input)
        item = self._new(given, context.stamp)
        key = self.table.primary(item)
        self.table.check_indexes(item)
        limits.check(item)
        test = compiled(condition, "ConditionExpression")
        with self._store.writing():
            if self._store.get(self.table, key) is not None or (test is not None and not test({})):
                raise condition_failed()
            self._store.put(self.table, item)
        return as_mutated(item)

    def seed(self, given: Mapping[str, Any], stamp: str) -> None:
        """Store an item without the checks of a mutation.

        Raises:
            ValueError: It has no key.
        """
        item = self._new(given, stamp)
        if missing := [name for name in self.model.identifier if name not in item]:
            raise ValueError(f"An item of {self.model.name} has no {', '.join(missing)}, which is its key.")
        self.table.primary(item)
        self.table.check_indexes(item)
        self._store.put(self.table, item)

    def _new(self, given: Mapping[str, Any], stamp: str) -> Item:
        item: Item = dict(self._defaults)
        if self._filled_in:
            item |= self._identifier(self._filled_in, given)
        item |= dict.fromkeys(self._stamps, stamp)
        item |= {name: value for name, value in given.items() if value is not None or name not in self._left_out}
        item |= self.table.composites(item)
        item["__typename"] = self.model.name
        return item

    def _identifier(self, name: str, given: Mapping[str, Any]) -> Item:
        """Make the identifier if it is not given. A database's numbers go on after the highest one."""
        if self.model.fields[name].type.name == "Int" and self.model.is_sql:
            return {name: self._store.number(self.table, given.get(name))}
        is_given = name in given and not (self.model.is_sql and given[name] is None)
        return {} if is_given else {name: str(uuid.uuid4())}

    def update(
        self, _source: Any, info: Info, input: Item, condition: Item | None = None
    ) -> Item:  # `input`: see above
        context: Context = info.context
        context.count()
        self._check_composites("updating", {*input, *self._stamps[1:]})
        key = self.table.primary(input)
        with self._store.writing():
            stored = self._store.get(self.table, key)
            self.rules.check_update(context.identity, info.field_name, stored, input)
            self._validations.check(input)
            test = compiled(condition, "ConditionExpression")
            if stored is None or (test is not None and not test(stored)):
                raise condition_failed()
            changes = {"updatedAt": context.stamp} if "updatedAt" in self._stamps else {}
            changes |= {name: value for name, value in input.items() if name not in self.model.identifier}
            # DynamoDB's joined attributes are made from what is given; rows have none, but our indexes need them
            changes |= self.table.composites({**(stored if self.model.is_sql else input), **changes})
            item = {
                name: value for name, value in {**stored, **changes}.items() if name not in changes or value is not None
            }
            self.table.check_indexes(item, is_update=True)
            limits.check(item, is_update=True)
            self._store.put(self.table, item)
        return as_mutated(item)

    def delete(
        self, _source: Any, info: Info, input: Item, condition: Item | None = None
    ) -> Item:  # `input`: see above
        context: Context = info.context
        context.count()
        key = self._key(input)
        with self._store.writing():
            stored = None if isinstance(key, ResolverError) else self._store.get(self.table, key)
            self.rules.check_delete(context.identity, info.field_name, stored)
            if isinstance(key, ResolverError):
                raise key
            test = compiled(condition, "ConditionExpression")
            if stored is None or (test is not None and not test(stored)):
                raise condition_failed()
            self._store.delete(self.table, key)
        return as_mutated(stored)

    def _key(self, given: Item) -> tuple[bytes, bytes] | ResolverError:
        """Return the key, or DynamoDB's error: Amplify's resolver of a delete checks the caller first."""
        try:
            return self.table.primary(given)
        except ResolverError as error:
            return error

    def get(self, _source: Any, info: Info, /, **key: Any) -> Item | None:
        return self.read(info, key, "get")

    def read(self, info: Info, key: Mapping[str, Any], *operations: str) -> Item | None:
        """Return the item of a key, or None if there is none; a rule for any of the operations lets the caller see it."""
        context: Context = info.context
        context.count()
        visible = self.rules.visible(context.identity, info.field_name, self.model.name, *operations)
        item = self._store.get(self.table, self.table.primary(key))
        if item is not None and visible is not None and not visible(item):
            raise unauthorized(info.field_name, self.model.name)
        return item

    def list(self, _source: Any, info: Info, /, **given: Any) -> dict[str, Any]:
        info.context.count()
        arguments = key_names.identifier_arguments(self.model)
        if not self.model.is_sql:
            keys.check_arguments(arguments, given)
        partition = given.get(arguments.partition.name)
        if partition is None:
            return self._page(info, Query(self.table), given)
        if partition == "":
            raise empty_key(arguments.partition.name)
        range_ = keys.sort_range(arguments.sort, given, self.table.key)
        return self._query(info, None, key_bytes.hashed(key_bytes.encode(partition)), range_, given)

    def by_index(self, index: Index) -> Any:
        """Make the resolver of an index's query."""
        arguments = key_names.index_arguments(self.model, index)
        key = self.table.indexes[index.name]

        def resolve(_source: Any, info: Info, /, **given: Any) -> dict[str, Any]:
            info.context.count()
            keys.check_arguments(arguments, given)
            partition = given[arguments.partition.name]
            if partition == "":
                raise empty_key(arguments.partition.name, key)
            range_ = keys.sort_range(arguments.sort, given, key)
            return self._query(info, key, key_bytes.encode(partition), range_, given)

        return resolve

    def related(self, info: Info, key: KeyFields, values: Iterable[Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a page of the items whose foreign key has these values."""
        info.context.count()
        query = self._children(key, values, is_descending=given.get("sortDirection") == "DESC")
        if query is None:
            self.rules.visible(info.context.identity, info.field_name, info.type_name, *READS)
            return {"items": [], "nextToken": None}
        return self._page(info, query, given, READS)

    def first(self, info: Info, key: KeyFields, values: Iterable[Any]) -> Item | None:
        """Return the first item whose foreign key has these values, if the caller may see one of them."""
        info.context.count()
        visible = self.rules.visible(info.context.identity, info.field_name, info.type_name, *READS)
        query = self._children(key, values, is_descending=False)
        items = [] if query is None else self._store.page(query).items  # Amplify's resolver gives no limit
        seen = [item for item in items if visible is None or visible(item)]
        if items and not seen:
            raise unauthorized(info.field_name, info.type_name)
        return seen[0] if seen else None

    def _children(self, key: KeyFields, values: Iterable[Any], *, is_descending: bool) -> Query | None:
        partition, *sort = values
        if partition is None or partition == "":
            return None
        range_ = Range()
        if sort:
            bound = key_bytes.encode(sort[0] if len(key.sort) == 1 else key_bytes.joined(sort))
            range_ = Range(bound, bound)
        return Query(self.table, key, key_bytes.encode(partition), range_, is_descending)

    def _query(
        self, info: Info, index: KeyFields | None, partition: bytes, range_: Range, given: Mapping[str, Any]
    ) -> dict[str, Any]:
        is_descending = given.get("sortDirection") == "DESC"
        return self._page(info, Query(self.table, index, partition, range_, is_descending), given)

    def _page(
        self, info: Info, query: Query, given: Mapping[str, Any], reads: tuple[str, ...] = ("list",)
    ) -> dict[str, Any]:
        visible = self.rules.visible(info.context.identity, info.field_name, info.type_name, *reads)
        limit = DEFAULT_LIMIT if given.get("limit") is None else given["limit"]
        if limit < 1:
            raise dynamodb("ValidationException", "Limit must be greater than or equal to 1")
        token = given.get("nextToken")
        key = query.index or query.table.key
        test = compiled(given.get("filter"), keys=() if query.partition is None else (key.partition, key.attribute))
        page = self._store.page(query, limit, self._tokens.read(query, token) if token else None)
        return {
            "items": [item for item in page.items if _passes(item, test, visible)],
            "nextToken": None if page.position is None else self._tokens.write(query, page.position),
        }

    def _check_composites(self, doing: str, given: set[str]) -> None:
        for key in self._composites:
            missing = [name for name in key.sort if name not in given]
            if missing and len(missing) < len(key.sort):
                index = f"global secondary index '{key.name}'" if key.is_relation else f"@index '{key.name}'"
                raise ResolverError(
                    f"When {doing} any part of the composite sort key for {index}, you must provide all "
                    f"fields for the key. Missing key: '{missing[0]}'."
                )


def _passes(item: Item, test: Test | None, visible: Visible | None) -> bool:
    return (test is None or test(item)) and (visible is None or visible(item))
