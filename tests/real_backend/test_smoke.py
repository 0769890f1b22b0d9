"""The real backends answer this project's client."""

import pytest

from amplify_data_client import generate_client


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
