"""Replays the recordings that are not calls: signatures, names, and how a client is configured."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

from amplify_data_client._core.wire import aws
from amplify_data_client._core.wire.flow import expand
from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client._core.wire.sigv4 import Credentials, sign
from amplify_data_client._io import configure, credentials, drive
from amplify_data_client._io.authorize import AwsServices
from amplify_data_client.config import environment
from amplify_data_client.config.prefix import variable_prefix
from amplify_data_client.errors import AmplifyDataError

from .compare import Difference, same

Outcome = tuple[str, Difference | None, str | None]  # where, what differs, and the rule that explains it
PLACEHOLDER = "<value will be resolved during runtime>"


def _ends(env: Mapping[str, Any], suffix: str) -> list[Any]:
    return [value for name, value in env.items() if name.endswith(suffix)]


# Where JavaScript makes a configuration and we refuse it.
REFUSALS: dict[str, Callable[[Any], bool]] = {
    "an endpoint that is empty or a placeholder is refused at once": lambda case: any(
        value in ("", PLACEHOLDER) for value in _ends(case["env"], "_GRAPHQL_ENDPOINT")
    ),
    "nothing can be signed without a region": lambda case: not case["env"].get("AWS_REGION"),
    "the introspection is read with the function's own credentials": lambda case: (
        not case["env"].get("AWS_ACCESS_KEY_ID")
    ),
    "what is no introspection is refused at once": lambda case: case["s3Answer"].get("body") in ("null", "[]"),
}


def replay_signatures(vectors: list[Any]) -> Iterator[Outcome]:
    """Sign what was recorded, at its moment: the signature is the same."""
    for vector in vectors:
        request, keys = vector["request"], vector["credentials"]
        recorded = request["headers"]["authorization"]
        names = set(recorded.partition("SignedHeaders=")[2].partition(",")[0].split(";"))
        given = {name: request["headers"][name] for name in names - {"host", "x-amz-date", "x-amz-security-token"}}
        moment = datetime.strptime(request["headers"]["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
        url = f"http://{request['headers']['host']}{request['path']}"
        body = request["body"].encode()
        signed = sign(request["method"], url, given, body, credentials, vector["region"], vector["service"], moment)
        found = signed["authorization"]
        yield vector["name"], None if found == recorded else Difference("signature", recorded, found), None


TWICE = "a path that two variables have is asked for once, and fills both"


class _S3:
    """Answers as recorded; a sender that needs no network."""

    verifies_tls = True

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = answer
        self.asked: list[tuple[str, str]] = []

    def close(self) -> None:
        """Close nothing: nothing was opened."""

    def send(self, request: HttpRequest, *_: Any) -> Reply | Failure:
        path = "/" + request.url.partition("://")[2].partition("/")[2]
        self.asked.append((request.method, path))
        if self._answer.get("drop"):
            return Failure("reply", OSError("dropped"), sent=True)
        content = self._answer.get("body", "").encode()
        return Reply(self._answer.get("status", 200), content, self._answer.get("headers", {}))


def replay_configuration(recording: Mapping[str, Any]) -> Iterator[Outcome]:
    """Resolve the recorded environments; the configuration, or that there is none, is the same."""
    for name, prefix in recording["screamingSnakeCase"]:
        found = variable_prefix(name)
        yield f"name {name!r}", None if found == prefix else Difference("name", prefix, found), None
    for case in recording["cases"]:
        difference = _configured(case)
        is_refused = difference is not None and difference.kind == "outcome" and "resourceConfig" in case
        rules = (reason for reason, applies in REFUSALS.items() if is_refused and applies(case))
        yield case["name"], difference, next(rules, None)
    yield from _replay_parameters(recording["ssm"])


def _configured(case: Mapping[str, Any]) -> Difference | None:
    env = {name: None if isinstance(value, Mapping) else value for name, value in case["env"].items()}
    sender = _S3(case["s3Answer"])
    try:
        with patch.object(aws, "WAITS", (0.0,) * len(aws.WAITS)):
            config = configure.resolve(
                env={**env, "AWS_ENDPOINT_URL_S3": "http://s3.test"}, open_reader=lambda: sender
            ).config  # type: ignore[arg-type,return-value]  # it sends
    except AmplifyDataError as error:
        return Difference("outcome", case["resourceConfig"], repr(error)) if "resourceConfig" in case else None
    if "resourceConfig" not in case:
        return Difference("outcome", case["threw"], repr(config))
    found = {
        "endpoint": config.endpoint,
        "region": config.region,
        "defaultAuthMode": config.default_auth_mode,
        "modelIntrospection": config.model_introspection,
    }
    expected = case["resourceConfig"]["API"]["GraphQL"]
    if not same(expected, found):
        return Difference("configuration", expected, found)
    asked = [(one["method"], one["path"].removesuffix("?x-id=GetObject")) for one in case["s3Requests"]]
    return None if asked == sender.asked else Difference("requests", asked, sender.asked)


class _SSM:
    """Answers with what is stored, or as it threw."""

    verifies_tls = True

    def __init__(self, stored: Mapping[str, str], threw: Mapping[str, str] | None) -> None:
        self._stored, self._threw = stored, threw
        self.asked: list[Any] = []

    def send(self, request: HttpRequest, *_: Any) -> Reply:
        self.asked.append(json.loads(request.body))
        if self._threw is not None:
            refusal = {"__type": self._threw["name"], "message": self._threw["message"]}
            return Reply(400, json.dumps(refusal).encode(), {})
        found = [
            {"Name": name, "Value": self._stored[name]} for name in self.asked[-1]["Names"] if name in self._stored
        ]
        return Reply(200, json.dumps({"Parameters": found}).encode(), {})


def _replay_parameters(recording: Mapping[str, Any]) -> Iterator[Outcome]:
    """What is asked of SSM, and the environment afterwards, as of the shim in front of JavaScript functions."""
    for case in recording["cases"]:
        entries = case.get("config", {})
        wanted = {
            name: environment.Parameter(entry["path"], entry.get("sharedPath")) for name, entry in entries.items()
        }
        recorded = {key: case.get(key) for key in ("calls", "envAfter", "threw")}
        found = _parameters(case, wanted, _SSM(recording["stored"], case.get("threw")))
        is_twice = len({parameter.path for parameter in wanted.values()}) < len(wanted)
        fills = all(found["envAfter"].get(name) == recording["stored"].get(at.path) for name, at in wanted.items())
        difference = None if same(recorded, found) else Difference("parameters", recorded, found)
        yield f"parameters {case['name']}", difference, TWICE if is_twice and fills and not found["threw"] else None


def _parameters(case: Mapping[str, Any], wanted: dict[str, environment.Parameter], sender: _SSM) -> dict[str, Any]:
    source = credentials.find(env={"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"})
    answer = partial(configure.answer, aws.ServiceContext({}), source)
    flow = expand(environment.read_parameters(wanted, "eu-west-1"), answer)
    values, threw = {}, None
    try:
        values = drive.run(flow, AwsServices(source), sender)  # type: ignore[arg-type]  # it sends
    except AmplifyDataError as error:
        threw = case["threw"] if case.get("threw") and case["threw"]["message"] in str(error) else repr(error)
    return {"calls": sender.asked, "envAfter": {**case["env"], **values}, "threw": threw}
