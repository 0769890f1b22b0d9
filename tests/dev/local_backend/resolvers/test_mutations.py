"""Create, get, update, delete: what is stored, and when they are refused."""

import re
import uuid

import pytest

from tests.dev.local_backend.asking import Api, Enum

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CONDITION = "DynamoDB:ConditionalCheckFailedException"
INVALID = "DynamoDB:ValidationException"


def stored(api: Api, model: str) -> dict[str, object]:
    [item] = api.backend.items(model)
    return item


def test_create_fills_in_id_and_timestamps(todo: Api) -> None:
    created = todo.run("createTodo", "id name createdAt updatedAt", input={"name": "x"})
    assert uuid.UUID(created["id"]).version == 4
    assert STAMP.fullmatch(created["createdAt"])
    assert created["createdAt"] == created["updatedAt"]


def test_create_takes_an_id_that_is_given(todo: Api) -> None:
    assert todo.run("createTodo", "id", input={"id": "mine"}) == {"id": "mine"}


def test_create_stores_explicit_nulls_and_leaves_out_what_is_absent(todo: Api) -> None:
    todo.run("createTodo", "id", input={"id": "1", "name": None})
    item = stored(todo, "Todo")
    assert item["name"] is None
    assert "description" not in item


def test_create_drops_a_null_in_the_partition_key_of_an_index(sample: Api) -> None:
    sample.run("createTodo", "id", input={"id": "1", "content": "x", "status": None, "listId": None, "score": None})
    item = stored(sample, "Todo")
    assert not {"status", "listId"} & set(item)
    assert item["score"] is None


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("createTodo", {"content": "x", "listId": "l", "dueAt": None}),  # the sort key of an index
        ("createListProfile", {"listId": None}),  # the key of a relation, which has no index of its own
    ],
)
def test_create_refuses_a_null_in_other_keys_of_indexes(sample: Api, field, given) -> None:
    error = sample.refuse(field, "id", input=given)
    assert error["errorType"] == INVALID
    assert error["message"].startswith("Invalid attribute value type")


def test_a_null_part_of_a_composite_sort_key_is_written_into_it(sample: Api) -> None:
    sample.run("createTodo", "id", input={"id": "1", "content": "x", "status": "s", "priority": None, "rank": None})
    sample.run("updateTodo", "id", input={"id": "1", "priority": None, "rank": 5})
    found = sample.run("listTodoByStatusAndPriorityAndRank", "items { id priority rank }", status="s")
    assert found == {"items": [{"id": "1", "priority": None, "rank": 5}]}


def test_an_empty_part_of_a_composite_identifier_is_no_empty_key(identifiers: Api) -> None:
    assert identifiers.run("createSeat", "row", input={"venueId": "v", "row": "", "number": 2}) == {"row": ""}
    error = identifiers.refuse("createSeat", "row", input={"venueId": "", "row": "a", "number": 2})
    assert error["errorType"] == INVALID


def test_update_refuses_an_empty_string_in_an_index_key(identifiers: Api) -> None:
    identifiers.run("createCustomer", "id", input={"id": "1", "accountRepresentativeId": "a"})
    error = identifiers.refuse("updateCustomer", "id", input={"id": "1", "name": ""})
    assert error["errorType"] == INVALID
    assert "The update expression attempted to update a secondary index key" in error["message"]


def test_create_refuses_a_key_that_exists(todo: Api) -> None:
    todo.run("createTodo", "id", input={"id": "1", "name": "first"})
    error = todo.refuse("createTodo", "id", input={"id": "1", "name": "second"})
    assert (error["errorType"], error["path"]) == (CONDITION, ["createTodo"])
    assert stored(todo, "Todo")["name"] == "first"


def test_create_checks_the_condition_against_nothing(todo: Api) -> None:
    assert todo.run("createTodo", "id", input={"id": "1"}, condition={"name": {"ne": "zzz"}}) == {"id": "1"}
    error = todo.refuse("createTodo", "id", input={"id": "2"}, condition={"name": {"eq": "zzz"}})
    assert error["errorType"] == CONDITION


