"""That no test's document escapes the compiled API."""

import asyncio
import json
from typing import Any

import pytest

from amplify_data_client._core.operations.api import Api
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend import LocalBackend

from .valid_documents import SCHEMAS, Watch, compiled

pytestmark = pytest.mark.one_python

TODO = json.loads((SCHEMAS / "todo" / "model-introspection.json").read_text())


@pytest.mark.refused_by_the_api
def test_a_document_that_is_made_is_looked_at(documents: Watch):
    schema = Api(Introspection(TODO))
    schema.document("a head", "{ id }", lambda: "query { listTodos { items { id } } }")
    assert documents.objections == []
    schema.document("another head", "{ id }", lambda: "query { listTodoes { items { id } } }")
    assert ["listTodoes" in one for one in documents.objections] == [True]


@pytest.mark.refused_by_the_api
@pytest.mark.parametrize("awaits", [False, True], ids=["blocking", "awaiting"])
@pytest.mark.parametrize(
    ("document", "variables", "count"),
    [
        ("query Q($id: ID!) { getTodo(id: $id) { id } }", {"id": "1"}, 0),
        ("query Q($id: ID!) { getTodo(id: $id) { id } }", {}, 1),
        ("query Q($id: ID!) { getTodo(id: $id) { nme } }", {"id": "1"}, 1),
        ("query Q($id: ID!) { getTodo(id: ) { id } }", {"id": "1"}, 1),
    ],
)
def test_a_document_that_is_sent_is_looked_at_with_its_variables(
    documents: Watch, awaits: bool, document: str, variables: Any, count: int
):
    with LocalBackend(TODO) as backend:
        client: Any = (backend.async_client if awaits else backend.client)(raise_errors=False)
        answer = client.graphql(document, variables)
        if awaits:
            asyncio.run(answer)
    assert len(documents.objections) == count


def test_schemas_that_amplify_compiled_are_known_and_others_are_built():
    renamed = json.dumps(TODO).replace("Todo", "Task")
    assert {"ModelTodoConnection", "ModelTaskConnection"} <= {
        *compiled(json.dumps(TODO)).type_map,
        *compiled(renamed).type_map,
    }
