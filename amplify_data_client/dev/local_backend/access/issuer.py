"""Issue the API key, the roles' keys and the users' tokens of a backend."""

import datetime
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from . import jwt
from .authentication import Authenticator, Authorizer, Clock
from .identity import EVERYTHING, Role
from .rules import Provider

ISSUER = "https://cognito-idp.local/local_pool"
_OTHER_ISSUER = "https://oidc.local"


class Issuer:
    """Makes the API key, roles and tokens, and the authenticator that accepts them."""

    def __init__(
        self, modes: Iterable[str], api_key: str | None, region: str, *, clock: Clock, verify_signatures: bool
    ) -> None:
        self.secret = secrets.token_bytes(32)
        self.api_key = api_key or f"da2-{secrets.token_hex(13)}"
        known = set(get_args(Provider))
        given = {"iam" if mode == "identityPool" else mode for mode in modes}
        if unknown := given - known:
            raise ValueError(
                f"modes has {', '.join(map(repr, sorted(unknown)))}; known are {', '.join(sorted(known))}."
            )
        self.authenticator = Authenticator(
            clock=clock,
            region=region,
            secret=self.secret,
            api_keys={self.api_key: None},
            modes=frozenset(given),  # type: ignore[arg-type]  # checked above
            verify_signatures=verify_signatures,
            issuer=ISSUER,
        )
        self.function = self.role("function")

    def role(self, name: str, may: Iterable[str] = EVERYTHING) -> Role:
        """Make a role with its own keys."""
        allowed = frozenset(may)
        if unknown := allowed - EVERYTHING:
            raise ValueError(f"A role may {', '.join(sorted(EVERYTHING))}; not {', '.join(sorted(unknown))}.")
        role = Role(
            name, f"ASIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30), secrets.token_urlsafe(60), allowed
        )
        self.authenticator.roles[role.access_key] = role
        return role

    def token(
        self,
        username: str,
        *,
        sub: str | None,
        groups: Iterable[str],
        claims: Mapping[str, Any],
        minutes: float,
        oidc: bool,
    ) -> str:
        """Issue a user's token."""
        now = self.authenticator.clock()
        named: dict[str, Any] = {
            "sub": sub or username,
            "iss": _OTHER_ISSUER if oidc else ISSUER,
            "iat": int(now.timestamp()),
            "exp": int((now + datetime.timedelta(minutes=minutes)).timestamp()),
            "token_use": "id",
        }
        if not oidc:
            named["cognito:username"] = username
        if groups := list(groups):
            named["cognito:groups"] = groups
        return jwt.issue(named | dict(claims), self.secret)

    def authorize_with(self, authorizer: Authorizer) -> None:
        """Use this function as the Lambda authorizer."""
        self.authenticator.authorizer = authorizer


class Session:
    """A role in the form of a boto3 session."""

    region_name: str | None

    def __init__(self, role: Role, region: str) -> None:
        self._role = role
        self.region_name = region

    def get_credentials(self) -> "Session":
        return self

    def get_frozen_credentials(self) -> "FrozenCredentials":
        return FrozenCredentials(self._role)


class FrozenCredentials:
    """A role's keys, with botocore's attribute names."""

    def __init__(self, role: Role) -> None:
        self.access_key = role.access_key
        self.secret_key = role.secret_key
        self.token = role.token
