"""What is stored stays stored, is found by its keys without a scan, and by many at once."""

import itertools
import json
import math
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client.dev.local_backend import LocalBackend, context
from amplify_data_client.dev.local_backend.dynamodb import key_bytes
from amplify_data_client.dev.local_backend.dynamodb.store import Query, Range, Store
from amplify_data_client.dev.local_backend.dynamodb.tables import KeyFields, Table, tables
from amplify_data_client.errors import ConfigurationError
from tests.dev.local_backend.asking import SCHEMAS, Api, Enum, introspection

ROOT = Path(__file__).parents[4]
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
    taken, _ = count_steps(steps, Query(table, None, key_bytes.hashed(key_bytes.encode("t5"))), 10)
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
def test_a_hundred_clients_at_once_lose_nothing(tmp_path: Path, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_SECONDS", math.inf)  # on a busy machine a hundred at once may take longer
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


def plans(api: Api, run: Callable[[], object]) -> list[str]:
    """How SQLite goes about every query of an operation."""
    connection, queries = api.backend._models.store._connection, list[str]()
    connection.set_trace_callback(lambda sql: queries.append(sql) if sql.startswith("SELECT") else None)
    run()
    connection.set_trace_callback(None)
    assert queries
    return [row[3] for sql in queries for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize(
    ("field", "given", "index"),
    [
        ("getReading", {"deviceId": "1", "takenAt": "2020-01-01T00:00:00.000Z"}, "PRIMARY KEY (pk=? AND sk=?)"),
        ("listReadings", {"deviceId": "1"}, "PRIMARY KEY (pk=?)"),
        (
            "listReadings",
            {"deviceId": "1", "takenAt": {"gt": "2020-01-01T00:00:00.000Z"}},
            "PRIMARY KEY (pk=? AND sk>?)",
        ),
        ("listReadings", {"deviceId": "1", "sortDirection": Enum("DESC")}, "PRIMARY KEY (pk=?)"),
    ],
)
def test_what_is_asked_for_by_key_is_searched_for(
    identifiers: Api, field: str, given: dict[str, Any], index: str
) -> None:
    selection = "deviceId" if field.startswith("get") else "items { deviceId } nextToken"
    [plan] = plans(identifiers, lambda: identifiers.run(field, selection, **given))
    assert plan.startswith("SEARCH ")
    assert plan.endswith(index)


def test_indexes_and_relations_are_searched_and_never_sorted(sample: Api) -> None:
    sample.backend.seed(
        {
            "TodoList": [{"id": "l"}],
            "Todo": [{"id": str(n), "content": "", "listId": "l", "dueAt": f"{n}"} for n in range(5)],
        }
    )
    found = plans(
        sample, lambda: sample.run("todosByListAndDue", "items { id } nextToken", listId="l", dueAt={"gt": "2"})
    )
    found += plans(
        sample, lambda: sample.run("getTodoList", "todos(limit: 2) { items { id list { id } } nextToken }", id="l")
    )
    assert len(found) >= 4
    assert [plan for plan in found if not plan.startswith("SEARCH ")] == []
    assert [plan for plan in plans(sample, lambda: sample.run("listTodos", "items { id }")) if "TEMP" in plan] == []


def test_a_page_goes_on_without_reading_what_was_before(sample: Api) -> None:
    sample.backend.seed(
        {"Todo": [{"id": str(n), "content": "", "listId": "l", "dueAt": f"{n:04}"} for n in range(3000)]}
    )
    token = sample.run("todosByListAndDue", "nextToken", listId="l", limit=2900)["nextToken"]
    store, counter = sample.backend._models.store, itertools.count()
    store._connection.set_progress_handler(lambda: next(counter) and None, 1)
    page = sample.run("todosByListAndDue", "items { id }", listId="l", limit=1, nextToken=token)
    store._connection.set_progress_handler(None, 0)
    assert page == {"items": [{"id": "2900"}]}
    assert next(counter) < 1000


def test_a_file_of_another_program_or_schema_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE todo (mine)")
    connection.close()
    with pytest.raises(ConfigurationError, match="the database of another program: it has the tables todo"):
        LocalBackend(introspection("todo"), db=path)
    with LocalBackend(introspection("blog"), db=tmp_path / "blog.db"):
        pass
    with pytest.raises(ConfigurationError, match=r"another schema: it keeps .*Author.* \(it has Todo\)"):
        LocalBackend(introspection("todo"), db=tmp_path / "blog.db")
    with sqlite3.connect(path) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_schema")] == ["todo"]
    connection.close()


def test_a_model_that_the_schema_no_longer_has_keeps_its_items(tmp_path: Path) -> None:
    path, raw = tmp_path / "items.db", introspection("blog")
    with LocalBackend(raw, db=path) as backend:
        backend.seed({"Tag": [{"label": "1"}]})
    without = {
        **raw,
        "models": {name: model for name, model in raw["models"].items() if name in ("Warehouse", "Shelf", "Manager")},
    }
    with LocalBackend(without, db=path) as backend:
        assert "Tag" not in backend.introspection.models
    with LocalBackend(raw, db=path) as backend:
        assert [item["label"] for item in backend.items("Tag")] == ["1"]


def test_items_without_the_key_that_the_schema_has_now_stop_the_start_and_stay(tmp_path: Path) -> None:
    path, raw = tmp_path / "items.db", introspection("todo")
    with LocalBackend(raw, db=path) as backend:
        backend.seed({"Todo": [{"id": "1", "name": "x"}, {"id": "2"}]})
    keyed = introspection("todo")
    keyed["models"]["Todo"]["primaryKeyInfo"]["primaryKeyFieldName"] = "name"
    with pytest.raises(ConfigurationError, match="keeps items of Todo that have no name, which is the model's key now"):
        LocalBackend(keyed, db=path)
    with LocalBackend(raw, db=path) as backend:
        assert len(backend.items("Todo")) == 2


def test_a_file_that_is_read_only_or_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "items.db"
    with LocalBackend(introspection("todo"), db=path) as backend:
        store = backend._models.store
        store._connection.execute("PRAGMA busy_timeout = 10")
        with sqlite3.connect(path) as other:
            other.execute("BEGIN IMMEDIATE")
            error = Api(backend).refuse("createTodo", "id", input={"id": "1"})
            other.rollback()
        other.close()
        assert error["errorType"] == "DynamoDB:InternalServerError"
        assert "database is locked" in error["message"]
        store._connection.execute("PRAGMA query_only = on")
        assert "readonly" in Api(backend).refuse("createTodo", "id", input={"id": "1"})["message"]
        store._connection.execute("PRAGMA query_only = off")
        Api(backend).run("createTodo", "id", input={"id": "1"})


def test_many_processes_may_begin_a_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "items.db"
    children = [start(path, f"p{n}-") for n in range(6)]
    acknowledged = []
    for child in children:
        assert child.stdout is not None
        acknowledged += [child.stdout.readline().strip() for _ in range(5)]
    for child in children:
        child.kill()
        child.communicate()
    assert len(set(acknowledged)) == 30
    with LocalBackend(introspection("todo"), db=path) as backend:
        assert {item["id"] for item in backend.items("Todo")} >= set(acknowledged)