def test_create_refuses_an_empty_key(todo: Api) -> None:
    error = todo.refuse("createTodo", "id", input={"id": ""})
    assert error["errorType"] == INVALID
    assert "cannot contain an empty string value. Key: id" in error["message"]


def test_create_refuses_an_empty_string_in_an_index_key(sample: Api) -> None:
    error = sample.refuse("createTodo", "id", input={"content": "x", "listId": "", "dueAt": "2024-01-01T00:00:00Z"})
    assert error["errorType"] == INVALID


def test_create_takes_empty_values_elsewhere(sample: Api) -> None:
    created = sample.run(
        "createTodo",
        "content tags location { lat long }",
        input={"content": "", "tags": [], "location": {"lat": None}},
    )
    assert created == {"content": "", "tags": [], "location": {"lat": None, "long": None}}


def test_create_wants_every_part_of_a_composite_sort_key(sample: Api) -> None:
    error = sample.refuse("createTodo", "id", input={"content": "x", "status": "open", "priority": Enum("low")})
    assert error["message"] == (
        "When creating any part of the composite sort key for @index 'todosByStatusAndPriorityAndRank', you must "
        "provide all fields for the key. Missing key: 'rank'."
    )
    assert error["errorType"] is None


def test_create_wants_every_part_of_a_relations_composite_key(blog: Api) -> None:
    error = blog.refuse("createShelf", "id", input={"code": "x", "warehouseCity": "Bern"})
    assert error["message"] == (
        "When creating any part of the composite sort key for global secondary index 'gsi-Warehouse.shelves', you must "
        "provide all fields for the key. Missing key: 'warehouseNumber'."
    )


def test_create_answers_relations_like_a_query(sample: Api) -> None:
    created = sample.run(
        "createTodoList", "id todos { items { id } nextToken } profile { id }", input={"id": "l", "name": "L"}
    )
    assert created == {"id": "l", "todos": {"items": [], "nextToken": None}, "profile": None}


def test_get_gives_null_for_what_is_not_there(todo: Api) -> None:
    assert todo.run("getTodo", "id", id="none") is None


def test_update_changes_what_is_given_and_removes_what_is_null(sample: Api) -> None:
    sample.run("createTodo", "id", input={"id": "1", "content": "x", "score": 1.5, "isDone": True})
    before = stored(sample, "Todo")
    updated = sample.run("updateTodo", "content score isDone", input={"id": "1", "content": "y", "score": None})
    after = stored(sample, "Todo")
    assert updated == {"content": "y", "score": None, "isDone": True}
    assert "score" not in after
    assert after["createdAt"] == before["createdAt"]


def test_update_sets_the_time_of_the_change() -> None:
    import datetime

    from amplify_data_client.dev.local_backend import LocalBackend
    from tests.dev.local_backend.asking import introspection

    times = iter(datetime.datetime(2030, 1, day, tzinfo=datetime.UTC) for day in range(1, 9))
    with LocalBackend(introspection("todo"), clock=lambda: next(times)) as backend:
        api = Api(backend)
        created = api.run("createTodo", "createdAt updatedAt", input={"id": "1"})
        updated = api.run("updateTodo", "createdAt updatedAt", input={"id": "1"})
    assert updated["createdAt"] == created["createdAt"]
    assert updated["updatedAt"] > created["updatedAt"]


def test_update_of_a_missing_item_fails_its_condition(todo: Api) -> None:
    assert todo.refuse("updateTodo", "id", input={"id": "none"})["errorType"] == CONDITION
    assert todo.backend.items("Todo") == []


