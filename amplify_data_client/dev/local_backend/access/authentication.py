"""Check a request's credentials and name its caller. A new authorization mode is added here."""

import datetime
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

from . import jwt, signatures
from .identity import Identity, Role
from .rules import Provider
from .signatures import Scope

Authorizer = Callable[[str], bool | Mapping[str, Any]]
Clock = Callable[[], datetime.datetime]


_REFUSED = "You are not authorized to make this call."


def _unauthorized(message: str) -> RequestRefused:
    return RequestRefused(401, "UnauthorizedException", message)


@dataclass
class Authenticator:
    """Authenticates requests. `roles` are by access key; `modes` are the API's authorization modes."""

    clock: Clock
    region: str
    secret: bytes = field(repr=False)
    api_keys: dict[str, datetime.datetime | None] = field(default_factory=dict, repr=False)
    roles: dict[str, Role] = field(default_factory=dict, repr=False)
    modes: frozenset[Provider] = frozenset({"apiKey", "iam", "userPools", "oidc", "function"})
    authorizer: Authorizer | None = None
    verify_signatures: bool = True
    issuer: str = ""

    def authenticate(self, request: Request) -> Identity:
        """Return the caller of a GraphQL request.

        Raises:
            RequestRefused: There are no credentials, or they are not valid.
        """
        if key := request.headers.get("x-api-key"):  # AppSync uses the API key if both headers are sent
            return self._api_key(key)
        given = request.headers.get("authorization", "").strip()
        if not given:
            raise _unauthorized("Valid authorization header not provided.")
        if given.startswith("AWS4-"):
            return self._iam(request)
        return self._token(given)

    def verify_signature(self, request: Request, service: str) -> Role:
        """Return the role that signed a request to a service: `appsync`, `s3` or `ssm`."""
        if self.verify_signatures:
            return signatures.verify(request, self.roles, Scope(self.region, service), self.clock())
        return next(iter(self.roles.values()))

    def _api_key(self, key: str) -> Identity:
        if "apiKey" not in self.modes or key not in self.api_keys:
            raise _unauthorized(_REFUSED)
        expires = self.api_keys[key]
        if expires is not None and expires <= self.clock():
            raise _unauthorized(_REFUSED)
        return Identity("apiKey")

    def _iam(self, request: Request) -> Identity:
        if "iam" not in self.modes:
            raise _unauthorized("Unable to parse JWT token.")
        role = self.verify_signature(request, "appsync")
        if not role.may:
            raise _unauthorized("Permission denied")
        return Identity("iam", role=role, username=role.name)

    def _token(self, given: str) -> Identity:
        token = given.removeprefix("Bearer ").strip()
        claims = jwt.read(token, self.secret)
        if claims is None and self.authorizer is not None and "function" in self.modes:
            return self._lambda(given, self.authorizer)
        if claims is None:
            raise _unauthorized("Unable to parse JWT token.")
        expires = claims.get("exp")
        if isinstance(expires, int | float) and expires <= self.clock().timestamp():
            raise _unauthorized("Token has expired.")
        provider: Provider = "userPools" if claims.get("iss") == self.issuer else "oidc"
        if provider not in self.modes:
            raise _unauthorized("Unable to parse JWT token.")
        groups = claims.get("cognito:groups") or ()
        return Identity(
            provider,
            sub=str(claims.get("sub", "")),
            username=str(claims.get("cognito:username") or claims.get("username") or claims.get("sub") or ""),
            groups=tuple(groups) if isinstance(groups, list) else (),
            claims=claims,
        )

    def _lambda(self, token: str, authorizer: Authorizer) -> Identity:
        answer = _asked(authorizer, token)
        if answer.get("isAuthorized") is not True:
            raise _unauthorized(_REFUSED)
        return Identity(
            "function",
            resolver_context=answer.get("resolverContext") or {},
            denied_fields=frozenset(answer.get("deniedFields") or ()),
        )


def _asked(authorizer: Authorizer, token: str) -> Mapping[str, Any]:
    """Call the authorizer. If it fails, the caller is refused, as by AppSync."""
    try:
        answer = authorizer(token)
    except Exception as error:
        raise _unauthorized(f"{_REFUSED} (The authorizer raised {type(error).__name__}.)") from error
    if isinstance(answer, bool):
        return {"isAuthorized": answer}
    if isinstance(answer, Mapping):
        return answer
    if inspect.iscoroutine(answer):  # otherwise Python warns that it was never awaited
        answer.close()
    raise _unauthorized(
        f"{_REFUSED} (The authorizer gave {type(answer).__name__}; it is a plain function that gives a bool, or a "
        "mapping with isAuthorized.)"
    )
