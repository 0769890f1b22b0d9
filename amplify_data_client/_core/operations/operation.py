"""Defines the description of a call: its document, its variables, and the function that reads the reply."""

from collections.abc import Callable, Generator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from amplify_data_client.errors import ErrorEntry
from amplify_data_client.options import CallOptions
from amplify_data_client.results import Result

from .answers import Expected

ResultT = TypeVar("ResultT")
OperationKind = Literal["query", "mutation", "subscription"]


class Envelope(NamedTuple):
    """A GraphQL reply, taken apart. `data` is null where the reply had none, whatever the reason.

    `flaws` says of the operation's `parts`, by their aliases, why they are no answers.
    """

    data: Mapping[str, Any] | None = None
    errors: tuple[ErrorEntry, ...] = ()
    extensions: Mapping[str, Any] | None = None
    request_id: str | None = None
    flaws: Mapping[str, str] = MappingProxyType({})

    def result(self, data: Any) -> Result[Any]:
        """Make the result of what was read from `data`."""
        return Result(data, errors=self.errors, extensions=self.extensions, request_id=self.request_id)


class Operation(NamedTuple, Generic[ResultT]):
    """A call, described.

    Attributes:
        name: The root field ("createTodo"), or the operation name of a document written by hand: for logs and errors.
        variables: JSON values, ready to send.
        read: Makes the result (`Result` or `Page`) from an envelope; never raises for what a service may answer.
        is_generated: Whether it is one of the operations Amplify generates for models. Their resolvers write one
            item, so a throttled one has not been executed (a custom operation may have done half of its work).
        operation_name: The operation to pick where a document has several.
        advise: Says what to do about errors of a reply, where the call's values tell it.
        expected: What the root field `name` of a reply has to be; None if nothing is known of it.
        parts: The same for each alias, where the document has several root fields (in a batch).
        unwrap: Makes a reply of `name` from one in which the answer lies deeper; used before anything else reads it.
        token_mark: What this operation's tokens begin with outside of requests, so that no other way takes them.
    """

    name: str
    kind: OperationKind
    document: str
    variables: Mapping[str, Any]
    read: Callable[[Envelope], ResultT]
    is_generated: bool = False
    operation_name: str | None = None
    expected: Expected | None = None
    parts: Sequence[tuple[str, Expected]] = ()
    advise: Callable[[Sequence[ErrorEntry]], str] | None = None
    unwrap: Callable[[Envelope], Envelope] | None = None
    token_mark: str = ""

    @property
    def next_token(self) -> str | None:
        """The token that this operation goes on from, as a caller may give it."""
        token = self.variables.get("nextToken")
        return None if token is None else self.token_mark + token

    def __repr__(self) -> str:  # variables are users' data
        return f"<Operation {self.kind} {self.name}>"


class Call(NamedTuple, Generic[ResultT]):
    """An operation and the options to carry it out with. `is_paged`: the result is a page, and may have a next one."""

    operation: Operation[ResultT]
    options: CallOptions
    is_paged: bool = False

    def mapped(self, change: Callable[[Any], Any]) -> "Call[Any]":
        """The same call, whose result holds something else made of each record; what is no record stays as it is."""
        read = self.operation.read

        def made(one: Any) -> Any:
            return change(one) if hasattr(one, "to_dict") else one

        def changed(envelope: Envelope) -> Any:
            result: Any = read(envelope)
            if isinstance(result.data, list):
                result.data = [made(one) for one in result.data]
            else:
                result.data = made(result.data)
            return result

        return Call(self.operation._replace(read=changed), self.options, self.is_paged)

    def at(self, next_token: str) -> "Call[ResultT]":
        """The same call for the page behind a token."""
        token = next_token.removeprefix(self.operation.token_mark)
        variables = {**self.operation.variables, "nextToken": token}
        return self._replace(operation=self.operation._replace(variables=variables))


# yields calls, is sent their results (or has their errors raised), and returns what comes of all of them
CallFlow: TypeAlias = Generator[Call[Any], Any, ResultT]
