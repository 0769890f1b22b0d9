"""Defines the options of a call or a client, and checks their values."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias, cast

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
    flaw = _mode_flaw(value)
    if flaw is None:
        return _AUTH_MODES[cast("str", value)]
    del value  # it may be a token in the wrong place
    raise OperationError(flaw)


class CallOptions:
    """How a call is authorized, which headers it sends, how long it may take, and how often it is tried.

    `timeout` is in seconds; `deadline` is the invocation that the call must end within. The earlier one holds.
    `max_attempts` counts the first attempt too. It is no tuple: error reporters look into those, whatever their repr is.
    """

    __slots__ = ("api_key", "auth_mode", "auth_token", "deadline", "headers", "max_attempts", "timeout")

    def __init__(
        self,
        auth_mode: AuthMode | None = None,
        auth_token: Token | None = None,
        api_key: str | None = None,
        headers: Headers | None = None,
        timeout: float | None = None,
        deadline: Deadline | None = None,
        max_attempts: int | None = None,
    ) -> None:
        self.auth_mode: AuthMode | None = auth_mode
        self.auth_token, self.api_key, self.headers = auth_token, api_key, headers
        self.timeout, self.deadline, self.max_attempts = timeout, deadline, max_attempts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CallOptions) and self._given() == other._given()

    __hash__ = None  # type: ignore[assignment]  # headers may be a mapping

    def __repr__(self) -> str:  # tokens, keys and headers are secrets
        return f"CallOptions(auth_mode={self.auth_mode!r}, timeout={self.timeout!r})"

    def with_defaults(self, base: "CallOptions") -> "CallOptions":
        """Fill the options that are not given here from those of the client.

        Headers replace all of the client's headers, as in JavaScript.
        """
        if self is DEFAULT:
            return base
        merged = CallOptions(**{**base._given(), **self._given()})
        if self.auth_mode is not None and self.auth_mode != base.auth_mode:
            merged.auth_token = self.auth_token  # the client's token was meant for the client's mode
        return merged

    def without_headers(self) -> "CallOptions":
        """Give the options that a record's relations inherit: all but the headers, as in JavaScript."""
        return self if self.headers is None else CallOptions(**{**self._given(), "headers": None})

    def _given(self) -> dict[str, Any]:
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


DEFAULT = CallOptions()
_LONGEST = 24 * 60 * 60  # no clock or socket takes just any number; AppSync itself gives up after 30 seconds


def read_options(given: Mapping[str, Any]) -> CallOptions:
    """Make options from keywords in Python's or JavaScript's spelling; None means "not given".

    Raises:
        OperationError: There is no such option, or its value is not allowed.
    """
    made = _options(given)
    if isinstance(made, str):
        del given  # error reporters show the variables of the function that raises
        raise OperationError(made)
    return made


def _options(given: Mapping[str, Any]) -> CallOptions | str:
    """Make the options, or say what is wrong with them; nothing is raised here, where secrets are in variables."""
    unknown = next((name for name in given if given[name] is not None and name not in SPELLINGS), None)
    if unknown is not None:
        known = ", ".join(dict.fromkeys(SPELLINGS.values()))
        return f"There is no option {unknown!r} here. The options are: {known}."
    named = {SPELLINGS[name]: value for name, value in given.items() if value is not None}
    if not named:
        return DEFAULT
    flaw = next((flaw for name, value in named.items() if (flaw := _CHECKS[name](value))), None)
    if flaw is not None:
        return flaw
    if "auth_mode" in named:
        named["auth_mode"] = _AUTH_MODES[named["auth_mode"]]
    return CallOptions(**named)


def _mode_flaw(value: object) -> str | None:
    if isinstance(value, str) and value in _AUTH_MODES:
        return None
    return f"auth_mode is {shown(value)}; AppSync knows {_MODES}."


def _token_flaw(value: object) -> str | None:
    if isinstance(value, str) or callable(value):
        return None
    return f"auth_token is {type(value).__name__}; give text, or a function that returns it."


def _headers_flaw(value: object) -> str | None:
    if isinstance(value, Mapping) or callable(value):
        return None
    return f"headers is {type(value).__name__}; give a mapping, or a function that returns one."


def _key_flaw(value: object) -> str | None:
    return None if isinstance(value, str) else f"api_key is {type(value).__name__}; give text."


def _timeout_flaw(value: object) -> str | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and 0 < cast("float", value) <= _LONGEST:
        return None
    return f"timeout is {shown(value)}; give seconds, more than 0 and at most a day."


def _attempts_flaw(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return None
    return (
        f"max_attempts is {shown(value)}; give a whole number from 1. It counts the first attempt too: 1 means that "
        "nothing is sent again."
    )


def _deadline_flaw(value: object) -> str | None:
    if is_invocation(value) or callable(value):
        return None
    seconds = " For a number of seconds there is timeout=…." if isinstance(value, int | float) else ""
    return (
        f"deadline is {type(value).__name__}; give the handler's context (it has get_remaining_time_in_millis()), "
        f"or a function that returns it.{seconds}"
    )


_CHECKS: dict[str, Callable[[object], str | None]] = {
    "auth_mode": _mode_flaw,
    "auth_token": _token_flaw,
    "headers": _headers_flaw,
    "api_key": _key_flaw,
    "timeout": _timeout_flaw,
    "deadline": _deadline_flaw,
    "max_attempts": _attempts_flaw,
}


def is_invocation(value: object) -> bool:
    """Whether it is a Lambda context: it has `get_remaining_time_in_millis`."""
    return callable(getattr(value, "get_remaining_time_in_millis", None))
