"""Models whose items are rows of a SQL database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection


@pytest.fixture
def shop() -> Iterator[Api]:
    with LocalBackend(introspection("sqlkeys")) as backend:
        yield Api(backend)


def test_the_database_numbers_the_rows_of_an_integer_key(shop: Api) -> None:
    made = [shop.run("createCounters", "counter_id label", input={"label": label}) for label in "ab"]
    assert made == [{"counter_id": 1, "label": "a"}, {"counter_id": 2, "label": "b"}]
    assert shop.run("getCounters", "label", counter_id=2) == {"label": "b"}


def test_numbers_go_on_after_the_highest_one_and_are_not_used_again(shop: Api) -> None:
    shop.run("createEvents", "id", input={"id": 7})
    assert shop.run("createEvents", "id", input={"level": 1}) == {"id": 8}
    shop.run("deleteEvents", "id", input={"id": 8})
    shop.run("createEvents", "id", input={"id": -3})
    assert shop.run("createEvents", "id", input={"id": None}) == {"id": 9}
    assert shop.run("createCounters", "counter_id", input={}) == {"counter_id": 1}


def test_numbers_begin_anew_when_the_backend_is_emptied(shop: Api) -> None:
    shop.run("createEvents", "id", input={})
    shop.backend.empty()
    assert shop.run("createEvents", "id", input={}) == {"id": 1}


def test_seeded_rows_are_numbered_too(shop: Api) -> None:
    shop.backend.seed({"events": [{"level": 1}, {"id": 5}, {"level": 2}]})
    assert sorted(item["id"] for item in shop.backend.items("events")) == [1, 5, 6]


def test_numbers_stay_in_the_file(tmp_path: Path) -> None:
    for expected in (1, 2):
        with LocalBackend(introspection("sqlkeys"), db=tmp_path / "items.db") as backend:
            assert Api(backend).run("createEvents", "id", input={}) == {"id": expected}


def test_many_at_once_have_numbers_of_their_own(shop: Api) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: shop.run("createEvents", "id", input={})["id"], range(100)))
    assert sorted(made) == list(range(1, 101))


@pytest.mark.parametrize("model", ["Notes", "Tickets"])
@pytest.mark.parametrize("given", [{}, {"id": None}])
def test_a_key_named_id_is_filled_in(shop: Api, model: str, given: dict[str, Any]) -> None:
    made = shop.run(f"create{model}", "id body", input={**given, "body": "x"})
    assert shop.run(f"get{model}", "body", id=made["id"]) == {"body": "x"}
    assert len(made["id"]) == 36


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("Products", {"sku": "s"}),
        ("Profiles", {"profile_id": "p"}),
        ("Order_lines", {"order_id": 1, "line_no": 2}),
        ("Prices", {"region": "eu", "sku": "s", "valid_from": "2024-01-01"}),
    ],
)
def test_every_other_key_has_to_be_given_and_names_one_row(shop: Api, model: str, key: dict[str, Any]) -> None:
    fields = " ".join(key)
    for missing in key:
        rest = {name: value for name, value in key.items() if name != missing}
        declared = f"query ($input: Create{model}Input!)".replace("query", "mutation")
        answer = shop.ask(f"{declared} {{ create{model}(input: $input) {{ {fields} }} }}", {"input": rest})
        assert "coerced Null value" in answer["errors"][0]["message"]
    assert shop.run(f"create{model}", fields, input=key) == key
    assert shop.run(f"get{model}", fields, **key) == key
    assert shop.run(f"delete{model}", fields, input=key) == key


def test_a_list_takes_the_first_part_of_a_key_and_a_direction(shop: Api) -> None:
    lines = [{"order_id": order, "line_no": line} for order in (1, 2) for line in (1, 2, 3)]
    shop.backend.seed({"order_lines": lines})
    found = shop.run("listOrder_lines", "items { line_no }", order_id=2)
    assert sorted(one["line_no"] for one in found["items"]) == [1, 2, 3]
    assert len(shop.run("listOrder_lines", "items { line_no }")["items"]) == 6
    assert shop.data("{ listOrders(sortDirection: DESC) { items { id } } }") == {"listOrders": {"items": []}}


def test_rows_are_related_by_their_keys(shop: Api) -> None:
    customer = shop.run("createCustomers", "customer_id", input={"name": "Ann"})["customer_id"]
    order = shop.run("createOrders", "id customer { name }", input={"customer_id": customer})
    shop.run("createProfiles", "profile_id", input={"profile_id": "p", "customer_id": customer})
    shop.run("createProducts", "sku", input={"sku": "s", "title": "Soap"})
    shop.run("createOrder_lines", "line_no", input={"order_id": order["id"], "line_no": 1, "sku": "s"})
    fields = "profile { profile_id } orders { items { lines { items { line_no product { title } } } } }"
    assert shop.run("getCustomers", fields, customer_id=customer) == {
        "profile": {"profile_id": "p"},
        "orders": {"items": [{"lines": {"items": [{"line_no": 1, "product": {"title": "Soap"}}]}}]},
    }


def test_a_column_that_is_set_to_null_is_as_one_that_never_was(shop: Api) -> None:
    one = {"profile_id": "p", "customer_id": None, "bio": None}
    assert shop.run("createProfiles", "profile_id customer_id bio", input=one) == one
    shop.run("updateProfiles", "bio", input={"profile_id": "p", "customer_id": 1, "bio": "x"})
    assert shop.run("updateProfiles", "customer_id", input={"profile_id": "p", "customer_id": None}) == {
        "customer_id": None
    }
    assert shop.backend.items("profiles") == [{"profile_id": "p", "bio": "x"}]


def test_a_condition_may_name_the_key(shop: Api) -> None:
    shop.run("createOrders", "id", input={"customer_id": 4})
    change = {"input": {"id": 1, "customer_id": 5}}
    assert shop.run("updateOrders", "customer_id", **change, condition={"id": {"eq": 1}}) == {"customer_id": 5}
    refused = shop.refuse("updateOrders", "id", **change, condition={"id": {"gt": 1}})
    assert refused["errorType"] == "DynamoDB:ConditionalCheckFailedException"


def test_the_client_works_with_them_as_with_other_models(shop: Api) -> None:
    client = shop.backend.client()
    lines, events = client.models.order_lines, client.models.events
    lines.create(order_id=1, line_no=1, amount=3)
    assert lines.get(order_id=1, line_no=1).data.amount == 3
    assert [one.line_no for one in lines.list().data] == [1]
    event = events.create(id=3, level=1).data
    assert events.update(event, level=2).data.level == 2
    assert events.delete(event).data.id == 3


VALUES = {"Int": 7, "String": "x", "ID": "i", "AWSDate": "2024-01-01", "Float": 1.5}


def raw_models(schema: str) -> dict[str, Any]:
    found: dict[str, Any] = introspection(schema)["models"]
    return found


@pytest.mark.parametrize("schema", ["sql", "sqlkeys"])
def test_every_operation_of_every_model_is_one_that_the_compiled_api_has(schema: str) -> None:
    with LocalBackend(introspection(schema)) as backend, backend.client() as client:
        for name, raw in raw_models(schema).items():
            models, info = client.models[name], raw["primaryKeyInfo"]
            required = {key: VALUES[field["type"]] for key, field in raw["fields"].items() if field["isRequired"]}
            key = {part: required[part] for part in (info["primaryKeyFieldName"], *info["sortKeyFieldNames"])}
            made = models.create(required).data
            assert models.get(key).data == made
            assert models.get(made).data == models.update(required).data == made
            first = (
                {info["primaryKeyFieldName"]: key[info["primaryKeyFieldName"]]} if info["isCustomPrimaryKey"] else {}
            )
            assert [made] == list(models.iterate()) == models.list(**first).data
            assert models.list(filter={part: {"eq": value} for part, value in key.items()}).data == [made]
            for relation, field in raw["fields"].items():
                if "association" in field:
                    getattr(made, relation)()
            assert models.upsert(required).data == made
            others = {part: value for part, value in required.items() if part not in key}
            assert models.delete(made, condition={part: {"eq": value} for part, value in others.items()}).data == made
            created = models.batch_create([required])
            assert [outcome.ok for outcome in (*created, *models.batch_delete([key]))] == [True, True]


@pytest.mark.parametrize(("model", "key"), [("counters", "counter_id"), ("events", "id"), ("notes", "id")])
def test_the_client_leaves_the_key_to_the_database(shop: Api, model: str, key: str) -> None:
    client = shop.backend.client()
    made = client.models[model].create().data
    assert getattr(made, key) is not None
    assert client.models[model].get({key: getattr(made, key)}).data == made
    assert [outcome.ok for outcome in client.models[model].batch_create([{}, {}])] == [True, True]
