"""Prints what was measured, and writes it into the project."""

import json
import os
import platform
import subprocess
import sys

from .races import node
from .workshop import HERE, Python

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
README = HERE / "README.md"


def show(tables: list[str], pythons: list[Python], *, write: bool) -> None:
    """Print the tables; `write` them into the README too."""
    text = "\n\n".join([*tables, _circumstances(pythons)])
    print(text)
    if write:
        README.write_text(between(README.read_text(), text))


def between(document: str, text: str) -> str:
    """Put a text between the markers of a document."""
    before, found, rest = document.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise SystemExit(f"{README.name} has no {BEGIN} … {END} to write the tables between.")
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def _circumstances(pythons: list[Python]) -> str:
    pip = [sys.executable, "-m", "pip", "--python", str(pythons[0].executable), "--disable-pip-version-check"]
    listed = subprocess.run([*pip, "list", "--format=json"], capture_output=True, check=True)
    have = {package["name"]: package["version"] for package in json.loads(listed.stdout)}
    packages = ", ".join(f"{name} {have[name]}" for name in ("h11", "httpx", "pydantic") if name in have)
    wanted = json.loads((HERE / "js" / "package.json").read_text())["dependencies"]
    node_version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores shared by client and server; Node.js "
        f"{node_version.removeprefix('v')}, aws-amplify {wanted['aws-amplify']}; {packages}."
    )
