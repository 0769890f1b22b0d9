"""Who is asking?"""

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
    """A caller, as resolvers see one."""

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
        """Whether this is an IAM role without a Cognito identity: no rule of a model limits it."""
        return self.provider == "iam"

    @property
    def owner(self) -> str:
        """What is stored for this caller as the owner of an item."""
        return f"{self.sub}::{self.username}"

    @property
    def owners(self) -> tuple[str, str, str]:
        """Every spelling under which this caller is an owner."""
        return self.owner, self.sub, self.username

    def claim(self, name: str) -> Any:
        return self.claims.get(name)
