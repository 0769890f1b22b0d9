"""The table of docs/lambda.md: what the error of a misconfigured function says, and which row of it is meant."""

import re
from pathlib import Path

TABLE = (Path(__file__).parents[1] / "docs" / "lambda.md").read_text().partition("## What goes wrong")[2]
# the first column, where a cell may have several; `…` stands for anything
ROWS = {
    says: re.compile(re.escape(says).replace("…", ".*"), re.DOTALL)
    for cell in re.findall(r"^\| (`.*?) \|", TABLE, re.MULTILINE)
    for says in re.findall(r"`([A-Z][^`]*)`", cell)
}


def assert_documented(said: str, row: str) -> None:
    """Of the rows that fit, the one meant is the first."""
    assert [says for says, pattern in ROWS.items() if pattern.fullmatch(said)][:1] == [row], said
