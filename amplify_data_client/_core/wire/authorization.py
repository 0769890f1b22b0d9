"""Makes the headers that authorize a request, by the rules of AppSync's authorization modes.

What each mode sends, and what wins over what, is as the JavaScript client does it (its recordings are in the tests).
Everything that takes time has happened before: tokens, users' headers and the trace are given as values.
"""

from collections.abc import Mapping
from typing import Any

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
    " To reach a private API by the name of its VPC endpoint, name the API in another header: "
    "headers={'x-appsync-domain': '<id>.appsync-api.<region>.amazonaws.com'}."
)
_NO_TOKEN = "auth_mode {mode!r} needs a token: give auth_token=… (text, or a function that returns it), or an Authorization header."


class UnsignedHeaders:
    """The headers of a request before signing, and whether they are to be signed (by SigV4, for "appsync").

    It is no tuple: error reporters look into those, whatever their repr is.
    """

    __slots__ = ("headers", "is_signed")

    def __init__(self, headers: dict[str, str], *, is_signed: bool) -> None:
        self.headers, self.is_signed = headers, is_signed

    def __repr__(self) -> str:  # tokens and keys are secrets
        return f"<UnsignedHeaders {', '.join(self.headers)}>"


class Obtained:
    """The token and the headers for one attempt, as the user or a user's function gave them; no tuple either."""

    __slots__ = ("headers", "token")

    def __init__(self, token: Any = None, headers: Any = None) -> None:
        self.token, self.headers = token, headers

    def __repr__(self) -> str:  # both are secrets
        return "<Obtained …>"


def post_headers(
    config: DataClientConfig, options: CallOptions, obtained: Obtained, trace: Mapping[str, str]
) -> UnsignedHeaders:
    """Make the headers of a POST of a GraphQL document; the agent is always this library."""
    unsigned = unsigned_headers(config, options, obtained, {**_POST, **trace})
    unsigned.headers["x-amz-user-agent"] = AGENT
    return unsigned


def unsigned_headers(
    config: DataClientConfig, options: CallOptions, obtained: Obtained, first: Mapping[str, str]
) -> UnsignedHeaders:
    """Add to the first headers what the mode asks for and what the user gives; the user's win, a token over both.

    Raises:
        OperationError: A key or token is missing, or a header is unfit.
    """
    made = _headers_or_flaw(config, options, obtained, first)
    if isinstance(made, str):  # raised here: error reporters show the variables of the function that raises
        raise OperationError(made)
    return made


def _headers_or_flaw(
    config: DataClientConfig, options: CallOptions, obtained: Obtained, first: Mapping[str, str]
) -> UnsignedHeaders | str:
    """Make the headers, or say what is wrong; nothing is raised here, where secrets are in variables."""
    mode: AuthMode = options.auth_mode or config.default_auth_mode
    headers = dict(first)
    given = {} if obtained.headers is None else obtained.headers
    if not isinstance(given, Mapping):
        return f"headers are {type(given).__name__}; give a mapping, or a function that returns one."
    key, token = options.api_key or config.api_key, obtained.token
    checked = [_flaw_of(name, value) for name, value in given.items()]
    if key and mode == "apiKey":
        checked.append(_flaw("api_key", key))
    if token is not None:
        checked.append(_flaw("auth_token", token))
    if flaw := next(filter(None, checked), None):
        return flaw
    if key and mode == "apiKey":
        headers["x-api-key"] = key.strip()  # a key read from a file ends with a line break
    headers |= {name.lower(): value.strip() for name, value in given.items()}
    if token is not None:  # as in JavaScript, an explicit token wins over a header, and goes along whatever the mode
        headers["authorization"] = token.strip()
    return _missing_credential(mode, headers) or UnsignedHeaders(headers, is_signed=_is_signed(mode, headers))


def _is_signed(mode: AuthMode, headers: Mapping[str, str]) -> bool:
    return mode == "iam" and "authorization" not in headers and "x-api-key" not in headers


def _missing_credential(mode: AuthMode, headers: Mapping[str, str]) -> str | None:
    if mode == "apiKey" and "x-api-key" not in headers:
        return "auth_mode 'api_key' needs a key: give api_key=…, or an amplify_outputs.json that has one."
    if headers.get("authorization") == "":
        return "auth_token is empty. Give a token, or None where there is none."
    if mode in ("userPool", "oidc", "lambda") and "authorization" not in headers:
        return _NO_TOKEN.format(mode={"userPool": "user_pool"}.get(mode, mode))
    return None


def _flaw_of(name: object, value: object) -> str | None:
    if not isinstance(name, str) or not name.isascii() or not name.replace("-", "a").replace("_", "a").isalnum():
        # not quoted: a header whose name and value were mixed up has a token here
        return "headers has a key that cannot be the name of a header; names are of ASCII letters, digits, '-' and '_'."
    if name.lower() in _OF_THE_MESSAGE:
        private = _PRIVATE_API if name.lower() == "host" else ""
        return f"The header {name!r} follows from the request itself; leave it out.{private}"
    return _flaw(f"The header {name!r}", value)


def _flaw(what: str, value: object) -> str | None:
    if not isinstance(value, str):
        return f"{what} is {type(value).__name__}; give text."
    text = value.strip()
    if not text.isprintable() and any(_is_unfit(character) for character in text):
        return (
            f"{what} has a line break, a control character or half a surrogate pair in it, which a header cannot hold."
        )
    return None


def _is_unfit(character: str) -> bool:
    return (character < " " and character != "\t") or character == "\x7f" or "\ud800" <= character <= "\udfff"
