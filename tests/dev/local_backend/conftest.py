"""The reference schemas as local backends."""

from collections.abc import Iterator

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection


def api(name: str) -> Iterator[Api]:
    with LocalBackend(introspection(name)) as backend:
        yield Api(backend)


@pytest.fixture
def todo() -> Iterator[Api]:
    yield from api("todo")


@pytest.fixture
def blog() -> Iterator[Api]:
    yield from api("blog")


@pytest.fixture
def identifiers() -> Iterator[Api]:
    yield from api("identifiers")


@pytest.fixture
def scalars() -> Iterator[Api]:
    yield from api("scalars")


@pytest.fixture
def operations() -> Iterator[Api]:
    yield from api("operations")


@pytest.fixture
def ai() -> Iterator[Api]:
    yield from api("ai")


@pytest.fixture
def sample() -> Iterator[Api]:
    """The schema that the real resolvers were probed with."""
    rules = {"Note": {"secret": [{"allow": "owner"}]}}
    with LocalBackend(introspection("sample"), field_rules=rules) as backend:
        backend.resolver("echo")(lambda arguments, _identity: arguments["text"])
        yield Api(backend)
