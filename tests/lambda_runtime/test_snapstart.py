"""Functions with SnapStart: initialised once, snapshotted, and started from the snapshot on another day."""

import os
from pathlib import Path

import pytest

from amplify_data_client.dev.local_backend import LocalBackend

from . import wire
from .conftest import Deploy, Start
from .test_pauses import Container, revoke

SNAP_START = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}


def connected(process: int, port: int) -> int:
    """How many connections to a port the process has."""
    open_ones = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        kind, _, inode = os.readlink(descriptor).partition(":")
        if kind == "socket":
            open_ones.add(inode.strip("[]"))
    lines = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    established = [line for line in lines if line[3] == "01" and line[9] in open_ones]
    return sum(int(line[2].partition(":")[2], 16) == port for line in established)


@pytest.mark.parametrize("function", ["snapped", "warmed"])
def test_a_function_starts_from_its_snapshot_with_new_connections_and_credentials(
    function: str, deploy: Deploy, started: Start, backend: LocalBackend
):
    first, second = backend.role("initialising"), backend.role("restored")
    container = Container(first)
    container.minutes = 360
    with container.serve() as variables, wire.to(backend.url) as way:
        sandbox = started(deploy(function, url=way.url, **SNAP_START, **variables))
        with sandbox.snapshot():
            port = int(way.url.rpartition(":")[2])
            # what a hook of the function's own has opened afterwards is dropped when the copy starts
            assert connected(sandbox.process.pid, port) == (1 if function == "warmed" else 0)
            assert way.connections >= 1
            revoke(backend, first)
            container.role = second
            way.lose()
            asked, before = container.asked, way.connections
        sandbox.invoke()
        sandbox.invoke()
        assert container.asked > asked
        assert way.connections > before
    assert len(backend.items("Todo")) == 2
    assert sandbox.log == ""


def test_elsewhere_the_runtimes_package_for_hooks_is_not_loaded(deploy: Deploy, started: Start):
    assert "snapshot_restore_py" not in started(deploy("loaded")).invoke()["modules"]
