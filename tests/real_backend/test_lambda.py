"""The sample app's function under Lambda's own runtime client: code, layer and environment from its templates."""

import json
import platform
import zipfile
from collections.abc import Iterator

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.dev.local_backend.access.identity import Role
from layer.targets import MACHINES, PYTHONS, Target
from tests.lambda_runtime import managed
from tests.lambda_runtime.sandbox import start

from .app import Variant
from .backend import RealBackend
from .functions import Functions
from .process import serving

[ARCH] = [arch for arch, machine in MACHINES.items() if machine == platform.machine()]


@pytest.fixture(params=PYTHONS)
def app(request, amplify_app):
    managed.require_interpreter(request.param)
    return amplify_app(Variant(python=request.param, arch=ARCH))


@pytest.fixture
def local(app) -> Iterator[LocalBackend]:
    with LocalBackend(json.loads(app.introspection)) as backend, backend.serve():
        yield backend


@pytest.fixture(scope="module")
def real(amplify_app) -> Iterator[RealBackend]:
    """The resolvers that the app's own templates have."""
    assembly = amplify_app(Variant(arch=ARCH)).assembly
    with serving([str(assembly)]) as ready:
        [(name, found)] = ready["backends"].items()
        yield RealBackend(name, found["url"], found["apiKey"], found["environment"], Functions())


def deployed(app, keys, ssm, tmp_path):
    """Deploy the function of the templates, as one whose role has these keys."""
    function = app.function("py")
    [layer] = function.layers
    with zipfile.ZipFile(layer.zip) as archive:
        archive.extractall(tmp_path / "opt")
    target = Target(function.runtime.removeprefix("python"), function.architecture)
    runtime = managed.install(target, managed.CLIENT, managed.BOTO3)
    of_lambda = {name: value for name, value in keys.items() if name.startswith("AWS_")}
    environment = {**function.environment, **of_lambda, "AWS_ENDPOINT_URL_SSM": ssm}
    return managed.deployment(
        target, function.code, function.handler, environment, opt=tmp_path / "opt" / "python", runtime=runtime
    )


def creates_and_lists(deployment, backend):
    with start(deployment) as sandbox:
        answers = [sandbox.invoke({}) for _ in range(3)]
        assert sandbox.log == ""
    stored = {item["id"]: item for item in backend.items("Todo")}
    assert [answer["id"] in stored for answer in answers] == [True] * 3
    assert [len(answer["all"]) for answer in answers] == [1, 2, 3]
    for todo in answers[-1]["all"]:
        assert (todo["name"], todo["description"], todo["isDone"]) == ("My new todo", "Todo description", False)
        assert todo["createdAt"] == stored[todo["id"]]["createdAt"]


def test_the_function_works_against_the_local_backend(app, local, tmp_path):
    env = local.env()
    bucket = env["AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME"]
    local.parameters.update(app.parameters(f"{local.url}/graphql", bucket))
    creates_and_lists(deployed(app, env, local.url, tmp_path), local)


def test_the_function_works_against_the_resolvers_of_its_own_app(app, real, local, tmp_path):
    """S3 is the real backend's; SSM the local one's, since the real one has none."""
    real.empty()
    keys = real.env()
    local._issuer.authenticator.roles[keys["AWS_ACCESS_KEY_ID"]] = Role(
        "py", keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"]
    )
    local.parameters.update(app.parameters(f"{real.url}/graphql", "bucket"))
    creates_and_lists(deployed(app, keys, local.url, tmp_path), real)
