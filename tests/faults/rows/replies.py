"""Replies that are not what was asked for."""

import gzip
import json
import re
import socket
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

from tests.faults.cells import Cell, Point, Row, calling, one_of_each, run_points
from tests.faults.server import HEAD, Behaviour, Exchange, Server, answers, reply
from tests.faults.ways import Caller

from .cuts import FORMS, chunked

STRAY = reply(
    b'{"data": {"createTodo": {"id": "stray", "name": "stray"}, "getTodo": {"id": "stray", "name": "stray"}}}'
)


def sends(make: Callable[[Exchange], bytes], *, ends: bool = False, executes: bool = True) -> Behaviour:
    """Execute, and send what is made of the request."""

    def behave(exchange: Exchange) -> bool:
        if executes:
            exchange.execute()
        exchange.send(make(exchange))
        return not ends

    return behave


def _good_forms(_rng: Random, _many: int) -> list[Point]:
    def packed(coding: str, data: bytes) -> bytes:
        return reply(data, headers=f"content-encoding: {coding}\r\n".encode())

    made: dict[str, Callable[[bytes], bytes]] = {
        **FORMS,
        "deflate": lambda answer: packed("deflate", zlib.compress(answer)),
        "in chunks with extensions and trailers": lambda answer: (
            HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"%x;a=b\r\n%s\r\n0\r\nx: y\r\n\r\n" % (len(answer), answer)
        ),
        "after 100 and 103": lambda answer: (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + reply(answer)
        ),
        "in small chunks": lambda answer: chunked(answer, 1),
        "with 80 headers": lambda answer: reply(answer, headers=b"".join(b"x-%d: y\r\n" % n for n in range(80))),
    }
    points = [
        Point(
            name,
            sends(lambda exchange, form=form: form(exchange.answer), ends=name == "without a length"),
            "done",
            "done",
        )
        for name, form in made.items()
    ]
    old = sends(lambda exchange: exchange.reply.replace(b"HTTP/1.1", b"HTTP/1.0", 1), ends=True)
    halves = sends(lambda one: packed("gzip", gzip.compress(one.answer[:20]) + gzip.compress(one.answer[20:])))
    return [
        *points,
        Point("HTTP/1.0", old, "done", "done"),
        Point("packed, of two members", halves, "done | may have", "done | not"),
    ]


def _framings(_rng: Random, _many: int) -> list[Point]:
    def with_length(change: int) -> Callable[[Exchange], bytes]:
        return lambda exchange: HEAD + b"content-length: %d\r\n\r\n" % (len(exchange.answer) + change) + exchange.answer

    def in_chunk(size: str, end: bytes = b"\r\n0\r\n\r\n") -> Callable[[Exchange], bytes]:
        return lambda exchange: (
            HEAD
            + b"transfer-encoding: chunked\r\n\r\n"
            + size.encode() % len(exchange.answer)
            + b"\r\n"
            + exchange.answer
            + end
        )

    def headed(head: bytes) -> Callable[[Exchange], bytes]:
        return lambda exchange: head + b"\r\n" + exchange.answer

    broken: dict[str, Callable[[Exchange], bytes]] = {
        "a length that is too long": with_length(5),
        "a length that is too short": with_length(-5),
        "a negative length": headed(HEAD + b"content-length: -1\r\n"),
        "two lengths": headed(HEAD + b"content-length: 9\r\ncontent-length: 3\r\n"),
        "a length of words": headed(HEAD + b"content-length: many\r\n"),
        "a chunk without a size": in_chunk("zz%.0d"),
        "a chunk of negative size": in_chunk("-%x"),
        "a chunk of endless size": in_chunk("ffffffffffffffffffff%x"),
        "a chunk that does not end": in_chunk("%x", b"XX0\r\n\r\n"),
        "chunks without an end": in_chunk("%x", b"\r\n"),
        "a chunk larger than what comes": in_chunk("f%x", b""),
        "chunked twice over": headed(HEAD + b"transfer-encoding: gzip, chunked\r\n"),
        "a header with a space in its name": headed(HEAD + b"x y: z\r\ncontent-length: 2\r\n"),
        "a header of 200,000 bytes": headed(HEAD + b"x: " + b"a" * 200_000 + b"\r\n"),
        "a status line of words": headed(b"HTTP/1.1 fine\r\n"),
        "HTTP/2": lambda _: b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
        "TLS": lambda _: b"\x15\x03\x01\x00\x02\x02\x46",
        "nothing but line ends": lambda _: b"\r\n" * 100,
        "packed garbage": lambda _: reply(b"xxx", headers=b"content-encoding: gzip\r\n"),
        "a coding that nobody offered": lambda _: reply(b"\x8b\x02\x80abc\x03", headers=b"content-encoding: br\r\n"),
    }
    odd: dict[str, Callable[[Exchange], bytes]] = {
        "a length beside chunks": lambda one: chunked(one.answer).replace(
            b"transfer", b"content-length: 7\r\ntransfer", 1
        ),
        "5,000 headers": lambda one: reply(
            one.answer, headers=b"".join(b"h%d: a\r\n" % number for number in range(5_000))
        ),
        "a packed reply without its last bytes": lambda one: reply(
            gzip.compress(one.answer)[:-9], headers=b"content-encoding: gzip\r\n"
        ),
        "bare line feeds": lambda one: one.reply.replace(b"\r\n", b"\n"),
        "a protocol switch": lambda one: b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n" + one.reply,
    }
    return [
        *(Point(name, sends(make, ends=True), "may have", "not") for name, make in broken.items()),
        *(Point(name, sends(make, ends=True), "done | may have", "done | not") for name, make in odd.items()),
    ]


