"""Promises of the house: two drivers run all flows of requests, and no modules import each other in a circle."""

import ast
from collections.abc import Collection, Mapping
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "amplify_data_client"
SHELLS_AND_IO = [PACKAGE / "client.py", PACKAGE / "async_client.py", *sorted((PACKAGE / "_io").rglob("*.py"))]


def drivers(source: str) -> set[str]:
    """The functions that run a generator for what it returns: they catch or suppress its end, or throw into it."""
    return {
        function.name
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(
            (isinstance(node, ast.ExceptHandler) and node.type is not None and "Stop" in ast.unparse(node.type))
            or (isinstance(node, ast.Call) and "StopIteration" in [ast.unparse(argument) for argument in node.args])
            or (isinstance(node, ast.Attribute) and node.attr in ("throw", "athrow"))
            for node in ast.walk(function)
        )
    }


def test_two_drivers_run_all_flows():
    found = {f"{path.relative_to(PACKAGE)}: {name}" for path in SHELLS_AND_IO for name in drivers(path.read_text())}
    assert found == {"_io/drive.py: run", "_io/drive.py: run_async"}


def test_another_driver_would_be_seen():
    loop = "while True:\n  try:\n   answer = steps.send(answer)\n  except StopIteration as done:\n   return done.value"
    assert drivers(f"def f(steps):\n answer = None\n {loop}") == {"f"}
    assert drivers("def f(flow):\n with suppress(StopIteration):\n  while True: flow.send(1)") == {"f"}
    assert drivers("async def g(flow):\n step = partial(flow.throw, 1)") == {"g"}
    assert drivers("def h(self, request):\n self._sender.send(request)") == set()


def modules() -> dict[str, Path]:
    """The package's modules by their full names."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: Collection[str]) -> set[str]:
    """The modules of the package that a module imports: at its top, in functions, and for type checkers."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(part for part in (above, node.module) if part)
            members = {f"{source}.{alias.name}" for alias in node.names}
            found |= {member if member in known else source for member in members}
    return (found & set(known)) - {name}


def circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in number:
                visit(other)
            if other in stack:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == number[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(graph):
        if module not in number:
            visit(module)
    return found


def test_no_modules_import_each_other_in_a_circle():
    known = modules()
    assert len(known) > 100
    assert circles({name: imported(name, path, known) for name, path in known.items()}) == []


def test_a_circle_would_be_seen(tmp_path: Path):
    sources = {
        "p": "",
        "p.a": "from . import b",
        "p.b": "def f():\n from p.c import g",
        "p.c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n from .a import f",
        "p.d": "import p.a",
    }
    graph = {}
    for name, source in sources.items():
        path = tmp_path / (f"{name}.py" if name != "p" else "__init__.py")
        path.write_text(source)
        graph[name] = imported(name, path, sources)
    assert circles(graph) == [["p.a", "p.b", "p.c"]]
