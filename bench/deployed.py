"""Deploys the sample app's functions into local runtimes and measures them.

Each runs under the client of its managed runtime, with the variables that Amplify's synthesis gives to it.
"""

import json
import os
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lambda_runtime import managed
from tests.lambda_runtime.sandbox import Deployment, Sandbox, platform_environment, start

from . import replies
from .races import JAVASCRIPT, node
from .workshop import APP, DATA, HERE, JS_TASK, ROOT, Python, function_environment, layer_of, serving

WARM_UP, CALLS = 500, 200
_TEMPLATE = json.loads((ROOT / "tests" / "data" / "wiring.json").read_text())["results"][0]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Function:
    """A deployed function, as one takes part in a race."""

    name: str
    deployment: Deployment

    def figures(self) -> Iterable[tuple[str, float]]:
        with start(self.deployment) as sandbox:
            first = sandbox.post({})
            figures = [("first", (first.at - sandbox.started_at) * 1e3), *_taken(sandbox)]
            if len(json.loads(first.body)["all"]) != 10:
                raise SystemExit(f"{self.name} answered {first.body!r}:\n{sandbox.log}")
            for _ in range(WARM_UP):
                sandbox.post({})
            return [*figures, ("warm", statistics.median(_timed(sandbox) for _ in range(CALLS)))]


def python(python: Python, variables: dict[str, str]) -> Function:
    """The Python function, with the layer."""
    target, opt = layer_of(python)
    runtime = managed.install(target, managed.CLIENT, managed.BOTO3)
    task = APP / "py" / "code"
    deployment = managed.deployment(target, task, "index.handler", variables, opt=opt, runtime=runtime)
    return Function(f"Python {python.version}", deployment)


def javascript(variables: dict[str, str]) -> Function:
    """The JavaScript function, bundled as Amplify does; the client of SSM beside it is the runtime's."""
    command: list[str | Path] = [node(), HERE / "js" / "runtime" / "node_modules" / "aws-lambda-ric" / "index.mjs"]
    of_lambda = platform_environment(variables["AWS_REGION"], "nodejs20.x", JS_TASK)
    return Function(JAVASCRIPT, Deployment(command, JS_TASK, "index.handler", {**of_lambda, **variables}))


@contextmanager
def parameters(url: str) -> Iterator[str]:
    """Serve SSM, which knows where the API and the introspection are; another server, so that nobody gains by having
    one connection for it and S3.
    """
    values = {name: value for name, value in function_environment(url).items() if name.startswith("AMPLIFY_DATA_")}
    replies.write_parameters(DATA, {path: values[path.rpartition("/")[2]] for path in _TEMPLATE["ssmParameters"]})
    with serving() as ssm:
        yield ssm


def environment(url: str, ssm: str) -> dict[str, str]:
    """The variables of both: the template's, and those that lead to the stand-ins."""
    return {**function_environment(url), **_TEMPLATE["environment"], "AWS_ENDPOINT_URL_SSM": ssm}


def _taken(sandbox: Sandbox) -> list[tuple[str, float]]:
    of_process = Path(f"/proc/{sandbox.process.pid}")
    user, system = (of_process / "stat").read_text().rpartition(")")[2].split()[11:13]
    [peak] = [line for line in (of_process / "status").read_text().splitlines() if line.startswith("VmHWM:")]
    return [("cpu", (int(user) + int(system)) / _TICKS * 1e3), ("memory", int(peak.split()[1]) / 1024)]


def _timed(sandbox: Sandbox) -> float:
    start = time.perf_counter()
    return (sandbox.post({}).at - start) * 1e3
