"""Sends several items of a batch in one request, and works out the outcome of each.

AppSync has no batch operations and takes no arrays of requests; but one document may hold many aliased fields. Each
of them succeeds or fails by itself, and mutations run one after the other, in order. Two things need more than one
request:

- Variables are refused for the whole document: one item that lacks a required field would take the others with it. So
  the items are sent again in halves, until that item is alone. Nothing had been executed.
- DynamoDB may throttle some of the items. They are sent again by themselves, as long as others get through; when none
  does, the request as a whole is throttled, and is repeated as any such request is.

An exception in any of these requests must not hide what the requests before it did, so each becomes the outcome of the
items that were not carried out.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from amplify_data_client._core.schema.introspection import Model
from amplify_data_client._core.schema.keys import condition_type, input_type, required, root_field
from amplify_data_client.errors import (
    AmplifyDataError,
    ErrorEntry,
    OperationError,
    ReplyError,
    RequestError,
    ThrottledOperationError,
    ValidationError,
    is_unsent,
)
from amplify_data_client.options import CallOptions
from amplify_data_client.results import Outcome, Result

from .answers import Comparisons, Expected, comparisons, expected_item, no_answer
from .api import ClientBinding, Selection
from .graphql_errors import error_for, is_untouched
from .mutations import advice_on_values
from .operation import Call, CallFlow, Envelope, Operation, OperationKind

Answers: TypeAlias = list["Answer"]
Outcomes: TypeAlias = list[Outcome[Any]]
SentFlow: TypeAlias = CallFlow["Sent"]
# what is wrong with the document itself is wrong with every part of it
_OF_THE_DOCUMENT = "Validation error of type"


class Item(NamedTuple):
    """An item in its place: its variables, or why it has none."""

    position: int
    given: Any
    variables: dict[str, Any]
    error: OperationError | None = None

    def failed(self, error: AmplifyDataError) -> Outcome[Any]:
        """Make the outcome of an item that failed."""
        return Outcome(self.position, self.given, error=error)


class Answer(NamedTuple):
    """What a reply says of one item."""

    data: Any
    errors: list[ErrorEntry]


class Sent(NamedTuple):
    """The outcomes of the items of one flow, in order, and the exception that has to end the batch, if any."""

    outcomes: Outcomes
    interruption: Exception | None = None


class BatchSettings(NamedTuple):
    """What all requests of a batch have in common."""

    binding: ClientBinding
    model: Model
    verb: str
    selection: Selection
    condition: dict[str, Any] | None
    options: CallOptions
    chunk_size: int


def send_items(settings: BatchSettings, items: Sequence[Item]) -> SentFlow:
    """Carry items out: a generator that yields calls, is sent their results, and returns an outcome for every item."""
    known = {item.position: item.failed(item.error) for item in items if item.error is not None}
    sent = yield from _send(settings, [item for item in items if item.error is None])
    known |= {outcome.position: outcome for outcome in sent.outcomes}
    return Sent([known[item.position] for item in items], sent.interruption)


def leave_items(settings: BatchSettings, items: Sequence[Item], interruption: Exception) -> SentFlow:
    """Send nothing, because the batch has ended; a flow, so that these items have their outcomes in order too."""
    yield from ()
    return _not_sent(settings, items, interruption)


def _send(settings: BatchSettings, items: Sequence[Item]) -> SentFlow:
    sent, known, left = Sent([]), dict[int, Outcome[Any]](), items
    while left:
        sent = yield from _send_once(settings, left)
        again = _throttled(left, sent.outcomes)
        if len(left) > 1 and all(map(_has_unfit_variables, sent.outcomes)):
            sent = yield from _send_halves(settings, left)
        known |= {outcome.position: outcome for outcome in sent.outcomes}
        left = again
    return Sent([known[item.position] for item in items], sent.interruption)


def _send_once(settings: BatchSettings, items: Sequence[Item]) -> SentFlow:
    call = _call(settings, items)
    try:
        result = yield call
    except Exception as error:
        return _failed(settings, items, error)
    return Sent(_outcomes(settings, call.operation, items, result))


def _send_halves(settings: BatchSettings, items: Sequence[Item]) -> SentFlow:
    middle = len(items) // 2
    first = yield from _send(settings, items[:middle])
    if first.interruption is not None:
        rest = _not_sent(settings, items[middle:], first.interruption)
    else:
        rest = yield from _send(settings, items[middle:])
    return Sent(first.outcomes + rest.outcomes, rest.interruption)


def _failed(settings: BatchSettings, items: Sequence[Item], error: Exception) -> Sent:
    """Make the outcomes of the items of a request that ended with an exception.

    What happens to a request is in its result. What is raised before it is sent is marked as such; what is raised
    later comes from the user's code (hooks of an HTTP client), and may be anything, one of our own errors too.
    """
    if not is_unsent(error):
        return _unknown(settings, items, error)
    if isinstance(error, AmplifyDataError):
        return Sent([item.failed(error) for item in items])
    return _not_sent(settings, items, error)


def _not_sent(settings: BatchSettings, items: Sequence[Item], interruption: Exception) -> Sent:
    name = root_field(settings.verb, settings.model)
    text = f"{name} was not sent: {type(interruption).__name__} was raised before, which ended the batch."
    return _interrupted(items, RequestError(text, operation=name), interruption)


def _unknown(settings: BatchSettings, items: Sequence[Item], interruption: Exception) -> Sent:
    name = root_field(settings.verb, settings.model)
    text = f"{name} has no known outcome: {type(interruption).__name__} was raised during the request, which ended the batch."
    error = RequestError(text, operation=name, may_have_executed=settings.verb != "get")
    return _interrupted(items, error, interruption)


def _interrupted(items: Sequence[Item], error: RequestError, interruption: Exception) -> Sent:
    error.__cause__ = interruption
    return Sent([item.failed(item.error or error) for item in items], interruption)


def _has_unfit_variables(outcome: Outcome[Any]) -> bool:
    error = outcome.error
    return isinstance(error, ValidationError) and not error.errors[0].message.startswith(_OF_THE_DOCUMENT)


def _throttled(items: Sequence[Item], outcomes: Outcomes) -> list[Item]:
    """Find the items to send again: those that were throttled while others got through."""
    throttled = [item for item, outcome in zip(items, outcomes, strict=True) if _is_throttled(outcome)]
    return throttled if len(throttled) < len(items) else []


def _is_throttled(outcome: Outcome[Any]) -> bool:
    error = outcome.error
    return isinstance(error, ThrottledOperationError) and not error.may_have_executed


def _outcomes(
    settings: BatchSettings, operation: Operation[Any], items: Sequence[Item], result: Result[Answers]
) -> Outcomes:
    return [
        Outcome(
            item.position,
            item.given,
            data=answer.data,
            error=_failure(settings, operation, item, answer, result.request_id) if answer.errors else None,
        )
        for item, answer in zip(items, result.data, strict=True)
    ]


def _failure(
    settings: BatchSettings, operation: Operation[Any], item: Item, answer: Answer, request_id: str | None
) -> RequestError:
    data, entries = answer
    if entries[0].cause is not None:
        return entries[0].cause
    name = operation.name.rpartition(" ")[2]
    for entry in entries:  # an alias means nothing to who gave the items
        entry.path = (name, *entry.path[1:]) if entry.path else entry.path
    is_query = operation.kind == "query"
    api, model, verb = settings.binding.api, settings.model, settings.verb
    advise = None if is_query else partial(advice_on_values, api, model, verb, item.variables["input"])
    error = error_for(entries, Envelope(request_id=request_id), operation=name, data=data, advise=advise)
    error.may_have_executed = error.may_have_executed and not is_query and not is_untouched(entries, [data])
    return error


def _call(settings: BatchSettings, items: Sequence[Item]) -> Call[Result[Answers]]:
    model, verb, selection = settings.model, settings.verb, settings.selection
    kind: OperationKind = "query" if verb == "get" else "mutation"
    types = (
        {name: required(model.fields[name].type) for name in model.identifier}
        if verb == "get"
        else {"input": f"{input_type(verb, model)}!"}
    )
    api, field = settings.binding.api, root_field(verb, model)
    condition = "" if settings.condition is None else f"$condition: {condition_type(model)}"

    def make() -> str:
        numbers = range(len(items))
        declared = [f"${name}{at}: {type_}" for at in numbers for name, type_ in types.items()]
        passed = ["condition: $condition"] if condition else []
        fields = " ".join(
            f"_{at}: {field}({', '.join([*(f'{name}: ${name}{at}' for name in types), *passed])}) {selection.text}"
            for at in numbers
        )
        return f"{kind} ({', '.join([*declared, *([condition] if condition else [])])}) {{ {fields} }}"

    # chunks that are not full have many lengths: their documents are not kept
    is_full = len(items) == settings.chunk_size
    head = f"{len(items)} {field} {condition}"
    document = api.document(head, selection.text, make) if is_full else make()
    variables = {f"{name}{at}": value for at, item in enumerate(items) for name, value in item.variables.items()}
    if settings.condition is not None:
        variables["condition"] = settings.condition
    loader = settings.binding.loader(settings.options.without_headers())

    def read(envelope: Envelope) -> Result[Answers]:
        answers = _answers(
            envelope, len(items), selection, loader, partial(no_answer, field, is_mutation=verb != "get")
        )
        return Result(answers, errors=envelope.errors, request_id=envelope.request_id)

    name = f"{len(items)} × {field}"
    compared = comparisons(model)
    parts = [(f"_{at}", _expected(verb, compared, item)) for at, item in enumerate(items)]
    return Call(Operation(name, kind, document, variables, read, is_generated=True, parts=parts), settings.options)


def _expected(verb: str, compared: Comparisons, item: Item) -> Expected:
    return expected_item(verb, compared, item.variables if verb == "get" else item.variables["input"])


def _answers(
    envelope: Envelope, count: int, selection: Selection, loader: Any, no_answer: Callable[..., ReplyError]
) -> Answers:
    data = envelope.data or {}
    by_alias: dict[str, list[ErrorEntry]] = {}
    of_all: list[ErrorEntry] = []
    for entry in envelope.errors:
        alias = entry.path[0] if entry.path else None
        (by_alias.setdefault(alias, []) if isinstance(alias, str) else of_all).append(entry)
    for alias, flaw in envelope.flaws.items():
        by_alias[alias] = no_answer(flaw, request_id=envelope.request_id).entries
    wires = [None if f"_{at}" in envelope.flaws else data.get(f"_{at}") for at in range(count)]
    records = selection.read_many(wires, loader)
    return [Answer(records[at], by_alias.get(f"_{at}", []) + of_all) for at in range(count)]
