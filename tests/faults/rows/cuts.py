"""Connections that end where they should not."""

import gzip
import json
import socket
from random import Random

from tests.faults.cells import Cell, Point, Row, calling, one_of_each
from tests.faults.server import HEAD, Behaviour, Exchange, Greeting, Server, answers, reply, todo

LENGTH = len(reply(json.dumps({"data": {"createTodo": todo({"id": "0000-create", "name": "0000-create"})}}).encode()))
GO_ON = 0.002  # time for the bytes before a reset to arrive, sometimes


def cut(form: str, end: str, at: float, pause: float = 0.0) -> Behaviour:
    """Execute, send the reply up to a byte (a number below 1 is a part of it), and end."""

    def behave(exchange: Exchange) -> bool:
        exchange.execute()
        whole = FORMS[form](exchange.answer)
        length = int(at * len(whole)) if isinstance(at, float) else min(at, len(whole) - 1)
        exchange.send(whole[:length], pause)
        if end == "reset":
            exchange.reset()
        return False

    return behave


def chunked(answer: bytes, size: int = 50, coding: bytes = b"") -> bytes:
    parts = [answer[start : start + size] for start in range(0, len(answer), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return HEAD + coding + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


FORMS = {
    "with a length": reply,
    "in chunks": chunked,
    "packed": lambda answer: reply(gzip.compress(answer), headers=b"content-encoding: gzip\r\n"),
    "packed, in chunks": lambda answer: chunked(gzip.compress(answer), coding=b"content-encoding: gzip\r\n"),
    "without a length": lambda answer: HEAD + b"connection: close\r\n\r\n" + answer,
}


def _every_byte(end: str) -> list[Point]:
    return [
        Point(f"{end} at byte {at}", cut("with a length", end, at, at % 2 * GO_ON), "may have", "not")
        for at in range(LENGTH)
    ]


def _other_forms(rng: Random, many: int) -> list[Point]:
    found = []
    for form in FORMS:
        for _ in range(16 * many):
            at, end = rng.random(), rng.choice(["reset", "end"])
            # the last bytes of a reply in chunks say nothing but that it ends
            allowed = ("done | may have", "done | not") if "chunks" in form and at > 0.95 else ("may have", "not")
            found.append(Point(f"{form}, {end} at {at:.3f}", cut(form, end, at, GO_ON), *allowed))
    return found


def _reads_and_resets(length: int) -> Greeting:
    def greet(_server: Server, connection: socket.socket) -> None:
        left = length
        while left and (part := connection.recv(left)):
            left -= len(part)
        Exchange(_server, connection, b"", b"").reset()

    return greet


def _during_the_request(rng: Random, many: int) -> list[Point]:
    places = [(0, 0), (1, 0), (200, 0), (0, 400_000), (1_000, 400_000), (65_536, 400_000), (399_999, 400_000)]
    places += [(rng.randrange(400), 0) for _ in range(9 * many)]
    return [
        Point(
            f"reset after {length} bytes of {size}",
            answers,
            "may have | not",
            "not",
            False,
            _reads_and_resets(length),
            size,
        )
        for length, size in places
    ]


def _executes_and_resets(exchange: Exchange) -> bool:
    exchange.execute()
    exchange.reset()
    return False


def _refuses_early(_server: Server, connection: socket.socket) -> None:
    connection.recv(1_000)
    body = b'{"errors": [{"errorType": "RequestTooLarge", "message": "too large"}]}'
    connection.sendall(reply(body, "413 Content Too Large", b"connection: close\r\n"))


def _large_requests(_rng: Random, many: int) -> list[Point]:
    executed = Point("executed, and reset at once", _executes_and_resets, "may have", "not", description=400_000)
    refused = Point(
        "refused before it was read", answers, "may have | not", "not", greet=_refuses_early, description=3_000_000
    )
    return [executed, refused] * many


def _idle(cell: Cell) -> None:
    """The connection was idle, and is not what it was: the next call has to work, for the client's own connections."""
    stray = reply(b'{"data": {"createTodo": {"id": "stray", "name": "stray"}, "getTodo": {"id": "stray"}}}')
    farewell = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    for what, said in (("an end", b""), ("a reply that nobody asked for", stray), ("a farewell", farewell)) * cell.many:
        connections: list[socket.socket] = []

        def behave(exchange: Exchange, known: list[socket.socket] = connections) -> None:
            known.append(exchange.connection)
            answers(exchange)

        with Server(behave) as server, calling(cell, server.url(), timeout=10) as caller:
            one_of_each(cell, server, caller, Point("before"), "before")
            connections[-1].sendall(said)
            if said != stray:
                connections[-1].shutdown(socket.SHUT_RDWR)
            expected = ("done", "done") if cell.way.is_ours else ("done | may have", "done | not")
            one_of_each(cell, server, caller, Point(what, answers, *expected), "after")


def _ends_soon(rng: Random, many: int) -> list[Point]:
    def ends_after(pause: float) -> Behaviour:
        def behave(exchange: Exchange) -> bool:
            answers(exchange)
            exchange.send(pause)
            return False

        return behave

    return [
        Point("ends a moment after its reply", ends_after(rng.random() / 1000), get="done") for _ in range(20 * many)
    ]


ROWS = [
    Row("a reset at every byte of the reply", lambda rng, many: _every_byte("reset"), is_shared=True),
    Row("an end at every byte of the reply", lambda rng, many: _every_byte("end"), is_shared=True),
    Row("a reply in chunks, packed or without a length, cut anywhere", _other_forms, is_shared=True),
    Row("a reset while the request is read", _during_the_request),
    Row("large requests: executed and reset, refused before they are read", _large_requests),
    Row("idle connections that ended, or that say something", run=_idle),
    Row("an end just after the reply", _ends_soon),
]
