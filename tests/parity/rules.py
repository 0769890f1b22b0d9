"""The intended differences: what they apply to, and why a user of the JavaScript client would want them.

A rule looks at what is in a call, a request or an outcome, never at the name of a case.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from amplify_data_client.errors import (
    AmplifyDataError,
    CallTimeoutError,
    ConnectionFailedError,
    HTTPStatusError,
    NotSelectedError,
    OperationError,
    ReplyError,
    ReplyLostError,
    RequestError,
    ServerError,
    ThrottledError,
    UnauthorizedError,
)

from .compare import Difference, normal, same, same_errors
from .notation import plain
from .replay import NESTED, Step
from .validity import objections


@dataclass(frozen=True)
class Rule:
    """`explains` says whether a difference is this one."""

    name: str
    reason: str
    explains: Callable[[Step, Difference], bool]


RULES: list[Rule] = []


def explained(step: Step, difference: Difference) -> str | None:
    """The name of the rule that explains a difference."""
    return next((rule.name for rule in RULES if rule.explains(step, difference)), None)


def rule(reason: str) -> Callable[[Callable[[Step, Difference], bool]], None]:
    def add(explains: Callable[[Step, Difference], bool]) -> None:
        RULES.append(Rule(explains.__name__.replace("_", " "), reason, explains))

    return add


def _requests(step: Step) -> list[Mapping[str, Any]]:
    return [exchange["request"] for exchange in step.recorded["http"]]


def _sends_more(step: Step, difference: Difference) -> bool:
    """Whether the difference is that JavaScript gave up before sending and we did not, or the outcome of that."""
    return difference.kind in ("outcome", "requests") and not _requests(step)


def _refused(step: Step) -> bool:
    return isinstance(step.raised, OperationError) and not step.sent


def _options(step: Step) -> Mapping[str, Any]:
    given = [argument for argument in step.recorded["call"].get("args", []) if isinstance(argument, Mapping)]
    return {key: value for argument in given for key, value in argument.items()}


def _is_mutation(step: Step) -> bool:
    return any((request.get("query") or "").lstrip().startswith("mutation") for request in _requests(step))


def _responses(step: Step) -> list[Mapping[str, Any]]:
    return [exchange["response"] for exchange in step.recorded["http"]]


def _js_error(value: Any) -> Mapping[str, Any]:
    return value["$error"] if isinstance(value, Mapping) and "$error" in value else {}


@rule("JavaScript sends what AppSync refuses; we say what is wrong before anything is sent")
def invalid_request_is_refused_before_sending(step: Step, difference: Difference) -> bool:
    return _refused(step) and any("invalid" in request or _lacks_its_partition(request) for request in _requests(step))


def _lacks_its_partition(request: Mapping[str, Any]) -> bool:
    """Whether it has a condition on the sort key, but no partition key, which only the resolver refuses."""
    partition = request["query"].partition("$")[2].partition(":")[0]
    return "KeyConditionInput" in request["query"] and partition not in (request.get("variables") or {})


@rule("JavaScript silently drops or changes a value that it was given; we say that it would be lost")
def a_value_that_would_be_lost_is_refused(step: Step, difference: Difference) -> bool:
    if not _refused(step) or not _requests(step):
        return False
    # the end of a selection path that goes on below a scalar, and an authorization mode that there is not
    dropped = any(
        option in str(step.raised) for option in ("selection_set", "auth_mode") if _is_option_given(step, option)
    )
    return dropped or not all(_arrives(step, request) for request in _requests(step))


def _is_option_given(step: Step, option: str) -> bool:
    first, *rest = option.split("_")
    return first + "".join(map(str.capitalize, rest)) in {**step.case.get("client", {}), **_options(step)}


def _arrives(step: Step, request: Mapping[str, Any]) -> bool:
    """Whether all that the call was given is in the request's variables, declared by its document, or an option."""
    variables = request.get("variables") or {}
    leaves = [*_leaves(variables)]
    declared = request["query"].partition("{")[0]
    undeclared = any(f"${name}:" not in declared for name in variables)
    used = {"selectionSet", "authMode", "authToken", "headers", "nextToken"}
    given = [leaf for key, value in _options(step).items() if key not in used for leaf in _leaves(value)]
    return not undeclared and all(any(same(leaf, other) for other in leaves) for leaf in given)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping) and not any(key.startswith("$") for key in value):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [value]


@rule("Both refuse the call before sending; the words are our own")
def both_refuse(step: Step, difference: Difference) -> bool:
    return difference.kind == "threw" and not _requests(step) and isinstance(step.raised, AmplifyDataError)


