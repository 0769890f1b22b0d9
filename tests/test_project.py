"""Promises of the project as a whole."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from amplify_data_client import __version__

ROOT = Path(__file__).parents[1]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
TEXTS = {path: path.read_text(errors="replace") for path in TRACKED if path.stat().st_size < 2_000_000}
HOSTS = [
    *("registry." + "npmjs.org", "registry." + "yarnpkg.com", "files." + "pythonhosted.org", "pypi." + "org"),
    *("deb." + "debian.org", "security." + "debian.org"),
]
PACKAGE = ROOT / "amplify_data_client"


def found(pattern: str, *, but: str = "") -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in TEXTS.items()
        if not (but and str(path.relative_to(ROOT)).startswith(but))
        for match in re.finditer(pattern, text)
    ]


def test_no_file_names_a_path_of_a_developers_machine():
    assert found(r"(?<![\w./$~<-])/(?:work|root|home/\w+|farm)/[\w.-]+") == []


def test_no_file_names_a_package_registry():
    assert found("|".join(map(re.escape, HOSTS))) == []


def test_lock_files_have_no_addresses():
    locks = [path for path in TRACKED if path.name == "package-lock.json"]
    assert [path.name for path in locks if '"resolved"' in path.read_text()] == []


def test_the_project_speaks_of_itself_alone():
    assert found(r"\.\./" + "shared") == []


def test_the_version_is_said_once():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__


def test_every_module_imports_without_a_warning():
    names = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "amplify_data_client").rglob("*.py")
        if path.name != "__main__.py"
    )
    assert len(names) > 40
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    subprocess.run([sys.executable, "-W", "error", "-c", program, *names], check=True, cwd=ROOT)


def imported(source: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(source.read_text())))
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"amplify_data_client"}


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    modules = {"graphql_core": "graphql"}
    distributions = [re.split(r"[\[<>=!~ ;]", one)[0].replace("-", "_") for one in named]
    return {modules.get(name, name) for name in distributions}


def test_what_the_package_imports_is_declared():
    sources = [path for path in PACKAGE.rglob("*.py") if "dev" not in path.relative_to(PACKAGE).parts]
    needed = {name for path in sources for name in imported(path)}
    # pydantic brings pydantic_core; who gives a document made with graphql-core has it; Lambda has its own hooks
    assert needed - declared("boto3", "gql") - {"pydantic_core", "graphql", "snapshot_restore_py"} == set()
    assert declared() - needed == set()


def test_what_the_dev_folder_imports_is_in_the_extra_for_it():
    needed = {name for path in (PACKAGE / "dev").rglob("*.py") for name in imported(path)}
    # whoever uses the pytest plugin has pytest
    assert needed - declared("local") - {"pytest"} == set()


def test_the_extras_are_what_users_choose():
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(found["project"]["optional-dependencies"]) == {"boto3", "gql", "local"}
    assert {"dev", "test"} <= set(found["dependency-groups"])


def test_modules_of_the_lambda_path_do_not_know_the_dev_folder():
    sources = [path for path in (ROOT / "amplify_data_client").rglob("*.py") if "dev" not in path.parts]
    assert [path.name for path in sources if "amplify_data_client.dev" in path.read_text()] == []


def test_a_wheel_is_typed_and_licensed(tmp_path: Path):
    pytest.importorskip("hatchling", reason="building without the network needs the build backend installed")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "amplify_data_client/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"amplify_data_client"}
    # the local backend comes along, data files too: handlers are tested with the installed package
    tracked = {str(path.relative_to(ROOT)) for path in TRACKED if PACKAGE in path.parents}
    assert tracked <= set(names)
