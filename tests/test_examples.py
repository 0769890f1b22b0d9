"""The examples run as they would in Lambda: under its own runtime client, on a local Runtime API."""

import json
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.options import MARGIN

from .lambda_runtime import wire
from .lambda_runtime.runtime_api import Invocation
from .lambda_runtime.sandbox import Deployment, InvocationError, Sandbox, platform_environment, start

EXAMPLES = Path(__file__).parents[1] / "examples"
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


@contextmanager
def xray_daemon() -> Iterator[socket.socket]:
    """Where the X-Ray SDK sends its segments to."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(20)
        yield daemon


def deployed(module: str, backend: LocalBackend, **more: str) -> Deployment:
    environment = {
        **platform_environment(backend.env()["AWS_REGION"], f"python3.{sys.version_info[1]}", EXAMPLES),
        **backend.env(),
        **more,
    }
    return Deployment([sys.executable, "-B", "-m", "awslambdaric"], EXAMPLES, f"{module}.handler", environment)


def event(id: str) -> dict[str, Any]:
    """What AppSync tells a function that Amplify has made a resolver."""
    return {
        "typeName": "Mutation",
        "fieldName": "closeTodo",
        "arguments": {"id": id},
        "identity": {"sub": "u", "username": "u"},
        "source": None,
        "request": {"headers": {"x-amzn-trace-id": "Root=1-of-the-request", "authorization": "private-jwt"}},
        "prev": None,
    }


def headers_of_calls(backend: LocalBackend, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """The headers of the GraphQL requests, as they come."""
    sent: list[Mapping[str, str]] = []
    handle = backend.handle

    def noting(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Any:
        if target == "/graphql":
            sent.append(headers)
        return handle(method, target, headers, body)

    monkeypatch.setattr(backend, "handle", noting)
    return sent


def test_each_worker_of_an_environment_with_several_passes_its_own_trace_on(monkeypatch: pytest.MonkeyPatch):
    """AWS_LAMBDA_MAX_CONCURRENCY: the runtime forks, and each process has its own environment."""
    traces = {f"Root=1-5759e988-{number:024x};Parent=53995c3f42cd8ad8;Sampled=0" for number in range(8)}
    with LocalBackend(EXAMPLES / "todo-introspection.json") as backend:
        sent = headers_of_calls(backend, monkeypatch)
        with backend.serve(), start(deployed("handler", backend, AWS_LAMBDA_MAX_CONCURRENCY="4")) as sandbox:
            for number, trace in enumerate(traces):
                given = Invocation(f"request-{number}", b"{}", time.time() + 60, trace, "arn:aws:lambda:function:fn")
                sandbox._api.invocations.put(given)
            answers = [sandbox._answer(60.0) for _ in traces]
        assert len(backend.items("Todo")) == len(traces)
    assert {answer.kind for answer in answers} == {"response"}
    assert sorted(headers["x-amzn-trace-id"] for headers in sent) == sorted([*traces, *traces])


def test_a_resolver_with_powertools_logs_traces_and_stores(monkeypatch: pytest.MonkeyPatch):
    with LocalBackend(EXAMPLES / "todo-introspection.json") as backend, xray_daemon() as daemon:
        sent = headers_of_calls(backend, monkeypatch)
        backend.seed({"Todo": [{"id": "1", "name": "Water the plants", "isDone": False}]})
        address = "{}:{}".format(*daemon.getsockname())
        more = {"AWS_XRAY_DAEMON_ADDRESS": address, "POWERTOOLS_SERVICE_NAME": "todos"}
        with backend.serve(), start(deployed("powertools_resolver", backend, **more)) as sandbox:
            answer = sandbox.invoke(event("1"), trace_id=TRACE)
            segments = [json.loads(daemon.recv(65536).partition(b"\n")[2]) for _ in range(2)]
            refused = refusal(sandbox, event("no such todo"))
            log = sandbox.log
        assert (answer["id"], answer["isDone"]) == ("1", True)
        assert [item["isDone"] for item in backend.items("Todo")] == [True]
        assert sent[0]["x-amzn-trace-id"] == TRACE
        assert {segment["name"] for segment in segments} == {"## powertools_resolver.close_todo", "## handler"}
        assert {segment["trace_id"] for segment in segments} == {"1-5759e988-bd862e3fe1be46a994272793"}
        assert refused.type == "ConditionFailedError"
        lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        assert lines[0].items() >= {"message": "closed", "todo": "1", "service": "todos"}.items()
        assert lines[0]["correlation_id"] == "Root=1-of-the-request"
        secrets = [value for name, value in backend.env().items() if "SECRET" in name or "TOKEN" in name]
        secrets += ["private-jwt", sent[0]["authorization"].rpartition("Signature=")[2]]
        told = log + json.dumps(segments)
        assert len(secrets) == 4
        assert [secret for secret in secrets if secret in told] == []


def test_a_resolver_whose_api_does_not_answer_still_does():
    with ExitStack() as stack:
        backend = stack.enter_context(LocalBackend(EXAMPLES / "todo-introspection.json"))
        backend.seed({"Todo": [{"id": "1", "name": "Water the plants"}]})
        way = stack.enter_context(wire.to(stack.enter_context(backend.serve())))
        more = {"AMPLIFY_DATA_GRAPHQL_ENDPOINT": f"{way.url}/graphql", "POWERTOOLS_TRACE_DISABLED": "true"}
        sandbox = stack.enter_context(start(deployed("powertools_resolver", backend, **more)))
        sandbox.invoke(event("1"))
        way.is_dead = True
        refused = refusal(sandbox, event("1"), left=MARGIN + 0.3)
    assert refused.type == "CallTimeoutError"
    assert "time left to the Lambda invocation" in refused.message


def refusal(sandbox: Sandbox, given: Any, **more: Any) -> InvocationError:
    with pytest.raises(InvocationError) as refused:
        sandbox.invoke(given, trace_id=TRACE, **more)
    return refused.value
