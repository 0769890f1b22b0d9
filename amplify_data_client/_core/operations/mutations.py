"""Describes the generated mutations of a model: what each sends, and how its reply is read."""

from collections.abc import Collection, Generator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from amplify_data_client._core.schema.introspection import Field, Model
from amplify_data_client._core.schema.keys import condition_type, input_type, root_field
from amplify_data_client.errors import ConditionFailedError, ErrorEntry, OperationError
from amplify_data_client.results import Result

from .answers import Comparisons, comparisons, expected_item
from .api import Api, ClientBinding
from .arguments import WRITE, Arguments, ParsedArguments, Signature, signature
from .encoding import encode, is_record
from .graphql_errors import is_condition_failure
from .identifiers import given_identifier, identifier_of, record_keys
from .input_fields import input_fields
from .inputs import create_input, update_input
from .operation import Call, Envelope, Operation


class _Mutation(NamedTuple):
    """What all calls of one mutation have in common; `head` is its document up to the selection set."""

    signature: Signature
    field: str
    head: str
    head_with_condition: str
    comparisons: Comparisons


def _mutation_of(api: Api, model: Model, verb: str) -> _Mutation:
    field, declared = root_field(verb, model), f"$input: {input_type(verb, model)}!"
    return _Mutation(
        signature(f"{model.name}.{verb}", api.names(model.name), WRITE, used=_used(api, model, verb)),
        field,
        f"mutation ({declared}) {{ {field}(input: $input)",
        f"mutation ({declared}, $condition: {condition_type(model)}) {{ {field}(input: $input, condition: $condition)",
        comparisons(model),
    )


def _used(api: Api, model: Model, verb: str) -> Collection[str]:
    """Say which fields a mutation takes; the keys of a hasMany or hasOne are stored in the other model."""
    if verb == "delete":
        return model.identifier
    names = input_fields(api, model).settable if verb == "create" else model.fields
    return [name for name in names if not _is_stored_elsewhere(model.fields[name])]


def _is_stored_elsewhere(field: Field) -> bool:
    return field.association is not None and field.association.connection != "BELONGS_TO"


def create(binding: ClientBinding, model: Model, arguments: Arguments) -> Call[Result[Any]]:
    """Describe a create."""
    given = _given(binding, model, "create", arguments)
    return _mutation(binding, model, "create", create_input(binding.api, model, given.values, given.spelled), given)


def update(binding: ClientBinding, model: Model, arguments: Arguments) -> Call[Result[Any]]:
    """Describe an update. A record as first argument says which item; the fields to change come beside it.

    Parts of a composite sort key that are not given are taken from the record, as they were read.
    """
    given = _given(binding, model, "update", arguments)
    values = update_input(binding.api, model, given.values, given.spelled, arguments.values)
    return _mutation(binding, model, "update", values, given)


def delete(binding: ClientBinding, model: Model, arguments: Arguments) -> Call[Result[Any]]:
    """Describe a delete. Only the identifier is sent, as in JavaScript."""
    given = _given(binding, model, "delete", arguments)
    found = given_identifier(binding.api, model, given, f"{model.name}.delete")
    return _mutation(binding, model, "delete", identifier_of(binding.api, model, found, "delete"), given)


def upsert(
    binding: ClientBinding, model: Model, arguments: Arguments
) -> Generator[Call[Result[Any]], Result[Any], Result[Any]]:
    """Update the item, or create it if there is none: two requests at most, so not atomic."""
    given = _given(binding, model, "upsert", arguments)
    identifier_of(binding.api, model, given.values, "upsert")
    changes = update_input(binding.api, model, given.values, given.spelled, arguments.values)
    changing = _mutation(binding, model, "update", changes, given)
    creation = create_input(binding.api, model, _without_unsettable(binding, model, given.values), given.spelled)
    creating = _mutation(binding, model, "create", creation, given)
    try:
        result = yield changing
    except ConditionFailedError:
        return (yield creating)
    if any(map(is_condition_failure, result.errors)):
        return (yield creating)
    return result


def _without_unsettable(binding: ClientBinding, model: Model, values: dict[str, Any]) -> dict[str, Any]:
    # what an update drops, a create refuses: `to_dict()` of a record has both
    may_set = input_fields(binding.api, model).settable
    return {name: value for name, value in values.items() if name in may_set}


def _given(binding: ClientBinding, model: Model, verb: str, arguments: Arguments) -> ParsedArguments:
    taken = binding.api.once(_mutation_of, model, verb).signature
    if not is_record(arguments.values):
        return arguments.parse(taken)
    what = taken.what
    if verb == "create":
        raise OperationError(
            f"{what} was given a record that exists already. To change it use update(record, …); to copy it, "
            "create(record.to_input())."
        )
    given = arguments.parse(taken, record=True)
    if verb != "delete" and not given.values:
        raise OperationError(
            f"{what} was given a record and nothing to change. A record says which item is meant; give the fields "
            f"beside it: {verb}(record, name=…). {verb}(record.to_dict()) sends everything."
        )
    keys = record_keys(model, arguments.values, what)
    for name, value in keys.items():
        if name in given.values:
            word = given.spelled.get(name, name)
            if encode(binding.api, model.fields[name], given.values[name], f"{model.name}.{word}") != value:
                raise OperationError(f"{what}: {word!r} comes from the record, and cannot be changed. Leave it out.")
        given.values[name] = value
    return given


def _mutation(
    binding: ClientBinding, model: Model, verb: str, values: dict[str, Any], given: ParsedArguments
) -> Call[Result[Any]]:
    api = binding.api
    _, field, head, head_with_condition, compared = api.once(_mutation_of, model, verb)
    selection = api.selection(model.name, given.options.get("selection_set"))
    condition = given.options.get("condition")
    variables: dict[str, Any] = {"input": values}
    if condition is not None:
        from .filters import condition_input

        variables["condition"] = condition_input(api, model, condition, f"{model.name}.{verb} condition")
        head = head_with_condition
    loader = binding.loader(given.call.without_headers())

    def read(envelope: Envelope) -> Result[Any]:
        item = (envelope.data or {}).get(field)
        return envelope.result(selection.read_one(item, loader))

    document = api.document(head, selection.text, lambda: f"{head} {selection.text} }}")
    expected = expected_item(verb, compared, values)
    advise = partial(advice_on_values, api, model, verb, values)
    operation = Operation(
        field, "mutation", document, variables, read, is_generated=True, expected=expected, advise=advise
    )
    return Call(operation, given.call)


def advice_on_values(
    api: Api, model: Model, verb: str, values: Mapping[str, Any], entries: Sequence[ErrorEntry]
) -> str:
    """Say what the values of a mutation lack, where that is why it was refused."""
    from .advice import advice_on_input  # a call that goes well does without it

    return advice_on_input(api, model, verb, values, entries)
