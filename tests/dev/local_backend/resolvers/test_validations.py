"""The rules of `.validate`, which the introspection does not contain."""

from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection

# rule, what it takes, what it refuses, and what Amplify's resolver says of it
RULES: list[tuple[str, str, Any, list[Any], list[Any], str]] = [
    ("aString", "minLength", 3, ["abc", "\N{GRINNING FACE}a"], ["", "ab"], "have a minimum length of 3"),
    (
        "aString",
        "maxLength",
        "3",
        ["", "abc"],
        ["abcd", "\N{GRINNING FACE}\N{GRINNING FACE}"],
        "have a maximum length of 3",
    ),
    ("aString", "startsWith", "ab", ["ab", "abc"], ["", "bab"], "start with ab"),
    ("aString", "endsWith", "ab", ["ab", "cab"], ["", "abc"], "end with ab"),
    ("aString", "matches", "^[a-z]+$", ["a"], ["", "A", "a1"], "match ^[a-z]+$"),
    ("anInteger", "gt", 1, [2], [1, -5], "be greater than 1"),
    ("anInteger", "lt", "1", [0], [1, 5], "be less than 1"),
    ("aFloat", "gte", 1.5, [1.5, 2], [1.4], "be greater than or equal to 1.5"),
    ("aFloat", "lte", 1.5, [1.5, -2], [1.6], "be less than or equal to 1.5"),
]


def backend(**validations: Any) -> LocalBackend:
    return LocalBackend(introspection("scalars"), validations={"Everything": validations})


@pytest.mark.parametrize(("field", "kind", "value", "good", "bad", "words"), RULES, ids=[rule[1] for rule in RULES])
@pytest.mark.parametrize("message", [None, "it's wrong"])
def test_create_and_update_refuse_what_breaks_a_rule(
    field: str, kind: str, value: Any, good: list[Any], bad: list[Any], words: str, message: str | None
) -> None:
    with backend(**{field: [{"type": kind, "value": value, "message": message}]}) as made:
        api = Api(made)
        key = {"id": "1"}
        api.run("createEverything", "id", input=key)
        for one in [*good, None]:
            assert api.run("updateEverything", field, input={**key, field: one}) == {field: one}
            api.run("createEverything", "id", input={field: one})
        stored = made.items("Everything")
        for one in bad:
            for verb, given in (("create", {field: one}), ("update", {**key, field: one})):
                error = api.refuse(f"{verb}Everything", "id", input=given)
                assert error["message"] == (message or f"Field {field} of type Everything must {words}")
                assert error["errorType"] is None
        assert sorted(made.items("Everything"), key=str) == sorted(stored, key=str)


def test_the_first_rule_that_is_broken_is_told() -> None:
    rules = [
        {"type": "minLength", "value": 3, "message": "short"},
        {"type": "startsWith", "value": "a", "message": "a"},
    ]
    with backend(aString=rules) as made:
        for value, message in (("b", "short"), ("bbb", "a")):
            assert Api(made).refuse("createEverything", "id", input={"aString": value})["message"] == message


def test_who_may_not_write_is_told_that_first() -> None:
    rules = {"Todo": {"name": [{"type": "minLength", "value": 3}]}}
    with LocalBackend(introspection("todo"), validations=rules) as made:
        role = made.role("reader", to=["query"])
        client = made.client(role=role, raise_errors=False)
        [error] = client.models.Todo.create(name="a").errors
        assert error.error_type == "Unauthorized"


def test_amplify_attaches_no_rules_to_a_model_named_in_lower_case() -> None:
    rules = {"userProfile": {"nick": [{"type": "minLength", "value": 3}]}}
    with pytest.raises(ValueError, match="userProfile begins in lower case"):
        LocalBackend(introspection("identifiers"), validations=rules)


@pytest.mark.parametrize(
    ("validations", "reason"),
    [
        ({"Nothing": {}}, "no model 'Nothing'"),
        ({"Everything": {"aStrin": [{"type": "matches", "value": "a"}]}}, "Everything has no field 'aStrin'"),
        (
            {"Everything": {"aString": [{"type": "gt", "value": 1}]}},
            "does not fit Everything.aString, which is a String",
        ),
        ({"Everything": {"anInteger": [{"type": "minLength", "value": 1}]}}, "does not fit"),
        ({"Everything": {"aDate": [{"type": "minLength", "value": 1}]}}, "does not fit"),
        ({"Everything": {"aString": [{"type": "least", "value": 1}]}}, "a String takes minLength"),
        ({"Everything": {"aString": [{"value": 1}]}}, "does not fit"),
        ({"Everything": {"aString": [{"type": "matches", "value": "("}]}}, "no usable value"),
        ({"Everything": {"aString": [{"type": "minLength", "value": "x"}]}}, "no usable value"),
    ],
)
def test_rules_that_cannot_be_are_refused(validations: Any, reason: str) -> None:
    with pytest.raises((LookupError, ValueError), match=reason):
        LocalBackend(introspection("scalars"), validations=validations)
