"""Counts the instructions that a cold start takes. The counts repeat to the million, however busy the machine is."""

import re
import shutil
import subprocess

from .measures import ASYNC_FUNCTION, FUNCTION
from .workshop import Python, function_environment, serving

_STAGES: dict[str, list[str]] = {
    "Python itself": ["-c", "pass"],
    "import amplify_data_client": ["-c", "import amplify_data_client"],
    "generate_client()": ["-c", "from amplify_data_client import generate_client; generate_client()"],
    "the first create": [str(FUNCTION), "cold", "0"],
    "the first create, awaiting": [str(ASYNC_FUNCTION), "cold", "0"],
}
_JUDGED = "the first create"
_WARM = 1000


def main(python: Python, at_most: float | None) -> int:
    """Print the counts; gives 1 if the first create takes more than it may."""
    if shutil.which("valgrind") is None:
        raise SystemExit("Counting instructions needs valgrind.")
    print(f"| up to, with Python {python.version} | millions of instructions |\n| --- | --- |")
    counts = {}
    with serving() as url:
        for stage, arguments in _STAGES.items():
            counts[stage] = _count([str(python.executable), *arguments], function_environment(url))
            print(f"| {stage} | {counts[stage]:.0f} |", flush=True)
        warm = _count([str(python.executable), str(FUNCTION), "creates", str(_WARM)], function_environment(url))
    print(f"| {_WARM:,} creates after the first | {warm - counts[_JUDGED]:.0f} |", flush=True)
    if at_most is not None and counts[_JUDGED] > at_most:
        print(f"More than {at_most:.0f} up to {_JUDGED}.")
        return 1
    return 0


def _count(command: list[str], environment: dict[str, str]) -> float:
    valgrind = [str(shutil.which("valgrind")), "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        valgrind + command, env=environment | {"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return int(found[1]) / 1e6
