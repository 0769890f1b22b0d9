"""Compares programs: each round runs every program once, in turn, as a process of its own."""

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

JAVASCRIPT = "JavaScript"


class Runner(Protocol):
    """What takes part in a race; `figures` runs it once, and gives names and numbers."""

    @property
    def name(self) -> str: ...

    def figures(self) -> Iterable[tuple[str, float]]: ...


@dataclass(frozen=True)
class Program:
    """A program that says figures of itself, and the environment it runs in."""

    name: str
    command: list[str | Path]
    environment: dict[str, str]

    def figures(self) -> Iterable[tuple[str, float]]:
        start = time.perf_counter()
        with subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            figures = [("first", (time.perf_counter() - start) * 1e3)]
            said, errors = process.communicate()
        if process.returncode:
            raise SystemExit(f"{self.name}, {self.command[-2:]}: {errors.decode()[-2000:]}")
        return figures + [(name, value) for name, value in map(json.loads, said.splitlines())]


@dataclass
class Race:
    """The figures of all rounds: by figure, by runner."""

    figures: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def median(self, figure: str, runner: str) -> float:
        return statistics.median(self.figures[figure][runner])

    def ratios(self, figure: str, runner: str, base: str, base_figure: str | None = None) -> list[float]:
        """The ratios within each round, in ascending order."""
        pairs = zip(self.figures[figure][runner], self.figures[base_figure or figure][base], strict=True)
        return sorted(one / other for one, other in pairs)


def run(runners: Sequence[Runner], rounds: int) -> Race:
    """Run all, in an order that rotates, so that a slow spell of the machine hits all alike."""
    race = Race()
    for runner in runners:  # fills the caches of files, and shows what fails
        runner.figures()
    for number in range(rounds):
        turn = number % len(runners)
        for runner in [*runners[turn:], *runners[:turn]]:
            for figure, value in runner.figures():
                race.figures.setdefault(figure, {}).setdefault(runner.name, []).append(value)
    return race


def node() -> str:
    """The path of Node.js, since the functions' PATH is that of a function."""
    found = shutil.which("node")
    if found is None:
        raise SystemExit("The benchmarks need Node.js 20 or later: node was not found.")
    return found
