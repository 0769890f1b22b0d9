"""Makes the replies of the stand-in for SSM, S3 and AppSync: introspections of a small and a large schema, and items."""

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
SCHEMA = Path(__file__).parent.parent / "examples" / "todo-introspection.json"
_TYPES: list[str | Json] = [
    "String",
    "Int",
    "Float",
    "Boolean",
    "AWSDateTime",
    "AWSDate",
    "AWSJSON",
    "AWSEmail",
    {"enum": "Status"},
]


def write(folder: Path) -> None:
    """Write them all."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {
        "small": json.loads(SCHEMA.read_text()),
        "large": large(),
        "parameters": {"Parameters": [], "InvalidParameters": []},
        "created": {"data": {"createTodo": _item(0)}},
        "listed-10": _listed(10),
        "listed-100": _listed(100),
        "listed-1000": _listed(1000),
    }
    for name, content in files.items():
        # Amplify indents introspections by four; AppSync does not indent
        indent, separators = (4, None) if "models" in content else (None, (",", ":"))
        (folder / f"{name}.json").write_text(json.dumps(content, indent=indent, separators=separators))


def write_parameters(folder: Path, values: dict[str, str]) -> None:
    """Write what SSM answers, by path, for servers that are started from now on."""
    found = [{"Name": path, "Type": "String", "Value": value, "Version": 1} for path, value in values.items()]
    (folder / "parameters.json").write_text(json.dumps({"InvalidParameters": [], "Parameters": found}))


def large() -> Json:
    """Make the introspection of 100 models that are related in a chain."""
    made: Json = json.loads(SCHEMA.read_text())
    made["enums"] = {"Status": {"name": "Status", "values": ["ACTIVE", "INACTIVE", "PENDING"]}}
    rule = {"provider": "userPools", "ownerField": "owner", "allow": "owner", "identityClaim": "cognito:username"}
    for number in range(99):
        made["models"][f"Model{number}"] = _model(f"Model{number}", number, rule)
    return made


def _model(name: str, number: int, rule: Json) -> Json:
    fields = [_field(f"field{at}", _TYPES[at % len(_TYPES)], required=at % 4 == 1) for at in range(12)]
    fields.insert(0, _field("id", "ID", required=True))
    if number > 0:
        parent = {"connectionType": "BELONGS_TO", "targetNames": ["parentId"]}
        fields.append(_field("parentId", "ID"))
        fields.append(_field("parent", {"model": f"Model{number - 1}"}) | {"association": parent})
    if number < 98:
        children = {"connectionType": "HAS_MANY", "associatedWith": ["parentId"]}
        listed = {"isArray": True, "isArrayNullable": True, "association": children}
        fields.append(_field("children", {"model": f"Model{number + 1}"}) | listed)
    fields += [_field(at, "AWSDateTime") | {"isReadOnly": True} for at in ("createdAt", "updatedAt")]
    operations = ["create", "update", "delete", "read"]
    rules = [{**rule, "operations": operations}, {"allow": "private", "operations": operations}]
    return {
        "name": name,
        "fields": {field["name"]: field for field in fields},
        "syncable": True,
        "pluralName": f"{name}s",
        "attributes": [
            {"type": "model", "properties": {}},
            {"type": "auth", "properties": {"rules": rules}},
        ],
        "primaryKeyInfo": {"isCustomPrimaryKey": False, "primaryKeyFieldName": "id", "sortKeyFieldNames": []},
    }


def _field(name: str, kind: str | Json, *, required: bool = False) -> Json:
    return {"name": name, "isArray": False, "type": kind, "isRequired": required, "attributes": []}


def _listed(count: int) -> Json:
    return {
        "data": {"listTodos": {"items": [_item(number) for number in range(count)], "nextToken": "eyJ2ZXJzaW9uIjo"}}
    }


def _item(number: int) -> Json:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"todo {number}")),
        "name": f"Buy milk number {number}",
        "description": f"Some longer text that describes what there is to be done, number {number}.",
        "isDone": number % 2 == 0,
        "createdAt": "2025-11-22T08:42:00.123Z",
        "updatedAt": "2025-11-22T08:42:00.123Z",
    }
