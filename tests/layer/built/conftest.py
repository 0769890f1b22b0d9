"""These tests build all layers, with wheels from the package index: `make test-layer` sets LAYER_BUILT."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from layer.targets import ROOT, TARGETS, Target

collect_ignore = [] if os.environ.get("LAYER_BUILT") else ["test_contents.py", "test_use.py"]


def name(target: Target, *, realtime: bool = True) -> str:
    return f"amplify-data-client-{target}{'' if realtime else '-no-realtime'}.zip"


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders with the same layers, built at the same time."""
    folders = [tmp_path_factory.mktemp(f"build-{number}") for number in range(2)]
    program = [sys.executable, str(ROOT / "layer" / "build.py"), "--out"]
    processes = [
        subprocess.Popen([*program, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for folder in folders
    ]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    small = subprocess.run([*program, str(folders[0]), "--no-realtime"], capture_output=True, text=True, check=False)
    assert small.returncode == 0, small.stdout + small.stderr
    print(said[0], small.stdout)
    return folders


@pytest.fixture(params=[(target, realtime) for target in TARGETS for realtime in (True, False)], ids=str)
def layer(request: pytest.FixtureRequest, builds: list[Path]) -> tuple[Target, bool, Path]:
    target, realtime = request.param
    return target, realtime, builds[0] / name(target, realtime=realtime)


@pytest.fixture(scope="session")
def unzip(builds: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Give the folder that is /opt/python in Lambda."""

    @cache
    def unzipped(target: Target, *, realtime: bool = True) -> Path:
        folder = tmp_path_factory.mktemp(f"opt-{target}")
        with zipfile.ZipFile(builds[0] / name(target, realtime=realtime)) as archive:
            archive.extractall(folder)
        return folder / "python"

    return unzipped
