"""Writes the table of faults as Markdown, and compares the document's with it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from .judge import FAULTS, Tally

DOCUMENT = Path(__file__).parents[2] / "docs" / "connections.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
TOLD = {"executed": "executed", "done": "done", "may have": "error, may have executed", "not": "error, not executed"}
COLUMNS = ("calls", *TOLD, *FAULTS)


def markdown(tallies: Mapping[str, Tally]) -> str:
    heads = ["what happens", "calls", *TOLD.values(), *FAULTS]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    lines += [[name, *(f"{tally.counts[column]:,}" for column in COLUMNS)] for name, tally in tallies.items()]
    total = Tally()
    for tally in tallies.values():
        total.merge(tally)
    lines.append(["**in all**", *(f"**{total.counts[column]:,}**" for column in COLUMNS)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def documented() -> str:
    """The document's table, with what is around it between the markers."""
    found = re.search(f"{re.escape(BEGIN)}\n(.*){re.escape(END)}", DOCUMENT.read_text(), re.DOTALL)
    return found[1].strip() if found else ""


def rows_of(table: str) -> list[str]:
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [line.split("|")[1].strip() for line in lines[2:-1]]


def faults_of(table: str) -> set[str]:
    """What stands in the columns of what must not be."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return {cell.strip(" *") for line in lines[2:] for cell in line.split("|")[-1 - len(FAULTS) : -1]}


def write(table: str) -> None:
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


def differences(names: Sequence[str]) -> list[str]:
    """What the document's table lacks, or has too much."""
    found = rows_of(documented())
    return [f"docs/connections.md lacks the row: {name}" for name in names if name not in found] + [
        f"docs/connections.md has a row that is no more: {name}" for name in found if name not in names
    ]
