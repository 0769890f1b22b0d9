"""Describes a batch: reads its options, encodes its items, and divides them into requests."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any

from amplify_data_client._core.schema.introspection import Model
from amplify_data_client.errors import OperationError
from amplify_data_client.results import Outcome

from .api import ClientBinding
from .arguments import NO_NAMES, READ, WRITE, Arguments, ParsedArguments, signature
from .batch_request import BatchSettings, Item, Outcomes, Sent, SentFlow, leave_items, send_items
from .encoding import is_record
from .filters import condition_input
from .identifiers import identifier_of, identifying, record_keys
from .inputs import create_input, update_input

# A document runs for 30 seconds at most, its mutations one after the other: 25 leave room even for slow ones.
CHUNK_SIZE = 25
# AppSync takes requests of up to a megabyte, document and variables; larger items than this travel alone
_CHUNK_CHARACTERS = 400_000
_SIZES = {"chunk_size": "chunk_size", "concurrency": "concurrency"}
_CONCURRENCY = 4


class Batch:
    """A batch, described: the flows that carry its items, and how many of them may be under way at once.

    Attributes:
        interruption: The exception that ended the batch early and is not about one item: raised by the iterator that
            gives the items, or by a function of the user's. Every item taken until then has an outcome.
    """

    def __init__(self, binding: ClientBinding, model: Model, verb: str, items: Any, options: Mapping[str, Any]) -> None:
        what = f"{model.name}.batch_{verb}"
        known = {**(READ if verb == "get" else WRITE), **_SIZES}
        given = Arguments(None, options, {}).parse(signature(what, NO_NAMES, known))
        condition = given.options.get("condition")
        self._items = _checked(items, what)
        self._encode = _ENCODERS[verb]
        self.concurrency = _count(given, "concurrency", _CONCURRENCY, what)
        self.settings = BatchSettings(
            binding,
            model,
            verb,
            binding.api.selection(model.name, given.options.get("selection_set")),
            None if condition is None else condition_input(binding.api, model, condition, f"{what} condition"),
            given.call,
            _count(given, "chunk_size", CHUNK_SIZE, what),
        )
        self.interruption: Exception | None = None

    def flows(self) -> Iterator[SentFlow]:
        """Take the items as they come, and give a flow for every request's worth of them."""
        chunker, failure = _Chunker(self), None
        try:
            for item in self._items:
                yield from chunker.add(item)
                if self.interruption is not None:
                    break
        except Exception as error:  # whatever an iterator of the user's raises; `finish` raises it again
            failure = error
        yield from chunker.remaining()
        self.interruption = failure or self.interruption

    async def async_flows(self) -> AsyncIterator[SentFlow]:
        """Do as `flows` for items that come from an async generator (or from anything else)."""
        if not isinstance(self._items, AsyncIterable):
            for flow in self.flows():
                yield flow
            return
        chunker, failure = _Chunker(self), None
        try:
            async for item in self._items:
                for flow in chunker.add(item):
                    yield flow
                if self.interruption is not None:
                    break
        except Exception as error:  # as above
            failure = error
        for flow in chunker.remaining():
            yield flow
        self.interruption = failure or self.interruption

    def outcomes(self, sent: Sent) -> Outcomes:
        """Give the outcomes of a flow, and take note of an exception that has to end the batch."""
        self.interruption = self.interruption or sent.interruption
        return sent.outcomes

    def encoded(self, position: int, given: Any) -> Item:
        """Encode an item, or keep the error that says why it cannot be sent. An outcome stands for its item."""
        given = given.item if isinstance(given, Outcome) else given
        try:
            return Item(position, given, self._encode(self.settings.binding, self.settings.model, given))
        except OperationError as error:
            return Item(position, given, {}, error)

    def finish(self) -> None:
        """Raise the exception that ended the batch early, if one did."""
        if self.interruption is not None:
            raise self.interruption


class _Chunker:
    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._position = 0
        self._items: list[Item] = []
        self._characters = 0

    def add(self, given: Any) -> Iterator[SentFlow]:
        """Take one more item; give a flow when there are enough."""
        settings = self._batch.settings
        item = self._batch.encoded(self._position, given)
        self._position += 1
        size = len(json.dumps(item.variables)) + len(settings.selection.text)
        if len(self._items) >= settings.chunk_size or (self._items and self._characters + size > _CHUNK_CHARACTERS):
            yield from self.remaining()
        self._items.append(item)
        self._characters += size

    def remaining(self) -> Iterator[SentFlow]:
        """Give a flow for the items that are left, few as they may be."""
        items, self._items, self._characters = self._items, [], 0
        if not items:
            return
        interruption = self._batch.interruption
        if interruption is None:
            yield send_items(self._batch.settings, items)
        else:
            yield leave_items(self._batch.settings, items, interruption)


def _checked(items: Any, what: str) -> Any:
    if isinstance(items, AsyncIterable) or (
        isinstance(items, Iterable) and not isinstance(items, str | bytes | Mapping) and not is_record(items)
    ):
        return items
    raise OperationError(
        f"{what} takes many items: a list, or anything else that gives them; got {type(items).__name__}."
    )


def _count(given: ParsedArguments, option: str, default: int, what: str) -> int:
    count = given.options.get(option)
    if count is None:
        return default
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise OperationError(f"{what}: {option} is {count!r}; give a number from 1.")
    return count


def _create(binding: ClientBinding, model: Model, given: Any) -> dict[str, Any]:
    return {"input": create_input(binding.api, model, _values(binding, model, "create", given))}


def _update(binding: ClientBinding, model: Model, given: Any) -> dict[str, Any]:
    return {"input": update_input(binding.api, model, _values(binding, model, "update", given))}


def _delete(binding: ClientBinding, model: Model, given: Any) -> dict[str, Any]:
    return {"input": _keys(binding, model, "delete", given)}


def _get(binding: ClientBinding, model: Model, given: Any) -> dict[str, Any]:
    return _keys(binding, model, "get", given)


_ENCODERS: dict[str, Callable[[ClientBinding, Model, Any], dict[str, Any]]] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
    "get": _get,
}


def _values(binding: ClientBinding, model: Model, verb: str, given: Any) -> dict[str, Any]:
    what = f"{model.name}.batch_{verb}"
    if is_record(given) or not isinstance(given, Mapping):
        raise OperationError(f"{what}: an item is {type(given).__name__}; give a mapping of fields.")
    return Arguments(given, None, {}).parse(signature(what, binding.api.names(model.name), {})).values


def _keys(binding: ClientBinding, model: Model, verb: str, given: Any) -> dict[str, Any]:
    what = f"{model.name}.batch_{verb}"
    found = record_keys(model, given, what) if is_record(given) else identifying(binding.api, model, given, what)
    return identifier_of(binding.api, model, found, verb)
