"""Starts a backend, says how soon it answers a query and how many creates it takes a second, and ends it.

backend.py COUNT COMMAND…: what the command prints has its URL and its API key in it, in this order.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import IO

LIST = "{ listTodos { items { id } } }"
CREATE = (
    'mutation { createTodo(input: {name: "A todo", isDone: false}) { id name description isDone createdAt updatedAt } }'
)
CROWD = 8
FOUND = re.compile(r"http://(127\.0\.0\.1:\d+).*?(da2-\w+)", re.DOTALL)


def main(count: int, command: list[str]) -> None:
    print(flush=True)
    start = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as said,  # not a pipe: nobody has to read what it logs
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said) as process,
    ):
        try:
            host, key = _ready(process, said)
            _ask(HTTPConnection(host), key, LIST)
            print(json.dumps(["answered", (time.perf_counter() - start) * 1e3]))
            print(json.dumps(["creates of 1", _rate(host, key, 1, count)]))
            print(json.dumps([f"creates of {CROWD}", _rate(host, key, CROWD, count)]))
        finally:
            process.terminate()


def _ready(process: "subprocess.Popen[bytes]", said: IO[str]) -> tuple[str, str]:
    while process.poll() is None:
        said.seek(0)
        if found := FOUND.search(said.read()):
            return found[1], found[2]
        time.sleep(0.001)
    said.seek(0)
    raise SystemExit(f"It ended before it answered:\n{said.read()}")


def _rate(host: str, key: str, connections: int, count: int) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda _: _creates(host, key, count // connections), range(connections)))
    return count / (time.perf_counter() - start)


def _creates(host: str, key: str, count: int) -> None:
    connection = HTTPConnection(host)
    for _ in range(count):
        _ask(connection, key, CREATE)


def _ask(connection: HTTPConnection, key: str, query: str) -> None:
    headers = {"content-type": "application/json", "x-api-key": key}
    connection.request("POST", "/graphql", json.dumps({"query": query}), headers)
    with connection.getresponse() as response:
        answer = json.load(response)
    if response.status != 200 or "errors" in answer:
        raise SystemExit(f"It does not answer: {response.status} {answer}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
