"""Measures a layer, and fails if it is larger than allowed."""

import re
import zipfile
from collections import Counter
from pathlib import Path

MIB = 1024 * 1024
# zipped, unzipped, in MiB; Lambda takes 250 unzipped, for a function with all its layers
BUDGETS = {"realtime": (8, 24), "no-realtime": (5.25, 15)}


def table(layers: list[Path]) -> str:
    """The parts in rows, largest first, and the layers in columns."""
    columns = [_measure(layer) for layer in layers]
    parts = sorted({part: None for column in columns for part in column}, key=lambda part: _rank(part, columns))
    rows = [["MiB zipped / unzipped", *(_short(layer) for layer in layers)]]
    rows += [[part, *(_cell(column[part]) if part in column else "" for column in columns)] for part in parts]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def excess(layer: Path) -> str | None:
    """Say by how much a layer is too large, if it is."""
    limits = BUDGETS["no-realtime" if layer.stem.endswith("-no-realtime") else "realtime"]
    found = _measure(layer)["in all"]
    kinds = zip(("zipped", "unzipped"), found, limits, strict=True)
    over = [f"{size / MIB:.2f} MiB {kind}, the budget is {limit}" for kind, size, limit in kinds if size > limit * MIB]
    return f"{layer.name} has {'; '.join(over)}" if over else None


def _measure(layer: Path) -> dict[str, tuple[int, int]]:
    zipped, unzipped = Counter[str](), Counter[str]()
    with zipfile.ZipFile(layer) as archive:
        for entry in archive.infolist():
            for part in (_part(entry.filename), *(["of that, bytecode"] if entry.filename.endswith(".pyc") else [])):
                zipped[part] += entry.compress_size
                unzipped[part] += entry.file_size
            unzipped["in all"] += entry.file_size
    zipped["in all"] = layer.stat().st_size  # the directory of the zip, too
    return {part: (zipped[part], unzipped[part]) for part in unzipped}


def _part(name: str) -> str:
    # python/httpx/_api.py, python/httpx-0.28.1.dist-info/METADATA, python/__pycache__/typing_extensions.cpython-312.pyc
    below = name.removeprefix("python/").removeprefix("__pycache__/").split("/")[0]
    return re.split(r"[-.]", below)[0]


def _rank(part: str, columns: list[dict[str, tuple[int, int]]]) -> tuple[bool, bool, int]:
    sums = sum(column[part][0] for column in columns if part in column)
    return part == "of that, bytecode", part == "in all", -sums


def _cell(size: tuple[int, int]) -> str:
    return f"{size[0] / MIB:.2f} / {size[1] / MIB:5.2f}"


def _short(layer: Path) -> str:
    return layer.stem.rpartition("-python")[2]
