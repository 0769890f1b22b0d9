"""Hold what one request carries while it is executed: the caller, the clock, AppSync's quotas."""

import datetime
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amplify_data_client.dev.local_backend.access.identity import Identity

from .errors import ResolverError

MAX_RESOLVERS = 10_000
MAX_SECONDS = 30.0
# How Amplify's resolvers mark what a mutation returns: fields with rules of their own then answer null.
OPERATION = "__operation"


@dataclass
class Context:
    """The caller, the clock, and the use of AppSync's quotas."""

    identity: Identity
    now: datetime.datetime
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    resolvers_run: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self) -> None:
        """Count a resolver against the quotas.

        Raises:
            ResolverError: The quota is used up.
        """
        self.resolvers_run += 1
        if self.resolvers_run > MAX_RESOLVERS:
            message = f"Request exceeded the maximum of {MAX_RESOLVERS} resolver invocations."
            raise ResolverError(message, "ResolverExecutionLimitReached")

    def check_time(self) -> None:
        """Check the time limit.

        Raises:
            ResolverError: The time is used up.
        """
        if time.monotonic() - self.started > MAX_SECONDS:
            raise ResolverError("Execution timed out.", "ExecutionTimeout")

    @property
    def stamp(self) -> str:
        """The time in the form of createdAt and updatedAt."""
        return stamp(self.now)


def stamp(now: datetime.datetime) -> str:
    """Write a time as Amplify's resolvers do: UTC, milliseconds."""
    return now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"


def as_mutated(item: Mapping[str, Any]) -> dict[str, Any]:
    """Mark an item as what a mutation returns."""
    return {**item, OPERATION: "Mutation"}


def is_mutated(source: Any) -> bool:
    return isinstance(source, Mapping) and source.get(OPERATION) == "Mutation"
