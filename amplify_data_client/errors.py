"""Defines the errors of this library, as one tree.

AmplifyDataError
├── ConfigurationError              the environment, amplify_outputs.json, SSM, S3 or the introspection cannot be used
├── CredentialsError                there are no credentials, or they cannot be refreshed
├── OperationError                  the call does not fit the schema; nothing was sent
│   ├── UnknownNameError            the schema has no such model, field, operation, … (an AttributeError too)
│   └── NotSelectedError            the record was loaded without this field (an AttributeError too)
├── BatchError                      some items of a batch failed; the others have been carried out
└── RequestError                    the request failed, or its reply lists errors
    ├── TransportError              no usable reply came back
    │   ├── ConnectionFailedError   the request could not be sent
    │   ├── ReplyLostError          the connection broke after the request was sent
    │   ├── CallTimeoutError        the time for the call ran out (a TimeoutError too)
    │   └── ReplyError              the reply is not a GraphQL reply (not JSON, cut short, HTML, …), or does not answer
    ├── HTTPStatusError             AppSync refused the request as a whole
    │   ├── UnauthorizedError       401, 403
    │   ├── ThrottledError          429
    │   └── ServerError             5xx
    └── GraphQLError                the reply lists errors
        ├── ConditionFailedError    a condition was not met (DynamoDB:ConditionalCheckFailedException)
        ├── NotAuthorizedError      a resolver or an auth rule denied a field (Unauthorized)
        ├── ValidationError         the document or its variables were refused
        └── ThrottledOperationError DynamoDB throttled the operation

Messages say what was tried, what was found and what to do next; they never hold credentials, tokens, headers or the
values of a call.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class AmplifyDataError(Exception):
    """The base of every error that this library raises on purpose.

    Attributes:
        may_have_executed: Whether AppSync may have carried the operation out, in whole or in part.
    """

    may_have_executed = False

    # an exception is pickled as a call of its class with `args`, which ours would refuse for want of keywords
    def __reduce__(self) -> Any:
        return _remade, (type(self), *self.args), self.__dict__


def _remade(kind: type[AmplifyDataError], *args: object) -> AmplifyDataError:
    """Make an error of a pickle: its attributes follow."""
    error = kind.__new__(kind, *args)
    error.args = args  # __new__ of a TimeoutError leaves them to __init__
    return error


class ConfigurationError(AmplifyDataError):
    """The configuration is missing, incomplete or unusable."""


class CredentialsError(AmplifyDataError):
    """No AWS credentials were found, or they could not be refreshed."""


class OperationError(AmplifyDataError):
    """The call does not fit the schema; nothing was sent."""


class UnknownNameError(OperationError, AttributeError):
    """The schema has nothing of that name."""


class NotSelectedError(OperationError, AttributeError):
    """The record was loaded with a selection set that leaves this field out."""


class BatchError(AmplifyDataError):
    """Some items of a batch failed; `result` is the BatchResult with the outcome of every item."""

    may_have_executed = True

    def __init__(self, message: str, *, result: Any) -> None:
        super().__init__(message)
        self.result = result


class ErrorEntry:
    """Holds one entry of a reply's `errors`, or shows a failed request as one (then `cause` is the exception).

    `path` is a tuple of names and list positions; `error_type` and `error_info` are AppSync's own keys.
    """

    __slots__ = ("cause", "data", "error_info", "error_type", "extensions", "locations", "message", "path")

    def __init__(
        self,
        message: str,
        *,
        error_type: str | None = None,
        error_info: Any = None,
        path: Sequence[str | int] | None = None,
        locations: Any = None,
        data: Any = None,
        extensions: Any = None,
        cause: "RequestError | None" = None,
    ) -> None:
        self.message = message
        self.error_type = error_type
        self.error_info = error_info
        self.path = None if path is None else tuple(path)
        self.locations = locations
        self.data = data
        self.extensions = extensions
        self.cause = cause

    def to_dict(self) -> dict[str, Any]:
        """Give the entry with AppSync's names, without the keys that are null."""
        named = {
            "message": self.message,
            "errorType": self.error_type,
            "errorInfo": self.error_info,
            "path": None if self.path is None else list(self.path),
            "locations": self.locations,
            "data": self.data,
            "extensions": self.extensions,
        }
        return {name: value for name, value in named.items() if value is not None}

    _asdict = to_dict

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ErrorEntry) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by content, which may be mutable

    def __repr__(self) -> str:
        where = "" if self.path is None else f" at {'.'.join(map(str, self.path))}"
        return f"<ErrorEntry {self.error_type or 'error'}{where}: {self.message}>"


