"""A browser drives the local backend's page: `make test-browser` installs what that needs and sets BROWSER.

BROWSER and BROWSER_DRIVER are the paths of a Chromium and of the ChromeDriver that belongs to it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.visit import Visit

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "browser"
SCHEMA = ROOT / "tests" / "data" / "schemas" / "blog" / "model-introspection.json"

collect_ignore_glob = [] if os.environ.get("BROWSER") else ["test_*.py"]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A local backend, started as a person starts it."""
    command = [sys.executable, "-m", "amplify_data_client.dev.cli", "local", "--outputs", str(SCHEMA), "--port", "0"]
    with subprocess.Popen([*command, "--db", str(tmp_path / "blog.db")], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "http://" not in said:
            said = process.stdout.readline()
            assert said, "the backend ended"
        yield f"http://{said.split('http://')[1].split()[0].rstrip('/').removesuffix('/graphql')}"
        process.terminate()
        process.stdout.read()


@pytest.fixture
def visit(url: str) -> "Iterator[Visit]":
    """A browser at the page; afterwards it must have complained about nothing and asked no other host."""
    from tests.browser.visit import browser

    with browser(SCREENSHOTS) as made:
        made.open(f"{url}/")
        yield made
        assert made.complaints() == []
        assert [asked for asked in made.asked() if not asked.startswith((f"{url}/", "data:", "blob:"))] == []
