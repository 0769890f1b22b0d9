"""What the model introspection says, and what is said of one that is malformed."""

import copy
import json
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
        (None, "is null"),
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
    del raw["models"]["Post"]["primaryKeyInfo"]
    found = Introspection(raw)
    with pytest.raises(ConfigurationError, match=r"models\.Post cannot be read.*Deploy the backend again"):
        found.models["Post"]
    assert found.models["Comment"].identifier == ("id",)
