"""An execution environment: the process of a runtime's client, which is started, invoked, frozen and killed."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .runtime_api import Invocation, Posted, RuntimeApi

NAME, ACCOUNT = "py", "123456789012"


@dataclass(frozen=True)
class Deployment:
    """A function as it is deployed: the command of its runtime, the folder of its code, its environment."""

    command: Sequence[str | Path]
    task: Path
    handler: str
    environment: Mapping[str, str]

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.environment['AWS_REGION']}:{ACCOUNT}:function:{NAME}"


class TimedOutError(Exception):
    """The function did not answer in its time, and was killed."""


class EndedError(Exception):
    """The process ended without an answer."""


class InvocationError(Exception):
    """The function answered with an error; `posted` is all of what it said."""

    def __init__(self, posted: Posted) -> None:
        self.posted = posted
        said = json.loads(posted.body)
        self.type, self.message, self.stack = said["errorType"], said["errorMessage"], said["stackTrace"]
        super().__init__(f"{posted.kind}: {self.type}: {self.message}")


class Sandbox:
    """A running execution environment; it answers one invocation at a time."""

    def __init__(
        self,
        deployment: Deployment,
        api: RuntimeApi,
        process: "subprocess.Popen[bytes]",
        log: IO[bytes],
        started_at: float,
    ) -> None:
        self._deployment, self._api, self._log = deployment, api, log
        self.process, self.started_at = process, started_at
        threading.Thread(target=self._await_the_end, name="sandbox", daemon=True).start()

    @property
    def log(self) -> str:
        """What the function, and the runtime for it, has printed."""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode()

    def invoke(
        self, event: Any = None, *, timeout: float = 60.0, left: float | None = None, trace_id: str | None = None
    ) -> Any:
        """Give the function's answer, parsed. `left` is what its context tells instead of the timeout.

        Raises:
            InvocationError: It answered with an error, or could not be initialised.
            TimedOutError: It did not answer before the timeout of the function.
        """
        return json.loads(self.post(event, timeout=timeout, left=left, trace_id=trace_id).body)

    def post(
        self, event: Any = None, *, timeout: float = 60.0, left: float | None = None, trace_id: str | None = None
    ) -> Posted:
        """Give the answer as it was posted; otherwise as `invoke`."""
        trace_id = (
            trace_id or f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Parent={os.urandom(8).hex()};Sampled=0"
        )
        deadline = time.time() + (timeout if left is None else left)
        request_id = str(uuid.uuid4())
        invocation = Invocation(request_id, json.dumps(event).encode(), deadline, trace_id, self._deployment.arn)
        self._api.invocations.put(invocation)
        posted = self._answer(timeout)
        if posted.kind != "response":
            raise InvocationError(posted)
        if posted.request_id != request_id:
            raise AssertionError(f"{posted.request_id} was answered instead of {request_id}")
        return posted

    def initialise(self) -> Posted:
        """Wait for what a function says that cannot be initialised."""
        return self._answer(60.0)

    def _answer(self, timeout: float) -> Posted:
        watchdog = threading.Timer(timeout, self._kill_as_too_late)
        watchdog.start()
        posted = self._api.posted.get()
        watchdog.cancel()
        if posted is not None:
            return posted
        if self.process.returncode == -signal.SIGKILL:
            raise TimedOutError(f"Task timed out after {timeout:.2f} seconds")
        raise EndedError(f"the process ended with {self.process.returncode}:\n{self.log}")

    def _kill_as_too_late(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)

    def _await_the_end(self) -> None:
        self.process.wait()
        self._api.posted.put(None)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Stop the process once it has run its hooks for SnapStart; after the block it goes on as a copy does."""
        if not self._api.initialised.wait(60):
            raise EndedError(f"the process is not initialised:\n{self.log}")
        with self.frozen():
            yield
        self._api.restored.set()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop the process until the end of the block, as an execution environment is between invocations."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)


@contextmanager
def start(deployment: Deployment) -> Iterator[Sandbox]:
    """Start an execution environment, and end it with the block."""
    api = RuntimeApi()
    with tempfile.TemporaryFile() as log, api.serve() as address:
        started_at = time.perf_counter()
        process = subprocess.Popen(
            [*deployment.command, deployment.handler],
            cwd=deployment.task,
            env={**deployment.environment, "AWS_LAMBDA_RUNTIME_API": address, "_HANDLER": deployment.handler},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        with process:
            try:
                yield Sandbox(deployment, api, process, log, started_at)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def platform_environment(region: str, runtime: str, task: Path) -> dict[str, str]:
    """What Lambda itself sets, but for the credentials and what `start` knows.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": NAME,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{NAME}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2025/11/22/[$LATEST]0123456789abcdef0123456789abcdef",
        "LAMBDA_TASK_ROOT": str(task),
    }
