"""Write the locks anew, from pyproject.toml and what the package index has now: make layer-lock."""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

if __name__ == "__main__":  # a program sees its own folder only, and has no package to be relative to
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from layer.targets import LEFT_TO_THE_RUNTIME, ROOT, TARGETS
from layer.wheels import BACKEND, BASE, REALTIME

Pins = dict[str, set[str]]  # a version, and the SHA-256 sums of its wheels


def main() -> None:
    """Resolve for every target; what one asks for in another version than the others is an error."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    base, gql = pyproject["project"]["dependencies"], pyproject["project"]["optional-dependencies"]["gql"]
    targets = [target.pip_options for target in TARGETS]
    everything = resolve([*base, *gql], targets)
    needed = resolve(base, targets, constraints=everything)
    write(BASE, needed, "what the package needs, but what the runtime brings")
    write(REALTIME, {pin: everything[pin] for pin in everything.keys() - needed.keys()}, "what the extra gql adds")
    write(BACKEND, resolve(pyproject["build-system"]["requires"], [["--only-binary=:all:"]]), "what builds the package")


def resolve(requirements: list[str], targets: list[list[str]], constraints: Collection[str] = ()) -> Pins:
    pins: Pins = defaultdict(set)
    for options in targets:
        for pin, digest in _resolve(requirements, options, constraints):
            pins[pin].add(digest)
    names = [pin.split("==")[0] for pin in pins]
    if twice := {name for name in names if names.count(name) > 1}:
        found = ", ".join(sorted(pin for pin in pins if pin.split("==")[0] in twice))
        raise SystemExit(f"The targets need different versions: {found}. Bound them in pyproject.toml.")
    return pins


def _resolve(requirements: list[str], options: list[str], constraints: Collection[str]) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        report, bounds = Path(folder, "report.json"), Path(folder, "constraints.txt")
        bounds.write_text("\n".join(constraints))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        dry = ["--dry-run", "--ignore-installed", "--target", folder, "--report", str(report), "-c", str(bounds)]
        subprocess.run([*pip, *dry, *options, *requirements], check=True)
        found = json.loads(report.read_text())["install"]
    named = [(one["metadata"]["name"].replace("_", "-").lower(), one) for one in found]
    return [
        (f"{name}=={one['metadata']['version']}", one["download_info"]["archive_info"]["hashes"]["sha256"])
        for name, one in named
        if name not in LEFT_TO_THE_RUNTIME
    ]


def write(lock: Path, pins: Pins, what: str) -> None:
    lines = [f"# Made by make layer-lock: {what}, as wheels for every Python and architecture."]
    for pin, digests in sorted(pins.items()):
        lines.append(" \\\n".join([pin, *(f"    --hash=sha256:{digest}" for digest in sorted(digests))]))
    lock.write_text("\n".join(lines) + "\n")
    print(f"{lock.relative_to(ROOT)}: {', '.join(sorted(pins))}")


if __name__ == "__main__":
    main()