@rule("JavaScript breaks with an error of its own on a reply or an argument; we give a result or a clear error")
def javascript_breaks(step: Step, difference: Difference) -> bool:
    thrown = _js_error(step.recorded.get("threw"))
    breaks = thrown.get("name") == "TypeError" or "Missing ID" in thrown.get("message", "")
    is_clear = step.raised is None or isinstance(step.raised, AmplifyDataError)
    return breaks and is_clear and (difference.kind == "outcome" or _sends_more(step, difference))


@rule("In the view in which errors do not raise, graphql() returns data and errors too; JavaScript throws them")
def graphql_returns_errors_too(step: Step, difference: Difference) -> bool:
    thrown = step.recorded.get("threw")
    if step.recorded["call"]["path"] != ["graphql"] or not isinstance(thrown, Mapping) or "errors" not in thrown:
        return False
    if difference.kind != "outcome":
        return False
    if step.raised is not None or not same(plain(thrown["data"]) or None, step.returned.data):
        return False
    return same_errors(thrown["errors"], step.returned.to_dict()["errors"]) or _tells_what_happened(step)


@rule("A failed request is described in our own words, with its exception as `cause`")
def failures_have_our_words(step: Step, difference: Difference) -> bool:
    if difference.kind != "errors" or not isinstance(difference.recorded, list) or not difference.recorded:
        return False
    return all(map(_js_error, difference.recorded)) and _tells_what_happened(step)


def _tells_what_happened(step: Step) -> bool:
    """Whether the errors are those for the last reply: the exception of its kind, the service's words if there are any."""
    entries, said = step.returned.errors, _said(step)
    is_told = not said or [entry.message for entry in entries] == said
    return bool(entries) and is_told and all(type(entry.cause) is _kind(step) for entry in entries)


def _said(step: Step) -> list[str]:
    last = _responses(step)[-1] if _responses(step) else {}
    body = last.get("body", {}) if last.get("status") != 200 else {}
    return [entry["message"] for entry in body.get("errors", [body]) if "message" in entry]


def _kind(step: Step) -> type[RequestError]:
    if not _responses(step):
        return ConnectionFailedError
    last = _responses(step)[-1]
    if "drop" in last or "hang" in last:
        return ReplyLostError if "drop" in last else CallTimeoutError
    status = last["status"]
    of_status = {200: ReplyError, 401: UnauthorizedError, 403: UnauthorizedError, 429: ThrottledError}
    return of_status.get(status, ServerError if status >= 500 else HTTPStatusError)


@rule("A mutation whose reply was lost, or which the server failed, is not repeated: it may have been executed")
def mutations_are_not_repeated(step: Step, difference: Difference) -> bool:
    lost = all(one.get("drop") or one.get("status", 200) >= 500 for one in _responses(step))
    return difference.kind == "requests" and _is_mutation(step) and lost and len(step.sent) == 1


@rule("A reply with neither data nor errors is no GraphQL reply; JavaScript takes it for an empty one")
def an_empty_reply_is_an_error(step: Step, difference: Difference) -> bool:
    if difference.kind not in ("errors", "data") or step.raised is not None or not _responses(step):
        return False
    last = _responses(step)[-1]
    is_empty = last.get("status", 200) == 200 and (
        "text" in last or ("body" in last and last["body"].get("data") is None and not last["body"].get("errors"))
    )
    return is_empty and bool(step.returned.errors) and not difference.recorded


@rule("A reply without the field that was asked for, or without what it has to hold, is no answer; JavaScript takes it")
def a_reply_has_to_answer(step: Step, difference: Difference) -> bool:
    if difference.kind != "errors" or difference.recorded or step.raised is not None or not _responses(step):
        return False
    body = _responses(step)[-1].get("body")
    if not isinstance(body, Mapping) or body.get("errors") or not isinstance(body.get("data"), Mapping):
        return False
    came = [*body["data"].values()]
    lacks = not came or any(one is None or (isinstance(one, Mapping) and "items" not in one) for one in came)
    return lacks and [type(entry.cause) for entry in step.returned.errors] == [ReplyError]


@rule("The list of a page is always a list; JavaScript gives null, or the raw reply, where there are no items")
def a_page_has_always_a_list(step: Step, difference: Difference) -> bool:
    if difference.kind != "data" or difference.found != [] or isinstance(difference.recorded, list):
        return False
    body = _responses(step)[-1].get("body")
    came = [*((isinstance(body, Mapping) and body.get("data")) or {}).values()]
    return not any(isinstance(one, Mapping) and one.get("items") for one in came)


@rule("A redirect is not followed: credentials would go along")
def redirects_are_not_followed(step: Step, difference: Difference) -> bool:
    kinds = ("requests", "outcome", "data", "errors")
    return (
        difference.kind in kinds
        and any(300 <= one.get("status", 200) < 400 for one in _responses(step))
        and len(step.sent) == 1
    )


