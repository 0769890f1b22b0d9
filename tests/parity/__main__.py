"""Replays recordings: python -m tests.parity DIR, where DIR has `goldens` and `generated`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema

from .compare import Difference, differences
from .others import REFUSALS, TWICE, replay_configuration, replay_signatures
from .replay import Step, replay_case
from .rules import RULES, explained
from .validity import api

ALL = {"ai", "auth", "blog", "errors", "identifiers", "operations", "scalars", "todo"}


@dataclass
class Tally:
    """What became of the calls (or the other recorded things) of one file."""

    name: str
    what: str = "calls"
    count: int = 0
    passed: int = 0
    unbuilt: int = 0
    intended: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, Difference]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def add(self, where: str, step: Step) -> None:
        """Judge a replayed call."""
        self.steps.append(step)
        if step.is_unbuilt:
            self.count, self.unbuilt = self.count + 1, self.unbuilt + 1
            return
        try:
            self.judge(where, {found: explained(step, found) for found in differences(step)})
        except Exception as error:  # a recording that cannot be compared has not passed
            self.judge(where, {Difference("comparison", "a recording that can be read", repr(error)): None})

    def judge(self, where: str, rules: Mapping[Difference, str | None]) -> None:
        """Count one outcome, given what differs and which rules explain it."""
        self.count += 1
        wrong = [found for found, rule in rules.items() if rule is None]
        if wrong:
            self.failed.append((where, wrong[0]))
        elif rules:
            self.intended.update({rule for rule in rules.values() if rule})
        else:
            self.passed += 1

    @property
    def explained(self) -> int:
        """How many differ as intended."""
        return self.count - self.passed - self.unbuilt - len(self.failed)

    def __str__(self) -> str:
        line = f"{self.name}: {self.count} {self.what}, {self.passed} passed, {self.explained} intended, {len(self.failed)} failed"
        line += f", {self.unbuilt} not built yet" if self.unbuilt else ""
        rules = "".join(f"\n    {count:4} {rule}" for rule, count in sorted(self.intended.items()))
        failures = "".join(f"\n  FAILED {where}\n    {found}" for where, found in self.failed)
        return line + rules + failures


def recordings(folder: Path) -> Iterator[tuple[str, Any]]:
    """All that was recorded, by name."""
    for path in sorted((folder / "goldens").glob("*.json")):
        yield path.stem, json.loads(path.read_text())


def files(folder: Path) -> Iterator[tuple[str, Any, Any, GraphQLSchema]]:
    """The recordings of HTTP calls in a folder: name, recording, introspection, the compiled API."""
    for name, recording in recordings(folder):
        if _is_of_calls(recording):
            yield name, recording, *_generated(folder, recording["schema"])


def _generated(folder: Path, schema: str) -> tuple[Any, GraphQLSchema]:
    generated = folder / "generated" / schema
    return json.loads((generated / "model-introspection.json").read_text()), api(generated / "appsync.graphql")


def _is_of_calls(recording: Any) -> bool:
    return isinstance(recording, dict) and "schema" in recording and "cases" in recording


def replay(name: str, recording: Any, introspection: Any, compiled: GraphQLSchema, *, awaits: bool = False) -> Tally:
    """Replay one file of calls."""
    tally = Tally(name)
    for case in recording["cases"]:
        try:
            steps = replay_case(case, introspection, recording["region"], awaits=awaits)
        except Exception as error:  # nor has one that cannot even be replayed
            tally.judge(case["name"], {Difference("case", "a recording that can be replayed", repr(error)): None})
            continue
        for number, step in enumerate(steps):
            step.api = compiled
            tally.add(f"{case['name']}[{number}]", step)
    return tally


def replay_other(name: str, recording: Any) -> Tally | None:
    """Replay signatures or configurations; tell subscriptions apart; None for what is no recording of a client."""
    if isinstance(recording, list):
        tally = Tally(name, "signatures")
        outcomes = replay_signatures(recording)
    elif "screamingSnakeCase" in recording:
        tally = Tally(name, "configurations")
        outcomes = replay_configuration(recording)
    elif "scenarios" in recording:
        count = len(recording["scenarios"])
        return Tally(name, "scenarios", count=count, unbuilt=count)
    else:
        return None
    for where, difference, rule in outcomes:
        tally.judge(where, {difference: rule} if difference is not None else {})
    return tally


def _tally(folder: Path, path: Path) -> Tally | None:
    try:
        recording = json.loads(path.read_text())
        if _is_of_calls(recording):
            return replay(path.stem, recording, *_generated(folder, recording["schema"]))
        return replay_other(path.stem, recording)
    except (OSError, ValueError, LookupError, TypeError) as error:  # the other files are replayed all the same
        broken = Tally(path.stem, "files")
        broken.judge(path.name, {Difference("file", "one that can be replayed", repr(error)): None})
        return broken


def _unused(tallies: list[Tally]) -> list[str]:
    """Rules without a use, which can be said only where everything was replayed."""
    if not {tally.name for tally in tallies} >= ALL:
        return []
    used = {rule for tally in tallies for rule in tally.intended}
    return [rule.name for rule in RULES if rule.name not in used]


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    folder, chosen = Path(arguments[0]), arguments[1:]
    paths = [path for path in sorted((folder / "goldens").glob("*.json")) if not chosen or path.stem in chosen]
    tallies = [tally for path in paths if (tally := _tally(folder, path)) is not None]
    if not tallies:
        print(f"There are no recordings in {folder}/goldens.")
        return 1
    for tally in tallies:
        print(tally)
    unused = _unused(tallies)
    for name in unused:
        print(f"FAILED the rule '{name}' explains nothing")
    failed = sum(len(tally.failed) for tally in tallies) + len(unused)
    print(
        f"{sum(tally.count for tally in tallies)} recorded: {sum(tally.passed for tally in tallies)} passed, "
        f"{sum(tally.explained for tally in tallies)} intended by {len(RULES) + len({*REFUSALS, TWICE})} rules, {failed} failed, "
        f"{sum(tally.unbuilt for tally in tallies)} not built yet"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
