"""Answer a browser's requests for the page and its files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from graphql import GraphQLSchema

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.access.issuer import Issuer
from amplify_data_client.dev.local_backend.environment import Environment
from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

from . import render
from .origins import Listener
from .samples import samples

FILES = Path(__file__).parent / "files"
PREFIX = "/_page/"  # no bucket has such a name
_TYPES = {
    ".css": "text/css;charset=UTF-8",
    ".js": "text/javascript;charset=UTF-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain;charset=UTF-8",
}
_SAMPLES, _TOKEN = "samples.json", "token"
_JSON = "application/json;charset=UTF-8"
_SAFE = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
# GraphiQL's fonts are in its style sheet, and its dialogs add styles; nothing is loaded from another host
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Page:
    """The page of one backend. It is answered only while the backend listens (`listener`)."""

    introspection: Introspection
    schema: GraphQLSchema
    issuer: Issuer
    environment: Environment
    url: str = ""
    listener: Listener | None = None

    def is_asked(self, received: Request) -> bool:
        """Whether a request is for the page. A signed request for `/` is S3's."""
        path = received.target.partition("?")[0]
        return path.startswith(PREFIX) or (
            path == "/" and received.method in ("GET", "HEAD") and "authorization" not in received.headers
        )

    def answer(self, received: Request) -> Answer:
        """Answer a request for the page, its files, or a token."""
        if self.listener is None or not self.listener.is_own(received.headers.get("host", "")):
            return _text(421, "This page is shown under an IP address or localhost: another name may be anybody's.\n")
        path = received.target.partition("?")[0]
        if path == PREFIX + _TOKEN:
            return self._token(received)
        if received.method not in ("GET", "HEAD"):
            return _text(405, "This is read with GET.\n")
        status, headers, body = self._index() if path == "/" else self._file(path.removeprefix(PREFIX))
        return status, headers, b"" if received.method == "HEAD" else body

    def _index(self) -> Answer:
        function, url = self.issuer.function, self.url
        is_private = self.listener is not None and self.listener.is_private
        keys = {
            "accessKey": function.access_key,
            "secretKey": function.secret_key,
            "sessionToken": function.token,
            "apiKey": self.issuer.api_key,
        }
        data = render.data(keys if is_private else None, self.issuer.authenticator.modes, self.environment.region)
        env = self.environment.variables(function, url) if is_private else None
        text = render.page(self.introspection, self.schema, f"{url}/graphql", env, data)
        headers = {
            "content-type": "text/html;charset=UTF-8",
            "content-security-policy": _POLICY,
            "x-frame-options": "DENY",
        }
        return 200, {**headers, **_SAFE}, text.encode("utf-8", "replace")

    def _file(self, name: str) -> Answer:
        if name == _SAMPLES:
            return 200, {"content-type": _JSON, **_SAFE}, self._samples
        path = _files().get(name)
        if path is None:
            return _text(404, "The page has no such file.\n")
        return 200, {"content-type": _TYPES[path.suffix], **_SAFE}, path.read_bytes()

    @cached_property
    def _samples(self) -> bytes:
        found = samples(self.schema, frozenset(self.introspection.models))
        return json.dumps({name: asdict(sample) for name, sample in found.items()}).encode()

    def _token(self, received: Request) -> Answer:
        """Issue a test user's token to a caller that signs as the function, which may do everything anyway."""
        if received.method != "POST":
            return _text(405, "Tokens are asked for with POST.\n")
        try:
            role = self.issuer.authenticator.verify_signature(received, "appsync")
        except RequestRefused as error:
            return _text(error.status, f"{error.message}\n")
        asked = _user(received.body)
        if asked is None or role is not self.issuer.function:
            return _text(400, "A token is asked for by the function, with a username and a list of groups.\n")
        token = self.issuer.token(asked[0], sub=None, groups=asked[1], claims={}, minutes=60, oidc=False)
        return 200, {"content-type": _JSON, **_SAFE}, json.dumps({"token": token}).encode()


@cache
def _files() -> Mapping[str, Path]:
    return {path.relative_to(FILES).as_posix(): path for path in FILES.rglob("*") if path.suffix in _TYPES}


def _user(body: bytes) -> tuple[str, list[str]] | None:
    try:
        asked = json.loads(body)
        username, groups = asked["username"], asked["groups"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(username, str) or not username or not isinstance(groups, list):
        return None
    return (username, groups) if all(isinstance(group, str) for group in groups) else None


def _text(status: int, message: str) -> Answer:
    return status, {"content-type": "text/plain;charset=UTF-8", **_SAFE}, message.encode()
