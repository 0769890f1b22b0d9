"""Measures the local backend beside Amplify's own resolvers, for a schema with one model."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import tables
from .races import Program, node, run
from .workshop import BUILD, HERE, ROOT, Python, make

Command = list[str | Path]
REAL = ROOT / "tests" / "real_backend" / "node"
SCHEMA = ROOT / "tests" / "data" / "schemas" / "todo" / "model-introspection.json"
LOCAL, FILE, RESOLVERS = "the local backend", "the local backend, `--db` a file", "Amplify's resolvers on moto"
SYNTHESISE = """
import fs from 'node:fs';
import { synthesise } from './synthesis.mjs';
import schema from './schemas/todo.mjs';
const introspection = synthesise(schema, process.argv[1]);
fs.mkdirSync(`${process.argv[1]}/introspection`);
fs.writeFileSync(`${process.argv[1]}/introspection/modelIntrospectionSchema.json`, introspection);
"""
COUNT = {LOCAL: 1000, FILE: 400, RESOLVERS: 200}


def local(_pythons: list[Python], rounds: int | None) -> str:
    """From the start of the process to the first answered query; and creates a second."""
    make(REAL / "node_modules" / ".ready")
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, _moto() as dynamodb:
        assembly = _synthesised(Path(folder))
        serve: Command = [
            sys.executable,
            "-m",
            "amplify_data_client.dev.cli",
            "local",
            "--outputs",
            SCHEMA,
            "--port",
            "0",
        ]
        race = run(
            [
                _runner(LOCAL, serve),
                _runner(FILE, [*serve, "--db", Path(folder) / "items.db"]),
                _runner(RESOLVERS, [node(), REAL / "serve.mjs", "--dynamodb", dynamodb, assembly]),
            ],
            rounds or 7,
        )
    return tables.backends("The local backend beside Amplify's own resolvers", race, [LOCAL, FILE], RESOLVERS)


def _runner(name: str, command: Command) -> Program:
    program: Command = [sys.executable, HERE / "python" / "backend.py", str(COUNT[name])]
    return Program(name, [*program, *command], {"PATH": os.environ["PATH"], "HOME": str(BUILD)})


def _synthesised(folder: Path) -> Path:
    assembly = folder / "todo"
    assembly.mkdir()
    subprocess.run(
        [node(), "--input-type=module", "-e", SYNTHESISE, assembly], cwd=REAL, check=True, capture_output=True
    )
    return assembly


@contextmanager
def _moto() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command: Command = [Path(sys.executable).with_name("moto_server"), "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
