"""What the model introspection says, and what is said of one that is malformed."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amplify_data_client._core.operations import custom, mutations, names, queries
from amplify_data_client._core.operations.api import Api, ClientBinding
from amplify_data_client._core.operations.arguments import Arguments
from amplify_data_client._core.operations.operation import Call
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.errors import AmplifyDataError, ConfigurationError
from amplify_data_client.results import Page

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"
RAW = {path.parent.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*/model-introspection.json")}
NOTHING = Arguments(None, None, {})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield from places(below, (*path, key))


PLACES = [(name, path) for name, raw in sorted(RAW.items()) for path in places(raw)]


class Unwatched(Api):
    """Its documents are held against no API: none can be compiled of what is malformed."""

    def document(self, head: str, selection: str, make: Callable[[], str]) -> str:
        return make()


def described(raw: Any) -> Iterator[Any]:
    """Everything that a client may ask of an introspection."""
    introspection = Introspection(raw)
    context = ClientBinding(Unwatched(introspection), Page, lambda options: None)
    for name in introspection.models:
        for describe in (mutations.create, queries.list_):
            yield lambda name=name, describe=describe: describe(context, context.api.model(name), NOTHING)
        yield lambda name=name: names.restricted(object, context.api.model(name))
        yield lambda name=name: names.spellings(names.index_names(context.api.model(name)))
    for known in (introspection.queries, introspection.mutations, introspection.generations):
        for name in known:
            yield lambda known=known, name=name: custom.call(context, known[name], "query", NOTHING)
    for known in (introspection.enums, introspection.non_models, introspection.inputs, introspection.conversations):
        for name in known:
            yield lambda known=known, name=name: known[name]


@settings(max_examples=200)
@given(place=st.sampled_from(PLACES), odd=st.sampled_from([..., None, 3, "x", [], {}, True, [None], {"a": 1}]))
def test_a_malformed_introspection_is_a_clear_error_or_does_not_matter(place: Any, odd: Any):
    name, (*above, last) = place
    raw = copy.deepcopy(RAW[name])
    at = raw
    for step in above:
        at = at[step]
    if odd is ...:
        del at[last]
    else:
        at[last] = odd
    try:
        asked = list(described(raw))
    except ConfigurationError:
        return
    for ask in asked:
        with suppress(AmplifyDataError):
            ask()


def test_a_large_schema_costs_only_the_models_that_are_used(schema: Any):
    todo = dict(schema("todo").introspection.raw["models"]["Todo"])
    fields = {f"field{number}": {**todo["fields"]["name"], "name": f"field{number}"} for number in range(50)}
    models = {
        f"M{number}": {**todo, "name": f"M{number}", "fields": {**todo["fields"], **fields}} for number in range(100)
    }
    large = Api(Introspection({"version": 1, "models": models, "enums": {}, "nonModels": {}}))
    assert large.selection("M7").text.startswith("{ id name ")
    assert list(large.introspection.models._made) == ["M7"]
    assert len(large.introspection.models) == 100


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "is null, expected a model introspection: a JSON object"),
        ([], "is a list, expected a model introspection: a JSON object"),
        ({}, "is not a model introspection: it has no 'models' object, it has no keys at all"),
        ({"data": {}}, "it has no 'models' object, it has 'data'"),
        ({"models": {}, "version": 2}, "has version 2; this library reads version 1"),
        ({"models": []}, "'models' is a list"),
        ({"models": {}, "enums": 3}, "'enums' is a number"),
    ],
)
def test_what_is_no_introspection_of_this_version_is_told(raw: Any, reason: str):
    with pytest.raises(ConfigurationError, match=reason):
        Introspection(raw)


def test_a_model_that_cannot_be_read_is_named_and_the_others_can_be_used():
    raw = copy.deepcopy(RAW["blog"])
    del raw["models"]["Post"]["pluralName"]
    found = Introspection(raw)
    with pytest.raises(ConfigurationError, match=r"models\.Post cannot be read.*Deploy the backend again"):
        found.models["Post"]
    assert found.models["Comment"].identifier == ("id",)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (None, (("id",), False)),
        ({"fields": ["id"]}, (("id",), False)),
        ({"fields": ["postId", "text"]}, (("postId", "text"), True)),
        ({"name": "byPost", "queryField": None, "fields": ["postId"]}, (("id",), False)),
    ],
)
def test_without_primary_key_info_the_key_without_a_name_identifies_or_id(key: Any, expected: Any):
    raw = copy.deepcopy(RAW["blog"])
    comment = raw["models"]["Comment"]
    del comment["primaryKeyInfo"]
    comment["attributes"] = [] if key is None else [{"type": "key", "properties": key}]
    found = Introspection(raw).models["Comment"]
    assert (found.identifier, found.has_custom_identifier) == expected


def test_a_relation_as_gen_1_wrote_it_is_told():
    raw = copy.deepcopy(RAW["blog"])
    raw["models"]["Post"]["fields"]["comments"]["association"]["associatedWith"] = "post"
    with pytest.raises(ConfigurationError, match=r"models\.Post .*comments has its keys as text, as Amplify Gen 1"):
        Introspection(raw).models["Post"]


# what would run beside the call, break the document, or be taken for one of Python's or GraphQL's own names
HOSTILE = [
    'id } evil: deleteTodo(input: {id: "1"}) { id',
    "id\n",
    "a b",
    "",
    "1st",
    "é",
    "x" * 100 + "!",
    "__class__",
    "__typename",
]


@settings(max_examples=200)
@given(place=st.sampled_from(PLACES), odd=st.sampled_from(HOSTILE[:2]), is_key=st.booleans())
def test_no_text_of_an_introspection_reaches_a_document_unless_it_is_a_name(place: Any, odd: str, is_key: bool):
    name, (*above, last) = place
    raw = copy.deepcopy(RAW[name])
    at = raw
    for step in above:
        at = at[step]
    if is_key and isinstance(at, dict):
        at[odd] = at.pop(last)
    else:
        at[last] = odd
    try:
        asked = list(described(raw))
    except ConfigurationError:
        return
    for ask in asked:
        try:
            call = ask()
        except AmplifyDataError:
            continue
        if isinstance(call, Call):
            assert re.fullmatch(r"[\w $!:(){},\[\]]+", call.operation.document, re.ASCII)


@pytest.mark.parametrize("odd", HOSTILE)
@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (
            lambda raw, odd: raw["models"]["Post"]["fields"].update({odd: {"type": "String"}}),
            r"models\.Post.*the field",
        ),
        (lambda raw, odd: raw["models"].update({odd: raw["models"]["Post"]}), r"models.*the model"),
        (lambda raw, odd: raw["models"]["Post"].update(pluralName=odd), r"models\.Post.*the plural name"),
        (
            lambda raw, odd: raw["models"]["Post"]["fields"]["title"].update(type={"enum": odd}),
            r"models\.Post.*the type",
        ),
        (
            lambda raw, odd: raw["models"]["Post"]["attributes"].append(
                {"type": "key", "properties": {"name": "n", "queryField": odd, "fields": ["id"]}}
            ),
            r"models\.Post.*the index query",
        ),
        (
            lambda raw, odd: raw["models"]["Post"]["attributes"].append(
                {"type": "key", "properties": {"name": odd or " ", "queryField": "q", "fields": ["id"]}}
            ),
            r"models\.Post.*the index",
        ),
        (
            lambda raw, odd: raw["models"]["Post"]["attributes"].append(
                {"type": "auth", "properties": {"rules": [{"allow": "owner", "ownerField": odd or " "}]}}
            ),
            r"models\.Post.*the owner field",
        ),
        (
            lambda raw, odd: raw["models"]["Post"]["fields"]["comments"]["association"].update(associatedWith=[odd]),
            r"models\.Post.*a key of the relation comments",
        ),
        (lambda raw, odd: raw.update(queries={odd: {"type": "String"}}), r"queries.*the operation"),
        (
            lambda raw, odd: raw.update(queries={"q": {"type": "String", "arguments": {odd: {"type": "String"}}}}),
            r"queries\.q.*the field",
        ),
        (
            lambda raw, odd: raw.update(
                queries={"q": {"type": "String", "arguments": {"x": {"type": {"input": odd}}}}}
            ),
            r"queries\.q.*the type",
        ),
        (lambda raw, odd: raw.update(enums={odd: {"values": []}}), r"enums.*the enum"),
        (lambda raw, odd: raw.update(nonModels={odd: {"fields": {}}}), r"nonModels.*the type"),
        (lambda raw, odd: raw.update(conversations={odd: RAW["ai"]["conversations"]["chat"]}), r"conversations.*"),
    ],
)
def test_a_name_that_is_none_in_graphql_is_refused_and_named(odd: str, spoil: Any, what: str):
    raw = copy.deepcopy(RAW["blog"])
    spoil(raw, odd)
    with pytest.raises(ConfigurationError, match=rf"{what}.* is not a name in GraphQL"):
        read_all(Introspection(raw))


def read_all(found: Introspection) -> None:
    types = (found.models, found.non_models, found.inputs, found.enums)
    operations = (found.queries, found.mutations, found.subscriptions, found.generations, found.conversations)
    for known in (*types, *operations):
        list(known.values())


def test_the_schemas_that_amplify_writes_have_only_names_of_graphql():
    assert RAW
    for raw in RAW.values():
        read_all(Introspection(raw))
