"""A row of the table is a kind of fault; a cell is a row in one way of calling. Runs a cell."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from .judge import Tally, Watch
from .server import Behaviour, Greeting, Server, answers
from .ways import Caller, Way, environment


class Point(NamedTuple):
    """One fault. `create` and `get` are what a call may report ("done | may have"); empty: whatever is true."""

    name: str
    behave: Behaviour = answers
    create: str = ""
    get: str = ""
    null: bool = False  # the reply may say that there is no such record
    greet: Greeting | None = None
    description: int = 0  # characters that the mutation sends beside


class Cell(NamedTuple):
    """What a row's own function needs to run."""

    name: str
    way: Way
    rng: Random
    many: int
    tally: Tally


@dataclass(frozen=True)
class Row:
    """A kind of fault.

    `points` are run one after the other with one client; with `is_shared` each goes to `many` of the ways, by lot.
    `run` takes their place where a fault needs more than a server that behaves so.
    """

    name: str
    points: Callable[[Random, int], Sequence[Point]] | None = None
    run: Callable[[Cell], None] | None = None
    timeout: float = 10.0
    is_shared: bool = False
    suits: Callable[[Way], bool] = lambda way: True


def run_cell(row: Row, way: Way, ways: Sequence[Way], seed: int, many: int) -> Tally:
    """Run a row in one way; gives what came of it."""
    name, tally = f"{row.name} ({way})", Tally()
    rng = Random(f"{seed} {row.name}")
    with Watch(tally, name):
        if row.run is not None:
            row.run(Cell(name, way, rng, many, tally))
        if row.points is not None:
            points = [*row.points(rng, many)]
            if row.is_shared:
                rng.shuffle(points)
                place = ways.index(way)
                points = [point for number, point in enumerate(points) if (number - place) % len(ways) < many]
            run_points(points, Cell(name, way, rng, many, tally), row.timeout)
    return tally


def run_points(points: Sequence[Point], cell: Cell, timeout: float) -> None:
    """A mutation and a query for each point; and one more of each, for which the server behaves as it should."""
    with Server() as server, calling(cell, server.url(), timeout=timeout) as caller:
        for number, point in enumerate(points):
            server.behave, server.greet = point.behave, point.greet
            if point.greet is not None:  # it is the new connections that are greeted
                server.hang_up()
            one_of_each(cell, server, caller, point, f"{number:04}")
            server.behave, server.greet = answers, None
            one_of_each(cell, server, caller, Point(f"after {point.name}"), f"{number:04}-after")


def one_of_each(cell: Cell, server: Server, caller: Caller, point: Point, identifier: str) -> None:
    """A mutation and a query, judged."""
    name = f"{cell.name}, {point.name}"
    more = {"description": "x" * point.description} if point.description else {}
    given = {"id": f"{identifier}-create", "name": f"{identifier}-create", **more}
    reported = caller.report(lambda: caller.client.models.Todo.create(given))
    cell.tally.judge_create(reported, given["id"], server, caller, f"{name}, create", point.create)
    identifier = f"{identifier}-query!"
    reported = caller.get(identifier)
    cell.tally.judge_get(reported, identifier, caller, f"{name}, get", point.get, null=point.null)


@contextmanager
def calling(cell: Cell, url: str, **options: object) -> Iterator[Caller]:
    """A client of this cell's way; what it leaves in its loop is a leak."""
    with environment(cell.way, url):
        caller = Caller(cell.way, url, **options)
        try:
            yield caller
        finally:
            caller.close()
            for task in caller.tasks():
                cell.tally.add("leaked", f"{cell.name}: {task}")
            caller.end()


@contextmanager
def full_listener(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port whose queue is full: a connection to it is neither made nor refused."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for one in waiting:
                one.close()
