"""Who says that we may?

What each mode sends, and what wins over what, is as the JavaScript client does it (its recordings are in the tests).
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from amplify_data_client._core.wire import sigv4
from amplify_data_client._core.wire.messages import Request
from amplify_data_client.config.model import DataClientConfig
from amplify_data_client.errors import OperationError
from amplify_data_client.options import AuthMode, CallOptions
from amplify_data_client.version import __version__

from .credentials import Source

AGENT = f"amplify-data-client-python/{__version__}"
_OF_THE_MESSAGE = frozenset({"content-length", "host", "transfer-encoding"})
_NO_TOKEN = "auth_mode {mode!r} needs a token: give auth_token=… (text, or a function that returns it), or an Authorization header."


class Endpoint(NamedTuple):
    """Where requests go, whose credentials sign them, and the options that hold for every call."""

    config: DataClientConfig
    credentials: Source
    options: CallOptions

    def __repr__(self) -> str:  # keys are secrets
        return f"<Endpoint {self.config.endpoint}>"

    def merged(self, call: CallOptions) -> CallOptions:
        """The options of a call over those of the client."""
        return call.over(self.options)


class _UnsignedHeaders(NamedTuple):
    """The headers of a request before signing."""

    headers: dict[str, str]
    is_signed: bool

    def __repr__(self) -> str:  # the same
        return f"<UnsignedHeaders {', '.join(self.headers)}>"


def authorized(endpoint: Endpoint, options: CallOptions, request: Request) -> dict[str, str]:
    """Make the headers of one attempt, signature included.

    Raises:
        OperationError: A key or token is missing, or a header is unfit.
        CredentialsError: There are no credentials to sign with.
    """
    token = _now(options.auth_token, "auth_token") if callable(options.auth_token) else options.auth_token
    headers = options.headers
    if callable(headers):
        headers = _now(lambda: cast("Any", options.headers)(_about(endpoint, request)), "headers")
    plan = _unsigned_headers(endpoint, options, cast("str | None", token), cast("Mapping[str, str] | None", headers))
    return (
        _signed(endpoint, plan, request, endpoint.credentials.current())
        if plan.is_signed
        else _unsigned(endpoint, plan)
    )


async def authorized_async(endpoint: Endpoint, options: CallOptions, request: Request) -> dict[str, str]:
    """Make the headers of one attempt; tokens and headers may come from coroutine functions."""
    token: Any = options.auth_token() if callable(options.auth_token) else options.auth_token
    headers: Any = options.headers(_about(endpoint, request)) if callable(options.headers) else options.headers
    if isinstance(token, Awaitable):
        token = await token
    if isinstance(headers, Awaitable):
        headers = await headers
    plan = _unsigned_headers(endpoint, options, token, headers)
    if not plan.is_signed:
        return _unsigned(endpoint, plan)
    return _signed(endpoint, plan, request, await endpoint.credentials.current_async())


def _now(function: Callable[[], Any], name: str) -> Any:
    value = function()
    if isinstance(value, Awaitable):
        close = getattr(value, "close", None)
        if close is not None:  # or Python warns of a coroutine that was never awaited
            close()
        raise OperationError(
            f"{name} is a coroutine function, which this client cannot await. Use generate_async_client()."
        )
    return value


def _about(endpoint: Endpoint, request: Request) -> dict[str, str]:
    return {"method": "POST", "url": endpoint.config.endpoint, "queryString": request.document}


def _unsigned_headers(
    endpoint: Endpoint, options: CallOptions, token: str | None, custom: Mapping[str, str] | None
) -> _UnsignedHeaders:
    mode = options.auth_mode or endpoint.config.default_auth_mode
    given = _checked(custom)
    headers = {"content-type": "application/json; charset=UTF-8", **trace()}
    if mode == "apiKey":
        key = options.api_key or endpoint.config.api_key
        if not key and "x-api-key" not in given:
            raise OperationError(
                "auth_mode 'api_key' needs a key: give api_key=…, or an amplify_outputs.json that has one."
            )
        if key:
            headers["x-api-key"] = _text("api_key", key)
    headers |= given
    if token is not None:  # as in JavaScript, an explicit token wins over a header, and goes along whatever the mode
        headers["authorization"] = _text("auth_token", token)
        if not headers["authorization"]:
            raise OperationError("auth_token is empty. Give a token, or None where there is none.")
    _require_token(mode, headers)
    headers["x-amz-user-agent"] = AGENT
    is_signed = mode == "iam" and "authorization" not in headers and "x-api-key" not in headers
    return _UnsignedHeaders(headers, is_signed)


def trace() -> dict[str, str]:
    """The header that carries the trace of a Lambda invocation on, under botocore's rule; never signed.

    The runtime says in the environment which trace it is, anew for each invocation (and in each of its processes, where
    it has several).
    """
    found = os.environ.get("_X_AMZN_TRACE_ID")
    if not found or "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return {}
    return {"x-amzn-trace-id": quote(found, safe="-=;:+&[]{}\"',")}


def _require_token(mode: AuthMode, headers: Mapping[str, str]) -> None:
    if mode in ("userPool", "oidc", "lambda") and "authorization" not in headers:
        raise OperationError(_NO_TOKEN.format(mode={"userPool": "user_pool"}.get(mode, mode)))


def _checked(custom: Mapping[str, str] | None) -> dict[str, str]:
    if custom is None:
        return {}
    if not isinstance(custom, Mapping):
        raise OperationError(f"headers are {type(custom).__name__}; give a mapping, or a function that returns one.")
    return {_name(name): _text(f"The header {name!r}", value) for name, value in custom.items()}


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.isascii() or not name.replace("-", "a").replace("_", "a").isalnum():
        raise OperationError(f"{name!r} cannot be the name of a header.")
    if name.lower() in _OF_THE_MESSAGE:
        raise OperationError(f"The header {name!r} follows from the request itself; leave it out.")
    return name.lower()


def _text(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise OperationError(f"{what} is {type(value).__name__}; give text.")
    text = value.strip()  # a key read from a file ends with a line break
    if not text.isprintable() and any(_is_unfit(character) for character in text):
        raise OperationError(
            f"{what} has a line break, a control character or half a surrogate pair in it, which a header cannot hold."
        )
    return text


def _is_unfit(character: str) -> bool:
    return (character < " " and character != "\t") or character == "\x7f" or "\ud800" <= character <= "\udfff"


def _unsigned(endpoint: Endpoint, plan: _UnsignedHeaders) -> dict[str, str]:
    return {**plan.headers, "host": sigv4.bare_host(endpoint.config.endpoint)}


def _signed(
    endpoint: Endpoint, plan: _UnsignedHeaders, request: Request, credentials: sigv4.Credentials
) -> dict[str, str]:
    config = endpoint.config
    return sigv4.sign(
        "POST", config.endpoint, plan.headers, request.body, credentials, config.region, "appsync", datetime.now(UTC)
    )
