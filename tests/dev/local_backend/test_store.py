"""What is stored stays stored, is found by its keys without a scan, and by many at once."""

import itertools
import json
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client.dev.local_backend import LocalBackend, key_bytes
from amplify_data_client.dev.local_backend.store import Query, Range, Store
from amplify_data_client.dev.local_backend.tables import KeyFields, Table, tables
from tests.dev.local_backend.asking import SCHEMAS, Api, introspection

ROOT = Path(__file__).parents[3]
numbers = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))


@given(numbers, numbers)
def test_numbers_as_bytes_compare_as_numbers(left: float, right: float) -> None:
    assert (key_bytes.encode(left) < key_bytes.encode(right)) == (left < right)
    assert (key_bytes.encode(left) == key_bytes.encode(right)) == (left == right)


@given(st.text(st.characters()), st.text(st.characters()))
def test_strings_as_bytes_compare_as_utf8_and_prefixes_as_ranges(left: str, right: str) -> None:
    one, other = (text.encode("utf-8", "surrogatepass") for text in (left, right))
    assert (key_bytes.encode(left) < key_bytes.encode(right)) == (one < other)
    low, high = key_bytes.encode(right), key_bytes.after_prefix(key_bytes.encode(right))
    assert (low <= key_bytes.encode(left) <= high) == left.startswith(right)


def test_a_key_of_a_whole_float_is_that_of_the_integer() -> None:
    assert key_bytes.encode(1.0) == key_bytes.encode(1)
    assert key_bytes.joined(["a", 1.0, 2, True, 1.5]) == "a#1#2#true#1.5"


@pytest.fixture
def steps(sample: Api) -> Store:
    """A store with 100,000 todos of 1,000 lists."""
    store = sample.backend._models.store
    items = ({"id": f"t{n}", "content": "x", "listId": f"l{n % 1000}", "dueAt": f"{n:06d}"} for n in range(100_000))
    table = tables(sample.backend.introspection)["Todo"]
    with store.writing():
        for item in items:
            store.put(table, item)
    return store


def count_steps(store: Store, query: Query, limit: int) -> tuple[int, int]:
    counter = itertools.count()
    store._connection.set_progress_handler(lambda: next(counter) and None, 1)
    found = len(store.page(query, limit).items)
    store._connection.set_progress_handler(None, 0)
    return next(counter), found


def test_a_list_by_key_over_a_hundred_thousand_items_does_not_scan(steps: Store, sample: Api) -> None:
    table = tables(sample.backend.introspection)["Todo"]
    partition = key_bytes.encode("l7")
    for index in ("gsi-TodoList.todos", "todosByListIdAndDueAt"):
        key = table.indexes[index]
        low = key_bytes.encode("050000")
        for range_ in (Range(), Range(low=low) if key.sort else Range()):
            for is_descending in (False, True):
                taken, found = count_steps(steps, Query(table, key, partition, range_, is_descending), 10)
                assert found == 10
                assert taken < 1000  # instructions of SQLite's machine; a scan takes more than 100,000
    taken, found = count_steps(steps, Query(table), 10)
    assert (found, taken < 1000) == (10, True)
    answer = sample.run("getTodoList", "id", id="none")
    assert answer is None
    taken, _ = count_steps(steps, Query(table, None, key_bytes.spread(key_bytes.encode("t5"))), 10)
    assert taken < 1000


def test_a_page_goes_on_at_its_position_whatever_was_deleted_meanwhile(todo: Api) -> None:
    todo.backend.seed({"Todo": [{"name": str(n)} for n in range(10)]})
    first = todo.run("listTodos", "items { id } nextToken", limit=5)
    for item in first["items"]:
        todo.run("deleteTodo", "id", input={"id": item["id"]})
    rest = todo.run("listTodos", "items { id }", limit=100, nextToken=first["nextToken"])
    assert len(rest["items"]) == 5


def test_a_file_keeps_its_items(tmp_path: Path) -> None:
    path = tmp_path / "items.db"
    with LocalBackend(introspection("todo"), db=path) as backend:
        Api(backend).run("createTodo", "id", input={"id": "1", "name": "é\ud83d\ude00"})
    with LocalBackend(introspection("todo"), db=path) as backend:
        assert [item["name"] for item in backend.items("Todo")] == [
            "é\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")
        ]


def test_a_file_is_arranged_anew_when_the_schema_gets_an_index(tmp_path: Path) -> None:
    path, raw = tmp_path / "items.db", introspection("todo")
    with LocalBackend(raw, db=path) as backend:
        Api(backend).run("createTodo", "id", input={"id": "1", "name": "x"})
    key = {"name": "byName", "queryField": "todosByName", "fields": ["name"]}
    raw["models"]["Todo"]["attributes"].append({"type": "key", "properties": key})
    with LocalBackend(raw, db=path) as backend:
        assert Api(backend).run("todosByName", "items { id }", name="x") == {"items": [{"id": "1"}]}


