"""How scenarios are written: as values.

    Scenario("todo", "an update of a missing item fails its condition",
             run("updateTodo", "id", input={"id": "none"}),
             run("createTodo", "id", input={"id": "1"}).by(FUNCTION))

The arguments of `run` are sent as variables; `document` is sent as it is; NEXT stands for the token of the last page.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from .api import Api
from .callers import API_KEY, Caller

NEXT = "<the token of the last page>"


@dataclass(frozen=True)
class Step:
    """One request; `by` says who sends it."""

    caller: Caller = field(default=API_KEY, kw_only=True)

    def by(self, caller: Caller) -> Self:
        return replace(self, caller=caller)

    def body(self, api: Api, token: str | None) -> bytes:
        raise NotImplementedError

    def is_ordered(self, _api: Api) -> bool:
        """Whether the order of the items means something; that of a scan does not."""
        return False


@dataclass(frozen=True)
class Run(Step):
    """One root field, its arguments as variables."""

    field: str
    selection: str
    given: Mapping[str, Any]

    def body(self, api: Api, token: str | None) -> bytes:
        return _json(
            {"query": api.document(self.field, self.selection, self.given), "variables": _with(self.given, token)}
        )

    def is_ordered(self, api: Api) -> bool:
        return api.is_sorted(self.field, self.given)


@dataclass(frozen=True)
class Pages(Run):
    """The same for all pages, one after the other; where the order means nothing, only all items together count."""


@dataclass(frozen=True)
class Document(Step):
    """A document as it is."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None

    def body(self, _api: Api, token: str | None) -> bytes:
        sent = {"query": self.query, "variables": _with(self.variables or {}, token)}
        return _json(sent | ({"operationName": self.operation_name} if self.operation_name else {}))


@dataclass(frozen=True)
class Raw(Step):
    """The bytes of a body."""

    content: bytes

    def body(self, _api: Api, _token: str | None) -> bytes:
        return self.content


def run(field: str, selection: str = "", /, **given: Any) -> Run:
    return Run(field, selection, given)


def pages(field: str, selection: str, /, **given: Any) -> Pages:
    return Pages(field, selection, given)


def document(query: str, variables: Mapping[str, Any] | None = None, *, operation_name: str | None = None) -> Document:
    return Document(query, variables, operation_name)


def raw(content: bytes) -> Raw:
    return Raw(content)


class Scenario:
    """What is asked of a fresh backend of a schema, in a sentence; `functions` answer its custom operations."""

    def __init__(
        self, schema: str, sentence: str, *steps: Step, functions: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        self.schema, self.sentence, self.steps, self.functions = schema, sentence, steps, functions or {}

    def __repr__(self) -> str:
        return f"{self.schema}: {self.sentence}"


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _with(given: Mapping[str, Any], token: str | None) -> dict[str, Any]:
    return {name: token if value == NEXT else value for name, value in given.items()}