@rule("A call is bounded by its timeout, and an awaiting one is cancelled as tasks are; there is no client.cancel()")
def cancelling(step: Step, difference: Difference) -> bool:
    return difference.kind == "outcome" and "cancel" in step.recorded


@rule(
    "A configuration with an unfit endpoint, region or schema is refused when it is made; without a schema there is graphql() alone"
)
def unfit_configuration_is_refused(step: Step, difference: Difference) -> bool:
    keys = ("endpoint", "region", "modelIntrospection")
    return (
        not step.sent
        and isinstance(step.raised, AmplifyDataError)
        and any(key in step.case.get("config", {}) for key in keys)
    )


@rule("A record without its identifier cannot load its relations, and says so; JavaScript gives a bare list")
def relations_need_the_identifier(step: Step, difference: Difference) -> bool:
    return "on" in step.recorded["call"] and isinstance(step.raised, NotSelectedError)


@rule("A list names the key arguments that it gives, and no others: the lists of SQL models lack some of them")
def unused_keys_of_a_list_are_left_out(step: Step, difference: Difference) -> bool:
    if difference.kind != "query" or "$filter: Model" not in difference.found:
        return False
    unused = _arguments(difference.recorded) - _arguments(difference.found)
    given = {f"${name}" for request in _requests(step) for name in request.get("variables") or {}}
    shorter = difference.recorded
    for name in unused:
        shorter = re.sub(rf"\{name}: \w+,? ?|{name[1:]}: \{name},? ?", "", shorter)
    return bool(unused) and not unused & given and normal(shorter) == normal(difference.found)


def _arguments(document: str) -> set[str]:
    return set(re.findall(r"\$\w+", document))


@rule("JavaScript builds a request that AppSync refuses (composite keys, group fields); ours is one that it takes")
def ours_is_valid(step: Step, difference: Difference) -> bool:
    if difference.kind not in ("variables", "query") or step.api is None:
        return False
    if not all("invalid" in request for request in _requests(step)):
        return False
    if difference.kind == "query":
        differs = _words(difference.recorded) - _words(difference.found) <= _refused_fields(step)
    else:
        differs = same(difference.recorded, {key: difference.found.get(key) for key in difference.recorded})
    return differs and not any(objections(step.api, sent.body) for sent in step.sent)


def _words(document: str) -> set[str]:
    return set(re.findall(r"\w+", document)) - {"query"}


def _refused_fields(step: Step) -> set[str]:
    return {
        field
        for request in _requests(step)
        for reason in request["invalid"]
        for field in re.findall(r'Cannot query field "(\w+)"', reason)
    }


@rule("Keys and tokens are used wherever they are given, in any spelling; JavaScript misses some and throws")
def given_authorization_is_used(step: Step, difference: Difference) -> bool:
    missed = _js_error(step.recorded.get("threw")).get("name") in (
        "NoApiKey",
        "NoValidAuthTokens",
        "NoAuthorizationHeader",
    )
    given = {**step.case.get("client", {}), **_options(step)}
    tokens = [given.get("authToken"), given.get("apiKey"), *given.get("headers", {}).values()]
    sent = [request.headers.get(name) for request in step.sent for name in ("authorization", "x-api-key")]
    return missed and _sends_more(step, difference) and any(token is not None and token in sent for token in tokens)


@rule("A header that is not text is refused; JavaScript breaks on it")
def unfit_header_is_refused(step: Step, difference: Difference) -> bool:
    headers = _options(step).get("headers", {})
    return _refused(step) and not all(isinstance(value, str) for value in headers.values())


@rule("The endpoint belongs to the configuration, and headers to the client: there are no library-wide settings")
def no_settings_beside_the_configuration(step: Step, difference: Difference) -> bool:
    beside = {"customEndpoint", "customEndpointRegion"} & step.case.get("config", {}).keys()
    if _sends_more(step, difference):
        return bool(beside) or "endpoint" in step.case.get("client", {})
    names = {"authorization", "x-amz-security-token", "x-amz-user-agent"} if beside else set()
    names |= {name.lower() for name in step.case.get("library", {}).get("headers", {})}
    signs = difference.kind == "signature" or difference.kind == "header:authorization"
    return bool(names) and (signs or difference.kind.removeprefix("header:") in names)


@rule("A number for an ID is sent as text, which is what AppSync makes of it")
def numbers_for_ids_are_text(step: Step, difference: Difference) -> bool:
    if difference.kind != "variables" or difference.recorded.keys() != difference.found.keys():
        return False
    is_id = any(": ID" in request["query"] for request in _requests(step))
    return is_id and all(str(value) == difference.found[key] for key, value in difference.recorded.items())