def test_update_stores_a_null_in_a_required_field_and_reading_it_fails(sample: Api) -> None:
    sample.run("createTodo", "id", input={"id": "1", "content": "x"})
    error = sample.refuse("updateTodo", "id content", input={"id": "1", "content": None})
    assert "Cannot return null for non-nullable type: 'String'" in error["message"]
    assert "content" not in stored(sample, "Todo")
    assert sample.run("updateTodo", "content", input={"id": "1", "content": "y"}) == {"content": "y"}


def test_update_wants_every_part_of_a_composite_sort_key(sample: Api) -> None:
    sample.run("createTodo", "id", input={"id": "1", "content": "x"})
    error = sample.refuse("updateTodo", "id", input={"id": "1", "rank": 9})
    assert error["message"].startswith("When updating any part of the composite sort key for @index")
    assert error["message"].endswith("Missing key: 'priority'.")


@pytest.mark.parametrize("field", ["updateTodo", "deleteTodo"])
def test_a_condition_decides(sample: Api, field: str) -> None:
    sample.run(
        "createTodo", "id", input={"id": "1", "content": "x", "status": "open", "rank": 1, "priority": Enum("low")}
    )
    error = sample.refuse(field, "id", input={"id": "1"}, condition={"status": {"eq": "closed"}})
    assert error["errorType"] == CONDITION
    condition = {"and": [{"status": {"eq": "open"}}, {"not": {"rank": {"gt": 5}}}]}
    assert sample.run(field, "id", input={"id": "1"}, condition=condition) == {"id": "1"}


def test_attribute_exists_tells_a_created_null_from_an_updated_one(todo: Api) -> None:
    todo.run("createTodo", "id", input={"id": "created", "name": None})
    todo.run("createTodo", "id", input={"id": "updated", "name": "x"})
    todo.run("updateTodo", "id", input={"id": "updated", "name": None})
    todo.run("createTodo", "id", input={"id": "omitted"})
    found = todo.run("listTodos", "items { id }", filter={"name": {"attributeExists": True}})
    assert found == {"items": [{"id": "created"}]}


def test_delete_gives_the_old_item(todo: Api) -> None:
    todo.run("createTodo", "id", input={"id": "1", "name": "x"})
    assert todo.run("deleteTodo", "id name", input={"id": "1"}) == {"id": "1", "name": "x"}
    assert todo.backend.items("Todo") == []


def test_delete_of_a_missing_item_fails_its_condition(todo: Api) -> None:
    assert todo.refuse("deleteTodo", "id", input={"id": "none"})["errorType"] == CONDITION


def test_composite_identifiers_name_one_item(sample: Api) -> None:
    key = {"customerId": "c", "status": "new", "createdOn": "2024-01-01"}
    sample.run("createOrder", "customerId", input={**key, "total": 5})
    sample.run("createOrder", "customerId", input={**key, "status": "paid"})
    assert sample.run("getOrder", "total", **key) == {"total": 5}
    assert sample.run("updateOrder", "total", input={**key, "total": 7}) == {"total": 7}
    assert sample.refuse("updateOrder", "total", input={**key, "customerId": "d"})["errorType"] == CONDITION
    assert sample.refuse("createOrder", "total", input=key)["errorType"] == CONDITION
    assert sample.run("deleteOrder", "total", input=key) == {"total": 7}
    assert len(sample.backend.items("Order")) == 1


def test_every_scalar_comes_back_as_it_was_stored(scalars: Api) -> None:
    given = {
        "anId": "1",
        "aString": 'é\u2028\\"',
        "anInteger": -(2**31),
        "aFloat": 1e300,
        "aBoolean": False,
        "aDate": "2024-02-29Z",
        "aTime": "10:20:30.123456789+01:00",
        "aDatetime": "2024-01-02T03:04:05.000Z",
        "aTimestamp": 1700000000,
        "anEmail": "a@b.co",
        "aJson": '{"b":[1,null,"x"]}',
        "aPhone": "+12065550100",
        "aUrl": "https://example.com/?q=1#x",
        "anIp": "10.0.0.0/8",
        "inlineEnum": "ON",
        "namedEnum": "LOW",
    }
    create = (
        f"mutation M($input: CreateEverythingInput!) {{ createEverything(input: $input) {{ id {' '.join(given)} }} }}"
    )
    created = scalars.data(create, {"input": given})["createEverything"]
    again = scalars.run("getEverything", " ".join(given), id=created.pop("id"))
    assert created == again == given


