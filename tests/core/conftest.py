"""The schemas, as the core sees them."""

import json
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client._core.operations.api import Api, ClientBinding
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.results import Page

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"


@pytest.fixture
def schema() -> Any:
    """A schema by its name."""

    def load(name: str) -> Api:
        return Api(Introspection(json.loads((SCHEMAS / name / "model-introspection.json").read_text())))

    return load


@pytest.fixture
def context(schema: Any) -> Any:
    """The surroundings of an operation, without any shell."""
    return lambda name: ClientBinding(schema(name), Page, lambda options: None, set())
