"""Composite sort keys of indexes hold the item's own values, after every mutation."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api

# fields of the identifier, plain ones of two types, and a timestamp that the backend fills in
PARTS = {"owner": "ID", "name": "String", "value": "String", "rank": "Int", "updatedAt": "AWSDateTime"}
INDEXES = [
    (partition, *sort)
    for partition in ("shelf", "name")
    for count in (2, 3)
    for sort in itertools.permutations(PARTS, count)
    if partition not in sort
]


def schema(indexes: list[tuple[str, ...]]) -> dict[str, Any]:
    types = {"shelf": "String", "note": "String", **PARTS, "createdAt": "AWSDateTime"}
    required = ("owner", "name")
    fields = {
        name: {"name": name, "type": kind, "isArray": False, "isRequired": name in required, "attributes": []}
        | ({"isReadOnly": True} if kind == "AWSDateTime" else {})
        for name, kind in types.items()
    }
    keys = [
        {"type": "key", "properties": {"name": f"by{n}", "queryField": f"listBy{n}", "fields": list(one)}}
        for n, one in enumerate(indexes)
    ]
    rules = [{"allow": "public", "provider": "apiKey", "operations": ["create", "update", "delete", "read"]}]
    model = {
        "name": "Label",
        "pluralName": "Labels",
        "syncable": True,
        "fields": fields,
        "attributes": [
            {"type": "model", "properties": {}},
            {"type": "key", "properties": {"fields": ["owner", "name"]}},
            *keys,
            {"type": "auth", "properties": {"rules": rules}},
        ],
        "primaryKeyInfo": {
            "isCustomPrimaryKey": True,
            "primaryKeyFieldName": "owner",
            "sortKeyFieldNames": ["name"],
        },
    }
    return {"version": 1, "enums": {}, "nonModels": {}, "models": {"Label": model}}


@pytest.fixture(scope="module")
def labels() -> Iterator[Api]:
    with LocalBackend(schema(INDEXES)) as backend:
        yield Api(backend)


def found(api: Api, number: int, item: dict[str, Any]) -> list[Any]:
    partition, *sort = INDEXES[number]
    argument = sort[0] + "".join(part[0].upper() + part[1:] for part in sort[1:])
    query = f"query Q($key: ModelLabelBy{number}CompositeKeyConditionInput) {{ "
    query += f'listBy{number}({partition}: "{item[partition]}", {argument}: $key) {{ items {{ owner name }} }} }}'
    condition = {part: item[part] for part in sort}
    return api.data(query, {"key": {"eq": condition}})[f"listBy{number}"]["items"]


@pytest.mark.parametrize("states", [1, 2, 3], ids=["created", "updated", "updated again"])
def test_every_index_finds_the_item_by_its_values(labels: Api, states: int) -> None:
    labels.backend.empty()
    key = {"owner": "o", "name": "n"}
    labels.run("createLabel", "name", input={**key, "shelf": "s", "value": "v1", "rank": 1})
    for count in range(2, states + 1):
        labels.run("updateLabel", "name", input={**key, "value": f"v{count}", "rank": count, "note": "x"})
    [item] = labels.backend.items("Label")
    for number, (_, *sort) in enumerate(INDEXES):
        assert item["#".join(sort)] == "#".join(str(item[part]) for part in sort)
        assert found(labels, number, item) == [key], INDEXES[number]