MAY_HAVE_EXECUTED = {408, 499}


def _statuses(rng: Random, _many: int) -> list[Point]:
    def with_status(status: int, body: bytes | None) -> Behaviour:
        executes = status not in range(400, 500) or status in MAY_HAVE_EXECUTED
        return sends(
            lambda exchange: reply(exchange.answer if body is None else body, f"{status} Status"),
            ends=True,
            executes=executes,
        )

    refusal = json.dumps({"errors": [{"errorType": "BadRequestException", "message": "refused"}]}).encode()
    points = []
    for status in [*range(200, 600), 99, 600, 999]:
        body = rng.choice([None, b"", b"<html>", refusal]) if status != 200 else None
        if status == 200:
            allowed = ("done", "done")
        elif 400 <= status < 500 and status not in MAY_HAVE_EXECUTED:
            allowed = ("not", "not")
            body = refusal if body is None else body
        else:
            allowed = ("done | may have", "done | not") if status < 300 and body is None else ("may have", "not")
        points.append(Point(f"HTTP {status}", with_status(status, body), *allowed))
    return points


def _shapes(_rng: Random, _many: int) -> list[Point]:
    both = '{"data": {"createTodo": %s, "getTodo": %s}}'
    broken = {
        "HTML": b"<html>hello</html>",
        "nothing": b"",
        "null": b"null",
        "an empty object": b"{}",
        "an array": b"[]",
        "data null": b'{"data": null}',
        "another root field": b'{"data": {"createOther": {"id": "1"}}}',
        "a list for a record": (both % ("[1]", "[1]")).encode(),
        "text for a record": (both % ('"abc"', '"abc"')).encode(),
        "a number for a record": (both % ("1", "1")).encode(),
        "another record": (both % ('{"id": "another"}', '{"id": "another"}')).encode(),
        "100,000 open brackets": b"[" * 100_000,
        "50,000 arrays in each other": b'{"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        "a number of 10,000 digits": b'{"data":' + b"9" * 10_000 + b"}",
        "bytes that are no text": b'{"data":"\xff\xfe"}',
        "errors without a word": b'{"data": null, "errors": [{}]}',
        "errors that are text": b'{"data": null, "errors": "no"}',
    }
    null = (both % ("null", "null")).encode()
    return [
        *(Point(name, sends(lambda _, body=body: reply(body)), "may have", "not") for name, body in broken.items()),
        Point("null for a record", sends(lambda _: reply(null)), "may have", "done", null=True),
        Point(
            "UTF-16", sends(lambda one: reply(one.answer.decode().encode("utf-16"))), "done | may have", "done | not"
        ),
    ]


def _strays(_rng: Random, _many: int) -> list[Point]:
    def and_then(stray: bytes) -> Behaviour:
        return sends(lambda exchange: exchange.reply + stray)

    def a_moment_later(exchange: Exchange) -> None:
        answers(exchange)
        exchange.send(0.003, STRAY)

    before: dict[socket.socket, bytes] = {}

    def shifted(exchange: Exchange) -> None:
        exchange.execute()
        exchange.send(before.get(exchange.connection, exchange.reply))
        before[exchange.connection] = exchange.reply

    return [
        Point("a byte after the reply", and_then(b"X"), "done | may have", "done | not"),
        Point("another reply after the reply", and_then(STRAY), "done | may have", "done | not"),
        Point("another reply a moment after the reply", a_moment_later, "done | may have", "done | not"),
        Point("each reply twice", sends(lambda exchange: exchange.reply * 2), "done | may have", "done | not"),
        Point("each reply to the request before", shifted),
    ]


def _another_first(_rng: Random, many: int) -> list[Point]:
    """A middlebox that answers with another's reply, and with the right one after it."""

    def behave(exchange: Exchange) -> None:
        exchange.execute()
        exchange.send(STRAY, exchange.reply)

    return [Point("another's reply first", behave, "may have", "not")] * many


def _redirects(cell: Cell) -> None:
    with Server() as elsewhere:

        def redirecting(status: int) -> Point:
            location = f"location: {elsewhere.url()}\r\n".encode()
            return Point(f"HTTP {status}", sends(lambda _: reply(b"", f"{status} Moved", location)), "may have", "not")

        run_points([redirecting(status) for status in (301, 302, 303, 307, 308)], cell, 10.0)
        if elsewhere.requests:
            cell.tally.add("leaked", f"{cell.name}: the request went on to another server, with its credentials")


MOST_MEMORY = 768  # MiB: 64 of a reply, packed and unpacked, may be held by the errors of three attempts, but no 1,024


def bomb(gibibytes: int = 1) -> bytes:
    """A gzip member of so many bytes of zeros; its checksum is wrong, and nobody comes so far as to see that."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    start = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + again * (gibibytes * 1024 - 1)


def _endless(exchange: Exchange) -> bool:
    exchange.execute()
    exchange.send(HEAD + b"transfer-encoding: chunked\r\n\r\n")
    for _ in range(16 * 1024):
        exchange.send(b"10000\r\n" + b" " * 65536 + b"\r\n")
    return False


def _bombs(cell: Cell) -> None:
    packed = bomb()
    points = [
        Point("1 GiB packed", sends(lambda _: reply(packed, headers=b"content-encoding: gzip\r\n")), "may have", "not"),
        Point("1 GiB in chunks", _endless, "may have", "not"),
    ]
    forget_peak()
    run_points(points, cell, 20.0)
    if peak() > MOST_MEMORY:
        cell.tally.add("wrong", f"{cell.name}: {peak()} MiB of memory were taken")


def forget_peak() -> None:
    """Begin to measure the most memory that this process has taken."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """The most memory since then, in MiB."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) >> 10


def _throttled(_rng: Random, _many: int) -> list[Point]:
    seen: Counter[bytes] = Counter()

    def at_first(times: int, make: Callable[[Exchange], bytes]) -> Behaviour:
        def behave(exchange: Exchange) -> None:
            seen[exchange.body] += 1
            if seen[exchange.body] <= times:
                exchange.send(make(exchange))
            else:
                answers(exchange)

        return behave

    def refused(headers: bytes = b"") -> Callable[[Exchange], bytes]:
        error = {"errorType": "TooManyRequestsException", "message": "slow down"}
        return lambda _: reply(json.dumps({"errors": [error]}).encode(), "429 Too Many Requests", headers)

    def dynamodb(exchange: Exchange) -> bytes:
        [name] = exchange.inputs
        kind = "DynamoDB:ProvisionedThroughputExceededException"
        error = {
            "path": [name],
            "errorType": kind,
            "message": "The level of configured provisioned throughput was exceeded.",
        }
        return reply(json.dumps({"data": {name: None}, "errors": [error]}).encode())

    return [
        Point("429 once", at_first(1, refused()), "done", "done"),
        Point("429 twice, with Retry-After", at_first(1, refused(b"retry-after: 1\r\n")), "done", "done"),
        Point("429 always", at_first(99, refused()), "not", "not"),
        Point(
            "429 always, with Retry-After for an hour", at_first(99, refused(b"retry-after: 3600\r\n")), "not", "not"
        ),
        Point("DynamoDB throttles once", at_first(1, dynamodb), "done", "done"),
        Point("DynamoDB throttles always", at_first(99, dynamodb), "not", "not"),
    ]


def _skewed(offset: timedelta) -> Behaviour:
    """As AppSync with such a clock: it refuses what was signed more than five minutes before or after."""

    def behave(exchange: Exchange) -> None:
        found = re.search(rb"x-amz-date: *(\d{8}T\d{6}Z)", exchange.head, re.IGNORECASE)
        assert found is not None, "the request is not signed"
        signed = datetime.strptime(found[1].decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        now = datetime.now(UTC) + offset
        date = f"date: {format_datetime(now, usegmt=True)}\r\n".encode()
        form, limit = "%Y%m%dT%H%M%SZ", timedelta(minutes=5)
        if abs(now - signed) <= limit:
            exchange.execute()
            exchange.send(reply(exchange.answer, headers=date))
            return
        if signed < now:
            said = (
                f"Signature expired: {signed:{form}} is now earlier than {now - limit:{form}} ({now:{form}} - 5 min.)"
            )
        else:
            said = f"Signature not yet current: {signed:{form}} is still later than {now + limit:{form}} ({now:{form}} + 5 min.)"
        error = {"errorType": "InvalidSignatureException", "message": said}
        exchange.send(reply(json.dumps({"errors": [error]}).encode(), "403 Forbidden", date))

    return behave


def _clocks(cell: Cell) -> None:
    for hours in (1, -1, 24 * 400, 0):
        with (
            Server(_skewed(timedelta(hours=hours))) as server,
            calling(cell, server.url(), mode="iam", timeout=10) as caller,
        ):
            one_of_each(
                cell, server, caller, Point(f"a clock that differs by {hours} hours", create="done", get="done"), "one"
            )
            one_of_each(cell, server, caller, Point("the next calls", create="done", get="done"), "two")
            if hours and server.requests > 5:
                cell.tally.add(
                    "wrong", f"{cell.name}: {server.requests} requests for 4 calls: the offset was forgotten"
                )


def _batches(cell: Cell) -> None:
    """Every item is reported, one by one, whatever becomes of its request."""

    def sometimes(exchange: Exchange) -> bool | None:
        fault = rng.choice(["reset before", "reset after", "500 before", "500 after", "cut", None, None])
        if fault is None or "before" not in fault:
            exchange.execute()
        if fault is None:
            exchange.send(exchange.reply)
            return None
        if fault.startswith("500"):
            exchange.send(reply(b"", "500 Internal Server Error"))
            return None
        if fault == "cut":
            exchange.send(exchange.reply[:200])
        exchange.reset()
        return False

    rng = cell.rng
    for number in range(3 * cell.many):
        names = [f"{number}-{item}" for item in range(120)]
        with Server(sometimes) as server, calling(cell, server.url(), timeout=10) as caller:
            _judge_batch(cell, server, caller, names)


def _judge_batch(cell: Cell, server: Server, caller: Caller, names: list[str]) -> None:
    items = [{"id": name, "name": name} for name in names]
    reported = caller.report(lambda: caller.client.models.Todo.batch_create(items))
    cell.tally.look_for_secrets(cell.name, repr(reported.error))
    result = reported.result or getattr(reported.error, "result", None)
    outcomes = result.outcomes if result is not None else []
    if len(outcomes) != len(names):
        cell.tally.add("lost", f"{cell.name}: {len(outcomes)} outcomes of {len(names)} items")
    for name, outcome in zip(names, outcomes, strict=False):
        what = Caller.word_for(outcome.error)
        cell.tally.counts[what] += 1
        cell.tally.counts["calls"] += 1
        cell.tally.compare(what, server.executed[name], f"{cell.name}, item {name}")


ROWS = [
    Row("good replies in every form", _good_forms),
    Row("broken framing", _framings),
    Row("every HTTP status", _statuses, is_shared=True),
    Row("bodies that do not answer the question", _shapes),
    Row("bytes and replies that nobody asked for", _strays),
    Row("another's reply before the right one", _another_first),
    Row("redirects to another server", run=_redirects),
    Row("decompression bombs, endless bodies", run=_bombs),
    Row("throttling", _throttled, timeout=20.0),
    Row("clocks that differ", run=_clocks),
    Row("batches whose requests fail", run=_batches),
]
