"""Servers that take too long."""

import threading
import time
from random import Random

from tests.faults.cells import Cell, Point, Row, calling, full_listener, one_of_each
from tests.faults.server import HEAD, LONGEST, Exchange, Server, answers

TIMEOUT = 0.6


def _silent(exchange: Exchange) -> bool:
    exchange.execute()
    exchange.send(LONGEST)
    return False


def _says_only(start: bytes, more: bytes) -> Point:
    def behave(exchange: Exchange) -> bool:
        exchange.execute()
        exchange.send(start)
        exchange.drip(more)
        return False

    return Point(f"{start[:20]!r} and drips", behave, "may have | not", "not")


def _drips_all(exchange: Exchange) -> bool:
    exchange.execute()
    exchange.drip(exchange.reply)
    return False


def _without_end(part: bytes) -> Point:
    def behave(exchange: Exchange) -> bool:
        exchange.execute()
        exchange.send(b"" if part.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\n")
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            exchange.send(part * 200)
        return False

    return Point(f"{part[:20]!r} without an end", behave, "may have | not", "not")


def _drips(_rng: Random, _many: int) -> list[Point]:
    return [
        Point("the whole reply drips", _drips_all, "may have | not", "not"),
        _says_only(HEAD, b"x-slow: " + b"a" * 1000),
        _says_only(HEAD + b"content-length: 1000\r\n\r\n", b" " * 1000),
        _says_only(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 1000),
    ]


def _floods(_rng: Random, _many: int) -> list[Point]:
    return [
        _without_end(b"HTTP/1.1 100 Continue\r\n\r\n"),
        _without_end(b"x-more: of the same\r\n"),
        _without_end(b"x" * 100),
    ]


def _late(cell: Cell) -> None:
    """The reply comes after the call has ended; the next calls are not given it."""
    late = threading.Event()

    def behave(exchange: Exchange) -> None:
        exchange.execute()
        late.wait(LONGEST)
        exchange.send(exchange.reply)

    for _ in range(cell.many):
        late.clear()
        with Server(behave) as server, calling(cell, server.url(), timeout=TIMEOUT) as caller:
            one_of_each(cell, server, caller, Point("late", behave, "may have | not", "not"), "late")
            server.behave = answers
            late.set()
            for number in range(4):
                one_of_each(cell, server, caller, Point("after a late one"), f"after-{number}")


def _no_connection(cell: Cell) -> None:
    with (
        full_listener() as port,
        Server() as never,
        calling(cell, f"http://localhost:{port}/graphql", timeout=TIMEOUT) as caller,
    ):
        one_of_each(cell, never, caller, Point("nobody accepts", answers, "not", "not"), "none")


ROWS = [
    Row(
        "silence after the request",
        lambda rng, many: [Point("silent", _silent, "may have | not", "not")],
        timeout=TIMEOUT,
    ),
    Row("replies that drip", _drips, timeout=TIMEOUT),
    Row("heads and 1xx without an end", _floods, timeout=1.0),
    Row("replies after the timeout", run=_late),
    Row("connections that nobody accepts", run=_no_connection),
]
