"""Says which recorded calls changed since the last commit: python -m tests.parity.changes FOLDER, a folder of recordings."""

import difflib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_VERSION = re.compile(r"aws-amplify/\d+\.\d+\.\d+")


def changes(before: Any, after: Any) -> Iterator[tuple[str, list[str]]]:
    """The cases of a recording that differ, each with a diff; the client's version is in every request, and left out."""
    one, other = _cases(before), _cases(after)
    for name in [*one, *(name for name in other if name not in one)]:
        lines = [*difflib.unified_diff(one.get(name, []), other.get(name, []), "before", "after", n=2, lineterm="")]
        if lines:
            yield name, lines[2:]


def _cases(recording: Any) -> dict[str, list[str]]:
    return {
        case["name"]: _VERSION.sub("aws-amplify/…", json.dumps(case, indent=1, ensure_ascii=False)).split("\n")
        for case in recording.get("cases", [])
    }


def _committed(path: Path) -> Any:
    command = ["git", "show", f"HEAD:./{path.name}"]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    count = changed = 0
    for path in sorted(Path(arguments[0]).glob("*.json")):
        after = json.loads(path.read_text())
        if not isinstance(after, dict) or "schema" not in after:
            continue  # made by another program
        before = _committed(path)
        count += len(after["cases"])
        old, new = (one.get("versions", {}).get("aws-amplify") for one in (before, after))
        print(f"{path.stem}: from aws-amplify {old}" + (f" to {new}" if old != new else ""))
        for name, lines in changes(before, after):
            changed += 1
            print(f"CHANGED {name}", *lines, sep="\n    ")
    print(f"{changed} of {count} recorded cases changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
