"""Defines the options of a call or a client, and checks their values."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, cast

from .errors import OperationError

AuthMode = Literal["iam", "apiKey", "userPool", "oidc", "lambda", "none"]
Token: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]
HeaderFunction: TypeAlias = Callable[[Mapping[str, str]], Mapping[str, str] | Awaitable[Mapping[str, str]]]
Headers: TypeAlias = Mapping[str, str] | HeaderFunction


class Invocation(Protocol):
    """Knows how long a Lambda invocation may still take: the handler's `context`."""

    def get_remaining_time_in_millis(self) -> int: ...


# Kept of an invocation's time for the handler's answer: with the smallest memory a function has a fourteenth of a core,
# so making an error of 30 milliseconds, logging and returning it takes this long.
MARGIN = 0.5
Deadline: TypeAlias = Invocation | Callable[[], Invocation | None]

_AUTH_MODES: dict[str, AuthMode] = {
    "iam": "iam",
    "identityPool": "iam",
    "identity_pool": "iam",
    "apiKey": "apiKey",
    "api_key": "apiKey",
    "userPool": "userPool",
    "user_pool": "userPool",
    "oidc": "oidc",
    "lambda": "lambda",
    "none": "none",
}
_MODES = "'iam' (alias 'identity_pool'), 'api_key', 'user_pool', 'oidc', 'lambda', 'none'"

# JavaScript's spelling of every option of this module, beside Python's
SPELLINGS = {
    "auth_mode": "auth_mode",
    "authMode": "auth_mode",
    "auth_token": "auth_token",
    "authToken": "auth_token",
    "api_key": "api_key",
    "apiKey": "api_key",
    "headers": "headers",
    "timeout": "timeout",
    "deadline": "deadline",
    "max_attempts": "max_attempts",
    "maxAttempts": "max_attempts",
}


def shown(value: object) -> str:
    """Show an option's value in a message: numbers and short words, but nothing that could be a token or data."""
    if isinstance(value, int) and value.bit_length() > 64:  # Python refuses to write very long ones
        return "an integer of more than 64 bits"
    is_plain = isinstance(value, bool | int | float) or value is None or (isinstance(value, str) and len(value) <= 20)
    return repr(value) if is_plain else f"of type {type(value).__name__}"


def read_auth_mode(value: object) -> AuthMode:
    """Give an authorization mode its schema spelling ("api_key" is "apiKey").

    Raises:
        OperationError: There is no such mode.
    """
    mode = _AUTH_MODES.get(value) if isinstance(value, str) else None
    if mode is None:
        raise OperationError(f"auth_mode is {shown(value)}; AppSync knows {_MODES}.")
    return mode


class CallOptions(NamedTuple):
    """How a call is authorized, which headers it sends, how long it may take, and how often it is tried.

    `timeout` is in seconds; `deadline` is the invocation that the call must end within. The earlier one holds.
    `max_attempts` counts the first attempt too.
    """

    auth_mode: AuthMode | None = None
    auth_token: Token | None = None
    api_key: str | None = None
    headers: Headers | None = None
    timeout: float | None = None
    deadline: Deadline | None = None
    max_attempts: int | None = None

    def __repr__(self) -> str:  # tokens, keys and headers are secrets
        return f"CallOptions(auth_mode={self.auth_mode!r}, timeout={self.timeout!r})"

    def over(self, base: "CallOptions") -> "CallOptions":
        """Fill the options that are not given here from those of the client.

        Headers replace all of the client's headers, as in JavaScript.
        """
        if self is DEFAULT:
            return base
        if self.auth_mode is not None and base.auth_token is not None and self.auth_mode != base.auth_mode:
            base = base._replace(auth_token=None)  # the token was meant for the client's mode
        missing = {name: getattr(base, name) for name in self._fields if getattr(self, name) is None}
        return self._replace(**missing) if missing else self

    def without_headers(self) -> "CallOptions":
        """Give the options that a record's relations inherit: all but the headers, as in JavaScript."""
        return self if self.headers is None else self._replace(headers=None)


DEFAULT = CallOptions()
_LONGEST = 24 * 60 * 60  # no clock or socket takes just any number; AppSync itself gives up after 30 seconds


def read_options(given: Mapping[str, Any]) -> CallOptions:
    """Make options from keywords in Python's or JavaScript's spelling; None means "not given".

    Raises:
        OperationError: There is no such option, or its value is not allowed.
    """
    try:
        named = {SPELLINGS[name]: value for name, value in given.items() if value is not None}
    except KeyError as unknown:
        raise OperationError(
            f"There is no option {unknown} here. The options are: {', '.join(CallOptions._fields)}."
        ) from None
    if not named:
        return DEFAULT
    if "auth_mode" in named:
        named["auth_mode"] = read_auth_mode(named["auth_mode"])
    if "timeout" in named:
        _check_timeout(named["timeout"])
    _check_kind("auth_token", named.get("auth_token", ""), str, "text, or a function that returns it")
    _check_kind("headers", named.get("headers", {}), Mapping, "a mapping, or a function that returns one")
    if not isinstance(named.get("api_key", ""), str):
        raise OperationError(f"api_key is {type(named['api_key']).__name__}; give text.")
    if "deadline" in named:
        _check_deadline(named["deadline"])
    if "max_attempts" in named:
        _check_attempts(named["max_attempts"])
    return CallOptions(**named)


def _check_kind(name: str, value: object, kind: type, expected: str) -> None:
    if not isinstance(value, kind) and not callable(value):
        raise OperationError(f"{name} is {type(value).__name__}; give {expected}.")


def _check_timeout(value: object) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < cast("float", value) <= _LONGEST:
        raise OperationError(f"timeout is {shown(value)}; give seconds, more than 0 and at most a day.")


def _check_attempts(value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise OperationError(
            f"max_attempts is {shown(value)}; give a whole number from 1. It counts the first attempt too: 1 means that "
            "nothing is sent again."
        )


def _check_deadline(deadline: object) -> None:
    if is_invocation(deadline) or callable(deadline):
        return
    seconds = " For a number of seconds there is timeout=…." if isinstance(deadline, int | float) else ""
    raise OperationError(
        f"deadline is {type(deadline).__name__}; give the handler's context (it has get_remaining_time_in_millis()), "
        f"or a function that returns it.{seconds}"
    )


def is_invocation(value: object) -> bool:
    """Whether it is a Lambda context: it has `get_remaining_time_in_millis`."""
    return callable(getattr(value, "get_remaining_time_in_millis", None))
