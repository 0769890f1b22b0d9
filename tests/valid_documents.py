"""Holds every document of every test against the compiled API of its schema; the fixture is in conftest.py.

Documents of the library's own making are seen where they are made, and once more, with variables, where a client sends
them. Schemas that a test made up have no compilation by Amplify: there the local backend's is asked, which
tests/dev/local_backend/graphql/test_sdl.py holds against Amplify's.
"""

import json
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema

from amplify_data_client import async_client, client
from amplify_data_client._core.operations.api import Api
from amplify_data_client._core.schema.introspection import Introspection

from .parity.validity import api, checked, unfit

SCHEMAS = Path(__file__).parent / "data" / "schemas"


class Watch:
    """Collects what is wrong with the documents that are made and sent."""

    def __init__(self) -> None:
        self.objections: list[str] = []
        self.seen = 0
        self._checked: dict[tuple[int, str], list[str] | OperationDefinitionNode] = {}
        self._apis: dict[int, tuple[Introspection, GraphQLSchema]] = {}

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Look at documents from now on."""
        document = Api.document

        def made(schema: Api, *parts: Any) -> str:
            text = document(schema, *parts)
            self.look_at(schema, text)
            return text

        patch.setattr(Api, "document", made)
        for shell in (client.Client, async_client.AsyncClient):
            patch.setattr(shell, "_execute", self._watched(shell._execute))
            patch.setattr(shell, "_drive", self._watched_flow(shell._drive))

    def _watched_flow(self, drive: Any) -> Any:
        def watched(shell: Any, calls: Any, **more: Any) -> Any:
            return drive(shell, self._looked_at(shell._api, calls), **more)

        return watched

    def _looked_at(self, api: Api, calls: Any) -> Any:
        step = partial(next, calls)
        while True:
            try:
                call = step()
            except StopIteration as done:
                return done.value
            self.look_at(api, call.operation.document, call.operation.variables)
            try:
                step = partial(calls.send, (yield call))
            except Exception as error:
                step = partial(calls.throw, error)

    def _watched(self, execute: Any) -> Any:
        def watched(shell: Any, call: Any) -> Any:
            self.look_at(shell._api, call.operation.document, call.operation.variables)
            return execute(shell, call)

        return watched

    def look_at(self, schema: Api, text: str, variables: Mapping[str, Any] | None = None) -> None:
        """Note what the compiled API has against a document, and against its variables where they are known."""
        if not schema.introspection.raw["models"]:  # a client that knows no schema
            return
        self.seen += 1
        api = self._api(schema.introspection)
        found = self._checked.get((id(api), text))
        if found is None:
            found = self._checked[id(api), text] = checked(api, text)
        if isinstance(found, list):
            self.objections += [f"{reason} in {text}" for reason in found]
        elif variables is not None:
            self.objections += [f"{reason} with {text}" for reason in unfit(api, found, variables)]

    def _api(self, introspection: Introspection) -> GraphQLSchema:
        known = self._apis.get(id(introspection))
        if known is None or known[0] is not introspection:
            known = self._apis[id(introspection)] = (introspection, compiled(json.dumps(introspection.raw)))
        return known[1]


@cache
def _known() -> dict[str, Path]:
    folders = [path.parent for path in SCHEMAS.glob("*/appsync.graphql")]
    return {
        json.dumps(json.loads((one / "model-introspection.json").read_text())): one / "appsync.graphql"
        for one in folders
    }


@cache
def compiled(raw: str) -> GraphQLSchema:
    """The compiled API of an introspection, given as JSON."""
    if raw in _known():
        return api(_known()[raw])
    from amplify_data_client.dev.local_backend.graphql import sdl

    return build_schema(sdl.write(Introspection(json.loads(raw))), assume_valid_sdl=True)