def test_two_models_whose_names_differ_in_case_have_two_tables() -> None:
    raw = introspection("todo")
    raw["models"]["todO"] = {**raw["models"]["Todo"], "name": "todO", "pluralName": "todOs"}
    with LocalBackend(raw) as backend:
        backend.seed({"Todo": [{"id": "1"}], "todO": [{"id": "2"}]})
        assert [item["id"] for item in backend.items("Todo")] == ["1"]


CHILD = """
import json, sys
from amplify_data_client.dev.local_backend import LocalBackend
backend = LocalBackend(sys.argv[1], db=sys.argv[2], api_key="key")
name = 0
while True:
    body = json.dumps({"query": 'mutation { createTodo(input: {id: "%s%d"}) { id } }' % (sys.argv[3], name)})
    reply = json.loads(backend.handle("POST", "/graphql", {"x-api-key": "key"}, body.encode()).body)
    print(reply["data"]["createTodo"]["id"], flush=True)
    name += 1
"""


def start(path: Path, prefix: str) -> subprocess.Popen[str]:
    schema = SCHEMAS / "todo" / "model-introspection.json"
    command = [sys.executable, "-c", CHILD, str(schema), str(path), prefix]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_killed_process_loses_no_acknowledged_write(tmp_path: Path) -> None:
    path = tmp_path / "items.db"
    with start(path, "x") as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(200)]
        child.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]
    assert child.returncode == -signal.SIGKILL
    with LocalBackend(introspection("todo"), db=path) as backend:
        assert {item["id"] for item in backend.items("Todo")} >= set(acknowledged)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_several_processes_write_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "items.db"
    children = [start(path, name) for name in "ab"]
    acknowledged: list[str] = []
    for child in children:
        assert child.stdout is not None
        acknowledged += [child.stdout.readline().strip() for _ in range(50)]
    for child in children:
        child.kill()
        child.communicate()
    with LocalBackend(introspection("todo"), db=path) as backend:
        assert {item["id"] for item in backend.items("Todo")} >= set(acknowledged)


@pytest.mark.parametrize("db", ["memory", "file"])
def test_a_hundred_clients_at_once_lose_nothing(tmp_path: Path, db: str) -> None:
    barrier = threading.Barrier(100)
    with LocalBackend(introspection("todo"), db=":memory:" if db == "memory" else tmp_path / "x.db") as backend:
        api = Api(backend)

        def work(client: int) -> None:
            barrier.wait()
            for n in range(10):
                api.run("createTodo", "id", input={"id": f"{client}-{n}", "name": "0"})
                api.run("updateTodo", "id", input={"id": f"{client}-{n}", "name": str(n)})

        with ThreadPoolExecutor(100) as pool:
            list(pool.map(work, range(100)))
        found = {item["id"]: item["name"] for item in backend.items("Todo")}
    assert found == {f"{client}-{n}": str(n) for client in range(100) for n in range(10)}


def test_only_one_of_many_creates_of_one_key_succeeds(todo: Api) -> None:
    def create(n: int) -> bool:
        body = json.dumps({"query": f'mutation {{ createTodo(input: {{id: "1", name: "{n}"}}) {{ id }} }}'}).encode()
        return "errors" not in todo.post(body)[1]

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(create, range(100))) == 1


def test_a_condition_and_its_write_are_one_step(sample: Api) -> None:
    sample.run("createTodo", "id", input={"id": "1", "content": "x", "score": 0})

    def increment(_n: int) -> int:
        tries = 0
        while True:
            tries += 1
            score = sample.run("getTodo", "score", id="1")["score"]
            given = f'input: {{id: "1", score: {score + 1}}}, condition: {{score: {{eq: {score}}}}}'
            query = f"mutation {{ updateTodo({given}) {{ id }} }}"
            if "errors" not in sample.ask(query):
                return tries

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(40)))
    assert sample.run("getTodo", "score", id="1") == {"score": 40}


def test_what_fails_inside_a_write_is_undone(todo: Api) -> None:
    with pytest.raises(RuntimeError):
        _write_and_fail(todo)
    assert todo.backend.items("Todo") == []
    todo.run("createTodo", "id", input={"id": "1"})


def _write_and_fail(todo: Api) -> None:
    store = todo.backend._models.store
    with store.writing():
        store.put(tables(todo.backend.introspection)["Todo"], {"id": "1"})
        raise RuntimeError


def test_an_item_is_in_an_index_if_it_has_both_keys() -> None:
    key = KeyFields("x", "a", ("b", "c"))
    table = Table("T", KeyFields("", "id", ()), {"x": key})
    assert table.composites({"b": "x", "c": 2}) == {"b#c": "x#2"}
    assert table.composites({"other": 1}) == {}
    assert table.secondary(key, {"a": "1", "b": "x", "c": 2}) == (None, None)
    assert table.secondary(key, {"a": "1", "b#c": "x#2"}) == (b"s1", b"sx#2")
