"""Makes the recorded calls with this library, against the recorded replies."""

import asyncio
import inspect
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import httpx
from graphql import GraphQLSchema

from amplify_data_client import DataClientConfig, generate_async_client, generate_client
from amplify_data_client._core.operations import answers
from amplify_data_client._core.wire import retry
from amplify_data_client.errors import AmplifyDataError

from .notation import UNDEFINED, decode, is_undefined, reach

ENDPOINT = "http://recorded/graphql"
KEYS = {
    "AWS_ACCESS_KEY_ID": "test-access-key-id",
    "AWS_SECRET_ACCESS_KEY": "test-secret-access-key",
    "AWS_SESSION_TOKEN": "test-session-token",
}


@dataclass
class Sent:
    """A request that left."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Step:
    """A recorded step beside what came of it here."""

    case: Mapping[str, Any]
    recorded: Mapping[str, Any]
    sent: list[Sent] = field(default_factory=list)
    returned: Any = None
    raised: Exception | None = None
    is_missing: bool = False
    is_unbuilt: bool = False
    header_calls: list[Any] = field(default_factory=list)
    unanswered: int = 0
    api: GraphQLSchema | None = None


class Wire:
    """Answers requests as recorded, and keeps them."""

    def __init__(self) -> None:
        self.step = Step({}, {})
        self.refuses = False

    def begin(self, step: Step, *, refuses: bool) -> None:
        self.step, self.refuses = step, refuses

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.refuses:
            raise httpx.ConnectError("nothing listens there", request=request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.step.sent.append(Sent(request.method, request.url.raw_path.decode(), headers, json.loads(request.content)))
        recorded = self.step.recorded["http"]
        if len(self.step.sent) > len(recorded):
            self.step.unanswered += 1
            raise httpx.ConnectError("the recording has no reply left", request=request)
        response = recorded[len(self.step.sent) - 1]["response"]
        return _reply(through_the_parent(response, self.step.sent[-1].body["query"]), request)


NESTED = re.compile(r"query \([^)]*\) \{ (?P<get>get\w+)\([^)]*\) \{ (?P<field>\w+)(?P<many>\()?.*? \} \} \}")


def through_the_parent(response: Mapping[str, Any], query: str) -> Mapping[str, Any]:
    """Give a list's recorded reply as the parent's field would, where that is what is asked."""
    asked, body = NESTED.fullmatch(query), response.get("body")
    if asked is None or not isinstance(body, Mapping):
        return response
    moved = dict(body)
    for root, page in (body.get("data") or {}).items():
        if not root.startswith("list"):
            return response
        items = page.get("items") if isinstance(page, Mapping) else None
        found = page if asked["many"] or not isinstance(items, list) else next(iter(items), None)
        moved["data"] = {asked["get"]: {asked["field"]: found}}
    if isinstance(body.get("errors"), list):
        moved["errors"] = [_moved(entry, asked) for entry in body["errors"]]
    return {**response, "body": moved}


def _moved(entry: Any, asked: re.Match[str]) -> Any:
    if not isinstance(entry, Mapping) or not entry.get("path"):
        return entry
    return {**entry, "path": [asked["get"], asked["field"], *entry["path"][1:]]}


def _reply(response: Mapping[str, Any], request: httpx.Request) -> httpx.Response:
    if response.get("hang"):
        raise httpx.ReadTimeout("hangs", request=request)
    if response.get("drop"):
        raise httpx.RemoteProtocolError("dropped", request=request)
    content = response["text"] if "text" in response else json.dumps(response["body"])
    headers = {"content-type": "application/json;charset=UTF-8", **response.get("headers", {})}
    return httpx.Response(response["status"], content=content.encode(), headers=headers)


def replay_case(case: Mapping[str, Any], introspection: Any, region: str, *, awaits: bool) -> list[Step]:
    """Replay one case; a step for each recorded one (or one for a client that could not be made)."""
    wire = Wire()
    # the recorded replies have made-up identifiers, whatever was asked for: a stranger's item, which we would refuse
    as_they_are = patch.object(answers, "_COMPARISONS", dict[str, Any]())
    with _environment(case), patch.object(retry, "FIRST_WAIT", 0.0), as_they_are:
        runner = asyncio.Runner() if awaits else None
        try:
            calls: list[Any] = []
            try:
                client = _client(case, introspection, region, wire, calls, awaits=awaits)
            except AmplifyDataError as error:
                return [Step(case, {"http": [], **step}, raised=error) for step in case.get("steps") or [_none(case)]]
            if not case.get("steps"):
                return [Step(case, _none(case), returned=client)]
            results: list[Any] = []
            steps = [_step(case, recorded, client, results, wire, runner) for recorded in case["steps"]]
            steps[0].header_calls += calls
            return steps
        finally:
            if runner is not None:
                runner.close()


def _none(case: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"call": {"path": ["generateClient"]}, "http": [], "threw": case.get("generateClientThrew")}


@contextmanager
def _environment(case: Mapping[str, Any]) -> Iterator[None]:
    has_keys = case.get("auth", {}).get("credentials", KEYS) is not None
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # no file, no metadata service: nothing of this machine takes part
    nowhere = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with patch.dict(os.environ, {**kept, **nowhere, **(KEYS if has_keys else {})}, clear=True):
        yield


def _client(
    case: Mapping[str, Any], introspection: Any, region: str, wire: Wire, calls: list[Any], *, awaits: bool
) -> Any:
    settings = {
        "endpoint": ENDPOINT,
        "region": region,
        "modelIntrospection": introspection,
        "defaultAuthMode": "iam",
        **case.get("config", {}),
    }
    settings = {key: value for key, value in settings.items() if not is_undefined(value)}
    config = DataClientConfig(
        endpoint=settings.get("endpoint", ""),
        region=settings.get("region", ""),
        model_introspection=settings.get("modelIntrospection"),
        default_auth_mode=settings.get("defaultAuthMode", "iam"),
        api_key=settings.get("apiKey"),
    )
    given = decode(case.get("client", {}), [], calls)
    options = {
        "auth_mode": given.get("authMode"),
        "auth_token": given.get("authToken"),
        "api_key": given.get("apiKey"),
        "headers": given.get("headers"),
    }
    transport = httpx.MockTransport(wire)
    if awaits:
        http = httpx.AsyncClient(transport=transport, headers=_BARE)
        return generate_async_client(config, raise_errors=False, http_client=http, **options)
    return generate_client(
        config, raise_errors=False, http_client=httpx.Client(transport=transport, headers=_BARE), **options
    )


UNBUILT = object()
_BARE = {"accept": "*/*"}


def _step(
    case: Mapping[str, Any],
    recorded: Mapping[str, Any],
    client: Any,
    results: list[Any],
    wire: Wire,
    runner: asyncio.Runner | None,
) -> Step:
    step = Step(case, recorded)
    wire.begin(step, refuses=bool(case.get("refuse")))
    call = recorded["call"]
    args = [decode(argument, results, step.header_calls) for argument in call.get("args", [])]
    try:
        root = client
        step.is_unbuilt = not _is_built(client, call, results)
        if "on" in call and not step.is_unbuilt:
            root = reach(results[call["on"]["step"]], call["on"]["at"])
        member = _member(root, call["path"])
    except AttributeError:
        step.is_missing = True
        results.append(UNBUILT if step.is_unbuilt else None)
        return step
    try:
        positional, keywords = _arguments(case, call, args)
        answer = member if call.get("read") else member(*positional, **keywords)
        if runner is not None and inspect.isawaitable(answer):
            answer = runner.run(_awaited(answer))
        step.returned = answer
    except Exception as error:  # whatever a call raises is its outcome
        step.raised = error
    results.append(step.returned)
    return step


def _is_built(client: Any, call: Mapping[str, Any], results: list[Any]) -> bool:
    """Whether this library has the feature at all: its part of the client, or what an earlier step should have given."""
    if "on" in call:
        return results[call["on"]["step"]] is not UNBUILT
    if call["path"] == ["graphql"] and "subscription" in str(call.get("args")):
        return hasattr(client, "subscriptions")
    return hasattr(client, call["path"][0])


async def _awaited(answer: Any) -> Any:
    return await answer


def _member(root: Any, path: list[str]) -> Any:
    for name in path:
        root = getattr(root, name)
    return root


def _arguments(case: Mapping[str, Any], call: Mapping[str, Any], args: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    args = [None if argument is UNDEFINED else argument for argument in args]
    if call["path"] == ["graphql"]:
        return _graphql_arguments(args)
    token = case.get("auth", {}).get("token")
    if token is None or call["path"][-1] == "values":
        return args, {}
    # A user who is signed in is, in a function, a token that is given.
    last = args[-1] if args and isinstance(args[-1], Mapping) else {}
    client = case.get("client", {})
    mode = last.get("authMode") or client.get("authMode") or case.get("config", {}).get("defaultAuthMode")
    if mode in ("userPool", "oidc") and "authToken" not in last and "authToken" not in client:
        return args, {"auth_token": token}
    return args, {}


def _graphql_arguments(args: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    given = dict(args[0] if args and args[0] is not None else {})
    options = {name: given[name] for name in ("authMode", "authToken") if name in given}
    if len(args) > 1:
        options["headers"] = args[1]
    return [given.get("query"), given.get("variables")], options