def test_json_loses_its_whitespace_and_order_and_keeps_its_value(scalars: Api) -> None:
    create = "mutation M($json: AWSJSON) { createEverything(input: {aJson: $json}) { aJson } }"
    assert scalars.data(create, {"json": '{ "b" : 1, "a": [ ] }'}) == {"createEverything": {"aJson": '{"a":[],"b":1}'}}


def test_nested_custom_types_are_stored_whole(scalars: Api) -> None:
    place = {
        "name": "x",
        "address": {
            "street": "s",
            "geo": {"lat": 1.5, "long": -3},
            "history": [{"lat": 0, "long": 0}],
            "kind": Enum("HOME"),
        },
        "bag": {"items": ["a"], "nextToken": "n"},
    }
    fields = "address { street geo { lat long label } history { lat } kind } bag { items nextToken } inline { floor }"
    created = scalars.run("createPlace", fields, input=place)
    assert created == {
        "address": {
            "street": "s",
            "geo": {"lat": 1.5, "long": -3, "label": None},
            "history": [{"lat": 0}],
            "kind": "HOME",
        },
        "bag": {"items": ["a"], "nextToken": "n"},
        "inline": None,
    }


def test_defaults_that_the_introspection_leaves_out_can_be_given() -> None:
    from amplify_data_client.dev.local_backend import LocalBackend
    from tests.dev.local_backend.asking import introspection

    defaults = {"WithDefaults": {"title": "untitled", "count": 3}}
    with LocalBackend(introspection("scalars"), defaults=defaults) as backend:
        created = Api(backend).run("createWithDefaults", "title count", input={"count": None})
    assert created == {"title": "untitled", "count": 3}


def test_an_item_has_a_size_that_dynamodb_takes(todo: Api) -> None:
    created = todo.run("createTodo", "id", input={"id": "1", "description": "é" * 204_000})
    assert created == {"id": "1"}
    error = todo.refuse("updateTodo", "id", input={"id": "1", "name": "x" * 2_000})
    assert (error["errorType"], error["message"].partition(" (")[0]) == (
        "DynamoDB:ValidationException",
        "Item size to update has exceeded the maximum allowed size",
    )
    error = todo.refuse("createTodo", "id", input={"id": "2", "description": "x" * 410_000})
    assert error["message"].startswith("Item size has exceeded the maximum allowed size")
    assert [item["id"] for item in todo.backend.items("Todo")] == ["1"]


@pytest.mark.parametrize("text", ['{"": 1}', '[{"a": {"": null}}]'])
def test_json_with_an_empty_name_is_refused(scalars: Api, text: str) -> None:
    error = scalars.refuse("createEverything", "id", input={"aJson": text})
    assert error["message"].startswith("Empty attribute name")


def test_a_condition_that_dynamodb_refuses_changes_nothing(todo: Api) -> None:
    todo.run("createTodo", "id", input={"id": "1", "name": "x"})
    error = todo.refuse("deleteTodo", "id", input={"id": "1"}, condition={"name": {}})
    assert "unused in expressions: keys: {#name}" in error["message"]
    error = todo.refuse("updateTodo", "id", input={"id": "1"}, condition={"name": {"gt": None}})
    assert error["message"].startswith("Invalid ConditionExpression: Incorrect operand type")
    assert [item["name"] for item in todo.backend.items("Todo")] == ["x"]


def test_the_joined_sort_key_of_an_identifier_is_stored_too(identifiers: Api) -> None:
    identifiers.run("createSeat", "row", input={"venueId": "v", "row": "A", "number": 1})
    assert identifiers.backend.items("Seat")[0]["row#number"] == "A#1"
