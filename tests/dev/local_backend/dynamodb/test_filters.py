"""What DynamoDB makes of a filter: the probe's answers of the real resolvers, and the table in the documentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client.dev.local_backend.dynamodb.filters import compiled, matches
from amplify_data_client.dev.local_backend.errors import ResolverError

# c is missing in a, null in b
ITEMS = {
    "a": {"content": "x"},
    "b": {"content": "x", "score": None, "contact": None, "isDone": None},
    "c": {"content": "x", "score": 1.0, "contact": "a@b.co", "rank": 2, "isDone": True, "tags": ["x", "y"]},
    "d": {"content": "Été", "score": 10, "tags": []},
}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"contact": {"ne": "zz@b.co"}}, "abcd"),
        ({"contact": {"notContains": "zz"}}, "abcd"),
        ({"contact": {"eq": None}}, "b"),
        ({"contact": {"ne": None}}, "acd"),
        ({"contact": {"attributeExists": True}}, "bc"),
        ({"contact": {"attributeExists": False}}, "ad"),
        ({"score": {"lt": 100}}, "cd"),
        ({"score": {"eq": 1}}, "c"),
        ({"contact": {"size": {"ge": 0}}}, "c"),
        ({"contact": {"attributeType": "_null"}}, "b"),
        ({"rank": {"attributeType": "number"}}, "c"),
        ({"isDone": {"attributeType": "bool"}}, "c"),
        ({"tags": {"attributeType": "list"}}, "cd"),
        ({"content": {"attributeType": "string"}}, "abcd"),
        ({"content": {"attributeType": "stringSet"}}, ""),
        ({"content": {"gt": "x"}}, "d"),
        ({"content": {"size": {"eq": 3}}}, "d"),
        ({"contact": {"size": {"ne": 100}}}, "abcd"),
        ({"or": []}, "abcd"),
        ({"and": []}, "abcd"),
        ({}, "abcd"),
        (None, "abcd"),
        ({"not": {}}, "abcd"),
        ({"not": {"score": {"gt": 5}}}, "abc"),
        ({"content": None}, "abcd"),
        ({"contact": {"beginsWith": ""}}, "c"),
        ({"tags": {"contains": "x"}}, "c"),
        ({"tags": {"contains": "z"}}, ""),
        ({"content": {"contains": None}}, ""),
        ({"content": {"attributeExists": None}}, ""),
        ({"tags": {"size": {"between": [0, 1]}}}, "d"),
        ({"isDone": {"eq": True}}, "c"),
        ({"isDone": {"ne": True}}, "abd"),
        ({"score": {"eq": True}}, ""),
        ({"score": {"between": [1, 10]}}, "cd"),
        ({"score": {"gt": 1, "lt": 11}}, "d"),
        ({"content": {"eq": "x"}, "score": {"le": 1}}, "c"),
        ({"and": [{"content": {"eq": "x"}}, {"or": [{"score": {"eq": 1}}, {"contact": {"eq": None}}]}]}, "bc"),
        ({"content": {"contains": "té"}}, "d"),
        ({"content": {"contains": "e"}}, ""),
    ],
)
def test_finds_what_dynamodb_finds(condition, found) -> None:
    assert "".join(name for name, item in ITEMS.items() if matches(condition, item)) == found


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"rank": {"between": [1]}}, "operator or function: BETWEEN, operand type: NULL"),
        ({"rank": {"between": []}}, "operator or function: BETWEEN, operand type: NULL"),
        ({"rank": {"between": [5, 1]}}, "lower bound operand: AttributeValue: {N:5}, upper bound operand"),
        ({"rank": {"gt": None}}, "operator or function: >, operand type: NULL"),
        ({"content": {"beginsWith": None}}, "operator or function: begins_with, operand type: NULL"),
        ({"rank": {"attributeType": None}}, "operator or function: attribute_type, operand type: NULL"),
        ({"and": [{"score": {"eq": 1}}, {"rank": {}}]}, "unused in expressions: keys: {#rank}"),
    ],
)
def test_an_expression_that_dynamodb_refuses_is_refused_without_looking_at_items(condition, said) -> None:
    with pytest.raises(ResolverError) as refused:
        compiled(condition)
    assert refused.value.error_type == "DynamoDB:ValidationException"
    assert said in refused.value.message


@pytest.mark.parametrize(
    "condition",
    [
        {},
        None,
        {"or": []},
        {"and": [{}]},
        {"not": {"or": []}},
        {"not": {"score": {}}},
        {"or": [{"or": []}]},
        {"id": {}},
        {"id": {"size": {}}},
        {"content": None},
    ],
)
def test_what_is_empty_is_no_filter(condition) -> None:
    assert compiled(condition) is None


def test_empty_parts_of_an_or_vanish() -> None:
    assert not matches({"or": [{"score": {"eq": 1}}, {}, {"or": []}, {"id": None}]}, {"score": 2})


@given(st.text(), st.text())
def test_orders_strings_by_their_utf8_bytes(left: str, right: str) -> None:
    def key(text: str) -> bytes:
        return text.encode("utf-8", "surrogatepass")

    assert matches({"x": {"lt": right}}, {"x": left}) == (key(left) < key(right))
    assert matches({"x": {"ge": right}}, {"x": left}) == (key(left) >= key(right))


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.lists(st.text()))


@given(values, values)
def test_ne_is_the_opposite_of_eq_and_not_contains_of_contains(stored: object, operand: object) -> None:
    assert matches({"x": {"ne": operand}}, {"x": stored}) != matches({"x": {"eq": operand}}, {"x": stored})
    found = matches({"x": {"contains": operand}}, {"x": stored})
    assert matches({"x": {"notContains": operand}}, {"x": stored}) != found
