"""Compares a recorded step with what came of it here; every difference is a value that a rule may explain."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, parse
from graphql.utilities import ast_to_dict

from amplify_data_client._core.records.relation import BoundRelation
from amplify_data_client._core.wire import sigv4
from amplify_data_client._core.wire.authorization import AGENT
from amplify_data_client.client import Chat

from .notation import functions, plain, reach
from .replay import ENDPOINT, Step
from .validity import objections

# what httpx's client adds, and what signing derives
_PASSING = {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent", "x-amz-date"}


@dataclass(frozen=True, eq=False)
class Difference:
    """`kind` says what differs: outcome, requests, path, query, variables, header:<name>, signature, data, …"""

    kind: str
    recorded: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.kind}: recorded {_short(self.recorded)}, found {_short(self.found)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) < 400 else text[:400] + "…"


def differences(step: Step) -> list[Difference]:
    """All that differs in a step."""
    return [*_request_differences(step), *_outcome_differences(step)]


def _request_differences(step: Step) -> list[Difference]:
    recorded = step.recorded["http"]
    if len(recorded) != len(step.sent):
        return [Difference("requests", len(recorded), len(step.sent))]
    found: list[Difference] = []
    for exchange, sent in zip(recorded, step.sent, strict=True):
        request = exchange["request"]
        if (request["method"], request["path"]) != (sent.method, sent.path):
            found.append(Difference("path", request["path"], sent.path))
        if normal(request["query"]) != normal(sent.body["query"]):
            found.append(Difference("query", " ".join(request["query"].split()), sent.body["query"]))
        variables = request.get("variables") or {}
        if not same(variables, sent.body["variables"]):
            found.append(Difference("variables", variables, sent.body["variables"]))
        found += _header_differences(request["headers"], sent.headers)
        if "operationName" in sent.body:
            found.append(Difference("operationName", None, sent.body["operationName"]))
        if step.api is not None and "invalid" not in request and (wrong := objections(step.api, sent.body)):
            found.append(Difference("validity", [], wrong))
    return found


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """The document in normal form; the order of variables and arguments means nothing."""
    try:
        document = parse(text, no_location=True)
    except GraphQLError:
        return text
    return json.dumps(_sorted(ast_to_dict(document)))


def _sorted(node: Any) -> Any:
    if isinstance(node, list):
        return [_sorted(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    inside = {key: _sorted(value) for key, value in node.items() if value not in (None, [], ())}
    for key in ("variable_definitions", "arguments"):
        if key in inside:
            inside[key] = sorted(inside[key], key=json.dumps)
    return inside


def same(one: Any, other: Any) -> bool:
    """Equality of JSON: 2 is 2.0, and two JSON texts with one value are the same."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _same_json(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def _same_json(one: str, other: str) -> bool:
    if one[:1] not in "{[" or other[:1] not in "{[":
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _header_differences(recorded: Mapping[str, Any], sent: Mapping[str, str]) -> list[Difference]:
    found = []
    for name in sorted((recorded.keys() | sent.keys()) - _PASSING):
        one, other = recorded.get(name), sent.get(name)
        if name == "x-amz-user-agent" and str(one).startswith("aws-amplify/"):
            one = AGENT  # it names this library
        if isinstance(one, Mapping) and "sigv4" in one:
            found += _signature_differences(one["sigv4"], other or "")
        elif one != other and not (isinstance(one, Mapping) and "volatile" in one and other):
            found.append(Difference(f"header:{name}", one, other))
    return found


def _signature_differences(recorded: Mapping[str, Any], header: str) -> list[Difference]:
    if not header.startswith(sigv4.ALGORITHM):
        return [Difference("signature", recorded, header)]
    parts = dict(part.split("=", 1) for part in header.removeprefix(sigv4.ALGORITHM).strip().split(", "))
    key, _, *scope = parts["Credential"].split("/")
    credential = "/".join([key, "<date>", *scope])
    signed = parts["SignedHeaders"].split(";")
    if (recorded["credential"], recorded["signedHeaders"]) != (credential, signed):
        return [Difference("signature", recorded, {"credential": credential, "signedHeaders": signed})]
    return []


def _outcome_differences(step: Step) -> list[Difference]:
    recorded, kind = step.recorded, _kind(step.recorded)
    here = "missing" if step.is_missing else "threw" if step.raised is not None else "returned"
    if kind != here:
        shown = repr(step.raised) if step.raised is not None else _shown(step)
        return [Difference("outcome", {kind: recorded.get(kind)}, {here: shown})]
    if kind == "threw":
        return [Difference("threw", recorded["threw"], repr(step.raised))]
    if kind == "missing":
        return []
    return [*_value_differences(recorded["returned"], step), *_call_differences(step)]


def _kind(recorded: Mapping[str, Any]) -> str:
    return next(
        kind for kind in ("missing", "threw", "returned") if recorded.get(kind) is not None or kind == "returned"
    )


def _shown(step: Step) -> Any:
    return step.returned.to_dict() if hasattr(step.returned, "to_dict") else step.returned


def _value_differences(recorded: Any, step: Step) -> list[Difference]:
    found = _shown(step)
    expected = plain(recorded)
    if not isinstance(expected, Mapping) or not isinstance(found, Mapping):
        return [] if same(expected, found) else [Difference("data", expected, found)]
    differing = [
        Difference(key, expected.get(key), found.get(key))
        for key in ("data", "nextToken", "extensions")
        if not same(expected.get(key), found.get(key))
    ]
    if not same_errors(recorded.get("errors"), found.get("errors")):
        differing.append(Difference("errors", recorded.get("errors"), found.get("errors")))
    return differing + _loader_differences(recorded, step)


def same_errors(recorded: Any, found: Any) -> bool:
    """Equality of what `errors` lists; absent is null."""
    listed = recorded if isinstance(recorded, list) else []
    return [_bare(one) for one in listed] == [_bare(one) for one in found or []]


def _bare(entry: Any) -> Any:
    return {key: value for key, value in entry.items() if value is not None} if isinstance(entry, Mapping) else entry


def _loader_differences(recorded: Any, step: Step) -> list[Difference]:
    """Where JavaScript gives a loader, a record has a relation; where it does not, it has none that was fetched."""
    found = []
    for path in functions(recorded):
        if path[-1] == "onStreamEvent" and not hasattr(Chat, "on_stream_event"):
            continue  # streamed events are not built yet
        try:
            value = reach(step.returned, list(path))
        except AttributeError as error:
            found.append(Difference("loader", path, repr(error)))
            continue
        if not isinstance(value, BoundRelation) and not callable(value):
            found.append(Difference("loader", path, repr(value)))
    return found


def _call_differences(step: Step) -> list[Difference]:
    recorded = [*step.recorded.get("headerFunctionCalls", []), *step.case.get("clientHeaderFunctionCalls", [])]
    expected = [{**call, "url": ENDPOINT, "queryString": normal(call["queryString"])} for call in recorded]
    found = [{**call, "queryString": normal(call["queryString"])} for call in step.header_calls]
    return [] if expected == found else [Difference("header function", expected, found)]
