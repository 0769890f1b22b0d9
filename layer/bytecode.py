"""Compiles the layer beforehand: /opt is read-only, so without bytecode every cold start would compile it again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from layer.targets import ROOT

MADE = ROOT / "build"
# for functions that have models of pydantic 1; the few that do can compile it, the others need not carry its bytecode
SPARED = "/pydantic/v1/"


def compile_tree(interpreter: str, root: Path) -> None:
    """Compile what is below `root/python`, as it will lie below /opt/python.

    The hashes are unchecked: nobody edits a layer, and reading the sources to compare is what a cold start can spare.
    """
    names = ["-s", str(root), "-p", "/opt"]  # what tracebacks say, instead of this machine's paths
    command = [
        interpreter,
        "-s",
        "-S",
        "-m",
        "compileall",
        "-q",
        "--invalidation-mode",
        "unchecked-hash",
        "-x",
        SPARED,
        *names,
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*command, str(root / "python")],
        env={**clean, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{interpreter} cannot compile the layer: {(done.stdout + done.stderr).strip()}")


def find_interpreter(version: str) -> str | None:
    """Find a CPython of this version: on the PATH, pyenv's, the running one, or what `make python3.14` made."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    of_pyenv = sorted(pyenv.glob(f"versions/{version}.*/bin/python"), key=_patch, reverse=True)
    made = shutil.which(MADE / f"python{version}" / "usr" / "bin" / f"python{version}")
    candidates = [shutil.which(f"python{version}"), *map(str, of_pyenv), sys.executable, made]
    return next((found for one in candidates if one and (found := _executable(one, version))), None)


def _patch(python: Path) -> tuple[int, ...]:
    return tuple(int(digits) for part in python.parts[-3].split(".") if (digits := "".join(filter(str.isdigit, part))))


def _executable(candidate: str, version: str) -> str | None:
    # a shim of pyenv's answers for versions that are not there, and needs more than a clean environment
    asked = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.executable)"
    done = subprocess.run([candidate, "-I", "-c", asked], capture_output=True, text=True, check=False)
    name, _, rest = done.stdout.strip().partition(" ")
    found, _, executable = rest.partition(" ")
    return executable if (done.returncode, name, found) == (0, "cpython", version) else None
