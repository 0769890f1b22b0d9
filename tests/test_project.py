"""Promises of the project as a whole."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from amplify_data_client._io.auth import __version__

ROOT = Path(__file__).parents[1]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
TEXTS = {path: path.read_text(errors="replace") for path in TRACKED if path.stat().st_size < 2_000_000}
HOSTS = ["registry." + "npmjs.org", "files." + "pythonhosted.org", "pypi." + "org", "deb." + "debian.org"]


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
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]
