"""How the tests of the local backend ask it: straight at its core, as HTTP would."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amplify_data_client.dev.local_backend import LocalBackend

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"


def introspection(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name / "model-introspection.json").read_text())
    return found


class Api:
    """A backend, asked with its API key unless a header says who asks."""

    def __init__(self, backend: LocalBackend) -> None:
        self.backend = backend

    def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        sent = {"x-api-key": self.backend.api_key} if headers is None else headers
        reply = self.backend.handle("POST", "/graphql", sent, body)
        return reply.status, json.loads(reply.body)

    def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Give the answer to a request that AppSync takes."""
        status, answer = self.post(json.dumps({"query": query, "variables": variables}).encode(), headers)
        assert status == 200, answer
        assert isinstance(answer, dict)
        return answer

    def data(
        self, query: str, variables: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Give the data of an answer without errors."""
        answer = self.ask(query, variables, headers)
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def error(
        self, query: str, variables: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Give the only error of an answer."""
        answer = self.ask(query, variables, headers)
        [error] = answer["errors"]
        assert isinstance(error, dict)
        return error

    def run(self, field: str, selection: str, headers: Mapping[str, str] | None = None, **given: Any) -> Any:
        """Answer one root field with arguments as literals: `run("getTodo", "id", id="1")`."""
        root = "mutation" if field.startswith(("create", "update", "delete")) else "query"
        return self.data(f"{root} {{ {field}{literals(given)} {{ {selection} }} }}", None, headers)[field]

    def refuse(self, field: str, selection: str, headers: Mapping[str, str] | None = None, **given: Any) -> Any:
        """Give the only error of one root field, as `run` asks it."""
        root = "mutation" if field.startswith(("create", "update", "delete")) else "query"
        return self.error(f"{root} {{ {field}{literals(given)} {{ {selection} }} }}", None, headers)


class Enum(str):
    """A literal without quotes."""

    __slots__ = ()


def literals(given: Mapping[str, Any]) -> str:
    return f"({', '.join(f'{name}: {literal(value)}' for name, value in given.items())})" if given else ""


def literal(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
