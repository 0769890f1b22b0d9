"""Store items in SQLite.

The database is in memory or in a file: a table per model, the item as JSON, and its keys as bytes that sort as DynamoDB
sorts them, so that every query is a range of an index.

A file is in WAL mode with `synchronous=FULL`: a commit returns only when the log is on disk. Neither a killed process
nor a power cut loses an acknowledged write. One connection serves all threads of a process, one after the other;
processes wait for each other's writes.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from amplify_data_client.dev.local_backend.errors import ResolverError
from amplify_data_client.errors import ConfigurationError

from .tables import KeyFields, Table

PAGE_BYTES = 1_000_000  # a page ends after 1 MB, whatever the limit
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """A range of sort keys; None leaves a side open."""

    low: bytes | None = None
    high: bytes | None = None
    includes_low: bool = True
    includes_high: bool = True

    def __contains__(self, key: bytes) -> bool:
        is_above = self.low is None or key > self.low or (self.includes_low and key == self.low)
        return is_above and (self.high is None or key < self.high or (self.includes_high and key == self.high))


@dataclass(frozen=True, slots=True)
class Query:
    """Which items to read, and in which order: from the table or an index; a scan if `partition` is None."""

    table: Table
    index: KeyFields | None = None
    partition: bytes | None = None
    range: Range = Range()
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The items of a page. The next page begins after `position`; None at the end."""

    items: list[Item]
    position: tuple[bytes, ...] | None


