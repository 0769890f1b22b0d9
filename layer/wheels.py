"""Downloads the wheels that a lock names, and checks each against its hash."""

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .targets import HERE, ROOT, WORK, Target

BASE, REALTIME, BACKEND = (HERE / f"{name}.lock" for name in ("base", "realtime", "backend"))
PINNED = re.compile(r"^(\S+==\S+)((?: \\\n    --hash=sha256:\w{64})+)$", re.MULTILINE)


def pins(*locks: Path) -> dict[str, set[str]]:
    """Each pinned version with the SHA-256 sums of its wheels."""
    found = [match for lock in locks for match in PINNED.finditer(lock.read_text())]
    return {match[1]: set(re.findall(r"sha256:(\w+)", match[2])) for match in found}


def of_layer(target: Target, *, realtime: bool) -> list[Path]:
    """The wheels of everything but the package itself."""
    locks = [BASE, REALTIME] if realtime else [BASE]
    return _fetch(locks, target.pip_options, WORK / "wheels" / str(target))


def of_package(into: Path) -> Path:
    """Build the package's own wheel, by the pinned build backend: another version could write other metadata."""
    backend = _fetch([BACKEND], ["--only-binary=:all:"], WORK / "wheels" / "backend")
    run = "import sys; sys.path[:0] = sys.argv.pop(1).split('|'); from hatchling.cli import hatchling; hatchling()"
    paths = "|".join(map(str, backend))
    _run([sys.executable, "-I", "-c", run, paths, "build", "-t", "wheel", "-d", str(into)], "Building the package")
    [wheel] = into.glob("*.whl")
    return wheel


def _fetch(locks: list[Path], options: list[str], folder: Path) -> list[Path]:
    pinned = pins(*locks)
    if wheels := _all_there(pinned, folder):
        return wheels
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        named = [word for lock in locks for word in ("--requirement", str(lock))]
        pip_download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        _run(
            [*pip_download, "--no-deps", "--require-hashes", *named, *options, "--dest", fresh],
            f"Downloading the wheels for {folder.name}",
        )
        for wheel in Path(fresh).iterdir():
            wheel.replace(folder / wheel.name)
    if wheels := _all_there(pinned, folder):
        return wheels
    raise SystemExit(f"pip has not brought all of {', '.join(lock.name for lock in locks)} into {folder}.")


def _all_there(pinned: dict[str, set[str]], folder: Path) -> list[Path] | None:
    there = {hashlib.sha256(wheel.read_bytes()).hexdigest(): wheel for wheel in sorted(folder.glob("*.whl"))}
    found = [[there[digest] for digest in digests if digest in there] for digests in pinned.values()]
    return [wheels[0] for wheels in found] if all(found) else None


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what} failed: {(done.stderr or done.stdout).strip()}")
