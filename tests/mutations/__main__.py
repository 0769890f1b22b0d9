"""Makes one mutated input again, and shows what comes of it: `python -m tests.mutations replies 123`."""

import sys
from random import Random

from . import inputs, introspections, local_backends, replies
from .steps import counted

KINDS = {"replies": replies, "introspections": introspections, "inputs": inputs, "local_backends": local_backends}


def main(kind: str, number: str) -> None:
    case = KINDS[kind].make(Random(f"{kind} {number}"))
    print(f"size {case.size}: {case.shown[:5000]}")
    print(f"{counted(case.work)} steps")


if __name__ == "__main__":
    main(*sys.argv[1:])
