"""Makes the headers that authorize a request, by the rules of AppSync's authorization modes.

What each mode sends, and what wins over what, is as the JavaScript client does it (its recordings are in the tests).
Everything that takes time has happened before: tokens, users' headers and the trace are given as values.
"""

from collections.abc import Mapping
from typing import NamedTuple

from amplify_data_client.config.model import DataClientConfig
from amplify_data_client.errors import OperationError
from amplify_data_client.options import AuthMode, CallOptions
from amplify_data_client.version import __version__

AGENT = f"amplify-data-client-python/{__version__}"
REALTIME = {  # the first headers of a WebSocket's connect and start: they are signed like those of a POST
    "accept": "application/json, text/javascript",
    "content-encoding": "amz-1.0",
    "content-type": "application/json; charset=UTF-8",
}
_POST = {"content-type": "application/json; charset=UTF-8"}
_OF_THE_MESSAGE = frozenset({"content-length", "host", "transfer-encoding"})
_PRIVATE_API = (
    " A private API that is reached by its VPC endpoint's name is told by another header: "
    "headers={'x-appsync-domain': '<id>.appsync-api.<region>.amazonaws.com'}."
)
_NO_TOKEN = "auth_mode {mode!r} needs a token: give auth_token=… (text, or a function that returns it), or an Authorization header."


class UnsignedHeaders(NamedTuple):
    """The headers of a request before signing, and whether they are to be signed (by SigV4, for "appsync")."""

    headers: dict[str, str]
    is_signed: bool

    def __repr__(self) -> str:  # tokens and keys are secrets
        return f"<UnsignedHeaders {', '.join(self.headers)}>"


def post_headers(
    config: DataClientConfig,
    options: CallOptions,
    token: str | None,
    custom: Mapping[str, str] | None,
    trace: Mapping[str, str],
) -> UnsignedHeaders:
    """Make the headers of a POST of a GraphQL document; the agent is this library, whatever the user's headers say."""
    unsigned = unsigned_headers(config, options, {**_POST, **trace}, token, custom)
    unsigned.headers["x-amz-user-agent"] = AGENT
    return unsigned


def unsigned_headers(
    config: DataClientConfig,
    options: CallOptions,
    first: Mapping[str, str],
    token: str | None,
    custom: Mapping[str, str] | None,
) -> UnsignedHeaders:
    """Add to the first headers what the mode asks for and what the user gives; the user's win, a token over both.

    Raises:
        OperationError: A key or token is missing, or a header is unfit.
    """
    mode = options.auth_mode or config.default_auth_mode
    given = _checked(custom)
    headers = dict(first)
    if mode == "apiKey":
        key = options.api_key or config.api_key
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
    is_signed = mode == "iam" and "authorization" not in headers and "x-api-key" not in headers
    return UnsignedHeaders(headers, is_signed)


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
        # not quoted: a header whose name and value were mixed up has a token here
        raise OperationError(
            "headers has a key that cannot be the name of a header; names are of ASCII letters, digits, '-' and '_'."
        )
    if name.lower() in _OF_THE_MESSAGE:
        private = _PRIVATE_API if name.lower() == "host" else ""
        raise OperationError(f"The header {name!r} follows from the request itself; leave it out.{private}")
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
