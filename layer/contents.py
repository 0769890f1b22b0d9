"""Chooses what of a wheel goes into the layer: all that a function can use, and every licence."""

import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

# `*` stands for folders too
LEFT_OUT = {
    "amplify_data_client/dev/*": "the local backend: for tests, on machines that have the whole package",
    "*.dist-info/licenses/amplify_data_client/dev/*": "licences of what is in it",
    "*.dist-info/entry_points.txt": "commands and plugins of tools; ours are in dev",
    "*.dist-info/RECORD": "lists what was in the wheel, not what is here; nothing is uninstalled from a layer",
    "*.pyi": "read by type checkers only",
    "*.pyx": "what compiled modules were made of",
    "*.pxd": "the same",
    "*.[ch]": "the same",
    "*/tests/*": "tests",
    "*/test_*.py": "the same",
    "*/_testcapi.*.so": "the same",
    "anyio/pytest_plugin.py": "for tests",
    "pydantic/*mypy.py": "for type checks",
    "httpx/_main.py": "a command, which needs click and rich; httpx does without",
    "gql/cli.py": "a command",
}


def unpack(wheel: Path, into: Path) -> None:
    """Lay a wheel's files where Python finds them: a wheel is its site-packages, zipped."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if ".data/" in name:
                raise SystemExit(
                    f"{wheel.name} wants {name} outside of site-packages, which this build does not do yet."
                )
            if not name.endswith("/") and not is_left_out(name):
                (into / name).parent.mkdir(parents=True, exist_ok=True)
                (into / name).write_bytes(archive.read(name))


def is_left_out(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)
