"""Describes custom queries and mutations, and generation routes: what each sends, and how its reply is read."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from amplify_data_client._core.records.loader import RelationLoader
from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import CustomOperation, TypeRef
from amplify_data_client._core.schema.naming import Names
from amplify_data_client.errors import ErrorEntry, OperationError
from amplify_data_client.results import Result

from .answers import expected_of
from .api import Api, ClientBinding
from .arguments import READ, Arguments, ParsedArguments, Signature, signature
from .encoding import encode
from .operation import Call, Envelope, Operation, OperationKind


def call(
    binding: ClientBinding, operation: CustomOperation, kind: OperationKind, arguments: Arguments
) -> Call[Result[Any]]:
    """Describe a call of an operation that the schema defines with `a.query()`, `a.mutation()` or `a.generation()`.

    Raises:
        OperationError: An argument is unknown, missing or unfit; or a selection_set is given for a scalar.
    """
    given = arguments.parse(binding.api.once(_signature, operation, kind))
    variables = _variables(binding, operation, given)
    selection, read_value = _reader(binding, operation, given)
    document = binding.api.document(kind, f"{operation.name} {selection}", lambda: _print(operation, kind, selection))

    def read(envelope: Envelope) -> Result[Any]:
        return envelope.result(read_value((envelope.data or {}).get(operation.name)))

    expected = expected_of(operation.type)
    advise = partial(_advice, binding.api, operation, variables)
    described = Operation(operation.name, kind, document, variables, read, expected=expected, advise=advise)
    return Call(described, given.call)


def _advice(api: Api, operation: CustomOperation, variables: Mapping[str, Any], entries: Sequence[ErrorEntry]) -> str:
    from .advice import advice_on_arguments  # a call that goes well does without it

    return advice_on_arguments(api, operation, variables, entries)


def _signature(_api: Api, operation: CustomOperation, _kind: str) -> Signature:
    return signature(operation.name, Names(operation.arguments), READ, mixed=True)


def _variables(binding: ClientBinding, operation: CustomOperation, given: ParsedArguments) -> dict[str, Any]:
    missing = [
        name
        for name, argument in operation.arguments.items()
        if argument.type.must_be_given and given.values.get(name) is None
    ]
    if missing:
        names = Names(operation.arguments)
        raise OperationError(f"{operation.name} needs {', '.join(map(names.python, missing))}: missing or None.")
    return {
        name: encode(binding.api, operation.arguments[name], value, f"{operation.name} {given.spelled[name]}")
        for name, value in given.values.items()
    }


def _print(operation: CustomOperation, kind: str, selection: str) -> str:
    field = operation.name
    if operation.arguments:
        declared = ", ".join(f"${name}: {argument.type.graphql}" for name, argument in operation.arguments.items())
        passed = ", ".join(f"{name}: ${name}" for name in operation.arguments)
        return f"{kind} ({declared}) {{ {field}({passed}){selection} }}"
    return f"{kind} {{ {field}{selection} }}"


def _reader(
    binding: ClientBinding, operation: CustomOperation, given: ParsedArguments
) -> tuple[str, Callable[[Any], Any]]:
    returned, paths = operation.type, given.options.get("selection_set")
    if returned.kind not in ("model", "non_model"):
        if paths is not None:
            raise OperationError(f"{operation.name} returns {returned.graphql}, which has no fields to select.")
        return "", lambda wire: _read_scalars(returned, wire)
    chosen = binding.api.selection(returned.name, paths)
    loader: RelationLoader = binding.loader(given.call.without_headers())
    if returned.is_array:
        return f" {chosen.text}", lambda wire: None if wire is None else chosen.read_many(wire, loader)
    return f" {chosen.text}", lambda wire: chosen.read_one(wire, loader)


def _read_scalars(returned: TypeRef, wire: Any) -> Any:
    if returned.kind == "enum" or wire is None:
        return wire
    if returned.is_array and isinstance(wire, list):
        return [None if item is None else scalars.decode(returned.name, item) for item in wire]
    return scalars.decode(returned.name, wire)