@rule("AWSJSON is encoded once when it is sent, and parsed when it is read; JavaScript does neither")
def awsjson_is_json(step: Step, difference: Difference) -> bool:
    return difference.kind in ("variables", "data") and _same_but_for_json(difference.recorded, difference.found)


def _same_but_for_json(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same_but_for_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same_but_for_json, one, other))
    return (
        same(one, other) or same(_parsed(one), other) or same(one, _parsed(other)) or same(_parsed(one), _parsed(other))
    )


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


@rule(
    "null, 0, false and empty values are returned; JavaScript drops them from lists, and makes null of 0 beside errors"
)
def falsy_values_are_values(step: Step, difference: Difference) -> bool:
    found, recorded = difference.found, difference.recorded
    if difference.kind != "data":
        return False
    if isinstance(found, list):
        return bool(recorded == [item for item in found if item])
    has_errors = bool(_responses(step)[-1]["body"].get("errors"))
    return has_errors and recorded is None and any(found is one for one in (0, False))


@rule(
    "selection_set works for custom operations and relations, and relations take filter and headers; JavaScript ignores these"
)
def options_that_javascript_ignores(step: Step, difference: Difference) -> bool:
    given, is_relation = _options(step), "on" in step.recorded["call"]
    if not is_relation and step.recorded["call"]["path"][0] not in ("queries", "mutations"):
        return False
    if difference.kind == "query" and not _words(difference.found) <= _words(difference.recorded):
        return False
    if difference.kind in ("query", "data", "loader"):
        return "selectionSet" in given
    if difference.kind == "variables":
        return is_relation and "filter" in given
    names = {name.lower() for name in given.get("headers", {})}
    if difference.kind == "signature" and isinstance(difference.found, Mapping):
        more = set(difference.found["signedHeaders"]) - set(difference.recorded["signedHeaders"])
        return is_relation and more == names
    return is_relation and difference.recorded is None and difference.kind.removeprefix("header:") in names


@rule("What a reply has beyond what was asked for, or what JavaScript picks from it, is returned")
def replies_lose_nothing(step: Step, difference: Difference) -> bool:
    if difference.kind != "data" or not _within(difference.recorded, difference.found):
        return False
    came = [*_leaves(_responses(step)[-1]["body"]["data"]), *_leaves(difference.recorded)]
    came += [leaf for text in came for leaf in _leaves(_parsed(text))]
    return all(any(same(leaf, one) for one in came) for leaf in _leaves(difference.found))


def _within(recorded: Any, found: Any) -> bool:
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        return all(key in found and _within(value, found[key]) for key, value in recorded.items())
    if isinstance(recorded, list) and isinstance(found, list):
        return len(recorded) == len(found) and all(map(_within, recorded, found))
    return same(recorded, found)


@rule(
    "A list in a selection set is asked for its nextToken; without it a list that is cut looks whole, as in JavaScript"
)
def nested_lists_have_a_token(step: Step, difference: Difference) -> bool:
    if difference.kind != "query" or " } nextToken }" not in difference.found:
        return False
    return _without_tokens(difference.recorded) == _without_tokens(difference.found)


def _without_tokens(query: str) -> str:
    return " ".join(query.replace("} nextToken", "}").split())


@rule(
    "A hasMany or hasOne is loaded through the parent's field, which queries an index; JavaScript lists the other model "
    "with a filter: a scan, with pages that are short or empty"
)
def relations_go_through_their_index(step: Step, difference: Difference) -> bool:
    if "on" not in step.recorded["call"] or not all(NESTED.fullmatch(sent.body["query"]) for sent in step.sent):
        return False
    if difference.kind == "query":
        recorded, found = _selected(difference.recorded, 2), _selected(difference.found, 3)
        return found <= recorded if "selectionSet" in _options(step) else found == recorded
    return difference.kind == "variables" and _same_parent(difference.recorded, difference.found)


def _selected(query: str, depth: int) -> set[str]:
    return _words(query.split("{", depth)[depth]) - {"items", "nextToken", "__typename"}


def _same_parent(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether the list is filtered by the keys of the parent that is asked, and the other options are the same."""
    keys = _leaves(recorded["filter"])
    others = {name: value for name, value in recorded.items() if name != "filter"}
    asked = [value for name, value in found.items() if name not in ("filter", "limit", "nextToken")]
    return same(keys, asked) and all(same(value, found.get(name)) for name, value in others.items())


@rule("'*' alone stands for all fields of the model, as 'comments.*' does; JavaScript refuses it")
def wildcard_at_the_top(step: Step, difference: Difference) -> bool:
    return "*" in (_options(step).get("selectionSet") or ()) and "threw" in step.recorded


@rule("JavaScript's models carry a function under the empty name; ours do not")
def no_nameless_operation(step: Step, difference: Difference) -> bool:
    return step.is_missing and step.recorded["call"]["path"][-1] == ""
