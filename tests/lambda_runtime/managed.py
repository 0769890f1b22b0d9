"""A function in a managed Python runtime: what that brings beside the interpreter, and where it looks for modules."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest

from layer.bytecode import find_interpreter
from layer.targets import WORK, Target

from .sandbox import Deployment, platform_environment

# the runtime's client, and what AWS puts beside it
CLIENT, BOTO3 = (f"{name}=={version(name)}" for name in ("awslambdaric", "boto3"))


def require_interpreter(python: str) -> str:
    """Give the interpreter of a version. Where there is none the test is skipped; in CI it fails."""
    found = find_interpreter(python)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"python{python} was not found on the PATH or in pyenv")
    return found


def deployment(
    target: Target, task: Path, handler: str, environment: Mapping[str, str], *, opt: Path, runtime: Path
) -> Deployment:
    """Deploy a function, with nothing to import but its code, the layer, the runtime (in Lambda's order: /var/task,
    /opt/python, /var/runtime) and the standard library. Nothing is written beside the sources: all three are read-only
    in Lambda.
    """
    interpreter = find_interpreter(target.python)
    if interpreter is None:
        raise LookupError(f"python{target.python} was not found on the PATH or in pyenv")
    of_lambda = platform_environment(environment["AWS_REGION"], f"python{target.python}", task)
    folders = {"PYTHONPATH": os.pathsep.join(map(str, (opt, runtime)))}
    command = [interpreter, "-s", "-S", "-B", "-m", "awslambdaric"]
    return Deployment(command, task, handler, {**of_lambda, **folders, **environment})


def install(target: Target, *requirements: str) -> Path:
    """Give a folder with packages for a runtime, compiled by its Python; made once."""
    folder = WORK / "runtimes" / "-".join([str(target), *requirements]).replace("==", "-")
    if not folder.exists():
        fresh = Path(f"{folder}-{os.getpid()}")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        _run([*pip, *target.pip_options, "--target", str(fresh), *requirements])
        _run([str(find_interpreter(target.python)), "-I", "-m", "compileall", "-q", str(fresh)])
        if folder.exists():  # another process was faster
            shutil.rmtree(fresh)
        else:
            fresh.rename(folder)
    return folder


def _run(arguments: list[str]) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed: {done.stdout}{done.stderr}")
