"""Results, pages and errors as values: shown, compared, copied, pickled."""

import asyncio
import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from amplify_data_client import (
    AsyncPage,
    BatchResult,
    ErrorEntry,
    OperationError,
    Outcome,
    Page,
    ReplyError,
    Result,
    errors,
)
from amplify_data_client.results import json_text, plain, wire_text

ENTRY = ErrorEntry("no", error_type="Unauthorized", path=["getTodo", 0])


def test_a_result_shows_its_data_and_what_else_there_is():
    assert Result(None).to_dict() == {"data": None}
    shown = Result([1], errors=[ENTRY], extensions={"a": 1}, request_id="r").to_dict()
    entry = {"message": "no", "errorType": "Unauthorized", "path": ["getTodo", 0]}
    assert shown == {"data": [1], "errors": [entry], "extensions": {"a": 1}}
    assert json.loads(Result([1], errors=[ENTRY]).to_json()) == {"data": [1], "errors": [entry]}
    assert BatchResult([]).to_json() == '{"data": [], "failed": []}'


@pytest.mark.parametrize(
    "value",
    [
        Result({"a": [1]}, errors=[ENTRY], extensions={"b": 2}, request_id="r"),
        Page([1, None], next_token="t"),
        AsyncPage([]),
    ],
)
def test_results_survive_copies_and_pickles(value: Any):
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert again == value and type(again) is type(value)
        assert (again.request_id, again.errors) == (value.request_id, value.errors)


def test_a_copied_page_still_knows_the_way_to_the_next():
    page = Page([1], next_token="t")
    page.followed_by(lambda token: Page([token]))
    for again in (page, copy.copy(page), copy.deepcopy(page)):
        assert list(again.iterate()) == [1, "t"]


async def test_pages_whose_token_comes_back_end_with_an_error():
    for kind in (Page, AsyncPage):

        def follow(token: str, kind: Any = kind) -> Any:
            page = kind([token], next_token={"a": "b", "b": "c"}.get(token, token))
            page.followed_by(follow)
            return page if kind is Page else asyncio.sleep(0, page)

        page: Any = kind([0], next_token="a")
        page.followed_by(follow)
        seen: list[Any] = []

        async def go(page: Any = page, seen: Any = seen) -> None:
            async for one in page.iterate():
                seen.append(one)

        with pytest.raises(ReplyError, match="same next_token") as caught:
            seen.extend(page.iterate()) if kind is Page else await go()
        assert seen == [0, "a", "b", "c"]
        assert (caught.value.next_token, caught.value.may_have_executed) == ("c", False)


@pytest.mark.parametrize(
    ("value", "name", "advice"),
    [
        (Result(None), "name", "Result has no attribute 'name'. What the call returned is in `.data`: `.data.name`."),
        (Result(1), "requestId", "Result has no attribute 'requestId'. Did you mean 'request_id'?"),
        (
            Page([]),
            "name",
            "Page has no attribute 'name'. It holds records: iterate it, or take one of them: `.data[0].name`.",
        ),
        (AsyncPage([]), "nextToken", "AsyncPage has no attribute 'nextToken'. Did you mean 'next_token'?"),
        (Outcome(0, {}), "id", "Outcome has no attribute 'id'. The item's record is in `.data`: `.data.id`."),
    ],
)
def test_an_attribute_that_belongs_to_the_data_is_told_so(value: Any, name: str, advice: str):
    with pytest.raises(AttributeError) as caught:
        getattr(value, name)
    assert str(caught.value) == advice
    assert not hasattr(value, name)
    assert not hasattr(value, "__array__")
    assert getattr(value, name, 5) == 5


async def test_a_page_that_lost_its_client_says_so_instead_of_ending_early():
    for page in (Page([1], next_token="t"), pickle.loads(pickle.dumps(Page([1], next_token="t")))):
        with pytest.raises(OperationError, match=r"next_token=page\.next_token"):
            list(page.iterate())
    with pytest.raises(OperationError, match=r"next_token=page\.next_token"):
        [one async for one in AsyncPage([1], next_token="t").iterate()]
    assert list(Page([1]).iterate()) == [one async for one in AsyncPage([1]).iterate()] == [1]


@pytest.mark.parametrize(
    "error",
    [
        errors.UnknownNameError("no such name"),
        errors.CallTimeoutError("late", operation="getTodo", may_have_executed=True),
        errors.ThrottledError("slow down", status=429, error_type="T", entries=[ErrorEntry("slow")], request_id="r"),
        errors.ConditionFailedError("no", errors=[ENTRY], data={"a": 1}),
        errors.BatchError("some failed", result=BatchResult([])),
    ],
)
def test_errors_survive_copies_and_pickles(error: Any):
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error) and str(again) == str(error)
        assert again.__dict__.keys() == error.__dict__.keys()
        for name in ("operation", "request_id", "status", "errors", "data", "may_have_executed"):
            assert getattr(again, name, None) == getattr(error, name, None)
        if isinstance(error, errors.RequestError):
            assert again.entries == error.entries


def test_values_of_all_kinds_become_json_ready():
    at = datetime(2024, 1, 1, tzinfo=UTC)
    assert plain({"a": (Result(at), [at.date(), at.time()])}) == {
        "a": [{"data": "2024-01-01T00:00:00.000Z"}, ["2024-01-01", "00:00:00.000"]]
    }
    assert wire_text(datetime(2024, 1, 1, 10)) == "2024-01-01T10:00:00.000"  # naive: no zone is made up for it


def test_json_text_can_always_be_encoded():
    assert json_text(["é"]) == '["é"]'
    assert json_text({"a": "\ud800"}, compact=True).encode() == b'{"a":"\\ud800"}'
