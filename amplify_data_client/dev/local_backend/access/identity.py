"""Describe callers: identities, and IAM roles with their keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .rules import Provider

EVERYTHING = frozenset({"query", "mutate", "listen"})


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role and its keys; `may` is what `allow.resource(fn).to([...])` gave it."""

    name: str
    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    may: frozenset[str] = EVERYTHING


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller, as resolvers see it."""

    provider: Provider
    role: Role | None = None
    sub: str = ""
    username: str = ""
    groups: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    resolver_context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    denied_fields: frozenset[str] = frozenset()

    @property
    def is_function(self) -> bool:
        """Whether this is an IAM role without a Cognito identity, which the rules of a model do not limit."""
        return self.provider == "iam"

    @property
    def owner(self) -> str:
        """The value that is stored as the owner of this caller's items."""
        return f"{self.sub}::{self.username}"

    @property
    def owners(self) -> tuple[str, str, str]:
        """All values by which this caller is recognised as an owner."""
        return self.owner, self.sub, self.username

    def claim(self, name: str) -> Any:
        return self.claims.get(name)
