"""Every relation, for every kind of caller, gives what the list gives, and never less: on the local backend."""

from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client import Client
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend import LocalBackend
from tests import relation_shapes
from tests.relation_shapes import CALLERS, GET_ONLY, Question, questions

from .conftest import introspection

SHAPES = Introspection(introspection("relations"))
ALL = [*questions(SHAPES, thorough=True)]


@pytest.fixture(scope="module")
def views() -> Iterator[dict[str, Client[Any]]]:
    with LocalBackend(SHAPES.raw, field_rules=relation_shapes.FIELD_RULES) as backend:
        found = {caller: relation_shapes.view(backend, backend, caller) for caller in CALLERS}
        relation_shapes.seed(found, SHAPES)
        yield found


@pytest.mark.parametrize("relation", sorted({one.relation for one in ALL}))
def test_a_relation_gives_what_the_list_gives(views: Any, relation: str):
    asked = [one for one in ALL if one.relation == relation]
    objections = [_objection(views[one.caller], one) for one in asked]
    assert [reason for reason in objections if reason is not None] == []
    if relation not in GET_ONLY:
        return
    assert any(_is_more(views[one.caller], one) for one in asked), "what only `get` admits is not found"


def _objection(client: Client[Any], question: Question) -> str | None:
    found = relation_shapes.loaded(client, question)
    return relation_shapes.objection(question, found, relation_shapes.listed(client, question))


def _is_more(client: Client[Any], question: Question) -> bool:
    listed = relation_shapes.listed(client, question)
    return listed is not None and set(relation_shapes.loaded(client, question).found) > set(listed.found)


def test_relations_to_models_without_a_list_are_loaded_too(views: Any):
    client = views["a function"]
    asked = [one for one in ALL if one.relation == "Plain.kids" and one.caller == "a function" and one.filter is None]
    found = [relation_shapes.loaded(client, one).found for one in asked]
    assert [len(one) for one in found] == [4, 4, 3, 3, 0, 0]