class Store:
    """The items of all models."""

    def __init__(self, path: str, tables: Mapping[str, Table]) -> None:
        self._lock = threading.RLock()
        self._tables = tables
        self._connection = _connect(path)
        try:
            with self.writing():
                check_owner(self._connection, path, tables)
                self._connection.execute("CREATE TABLE IF NOT EXISTS _layout (name TEXT PRIMARY KEY, layout TEXT)")
                self._connection.execute("CREATE TABLE IF NOT EXISTS _numbers (name TEXT PRIMARY KEY, last INTEGER)")
                for table in tables.values():
                    self._prepare(table, path)
        except ResolverError as error:
            self._connection.close()
            raise ConfigurationError(f"The items cannot be kept in {path}: {error.__cause__}.") from None
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock: what is read in the block cannot change before it ends."""
        with self._using():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite ends the transaction itself when the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _using(self) -> Iterator[None]:
        """Hold the connection. A full disk or a locked file is reported as an internal error of DynamoDB."""
        with self._lock:
            try:
                yield
            except sqlite3.OperationalError as error:
                message = f"The file of the items cannot be used: {error}"
                raise ResolverError(message, "DynamoDB:InternalServerError") from error

    def get(self, table: Table, key: tuple[bytes, bytes]) -> Item | None:
        with self._using():
            row = self._connection.execute(f"SELECT body FROM {_name(table)} WHERE pk = ? AND sk = ?", key).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, table: Table, item: Item) -> None:
        """Write an item; one with the same key is replaced."""
        with self._using():
            self._insert(table, item)

    def delete(self, table: Table, key: tuple[bytes, bytes]) -> None:
        with self._using():
            self._connection.execute(f"DELETE FROM {_name(table)} WHERE pk = ? AND sk = ?", key)

    def number(self, table: Table, wanted: int | None = None) -> int:
        """Return the number that is wanted, or one above all numbers of the table so far: 1, 2, 3, …"""
        last = "max(last, excluded.last)" if wanted is not None else "last + 1"
        with self._using():
            [number] = self._connection.execute(
                f"INSERT INTO _numbers VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = {last} RETURNING last",
                (table.name, max(wanted, 0) if wanted is not None else 1),
            ).fetchone()
        return int(number) if wanted is None else wanted

    def page(self, query: Query, limit: int | None = None, after: tuple[bytes, ...] | None = None) -> Page:
        """Read at most `limit` items (and about 1 MB) after a position."""
        columns = ("pk", "sk") if query.index is None else (f"{_column(query)}s", "pk", "sk")
        where, values = _where(query, columns, after)
        direction = "DESC" if query.is_descending else "ASC"
        order = ", ".join(f"{column} {direction}" for column in columns)
        sql = f"SELECT body, {', '.join(columns)} FROM {_name(query.table)}{where} ORDER BY {order} LIMIT ?"
        items: list[Item] = []
        size, position = 0, None
        with self._using():
            for body, *place in self._connection.execute(sql, (*values, -1 if limit is None else limit)):
                items.append(json.loads(body))
                size += len(body)
                # like DynamoDB, a full page has a position even if nothing follows
                if len(items) == limit or size >= PAGE_BYTES:
                    position = tuple(place)
                    break
        return Page(items, position)

    def empty(self) -> None:
        """Delete every item."""
        with self.writing():
            for table in self._tables.values():
                self._connection.execute(f"DELETE FROM {_name(table)}")
            self._connection.execute("DELETE FROM _numbers")

    def _insert(self, table: Table, item: Item) -> None:
        keys: list[bytes | None] = [*table.primary(item)]
        for index in table.indexes.values():
            keys += table.secondary(index, item)
        marks = ", ".join("?" * (len(keys) + 1))
        body = json.dumps(item, separators=(",", ":"))
        self._connection.execute(f"INSERT OR REPLACE INTO {_name(table)} VALUES ({marks})", (*keys, body))

    def _prepare(self, table: Table, path: str) -> None:
        layout = json.dumps([[key.name, key.partition, key.sort] for key in (table.key, *table.indexes.values())])
        found = self._connection.execute("SELECT layout FROM _layout WHERE name = ?", (table.name,)).fetchone()
        if found and found[0] == layout:
            return
        rows = [] if found is None else self._connection.execute(f"SELECT body FROM {_name(table)}").fetchall()
        self._connection.execute(f"DROP TABLE IF EXISTS {_name(table)}")
        self._build(table)
        for (body,) in rows:  # the schema's keys have changed: the table is rebuilt
            self._insert_again(table, json.loads(body), path)
        self._connection.execute("INSERT OR REPLACE INTO _layout VALUES (?, ?)", (table.name, layout))

    def _insert_again(self, table: Table, item: Item, path: str) -> None:
        try:
            self._insert(table, item)
        except (KeyError, ResolverError):
            key = ", ".join((table.key.partition, *table.key.sort))
            raise ConfigurationError(
                f"{path} keeps items of {table.name} that have no {key}, which is the model's key now. The file was not "
                "changed. Name another one, or delete it to begin anew."
            ) from None

    def _build(self, table: Table) -> None:
        keys = [f"i{n}{part} BLOB" for n in range(len(table.indexes)) for part in "hs"]
        columns = ", ".join(["pk BLOB", "sk BLOB", *keys, "body TEXT"])
        self._connection.execute(f"CREATE TABLE {_name(table)} ({columns}, PRIMARY KEY (pk, sk)) WITHOUT ROWID")
        for n in range(len(table.indexes)):
            self._connection.execute(
                f"CREATE INDEX {_quoted(f'{_lower(table.name)}_i{n}')} ON {_name(table)} (i{n}h, i{n}s, pk, sk)"
                f" WHERE i{n}h IS NOT NULL"
            )


def _connect(path: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise ConfigurationError(f"The items cannot be kept in {path}: {error}.") from None
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error as error:
        connection.close()
        raise ConfigurationError(
            f"The items cannot be kept in {path}: {error}. Name a file that does not exist yet, or one that a local "
            "backend has made."
        ) from None
    return connection


def check_owner(connection: sqlite3.Connection, path: str, tables: Mapping[str, Table]) -> None:
    """Refuse a file that belongs to another program or another schema.

    Raises:
        ConfigurationError: It is the database of another program, or of another schema.
    """
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if names and "_layout" not in names:
        raise ConfigurationError(
            f"{path} is the database of another program: it has the tables {', '.join(sorted(names))}. Name a new file."
        )
    known = [name for (name,) in connection.execute("SELECT name FROM _layout")] if names else []
    if known and not set(known) & set(tables):
        raise ConfigurationError(
            f"{path} belongs to another schema: it keeps {', '.join(known)}, and none of these is in the introspection "
            f"(it has {', '.join(tables)}). Name another file."
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _name(table: Table) -> str:
    return _quoted(_lower(table.name))


def _lower(name: str) -> str:
    # SQLite's names have no case, models' have: Todo is kept in "^todo"
    return "".join(f"^{letter.lower()}" if letter.isupper() else letter for letter in name)


def _column(query: Query) -> str:
    assert query.index is not None
    return f"i{list(query.table.indexes).index(query.index.name)}"


def _where(query: Query, columns: Sequence[str], after: tuple[bytes, ...] | None) -> tuple[str, list[bytes]]:
    parts: list[str] = []
    values: list[bytes] = []
    if query.partition is not None:
        parts.append("pk = ?" if query.index is None else f"{_column(query)}h = ?")
        values.append(query.partition)
        sort = "sk" if query.index is None else f"{_column(query)}s"
        for bound, operator in (
            (query.range.low, ">=" if query.range.includes_low else ">"),
            (query.range.high, "<=" if query.range.includes_high else "<"),
        ):
            if bound is not None:
                parts.append(f"{sort} {operator} ?")
                values.append(bound)
    if after is not None:
        parts.append(f"({', '.join(columns)}) {'<' if query.is_descending else '>'} ({', '.join('?' * len(columns))})")
        values += after
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values
