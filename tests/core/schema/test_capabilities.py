"""What `disableOperations` leaves of a model."""

import copy
from typing import Any

import pytest

from amplify_data_client._core.schema.capabilities import ALL_OPERATIONS, can_load, operations
from amplify_data_client._core.schema.introspection import Introspection

READS, WRITES = {"get", "list"}, {"create", "update", "delete"}
EVENTS = {"onCreate", "onUpdate", "onDelete"}


@pytest.mark.parametrize(
    ("properties", "disabled"),
    [
        ({}, set()),
        ({"queries": None}, READS),
        ({"queries": {"get": None}}, {"get"}),
        ({"queries": {"get": "fetchTodo"}}, set()),
        ({"mutations": {"create": None, "delete": None}}, {"create", "delete"}),
        ({"mutations": None, "subscriptions": None}, WRITES | EVENTS),
        ({"subscriptions": {"level": "off"}}, EVENTS),
        ({"subscriptions": {"level": "on"}}, set()),
    ],
)
def test_operations_are_disabled_one_by_one_or_in_groups(schema: Any, properties: Any, disabled: set[str]):
    model = schema("todo").model("Todo")._replace(properties=properties)
    assert operations(model) == ALL_OPERATIONS - disabled


@pytest.mark.parametrize(
    ("disabled", "loads_post", "loads_comments"),
    [(set(), True, True), ({"get"}, False, True), ({"list"}, True, True), ({"get", "list"}, False, False)],
)
def test_a_belongs_to_is_loaded_with_a_get_and_a_has_many_with_the_parents_get_or_a_list(
    schema: Any, disabled: set[str], loads_post: bool, loads_comments: bool
):
    raw = copy.deepcopy(schema("blog").introspection.raw)
    for name in ("Post", "Comment"):
        attributes = [one for one in raw["models"][name]["attributes"] if one["type"] != "model"]
        settings = {"type": "model", "properties": {"queries": dict.fromkeys(disabled)}}
        raw["models"][name]["attributes"] = [settings, *attributes]
    found = Introspection(raw)
    assert can_load(found, "Comment", found.models["Comment"].fields["post"]) is loads_post
    assert can_load(found, "Post", found.models["Post"].fields["comments"]) is loads_comments
    assert not can_load(found, "Post", found.models["Post"].fields["title"])
