"""Every relation, for every kind of caller, gives what the list gives, and the same as on the local backend."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client import Client
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend import LocalBackend
from tests import relation_shapes
from tests.dev.local_backend.asking import introspection
from tests.relation_shapes import CALLERS, Answer, Question, questions

from .backend import RealBackend

SHAPES = Introspection(introspection("relations"))
RELATIONS = sorted({f"{parent.name}.{field.name}" for parent, field in relation_shapes.relations_of(SHAPES)})
Views = dict[str, Client[Any]]


@pytest.fixture(scope="module")
def sides(
    real_backends: dict[str, RealBackend], local_backends: dict[str, LocalBackend]
) -> Iterator[tuple[Views, Views]]:
    """Clients of every caller on either side, which have the same items."""
    real, local = real_backends["relations"], local_backends["relations"]
    made = []
    for backend in (real, local):
        backend.empty()
        views = {caller: relation_shapes.view(backend, local, caller) for caller in CALLERS}
        relation_shapes.seed(views, SHAPES)
        made.append(views)
    yield made[0], made[1]
    for views in made:
        for client in views.values():
            client.close()


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_gives_what_the_list_gives(sides: tuple[Views, Views], relation: str) -> None:
    real, local = sides
    found = [_asked(one, real, local) for one in _some(relation)]
    assert [reason for _, reason in found if reason is not None] == []
    assert any(answer.found or answer.errors for answer, _ in found)


def _some(relation: str) -> Iterator[Question]:
    """All callers and parents, and each filter and limit for some of them: a scan takes a third of a second."""
    seen: Counter[Any] = Counter()
    for question in questions(SHAPES, thorough=True):
        if question.relation == relation:
            key = (str(question.filter), question.limit)
            seen[key] += 1
            if (question.filter, question.limit) == (None, None) or seen[key] <= 2:
                yield question


def _asked(question: Question, real: Views, local: Views) -> tuple[Answer, str | None]:
    theirs, ours = (relation_shapes.loaded(views[question.caller], question) for views in (real, local))
    if theirs != ours:
        return theirs, f"{question}: Amplify's resolvers give {theirs}, the local backend {ours}"
    return theirs, relation_shapes.objection(question, theirs, relation_shapes.listed(real[question.caller], question))


def test_a_list_in_a_selection_set_goes_on_with_its_token(real_backends: dict[str, RealBackend]) -> None:
    with real_backends["relations"].client() as client:
        client.models.Pair.create(one="many", two="x")
        kids = [{"id": f"many{n}", "one": "many", "two": "x", "text": str(n)} for n in range(130)]
        client.models.PairKid.batch_create(kids)
        pair = client.models.Pair.get(one="many", two="x", selection_set=["one", "two", "kids.text"]).data
        page = pair.kids()
        assert (len(page), bool(page.next_token)) == (100, True)
        assert sorted(one.text for one in page.iterate()) == sorted(str(number) for number in range(130))
        [listed] = client.models.Pair.list(one="many", selection_set=["one", "two", "kids.text"])
        assert len(list(listed.kids().iterate())) == 130
        deep = ["id", "parent.one", "parent.two", "parent.kids.text"]
        kid = client.models.PairKid.get(id="many7", selection_set=deep).data
        assert len(list(kid.parent.kids().iterate())) == 130
