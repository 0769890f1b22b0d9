"""That the judge of the fault table sees what it looks for, and that the table is documented."""

import socket
import threading
from random import Random

import pytest

from amplify_data_client import ReplyLostError

from . import table
from .cells import Cell, Point, one_of_each
from .judge import FAULTS, Tally, Watch
from .rows import ROWS
from .server import Server, answers
from .ways import API_KEY, Caller, Reported, Way


class Lying:
    """A caller that reports what the test gives it."""

    timeout = 1.0

    def __init__(self, what: str, record: str | None = None, *, seconds: float = 0.0, lag: float = 0.0) -> None:
        error = None if what == "done" else ReplyLostError("lost", may_have_executed=what == "may have")
        result = type("Result", (), {"data": type("Record", (), {"id": record})})()
        self.reported = Reported(what, result, error, seconds, lag)


def judged(caller: Lying, executed: int, allowed: str = "") -> dict[str, int]:
    tally = Tally()
    with Server() as server:
        server.executed["one"] = executed
        tally.judge_create(caller.reported, "one", server, caller, "a call", allowed)
    return {fault: tally.counts[fault] for fault in FAULTS if tally.counts[fault]}


@pytest.mark.parametrize(
    ("caller", "executed", "expected"),
    [
        (Lying("done", "one"), 1, {}),
        (Lying("may have"), 0, {}),
        (Lying("may have"), 1, {}),
        (Lying("not"), 0, {}),
        (Lying("not"), 1, {"lost": 1}),
        (Lying("done", "one"), 0, {"lost": 1}),
        (Lying("may have"), 2, {"doubled": 1}),
        (Lying("done", "another"), 1, {"wrong": 1}),
        (Lying("not", seconds=2.5), 0, {"hung": 1}),
        (Lying("not", seconds=2.5, lag=1.0), 0, {}),  # the machine stood still, not the client
    ],
)
def test_a_lie_is_seen(caller: Lying, executed: int, expected: dict[str, int]):
    assert judged(caller, executed) == expected


def test_what_is_not_allowed_is_seen():
    assert judged(Lying("may have"), 1, "done") == {"wrong": 1}
    assert judged(Lying("may have"), 1, "done | may have") == {}


def test_secrets_in_messages_are_seen():
    tally = Tally()
    tally.look_for_secrets("a call", f"the key {API_KEY} was refused")
    assert tally.counts["leaked"] == 1
    assert API_KEY not in "".join(tally.found)


def test_what_is_left_open_is_seen():
    tally = Tally()
    stay = threading.Event()
    thread = threading.Thread(target=stay.wait, name="left behind")
    with Watch(tally, "a cell", patience=0.05):
        left = socket.socket()
        thread.start()
    stay.set()
    thread.join()
    left.close()
    assert tally.counts["leaked"] == 2
    assert "1 sockets were left open" in tally.found[0]
    assert "left behind" in tally.found[1]


@pytest.mark.parametrize("kind", ["blocking", "awaiting"])
def test_a_good_server_is_told_as_one(kind: str):
    tally, way = Tally(), Way(kind, "direct")
    with Server() as server:
        caller = Caller(way, server.url(), timeout=20.0)
        one_of_each(
            Cell("row", way, Random(1), 1, tally), server, caller, Point("good", answers, "done", "done"), "one"
        )
        caller.close()
        caller.end()
    assert tally.found == []
    assert tally.counts == {"calls": 2, "done": 2, "executed": 1}


def test_the_documents_table_has_the_rows_and_no_fault():
    """`make test-faults WRITE=1` writes it."""
    assert table.differences([row.name for row in ROWS]) == []
    assert table.faults_of(table.documented()) == {"0"}
