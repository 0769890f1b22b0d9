"""How do many operations on one model travel together?

AppSync has no batch operations and takes no arrays of requests; but one document may hold many aliased fields. Each
of them succeeds or fails by itself. Mutations of a document run one after the other, in order.
"""

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from amplify_data_client._core.schema.introspection import Model
from amplify_data_client._core.schema.keys import condition_type, input_type, required, root_field
from amplify_data_client._core.schema.naming import Names
from amplify_data_client.errors import AmplifyDataError, ErrorEntry, OperationError, RequestError
from amplify_data_client.results import Outcome, Result

from .arguments import READ, WRITE, Arguments, Given
from .context import Context
from .failures import error_for, is_untouched
from .filters import condition_input
from .inputs import create_input, identifier_of, identifying, is_record, record_keys, update_input
from .operation import Call, Envelope, Operation, OperationKind
from .selection import Selection

# A document runs for 30 seconds at most, its mutations one after the other: 25 leave room even for slow ones.
CHUNK_SIZE = 25
# AppSync takes requests of up to a megabyte, document and variables; larger items than this travel alone
_CHUNK_CHARACTERS = 400_000
_SIZES = {"chunk_size": "chunk_size", "concurrency": "concurrency"}
_CONCURRENCY = 4


class _Item(NamedTuple):
    position: int
    given: Any
    variables: dict[str, Any] | None
    error: OperationError | None = None


class Chunk(NamedTuple):
    """Some items and the call that carries them; items that do not fit the schema are in no call."""

    items: list[_Item]
    call: Call[Result[list[tuple[Any, list[ErrorEntry]]]]] | None

    def outcomes(self, result: "Result[list[tuple[Any, list[ErrorEntry]]]] | None") -> Iterator[Outcome[Any]]:
        """Tell the outcome of each item, in order."""
        answers = iter(result.data if result is not None else ())
        for item in self.items:
            if item.error is not None:
                yield Outcome(item.position, item.given, error=item.error)
                continue
            data, entries = next(answers)
            error = _failure(self.call, entries, data, result) if entries else None
            yield Outcome(item.position, item.given, data=data, error=error)

    def all_failed(self, error: AmplifyDataError) -> Iterator[Outcome[Any]]:
        """Tell that nothing of it could be sent."""
        return (Outcome(item.position, item.given, error=item.error or error) for item in self.items)


def _failure(call: Any, entries: list[ErrorEntry], data: Any, result: Any) -> RequestError:
    if entries[0].cause is not None:
        return entries[0].cause
    operation = call.operation
    name = operation.name.rpartition(" ")[2]
    for entry in entries:  # an alias means nothing to who gave the items
        entry.path = (name, *entry.path[1:]) if entry.path else entry.path
    error = error_for(entries, Envelope(request_id=result.request_id), operation=name, data=data)
    is_query = operation.kind == "query"
    error.may_have_executed = error.may_have_executed and not is_query and not is_untouched(entries, [data])
    return error


class Batch:
    """A batch, described: which chunks there are, and how many may travel at once.

    Attributes:
        interruption: What ended the batch early, and is not about one item: an exception of the iterator that gives
            the items, or of a function of the user's. What had been taken until then is carried out first.
    """

    def __init__(self, context: Context, model: Model, verb: str, items: Any, options: Mapping[str, Any]) -> None:
        what = f"{model.name}.batch_{verb}"
        known = {**(READ if verb == "get" else WRITE), **_SIZES}
        given = Arguments(None, options, {}).sort_out(what, Names(()), known)
        self._context, self._model, self._verb, self._items, self._given = context, model, verb, items, given
        self._chunk_size = _count(given, "chunk_size", CHUNK_SIZE, what)
        self.concurrency = _count(given, "concurrency", _CONCURRENCY, what)
        self._selection = context.schema.selection(model.name, given.options.get("selection_set"))
        self._encode = _ENCODERS[verb]
        condition = given.options.get("condition")
        self._condition = None if condition is None else condition_input(context.schema, model, condition, what)
        self.interruption: Exception | None = None

    def chunks(self) -> Iterator[Chunk]:
        """Take the items, as they come, into chunks."""
        filling = _Filling(self)
        try:
            for item in self._items:
                yield from filling.add(item)
                if self.interruption is not None:
                    return
        except Exception as error:  # whatever an iterator of the user's raises; `finish` raises it again
            self.interruption = error
        yield from filling.rest()

    async def async_chunks(self) -> AsyncIterator[Chunk]:
        """The same for items that come from an async generator (or from anything else)."""
        if not isinstance(self._items, AsyncIterable):
            for chunk in self.chunks():
                yield chunk
            return
        filling = _Filling(self)
        try:
            async for item in self._items:
                for chunk in filling.add(item):
                    yield chunk
                if self.interruption is not None:
                    return
        except Exception as error:  # as above
            self.interruption = error
        for chunk in filling.rest():
            yield chunk

    def failed(self, chunk: Chunk, error: Exception) -> Iterable[Outcome[Any]]:
        """Tell what became of a chunk whose sending raised."""
        if isinstance(error, AmplifyDataError):
            return chunk.all_failed(error)
        self.interruption = error
        return ()

    def finish(self) -> None:
        """Raise what ended the batch early."""
        if self.interruption is not None:
            raise self.interruption


