"""Provide the pytest fixture `amplify_data`: a local backend for tests.

pytest loads this module in every project of the environment, also where the fixture is never used. So the backend is
imported only where the setting names an introspection.

The environment of a function is set before any test module or conftest is imported, so a handler with
`client = generate_client()` at its top works unchanged.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .local_backend import LocalBackend

OPTION = "amplify_data_introspection"
_BACKEND = pytest.StashKey["LocalBackend"]()
_UNSET = (
    f"The amplify_data fixture needs the model introspection: set {OPTION} in pytest's configuration to the path of "
    "modelIntrospectionSchema.json or amplify_outputs.json."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(OPTION, "the model introspection JSON, or an amplify_outputs.json, for the amplify_data fixture")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    _start(early_config)


def pytest_configure(config: pytest.Config) -> None:
    _start(config)  # for a session that loads this later, with `-p` or from a conftest


def _start(config: pytest.Config) -> None:
    path = config.getini(OPTION)
    if path and _BACKEND not in config.stash:
        whole = os.path.join(config.rootpath, path)
        if not os.path.isfile(whole):
            raise pytest.UsageError(f"{OPTION} names {whole}, which is not there.")
        config.stash[_BACKEND] = _serve(config, whole)


def _serve(config: pytest.Config, path: str) -> "LocalBackend":
    """Serve until the session ends, and set the environment of a function."""
    from amplify_data_client import AmplifyDataError

    try:
        from .local_backend import LocalBackend

        backend = LocalBackend(path)
    except (ModuleNotFoundError, AmplifyDataError) as error:
        raise pytest.UsageError(f"{OPTION}: {error}") from error
    opened = ExitStack()
    config.add_cleanup(opened.close)
    opened.enter_context(backend)
    opened.enter_context(backend.serve())
    environment = opened.enter_context(pytest.MonkeyPatch.context())
    for name, value in backend.env().items():
        environment.setenv(name, value)
    return backend


@pytest.fixture
def amplify_data(request: pytest.FixtureRequest) -> "Iterator[LocalBackend]":
    """The session's local backend, empty. The environment is that of a function which uses it."""
    backend = request.config.stash.get(_BACKEND, None)
    if backend is None:
        pytest.fail(_UNSET, pytrace=False)
    backend.reset()
    yield backend
    backend.reset()
