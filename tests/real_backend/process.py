"""Starts the Node program with all it needs around it, waits until it answers, and ends it."""

import json
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parent / "node" / "serve.mjs"
PATIENCE = 300.0


@contextmanager
def serving(schemas: Sequence[str], *options: str) -> Iterator[dict[str, Any]]:
    """Serve schemas until the end of the block; gives what the program says when it is ready."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            ["node", str(PROGRAM), *options, *schemas],
            stdin=subprocess.PIPE,  # it ends when this process does
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # one group with its JVM, to end together
        )
        with process:
            try:
                yield _ready(process, log)
            finally:
                os.killpg(process.pid, signal.SIGKILL)


def _ready(process: "subprocess.Popen[bytes]", log: Any) -> dict[str, Any]:
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline() if readable else b""
    if line:
        found: dict[str, Any] = json.loads(line)
        return found
    log.seek(0)
    what = "ended before it answered" if readable else f"does not answer after {PATIENCE:.0f} s"
    raise RuntimeError(f"node {PROGRAM} {what}; its log:\n{log.read()}")
