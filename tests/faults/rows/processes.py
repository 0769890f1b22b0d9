"""Forks, freezes, restarts, and calls that are given up."""

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from tests.faults.cells import Cell, Point, Row, calling, one_of_each
from tests.faults.heart import HEART
from tests.faults.judge import MARGIN
from tests.faults.server import Exchange, Server, answers
from tests.faults.ways import Caller, Reported, Way, environment

WORDS = ("done", "may have", "not", "foreign", "wrong")
CALLS = 3  # of each child


def _takes_a_moment(exchange: Exchange) -> None:
    exchange.execute()
    exchange.send(0.002, exchange.reply)


class _Slow:
    """A session of boto3's kind, whose credentials take a moment each time."""

    region_name = "us-east-1"

    def get_credentials(self) -> "_Slow":
        time.sleep(0.01)
        return self

    def get_frozen_credentials(self) -> Any:
        time.sleep(0.005)
        return _Keys("AKIDEXAMPLE", os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["AWS_SESSION_TOKEN"])


class _Keys(NamedTuple):
    access_key: str
    secret_key: str
    token: str


def _forks(cell: Cell) -> None:
    """Children are forked while the parent calls: with an API key, and with credentials that others are waiting for."""
    options: list[dict[str, Any]] = [{}]
    if cell.way.transport == "direct":
        options.append({"mode": "iam", "session": _Slow()})
    for more in options:
        with Server(_takes_a_moment) as server, calling(cell, server.url(), timeout=10.0, **more) as caller:
            with _under_load(caller) as reported:
                for number in range(6 * cell.many):
                    _fork(cell, caller, server, f"child-{number}")
            for identifier, one in reported:
                cell.tally.judge_create(one, identifier, server, caller, f"{cell.name}, the parent's create", "done")


@contextmanager
def _under_load(caller: Caller) -> Iterator[list[tuple[str, Reported]]]:
    """Four callers at the same time, until the end of the block."""
    over, reported = threading.Event(), []  # type: threading.Event, list[tuple[str, Reported]]

    def call(place: int) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            identifier = f"parent-{place}-{number}"
            reported.append((identifier, caller.create(identifier)))

    async def awaits(place: int) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            identifier, began, lag = f"parent-{place}-{number}", time.monotonic(), HEART.lag
            error, result = None, None
            try:
                result = await caller.client.models.Todo.create(id=identifier, name=identifier)
            except Exception as raised:
                error = raised
            one = Reported(Caller.word_for(error), result, error, time.monotonic() - began, HEART.lag - lag)
            reported.append((identifier, one))

    async def all_of_them() -> None:
        await asyncio.gather(*map(awaits, range(4)))

    targets: list[Callable[[], object]] = [lambda place=place: call(place) for place in range(4)]  # type: ignore[misc]
    if caller.way.awaits:
        targets = [lambda: caller.await_if(all_of_them)]
    threads = [threading.Thread(target=target, name="load") for target in targets]
    for thread in threads:
        thread.start()
    try:
        yield reported
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _fork(cell: Cell, caller: Caller, server: Server, name: str) -> None:
    time.sleep(cell.rng.random() / 50)
    began, lag = time.monotonic(), HEART.lag
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that forks of processes with threads are no good idea
        child = os.fork()
    if child == 0:
        try:
            os._exit(_of_the_child(caller, name))
        finally:
            os._exit(255)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - began > CALLS * caller.timeout + MARGIN + 2 * (HEART.lag - lag):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            cell.tally.add("hung", f"{cell.name}, {name}")
            return
        time.sleep(0.005)
    code = os.waitstatus_to_exitcode(status)
    if code not in range(len(WORDS) ** CALLS):
        cell.tally.add("wrong", f"{cell.name}, {name} ended with {code}")
        return
    for number in range(CALLS):
        code, word = divmod(code, len(WORDS))
        cell.tally.counts["calls"] += 1
        cell.tally.counts[WORDS[word]] += 1
        cell.tally.compare(WORDS[word], server.executed[f"{name}-{number}"], f"{cell.name}, {name}, call {number}")
        if WORDS[word] != "done":
            cell.tally.add("wrong", f"{cell.name}, {name}, call {number} reported {WORDS[word]}")


def _of_the_child(caller: Caller, name: str) -> int:
    """Call, and give as one number what was reported."""

    def word(identifier: str) -> str:
        try:
            call = caller.client.models.Todo.create(id=identifier, name=identifier)
            result = asyncio.run(_awaited(call)) if caller.way.awaits else call
        except Exception as error:
            return Caller.word_for(error)
        return "done" if result.data.id == identifier else "wrong"

    words = [word(f"{name}-{number}") for number in range(CALLS)]
    return sum(WORDS.index(one) * len(WORDS) ** place for place, one in enumerate(words))


async def _awaited(call: Any) -> Any:
    return await call


def _client_process(way: Way, url: str, folder: str, pipe: Connection) -> None:
    """Make the calls that the pipe asks for."""
    from tests.faults.runner import begin

    begin(folder)
    with environment(way, url):
        caller = Caller(way, url, timeout=4.0)
        while (identifier := pipe.recv()) is not None:
            reported = caller.create(identifier)
            pipe.send((reported.what, reported.record))
        caller.close()
        caller.end()


