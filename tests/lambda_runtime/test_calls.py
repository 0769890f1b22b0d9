"""The main job: cold starts, warm calls, and several execution environments at once."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from layer.targets import ROOT

from . import wire
from .conftest import Deploy, Start
from .sandbox import InvocationError


def test_the_readmes_handler_creates_and_lists(deploy: Deploy, started: Start, backend: LocalBackend):
    sandbox = started(deploy("handler", ROOT / "examples"))
    answer = sandbox.invoke({})
    [stored] = backend.items("Todo")
    assert answer["id"] == stored["id"]
    assert [(todo["name"], todo["isDone"]) for todo in answer["all"]] == [("My new todo", False)]
    assert len(sandbox.invoke({})["all"]) == 2
    assert sandbox.log == ""


def test_warm_calls_go_on_in_the_same_process(deploy: Deploy, started: Start, backend: LocalBackend):
    sandbox = started(deploy("loaded"))
    answers = [sandbox.invoke() for _ in range(5)]
    assert {answer["process"] for answer in answers} == {sandbox.process.pid}
    assert len({answer["request"] for answer in answers}) == 5
    assert sorted(answers[-1]["calls"]) == sorted(item["id"] for item in backend.items("Todo"))


def test_a_function_loads_the_layer_and_neither_boto3_nor_gql(deploy: Deploy, started: Start, opt: Path, runtime: Path):
    answer = started(deploy("loaded")).invoke()
    assert not {"boto3", "botocore", "gql", "graphql", "urllib3"} & set(answer["modules"])
    client = [file for file in answer["files"] if "/amplify_data_client/" in file]
    assert client and all(file.startswith(str(opt)) for file in client)
    known = (str(opt), str(runtime), str(Path(__file__).parent))
    assert [file for file in answer["files"] if "site-packages" in file and not file.startswith(known)] == []


def test_execution_environments_work_at_the_same_time(deploy: Deploy, started: Start, backend: LocalBackend):
    sandboxes = [started(deploy("loaded")) for _ in range(4)]
    with ThreadPoolExecutor(4) as crowd:
        last = list(crowd.map(lambda sandbox: [sandbox.invoke() for _ in range(5)][-1], sandboxes))
    assert len({answer["process"] for answer in last}) == 4
    made = [one for answer in last for one in answer["calls"]]
    assert len(made) == 20
    assert sorted(made) == sorted(item["id"] for item in backend.items("Todo"))


def test_what_the_client_gives_can_be_returned_as_it_is(deploy: Deploy, started: Start):
    sandbox = started(deploy("parts"))
    record = sandbox.invoke("record")
    assert set(record) == {"id", "name", "description", "isDone", "createdAt", "updatedAt"}
    assert (record["name"], record["isDone"], record["description"]) == ("ein Tödchen", False, None)
    assert set(sandbox.invoke("result")) == {"data"}
    page = sandbox.invoke("page")
    assert [set(page), len(page["data"])] == [{"data", "nextToken"}, 1]
    assert [set(one) for one in sandbox.invoke("records")] == [set(record)]
    assert sandbox.invoke("nothing") == {"data": None}
    assert sandbox.invoke("partial") == {"data": {"name": "ein Tödchen"}}
    batch = sandbox.invoke("batch")
    assert [one["name"] for one in batch["data"]] == ["one"] and batch["failed"] == []
    refused = sandbox.invoke("refused")
    assert refused["data"] is None
    assert refused["errors"][0]["errorType"] == "DynamoDB:ConditionalCheckFailedException"


def test_a_moment_by_itself_is_not_json_and_the_runtime_says_so(deploy: Deploy, started: Start):
    """As in any Python function: it is `record.to_dict()` that has text."""
    sandbox = started(deploy("parts"))
    with pytest.raises(InvocationError, match=r"Runtime\.MarshalError: Unable to marshal response"):
        sandbox.invoke("moment")
    assert sandbox.invoke("record")["createdAt"].endswith("Z")


def test_answers_are_posted_as_json_in_the_runtimes_spelling(deploy: Deploy, started: Start):
    posted = started(deploy("parts")).post("record")
    assert posted.headers["content-type"] == "application/json"
    assert json.loads(posted.body)["name"] == "ein Tödchen"


def test_requests_carry_the_trace_of_their_invocation(deploy: Deploy, started: Start, backend: LocalBackend):
    traces = [f"Root=1-67891233-{number:024x};Parent=53995c3f42cd8ad8;Sampled=1" for number in range(2)]
    with wire.to(backend.url) as way:
        sandbox = started(deploy("loaded", url=way.url))
        for trace in traces:
            sandbox.invoke(trace_id=trace)
        sent = b"".join(way.sent).decode()
    assert re.findall(r"^x-amzn-trace-id: (.*?)\r$", sent, re.MULTILINE | re.IGNORECASE) == traces
