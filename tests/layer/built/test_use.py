"""The layers of this machine's architecture, used: nothing else to import but a boto3 beside, as in Lambda."""

import json
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from layer.targets import MACHINES, PYTHONS, ROOT, Target
from tests.lambda_runtime.managed import install, require_interpreter

if sys.platform != "linux":
    pytest.skip("the layers' compiled modules are Linux's", allow_module_level=True)

SCHEMA = ROOT / "tests" / "data" / "schemas" / "todo" / "model-introspection.json"
[ARCH] = [arch for arch, machine in MACHINES.items() if machine == platform.machine()]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
[BOTOCORE] = [one.replace(">=", "==") for one in DECLARED["dependencies"] if one.startswith("botocore")]
[BOTO3] = [one.replace(">=", "==") for one in DECLARED["optional-dependencies"]["boto3"]]

Use = Callable[..., dict[str, Any]]
HANDLER = """
from amplify_data_client import generate_client
client = generate_client()
created = client.models.Todo.create(name="from the layer", is_done=False)
answer = {"id": created.data.id, "names": [todo.name for todo in client.models.Todo.list().data]}
"""
AWAITING = """
import asyncio
from amplify_data_client import generate_async_client
async def main():
    async with generate_async_client() as client:
        created = await client.models.Todo.create(name="from the layer", is_done=False)
        return {"id": created.data.id, "names": [todo.name for todo in (await client.models.Todo.list()).data]}
answer = asyncio.run(main())
"""
REALTIME = """
import multidict._multidict, propcache._helpers_c, yarl._quoting_c
from gql import gql
from amplify_data_client import generate_client
asked = generate_client().graphql(gql("query { listTodos { items { name } } }"))
answer = {"names": [todo["name"] for todo in asked.data["listTodos"]["items"]]}
"""
SESSION = """
import boto3
from amplify_data_client import generate_client
client = generate_client(session=boto3.Session())
answer = {"id": client.models.Todo.create(name="from the layer").data.id, "boto3": boto3.__version__}
"""
PROFILE = """
import botocore
from amplify_data_client import generate_client
client = generate_client(profile="dev")
answer = {"id": client.models.Todo.create(name="from the layer").data.id, "botocore": botocore.__version__}
"""
# what is found here was imported from the folders given, and from the standard library
RUN = """
import json, sys
folders = sys.argv[1].split("|")
sys.path[:0] = folders
exec(sys.argv[2])
places = {getattr(module, "__file__", None) for module in sys.modules.values()}
answer["foreign"] = sorted(p for p in places if p and "site-packages" in p and not p.startswith(tuple(folders)))
answer["loaded"] = sorted({name.split(".")[0] for name in sys.modules})
print(json.dumps(answer))
"""


@pytest.fixture(scope="module")
def backend() -> Iterator[LocalBackend]:
    with LocalBackend(SCHEMA) as backend, backend.serve():
        yield backend


@pytest.fixture
def use(backend: LocalBackend, tmp_path: Path) -> Use:
    """Run a program with the Python of a layer and these folders alone; gives its answer."""
    backend.empty()

    def used(python: str, folders: list[Path], program: str, **more: str) -> dict[str, Any]:
        interpreter = require_interpreter(python)
        # boto3's own warnings are not ours to heed
        warnings = ["-W", "error"] if len(folders) == 1 else []
        command = [interpreter, "-I", "-S", "-B", *warnings, "-c", RUN, "|".join(map(str, folders)), program]
        env = {**backend.env(), "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", **more}
        env = {name: value for name, value in env.items() if value}
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer.pop("foreign") == []
        return answer

    return used


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("realtime", [True, False])
@pytest.mark.parametrize("program", [HANDLER, AWAITING], ids=["blocking", "awaiting"])
def test_a_function_creates_and_lists(
    python: str, realtime: bool, program: str, unzip: Any, use: Use, backend: LocalBackend
):
    folder = unzip(Target(python, ARCH), realtime=realtime)
    before = sorted(folder.rglob("*"))
    answer = use(python, [folder], program)
    assert answer["names"] == ["from the layer"]
    assert [item["id"] for item in backend.items("Todo")] == [answer["id"]]
    # the keys are in the environment: not even a runtime without boto3 is a problem
    assert not {"boto3", "botocore", "gql"} & set(answer["loaded"])
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("python", PYTHONS)
def test_nothing_is_compiled_at_a_cold_start(python: str, unzip: Any, use: Use, tmp_path: Path):
    folder = shutil.copytree(unzip(Target(python, ARCH)), tmp_path / "python")
    for source in folder.rglob("*.py"):
        source.write_text("raise SystemExit('this was compiled')")
    assert use(python, [folder], HANDLER)["names"] == ["from the layer"]


@pytest.mark.parametrize("python", PYTHONS)
def test_what_realtime_needs_loads(python: str, unzip: Any, use: Use, backend: LocalBackend):
    backend.seed({"Todo": [{"name": "seeded"}]})
    assert use(python, [unzip(Target(python, ARCH))], REALTIME)["names"] == ["seeded"]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("versions", [(BOTO3, BOTOCORE), ("boto3",)], ids=["oldest", "newest"])
def test_credentials_come_from_the_runtimes_boto3(
    python: str, versions: tuple[str, ...], unzip: Any, use: Use, backend: LocalBackend, tmp_path: Path
):
    target = Target(python, ARCH)
    folders = [unzip(target), install(target, *versions)]
    answers = [use(python, folders, SESSION), use(python, folders, PROFILE, **profile(backend, tmp_path))]
    assert {item["id"] for item in backend.items("Todo")} == {answer["id"] for answer in answers}
    if len(versions) == 2:
        assert [answers[0]["boto3"], answers[1]["botocore"]] == [one.split("==")[1] + ".0" for one in versions]


def profile(backend: LocalBackend, folder: Path) -> dict[str, str]:
    """A profile whose credentials a process gives, for an hour; the environment has none."""
    keys = backend.env()
    given = {
        "Version": 1,
        "AccessKeyId": keys["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": keys["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": keys["AWS_SESSION_TOKEN"],
        "Expiration": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    (folder / "keys.json").write_text(json.dumps(given))
    config = folder / "config"
    config.write_text(f"[profile dev]\ncredential_process = /bin/cat {folder}/keys.json\n")
    return {
        "AWS_CONFIG_FILE": str(config),
        **dict.fromkeys((name for name in keys if name.endswith(("KEY_ID", "ACCESS_KEY", "TOKEN"))), ""),
    }