def _frozen_clients(cell: Cell) -> None:
    """The process of the client stands still, while its connections end, and while a call is under way."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = Server()
    folder = os.path.dirname(os.environ["SSL_CERT_FILE"])
    process = spawn.Process(target=_client_process, args=(cell.way, server.url(), folder, theirs))
    process.start()
    theirs.close()  # so that its end is an end of the pipe
    assert process.pid is not None
    past: Counter[str] = Counter()

    def call(identifier: str, allowed: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        ours.send(identifier)
        meanwhile()
        what, record = ours.recv()
        name = f"{cell.name}, {identifier}"
        cell.tally.counts["calls"] += 1
        cell.tally.counts[what] += 1
        cell.tally.compare(what, (past + server.executed)[identifier], name)
        if what not in allowed or (what == "done" and record != identifier):
            cell.tally.add("wrong", f"{name} reported {what}, with the record of {record}; not {allowed}")

    @contextmanager
    def frozen() -> Iterator[None]:
        os.kill(process.pid or 0, signal.SIGSTOP)
        try:
            yield
            time.sleep(0.05)
        finally:
            os.kill(process.pid or 0, signal.SIGCONT)

    def freeze_long() -> None:
        time.sleep(0.05)
        with frozen():
            time.sleep(4.3)

    try:
        call("first", "done")
        with frozen():
            server.hang_up()
        call("after an end", "done" if cell.way.is_ours else "done | may have")
        with frozen():
            server.stop()
            past.update(server.executed)
            server = Server(port=server.port)
        call("after a restart", "done" if cell.way.is_ours else "done | may have")
        server.behave = _slowly
        call("during a call", "done | may have | not", freeze_long)
        server.behave = answers
        call("after that", "done | may have")
    finally:
        with contextlib.suppress(OSError):
            ours.send(None)
        process.join()
        server.stop()
        process.close()
        ours.close()


def _slowly(exchange: Exchange) -> None:
    exchange.execute()
    exchange.send(0.5, exchange.reply)


def _server_process(pipe: Connection) -> None:
    """Serve, and send through the pipe what was executed."""
    with Server() as server:
        pipe.send(server.port)
        while pipe.recv():
            pipe.send(dict(server.executed))


def _frozen_servers(cell: Cell) -> None:
    """The process of the server stands still longer than the timeout, and then goes on with what came meanwhile."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_server_process, args=(theirs,))
    process.start()
    theirs.close()  # so that its end is an end of the pipe
    assert process.pid is not None
    url = f"http://localhost:{ours.recv()}/graphql"
    reported: list[tuple[str, Reported]] = []
    try:
        with calling(cell, url, timeout=0.6) as caller:
            for number in range(2 * cell.many):
                os.kill(process.pid, signal.SIGSTOP)
                reported += [(f"{number}-{call}", caller.create(f"{number}-{call}")) for call in range(2)]
                os.kill(process.pid, signal.SIGCONT)
                reported.append((f"{number}-after", caller.create(f"{number}-after")))
            time.sleep(0.2)
            ours.send(True)
            executed = Counter(ours.recv())
            for identifier, one in reported:
                name = f"{cell.name}, {identifier}"
                cell.tally.judge(one, name, caller)
                cell.tally.compare(one.what, executed[identifier], name)
                if one.what == "done" and one.record != identifier:
                    cell.tally.add("wrong", f"{name} was given the record of {one.record!r}")
    finally:
        os.kill(process.pid, signal.SIGCONT)
        ours.send(False)
        process.join()
        process.close()
        ours.close()


def _restarts(cell: Cell) -> None:
    """The server ends under load, is away for a moment, and comes back at the same address."""
    server = Server(_takes_a_moment)
    past: Counter[str] = Counter()
    try:
        with calling(cell, server.url(), timeout=5.0) as caller:
            with _under_load(caller) as reported:
                for _ in range(5 * cell.many):
                    time.sleep(0.05)
                    server.stop()
                    past.update(server.executed)
                    time.sleep(cell.rng.random() / 50)
                    server = Server(_takes_a_moment, port=server.port)
                time.sleep(0.1)
            server.executed.update(past)
            for identifier, one in reported:
                cell.tally.judge_create(one, identifier, server, caller, f"{cell.name}, create")
    finally:
        server.stop()


def _given_up(cell: Cell) -> None:
    """Tasks are cancelled at any moment; the calls after them get their own replies."""
    with Server(_takes_a_moment) as server, calling(cell, server.url(), timeout=10.0) as caller:
        for number in range(15 * cell.many):
            pause = cell.rng.random() / 200

            async def give_up(name: str = f"given-up-{number}", pause: float = pause) -> None:
                task = asyncio.ensure_future(caller.client.models.Todo.create(id=name, name=name))
                await asyncio.sleep(pause)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

            caller.await_if(give_up)
            one_of_each(
                cell, server, caller, Point("after a cancelled call", answers, "done", "done"), f"{number}-after"
            )


ROWS = [
    Row("forks under load", run=_forks, suits=lambda way: not way.transport.startswith("httpx")),
    Row("a client's process that is frozen", run=_frozen_clients),
    Row("a server that is frozen", run=_frozen_servers),
    Row("a server that restarts under load", run=_restarts),
    Row("calls that are cancelled", run=_given_up, suits=lambda way: way.awaits),
]
