"""Measure this client beside the bundled JavaScript one: python -m bench [cold] [warm] [crowd] [many] [lambda] [local] [relations].

`python -m bench instructions` counts instructions instead, which repeat from run to run.
"""

import argparse
import sys

from . import instructions, measures, report, workshop


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        metavar="cold, warm, crowd, many, lambda, local, relations, instructions",
        help="all but instructions, unless named",
    )
    parser.add_argument(
        "--python", action="append", metavar="PYTHON", help="an interpreter; those that are found, unless given"
    )
    parser.add_argument("--rounds", type=int, help="how often everything runs")
    parser.add_argument("--at-most", type=float, help="fail if there are more instructions than this, in millions")
    given = parser.parse_args()
    if unknown := set(given.what) - {*measures.ALL, "instructions"}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    pythons = workshop.set_up(given.python or workshop.find_pythons())
    if not given.what or "lambda" in given.what:
        workshop.set_up_functions(pythons)
    if "instructions" in given.what:
        sys.exit(instructions.main(pythons[0], given.at_most))
    tables = [measures.ALL[what](pythons, given.rounds) for what in given.what or measures.ALL]
    report.show(tables, pythons, write=not given.what)


main()
