"""These tests build layers, with wheels from the package index: `make test-lambda` sets REAL_RUNTIME."""

import json
import os
import platform
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from layer import build
from layer.targets import MACHINES, PYTHONS, ROOT, Target

from . import managed
from .sandbox import Deployment, Sandbox, start

IS_RUN = bool(os.environ.get("REAL_RUNTIME")) and sys.platform == "linux"
collect_ignore_glob = [] if IS_RUN else ["test_*.py"]

FUNCTIONS = Path(__file__).parent / "functions"
SCHEMA = ROOT / "tests" / "data" / "schemas" / "todo" / "model-introspection.json"
WIRING = json.loads((ROOT / "tests" / "data" / "wiring.json").read_text())["results"]
[ARCH] = [arch for arch, machine in MACHINES.items() if machine == platform.machine()]

Deploy = Callable[..., Deployment]
Start = Callable[[Deployment], Sandbox]


# a worker of xdist for each, which then builds that layer once
@pytest.fixture(
    scope="session", params=[pytest.param(python, marks=pytest.mark.xdist_group(python)) for python in PYTHONS]
)
def target(request: pytest.FixtureRequest) -> Target:
    managed.require_interpreter(request.param)
    return Target(request.param, ARCH)


@pytest.fixture(scope="session")
def opt(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is /opt/python in Lambda: the built layer, unzipped."""
    folder = tmp_path_factory.mktemp(f"opt-{target}")
    with zipfile.ZipFile(build.build(target.python, target.arch, folder)) as layer:
        layer.extractall(folder)
    return folder / "python"


@pytest.fixture(scope="session")
def runtime(target: Target) -> Path:
    """The folder that is /var/runtime in Lambda."""
    return managed.install(target, managed.CLIENT, managed.BOTO3)


@pytest.fixture(scope="session")
def served() -> Iterator[LocalBackend]:
    with LocalBackend(SCHEMA) as backend, backend.serve():
        yield backend


@pytest.fixture
def backend(served: LocalBackend) -> LocalBackend:
    served.empty()
    return served


@pytest.fixture
def deploy(target: Target, opt: Path, runtime: Path, backend: LocalBackend) -> Deploy:
    """Deploy a function of this folder, with the environment that a synthesised template gives it."""

    def deployed(module: str, folder: Path = FUNCTIONS, *, url: str | None = None, **more: str) -> Deployment:
        environment = {**backend.env(), **wired(backend, url or backend.url), **more}
        given = {name: value for name, value in environment.items() if value}
        return managed.deployment(target, folder, f"{module}.handler", given, opt=opt, runtime=runtime)

    return deployed


@pytest.fixture
def started() -> Iterator[Start]:
    """Start execution environments, which end with the test."""
    with ExitStack() as stack:
        yield lambda deployment: stack.enter_context(start(deployment))


def wired(backend: LocalBackend, url: str) -> dict[str, str]:
    """The variables of a recorded template; the backend's SSM has what their paths lead to, the API being at this URL."""
    synthesis: dict[str, Any] = next(one for one in WIRING if one["variant"] == "javascript")
    values = backend.env() | {"AMPLIFY_DATA_GRAPHQL_ENDPOINT": f"{url}/graphql"}
    for path in synthesis["ssmParameters"]:
        backend.parameters[path] = values[path.rpartition("/")[2]]
    return dict(synthesis["environment"])
