"""The real backends answer this project's client."""

import subprocess
from pathlib import Path

import pytest

from amplify_data_client import generate_client, get_amplify_data_client_config

from .backend import DATA
from .conftest import SCHEMAS

HERE = Path(__file__).parent


@pytest.mark.schema("todo")
def test_a_todo(real_backend, monkeypatch):
    for name, value in real_backend.env().items():
        monkeypatch.setenv(name, value)
    with generate_client() as client:
        made = client.models.Todo.create(name="x").data
        assert client.models.Todo.get(id=made.id).data == made
        assert [item["id"] for item in real_backend.items("Todo")] == [made.id]
        real_backend.empty()
        assert client.models.Todo.list().data == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_introspection_in_the_test_data_is_the_one_that_amplify_writes(real_backends, monkeypatch, schema: str):
    for name, value in real_backends[schema].env().items():
        monkeypatch.setenv(name, value)
    config = get_amplify_data_client_config()
    assert config.model_introspection == real_backends[schema].introspection


def test_the_sql_schemas_in_the_test_data_are_what_amplify_compiles(tmp_path: Path) -> None:
    names = ("sql", "sqlkeys")
    subprocess.run(["node", str(HERE / "node" / "compile.mjs"), "--into", str(tmp_path), *names], check=True)
    for name in names:
        for file in ("model-introspection.json", "appsync.graphql"):
            assert (tmp_path / name / file).read_text() == (DATA / name / file).read_text()
