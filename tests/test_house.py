"""Promises of the house: two drivers run the flows of requests, and nothing else does."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "amplify_data_client"
SHELLS_AND_IO = [PACKAGE / "client.py", PACKAGE / "async_client.py", *sorted((PACKAGE / "_io").rglob("*.py"))]


def drivers(source: str) -> set[str]:
    """The functions that run a generator for what it returns: they catch its StopIteration, or throw into it."""
    return {
        function.name
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(
            (isinstance(node, ast.ExceptHandler) and node.type is not None and "Stop" in ast.unparse(node.type))
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
    assert drivers("async def g(flow):\n step = partial(flow.throw, 1)") == {"g"}
    assert drivers("def h(self, request):\n self._sender.send(request)") == set()