class RequestError(AmplifyDataError):
    """The request failed, or its reply lists errors.

    Attributes:
        operation: The root field ("createTodo") or operation name, where it is known.
        request_id: AppSync's id of the request, for AWS support.
        next_token: Where to go on, for a request for a page: the token behind a page that came in part, else the
            token of the page that did not come (None is the first page).
        entries: The failure as entries of `result.errors` (what a `raise_errors=False` view shows).
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        request_id: str | None = None,
        may_have_executed: bool | None = None,
    ) -> None:
        super().__init__(message.encode("utf-8", "replace").decode())  # the service's words may not be printable
        self.operation = operation
        self.request_id = request_id
        self.next_token: str | None = None
        if may_have_executed is not None:
            self.may_have_executed = may_have_executed

    @property
    def entries(self) -> list[ErrorEntry]:
        return [ErrorEntry(str(self), error_type=type(self).__name__, cause=self)]


class TransportError(RequestError):
    """No usable reply came back."""


class ConnectionFailedError(TransportError):
    """The request could not be sent; nothing was executed."""


class ReplyLostError(TransportError):
    """The connection broke after the request was sent."""

    may_have_executed = True


class CallTimeoutError(TransportError, TimeoutError):
    """The time for the call, retries included, ran out."""


class ReplyError(TransportError):
    """The reply is not a GraphQL reply, or does not answer this request."""

    may_have_executed = True


class HTTPStatusError(RequestError):
    """AppSync, or something in front of it, refused the request as a whole.

    Attributes:
        status: The HTTP status.
        error_type: The name in `x-amzn-errortype` or in the body, such as "UnauthorizedException".
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        error_type: str | None = None,
        entries: Sequence[ErrorEntry] = (),
        operation: str | None = None,
        request_id: str | None = None,
        may_have_executed: bool | None = None,
    ) -> None:
        super().__init__(message, operation=operation, request_id=request_id, may_have_executed=may_have_executed)
        self.status = status
        self.error_type = error_type
        self._entries = list(entries)
        for entry in self._entries:
            entry.cause = self

    @property
    def entries(self) -> list[ErrorEntry]:
        return self._entries or [ErrorEntry(str(self), error_type=self.error_type, cause=self)]


class UnauthorizedError(HTTPStatusError):
    """401 or 403: the caller may not use the API at all."""


class ThrottledError(HTTPStatusError):
    """429: too many requests."""


class ServerError(HTTPStatusError):
    """5xx: the service, or something in front of it, failed."""

    may_have_executed = True


class GraphQLError(RequestError):
    """The reply lists errors.

    Attributes:
        errors: The entries, in the order of the reply.
        data: What the call would have returned, as far as it came: a record, a list of records or null.
        extensions: The reply's `extensions`.
    """

    may_have_executed = True

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[ErrorEntry],
        data: Any = None,
        extensions: Mapping[str, Any] | None = None,
        operation: str | None = None,
        request_id: str | None = None,
        may_have_executed: bool | None = None,
    ) -> None:
        super().__init__(message, operation=operation, request_id=request_id, may_have_executed=may_have_executed)
        self.errors = list(errors)
        self.data = data
        self.extensions = extensions

    @property
    def entries(self) -> list[ErrorEntry]:
        return self.errors


class ConditionFailedError(GraphQLError):
    """A condition was not met: the caller's `condition`, "exists" for update and delete, "is new" for create."""

    may_have_executed = False


class NotAuthorizedError(GraphQLError):
    """A resolver or an authorization rule denied a field."""


class ValidationError(GraphQLError):
    """AppSync refused the document or its variables; nothing was executed."""

    may_have_executed = False


class ThrottledOperationError(GraphQLError):
    """DynamoDB throttled the operation; a generated operation of a model has not been executed."""


def mark_unsent(error: Exception) -> None:
    """Note on an exception of the user's code that it was raised before the request was sent."""
    error.__dict__[_UNSENT] = True


def is_unsent(error: Exception) -> bool:
    """Tell whether an exception was raised before the request was sent."""
    return _UNSENT in error.__dict__


_UNSENT = "_amplify_unsent"
