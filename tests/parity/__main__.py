"""Replays recordings: python -m tests.parity DIR, where DIR has `goldens` and `generated`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .compare import Difference, differences
from .replay import Step, replay_case
from .rules import RULES, explained


@dataclass
class Tally:
    """What became of the calls of one file."""

    name: str
    passed: int = 0
    unbuilt: int = 0
    intended: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, Difference]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def add(self, where: str, step: Step) -> None:
        self.steps.append(step)
        if step.is_unbuilt:
            self.unbuilt += 1
            return
        rules = {found: explained(step, found) for found in differences(step)}
        wrong = [found for found, rule in rules.items() if rule is None]
        if wrong:
            self.failed.append((where, wrong[0]))
        elif rules:
            self.intended.update({rule: 1 for rule in set(rules.values()) if rule})
        else:
            self.passed += 1

    @property
    def count(self) -> int:
        return len(self.steps)

    def __str__(self) -> str:
        intended = self.count - self.passed - self.unbuilt - len(self.failed)
        line = f"{self.name}: {self.count} calls, {self.passed} passed, {intended} intended, {len(self.failed)} failed"
        line += f", {self.unbuilt} not built yet" if self.unbuilt else ""
        rules = "".join(f"\n    {count:4} {rule}" for rule, count in sorted(self.intended.items()))
        failures = "".join(f"\n  FAILED {where}\n    {found}" for where, found in self.failed)
        return line + rules + failures


def files(folder: Path) -> Iterator[tuple[str, Any, Any]]:
    """The recordings of HTTP calls in a folder: name, recording, introspection."""
    for path in sorted((folder / "goldens").glob("*.json")):
        recording = json.loads(path.read_text())
        if isinstance(recording, dict) and "schema" in recording and "cases" in recording:
            generated = folder / "generated" / recording["schema"] / "model-introspection.json"
            yield path.stem, recording, json.loads(generated.read_text())


def replay(name: str, recording: Any, introspection: Any, *, awaits: bool = False) -> Tally:
    """Replay one file."""
    tally = Tally(name)
    for case in recording["cases"]:
        steps = replay_case(case, introspection, recording["region"], awaits=awaits)
        for number, step in enumerate(steps):
            tally.add(f"{case['name']}[{number}]", step)
    return tally


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    chosen = arguments[1:]
    tallies = [
        replay(name, recording, introspection)
        for name, recording, introspection in files(Path(arguments[0]))
        if not chosen or name in chosen
    ]
    if not tallies:
        print(f"There are no recordings in {arguments[0]}/goldens.")
        return 1
    for tally in tallies:
        print(tally)
    total = Counter[str]()
    for tally in tallies:
        total += Counter(calls=tally.count, passed=tally.passed, failed=len(tally.failed), unbuilt=tally.unbuilt)
    intended = total["calls"] - total["passed"] - total["failed"] - total["unbuilt"]
    print(
        f"{total['calls']} calls: {total['passed']} passed, {intended} intended by {len(RULES)} rules, "
        f"{total['failed']} failed, {total['unbuilt']} not built yet"
    )
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
