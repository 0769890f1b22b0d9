"""Runs the fault table: python -m tests.faults [ROW …] [--many N] [--seed N] [--write].

Prints a table, and a sentence for each thing that is not as it has to be; then it exits with 1.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from . import certificates, table
from .rows import ROWS
from .runner import run
from .ways import all_ways


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="parts of rows' names; all rows, unless given")
    parser.add_argument("--way", default="", help="a part of the name of the ways of calling to take")
    parser.add_argument("--many", type=int, default=int(os.environ.get("MANY") or 1), help="how long to look; 1")
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--show", type=int, default=10, help="how many sentences of each row are printed; 10")
    parser.add_argument("--write", action="store_true", help="write the table into docs/connections.md")
    given = parser.parse_args()
    ways = [way for way in all_ways() if given.way in str(way)]
    numbers = [
        number for number, row in enumerate(ROWS) if not given.rows or any(one in row.name for one in given.rows)
    ]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        certificates.write(Path(folder))
        tallies = run(numbers, ways, given.seed, given.many, folder)
    made = table.markdown(tallies)
    print(made)
    missing = (
        []
        if any(way.transport == "httpx2" for way in ways)
        else ["httpx2 is not installed: its clients were not tried."]
    )
    print(f"\n{len(ways)} ways of calling, {time.monotonic() - began:.0f} s, seed {given.seed}.", *missing)
    if given.write:
        table.write(made)
    differences = [] if given.rows else table.differences([row.name for row in ROWS])
    for found in (*(tally.found for tally in tallies.values()), differences):
        for one in found[: given.show]:
            print(one)
        if found[given.show :]:
            print(f"… and {len(found) - given.show} more")
    return 1 if differences or any(tally.found for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
