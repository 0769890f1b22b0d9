"""How does a test get a backend? (pytest loads this by itself where the library is installed.)

The environment of a function is there before any test module is imported, so a handler with `client = generate_client()`
at its top works as it is.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from amplify_data_client.dev.local_backend import LocalBackend

OPTION = "amplify_data_introspection"
_SESSION = pytest.StashKey["_Session"]()


class _Session:
    """The backend of a test session, and the environment that it replaced."""

    def __init__(self, path: str) -> None:
        from amplify_data_client.dev.local_backend import LocalBackend

        self._open = ExitStack()
        self.backend = self._open.enter_context(LocalBackend(path))
        self._open.enter_context(self.backend.serve())
        self._before = {name: os.environ.get(name) for name in self.backend.env()}
        os.environ.update(self.backend.env())

    def close(self) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._open.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(OPTION, "the model introspection JSON, or an amplify_outputs.json, for the amplify_data fixture")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getini(OPTION)
    if not path:
        return
    whole = os.path.join(config.rootpath, path)
    if not os.path.exists(whole):
        raise pytest.UsageError(f"{OPTION} names {whole}, which is not there.")
    config.stash[_SESSION] = _Session(whole)


def pytest_unconfigure(config: pytest.Config) -> None:
    session = config.stash.get(_SESSION, None)
    if session is not None:
        session.close()


@pytest.fixture
def amplify_data(request: pytest.FixtureRequest) -> "Iterator[LocalBackend]":
    """The session's local backend, empty; the environment is that of a function which uses it."""
    session = request.config.stash.get(_SESSION, None)
    if session is None:
        raise pytest.UsageError(
            f"The amplify_data fixture needs the model introspection: set {OPTION} in pytest's configuration to the path "
            "of modelIntrospectionSchema.json or amplify_outputs.json."
        )
    session.backend.empty()
    yield session.backend
    session.backend.empty()