class _Filling:
    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._position = 0
        self._items: list[_Item] = []
        self._characters = 0

    def add(self, given: Any) -> Iterator[Chunk]:
        """Take one more item; gives a chunk when one is full."""
        batch = self._batch
        item = _encoded(batch, self._position, given)
        self._position += 1
        size = len(json.dumps(item.variables)) + len(batch._selection.text) if item.variables is not None else 0
        if len(self._items) >= batch._chunk_size or (self._items and self._characters + size > _CHUNK_CHARACTERS):
            yield from self.rest()
        self._items.append(item)
        self._characters += size

    def rest(self) -> Iterator[Chunk]:
        """Give what there is, full or not."""
        items, self._items, self._characters = self._items, [], 0
        if items:
            sendable = [item.variables for item in items if item.variables is not None]
            yield Chunk(items, _call(self._batch, sendable) if sendable else None)


def _count(given: Given, option: str, default: int, what: str) -> int:
    count = given.options.get(option)
    if count is None:
        return default
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise OperationError(f"{what}: {option} is {count!r}; give a number from 1.")
    return count


def _encoded(batch: Batch, position: int, given: Any) -> _Item:
    try:
        return _Item(position, given, batch._encode(batch._context, batch._model, given))
    except OperationError as error:
        return _Item(position, given, None, error)


def _create(context: Context, model: Model, given: Any) -> dict[str, Any]:
    return {"input": create_input(context.schema, model, _values(context, model, "create", given))}


def _update(context: Context, model: Model, given: Any) -> dict[str, Any]:
    return {"input": update_input(context.schema, model, _values(context, model, "update", given))}


def _delete(context: Context, model: Model, given: Any) -> dict[str, Any]:
    return {"input": _keys(context, model, "delete", given)}


def _get(context: Context, model: Model, given: Any) -> dict[str, Any]:
    return _keys(context, model, "get", given)


_ENCODERS: dict[str, Callable[[Context, Model, Any], dict[str, Any]]] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
    "get": _get,
}


def _values(context: Context, model: Model, verb: str, given: Any) -> dict[str, Any]:
    what = f"{model.name}.batch_{verb}"
    if is_record(given) or not isinstance(given, Mapping):
        raise OperationError(f"{what}: an item is {type(given).__name__}; give a mapping of fields.")
    return Arguments(given, None, {}).sort_out(what, context.schema.names(model.name), {}).values


def _keys(context: Context, model: Model, verb: str, given: Any) -> dict[str, Any]:
    what = f"{model.name}.batch_{verb}"
    found = record_keys(model, given, what) if is_record(given) else identifying(context.schema, model, given, what)
    return identifier_of(context.schema, model, found, verb)


def _call(batch: Batch, sendable: list[dict[str, Any]]) -> Call[Result[list[tuple[Any, list[ErrorEntry]]]]]:
    model, verb, given = batch._model, batch._verb, batch._given
    kind: OperationKind = "query" if verb == "get" else "mutation"
    types = (
        {name: required(model.fields[name].type) for name in model.identifier}
        if verb == "get"
        else {"input": f"{input_type(verb, model)}!"}
    )
    schema, field = batch._context.schema, root_field(verb, model)
    shared = "" if batch._condition is None else f"$condition: {condition_type(model)}"

    def make() -> str:
        numbers = range(len(sendable))
        declared = [f"${name}{at}: {type_}" for at in numbers for name, type_ in types.items()]
        passed = ["condition: $condition"] if shared else []
        fields = " ".join(
            f"_{at}: {field}({', '.join([*(f'{name}: ${name}{at}' for name in types), *passed])}) {batch._selection.text}"
            for at in numbers
        )
        return f"{kind} ({', '.join([*declared, *([shared] if shared else [])])}) {{ {fields} }}"

    # chunks that are not full have many lengths: their documents are not kept
    is_full = len(sendable) == batch._chunk_size
    head = f"{len(sendable)} {field} {shared}"
    document = schema.document(head, batch._selection.text, make) if is_full else make()
    variables = {f"{name}{at}": value for at, one in enumerate(sendable) for name, value in one.items()}
    if batch._condition is not None:
        variables["condition"] = batch._condition
    tie = batch._context.tie(given.call.without_headers())

    def read(envelope: Envelope) -> Result[list[tuple[Any, list[ErrorEntry]]]]:
        answers = _answers(envelope, len(sendable), batch._selection, tie)
        return Result(answers, errors=envelope.errors, request_id=envelope.request_id)

    name = f"{len(sendable)} × {field}"
    return Call(Operation(name, kind, document, variables, read, is_generated=True), given.call)


def _answers(envelope: Envelope, count: int, selection: Selection, tie: Any) -> list[tuple[Any, list[ErrorEntry]]]:
    data = envelope.data or {}
    by_alias: dict[str, list[ErrorEntry]] = {}
    of_all: list[ErrorEntry] = []
    for entry in envelope.errors:
        alias = entry.path[0] if entry.path else None
        (by_alias.setdefault(alias, []) if isinstance(alias, str) else of_all).append(entry)
    wires = [data.get(f"_{at}") for at in range(count)]
    records = selection.read_many(wires, tie)
    return [(records[at], by_alias.get(f"_{at}", []) + of_all) for at in range(count)]
