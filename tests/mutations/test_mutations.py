"""Whatever a reply, an introspection or an argument looks like: an error of the tree at worst, and never at any cost."""

from random import Random
from types import ModuleType
from typing import Any

import pytest

from tests.valid_documents import Watch

from . import hunt, inputs, introspections, local_backends, replies
from .hunt import COUNT, Case, attempt
from .mutate import mutated, spoilt, written
from .steps import ALLOWED, Ordinary, TooManyStepsError, counted


@pytest.fixture(autouse=True)
def documents_are_looked_at_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No API can be compiled of what is malformed, and looking costs steps."""
    monkeypatch.setattr(Watch, "look_at", lambda *_: None)


@pytest.mark.parametrize(
    "kind", [replies, introspections, inputs, local_backends], ids=lambda kind: kind.__name__.rpartition(".")[2]
)
def test_nothing_leaves_the_error_tree_and_nothing_costs_fifty_times_as_much(kind: ModuleType) -> None:
    name = kind.__name__.rpartition(".")[2]
    ordinary = Ordinary([(case.size, counted(lambda case=case: attempt(case.work))) for case in kind.ordinary()])
    count = COUNT // 5 if kind is local_backends else COUNT  # a backend takes as long as five clients
    assert str(hunt.hunt(name, kind.make, ordinary, range(count))) == ""


def cases(*works: Any) -> Any:
    left = [Case(1, work, "shown") for work in works]
    return lambda _random: left.pop(0)


def test_a_foreign_error_and_a_loop_are_found() -> None:
    def foreign() -> None:
        raise KeyError("x")

    def endless() -> None:
        while True:
            len("")

    ordinary = Ordinary([(1, 100)])
    found = hunt.hunt("made", cases(lambda: None, foreign, endless, foreign), ordinary, range(4))
    assert [(count, number) for count, number, _ in found.kinds.values()] == [(2, 1), (1, 2)]
    assert ["KeyError" in kind for kind in found.kinds] == [True, False]


def test_steps_are_counted_and_bounded() -> None:
    def work() -> None:
        for _ in range(10):
            len("")

    assert counted(work) in range(11, 15)
    with pytest.raises(TooManyStepsError):
        counted(work, 5)
    assert Ordinary([(10, 100), (20, 200), (30, 330)]).allowed(100) == ALLOWED * 1000


def test_a_mutation_can_be_made_again_and_is_one() -> None:
    value = {"data": {"getTodo": {"id": "1", "items": [1, 2, {"a": None}]}}}
    before = repr(value)
    texts = [written(Random(n), mutated(Random(n), value)) for n in range(300)]
    assert texts == [written(Random(n), mutated(Random(n), value)) for n in range(300)]
    assert repr(value) == before
    assert len(set(texts)) > 200
    assert len({spoilt(Random(n), b'{"data":null}') for n in range(100)}) > 15


@pytest.mark.parametrize(
    "kind", [replies, introspections, inputs, local_backends], ids=lambda kind: kind.__name__.rpartition(".")[2]
)
def test_a_number_names_one_input(kind: ModuleType) -> None:
    for number in range(20):
        first, again = (kind.make(Random(f"x {number}")) for _ in range(2))
        assert (first.size, first.shown.partition(" at 0x")[0]) == (again.size, again.shown.partition(" at 0x")[0])
