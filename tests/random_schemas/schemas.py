"""Makes introspections as Amplify writes them: odd names, every type, identifiers, indexes, relations, disabled operations."""

from typing import Any

from hypothesis import strategies as st

Raw = dict[str, Any]

MODELS = [
    "Todo",
    "userProfile",
    "Line2",
    "HTTPServer",
    "Class",
    "Model",
    "x",
    "Data",
    "Foo_bar",
    "_Hidden",
    "Get",
    "Page",
]
TYPES = ["Address", "geoPoint", "Record", "Meta_2"]
ENUMS = ["Mood", "level", "Kind"]
VALUES = ["LOW", "high", "Not_found", "class", "_x", "A1", "None"]
# names of Python, of pydantic, of records, of options and of GraphQL's own parts; and some that meet in one spelling
FIELDS = [
    *("name", "isDone", "class", "copy", "modelDump", "_version", "URL", "line2", "toDict", "to_input", "schema"),
    *("items", "nextToken", "filter", "limit", "authMode", "deadline", "data", "eq", "fooBar", "foo_bar", "HTTPReply"),
    *("x", "values", "options", "condition", "input", "sortDirection", "None", "self", "type", "tags", "get", "list"),
    *(
        "model_fields",
        "json",
        "wireValue",
        "timeout",
        "headers",
        "selectionSet",
        "_",
        "__x"[1:],
        "OAuth2Token",
        "batchGet",
    ),
]
# those that may be arguments of a list beside filter, limit, nextToken and sortDirection
KEYS = [
    "code",
    "ownerId",
    "from",
    "URL",
    "line2",
    "_key",
    "fooBar",
    "foo_bar",
    "at",
    "n",
    "value",
    "copy",
    "headers",
    "deadline",
    "info",
]
SCALARS = [
    *("ID", "String", "Int", "Float", "Boolean", "AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp"),
    *("AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"),
]
KEY_SCALARS = [
    "ID",
    "String",
    "Int",
    "Float",
    "AWSDate",
    "AWSTime",
    "AWSDateTime",
    "AWSTimestamp",
    "AWSEmail",
    "AWSURL",
]
GROUPS = {
    "queries": ("get", "list"),
    "mutations": ("create", "update", "delete"),
    "subscriptions": ("onCreate", "onUpdate", "onDelete"),
}


def field(name: str, type_: Any, *, is_required: bool = False, **more: Any) -> Raw:
    """A field as the introspection has it."""
    return {"name": name, "isArray": False, "type": type_, "isRequired": is_required, "attributes": [], **more}


@st.composite
def introspections(draw: st.DrawFn) -> Raw:
    """A whole introspection."""
    enums = draw(st.lists(st.sampled_from(ENUMS), max_size=2, unique=True))
    raw: Raw = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
    # an API has a query, also where its models' are disabled
    raw["queries"] = {"ping": {"name": "ping", "isArray": False, "type": "String", "isRequired": False}}
    for name in enums:
        values = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4, unique=True))
        raw["enums"][name] = {"name": name, "values": values}
    for name in draw(st.lists(st.sampled_from(TYPES), max_size=3, unique=True)):
        # a type may have those made before it, so that none contains itself
        raw["nonModels"][name] = {"name": name, "fields": draw(_fields(raw, FIELDS, min_size=1))}
    for name in draw(st.lists(st.sampled_from(MODELS), min_size=1, max_size=3, unique_by=str.lower)):
        raw["models"][name] = draw(_sql_models(raw, name) if draw(st.integers(0, 4)) == 4 else _models(raw, name))
    names = list(raw["models"])
    for number in range(draw(st.integers(0, 3))):
        draw(_relate(raw, draw(st.sampled_from(names)), draw(st.sampled_from(names)), number))
    for kind in ("queries", "mutations"):
        for name in draw(st.lists(st.sampled_from(["echo", "doIt", "class", "_run"]), max_size=2, unique=True)):
            raw.setdefault(kind, {})[f"{name}{kind[0].upper()}"] = draw(_operations(raw, f"{name}{kind[0].upper()}"))
    return raw


def _types(raw: Raw) -> st.SearchStrategy[Any]:
    scalars: st.SearchStrategy[Any] = st.sampled_from(SCALARS)
    others = [{"enum": name} for name in raw["enums"]] + [{"nonModel": name} for name in raw["nonModels"]]
    return st.one_of(scalars, scalars, st.sampled_from(others)) if others else scalars


@st.composite
def _fields(draw: st.DrawFn, raw: Raw, names: list[str], *, min_size: int = 0) -> dict[str, Raw]:
    made = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=min_size, max_size=6, unique=True)):
        made[name] = draw(_of(raw, name))
    return made


@st.composite
def _of(draw: st.DrawFn, raw: Raw, name: str) -> Raw:
    made = field(name, draw(_types(raw)), is_required=draw(st.booleans()))
    if draw(st.integers(0, 3)) == 0:
        made |= {"isArray": True, "isArrayNullable": draw(st.booleans())}
    return made


@st.composite
def _models(draw: st.DrawFn, raw: Raw, name: str) -> Raw:
    fields: dict[str, Raw] = {}
    parts = draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3]))
    kinds = st.sampled_from(KEY_SCALARS)
    for part in draw(st.lists(st.sampled_from(KEYS), min_size=parts, max_size=parts, unique=True)):
        fields[part] = field(part, draw(kinds), is_required=True)
    identifier = list(fields)
    if not parts:
        fields["id"] = field("id", "ID", is_required=True)
    fields |= {one: made for one, made in draw(_fields(raw, FIELDS)).items() if one not in fields}
    for part in draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True)):
        if part not in fields:
            kind = draw(kinds | st.sampled_from([{"enum": one} for one in raw["enums"]] or ["ID"]))
            fields[part] = field(part, kind, is_required=draw(st.booleans()))
    declared = draw(st.lists(st.sampled_from(["createdAt", "updatedAt"]), max_size=2, unique=True))
    for stamp in ("createdAt", "updatedAt"):
        fields[stamp] = field(stamp, "AWSDateTime", **({} if stamp in declared else {"isReadOnly": True}))
    attributes: list[Raw] = [{"type": "model", "properties": draw(_properties())}]
    if parts or draw(st.booleans()):
        attributes.append({"type": "key", "properties": {"fields": identifier or ["id"]}})
    keyed = [one for one, made in fields.items() if one in (*KEYS, *declared, "id") and _can_be_a_key(made)]
    attributes += draw(_indexes(name, keyed))
    attributes.append({"type": "auth", "properties": {"rules": draw(_rules())}})
    return _described(name, fields, identifier or ["id"], attributes, is_custom=bool(parts))


@st.composite
def _sql_models(draw: st.DrawFn, raw: Raw, name: str) -> Raw:
    """A table of a SQL database: keys that are often numbers, no times that the API sets, no indexes."""
    fields = {}
    for part in draw(
        st.lists(st.sampled_from(["id", "order_id", "line_no", "sku"]), min_size=1, max_size=3, unique=True)
    ):
        fields[part] = field(part, draw(st.sampled_from(["Int", "Int", "String", "ID"])), is_required=True)
    identifier = list(fields)
    fields |= {one: made for one, made in draw(_fields(raw, FIELDS)).items() if one not in fields}
    attributes: list[Raw] = [
        {"type": "model", "properties": {"timestamps": None}},
        {"type": "key", "properties": {"fields": identifier}},
        {"type": "auth", "properties": {"rules": draw(_rules())[:1]}},
    ]
    return _described(name, fields, identifier, attributes, is_custom=identifier != ["id"])


def _described(
    name: str, fields: dict[str, Raw], identifier: list[str], attributes: list[Raw], *, is_custom: bool
) -> Raw:
    return {
        "name": name,
        "pluralName": f"{name}s",
        "syncable": True,
        "fields": fields,
        "attributes": attributes,
        "primaryKeyInfo": {
            "isCustomPrimaryKey": is_custom,
            "primaryKeyFieldName": identifier[0],
            "sortKeyFieldNames": identifier[1:],
        },
    }


def _can_be_a_key(made: Raw) -> bool:
    type_ = made["type"]
    return not made["isArray"] and (type_ in KEY_SCALARS if isinstance(type_, str) else "enum" in type_)


@st.composite
def _properties(draw: st.DrawFn) -> Raw:
    made: Raw = {}
    if draw(st.integers(0, 3)):
        return made
    for group, names in GROUPS.items():
        disabled = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        if group == "subscriptions" and draw(st.booleans()):
            made[group] = {"level": "off"}
        elif len(disabled) == len(names) and draw(st.booleans()):
            made[group] = None
        elif disabled:
            made[group] = dict.fromkeys(disabled)
    return made


@st.composite
def _indexes(draw: st.DrawFn, model: str, keyed: list[str]) -> list[Raw]:
    made: dict[str, Raw] = {}
    for _ in range(draw(st.integers(0, 2)) if keyed else 0):
        parts = draw(st.lists(st.sampled_from(keyed), min_size=1, max_size=3, unique=True))
        words = "And".join(part[:1].upper() + part[1:] for part in parts)
        name = f"{model[:1].lower()}{model[1:]}sBy{words}"
        query = draw(st.sampled_from([f"list{model[:1].upper()}{model[1:]}By{words}", f"find{model}{len(made)}", None]))
        made[name] = {"type": "key", "properties": {"name": name, "queryField": query, "fields": parts}}
    return list(made.values())


@st.composite
def _rules(draw: st.DrawFn) -> list[Raw]:
    everything = ["create", "update", "delete", "read"]
    rules: list[Raw] = [{"allow": "public", "provider": "apiKey", "operations": everything}]
    if draw(st.booleans()):
        owner = {"allow": "owner", "provider": "userPools", "identityClaim": "cognito:username"}
        rules.append({**owner, "ownerField": draw(st.sampled_from(["owner", "postedBy"])), "operations": everything})
    return rules


@st.composite
def _relate(draw: st.DrawFn, raw: Raw, parent: str, child: str, number: int) -> None:
    """Add a belongsTo to the child, its foreign keys, and a hasMany or hasOne to the parent."""
    above, below = raw["models"][parent], raw["models"][child]
    primary = above["primaryKeyInfo"]
    keys = [primary["primaryKeyFieldName"], *primary["sortKeyFieldNames"]]
    foreign = [f"parent{number}{key[:1].upper()}{key[1:]}" for key in keys]
    is_required = draw(st.booleans())
    for name, key in zip(foreign, keys, strict=True):
        below["fields"][name] = field(name, above["fields"][key]["type"], is_required=is_required)
    up, down = f"parent{number}", f"children{number}"
    belongs = {"connectionType": "BELONGS_TO", "targetNames": foreign}
    below["fields"][up] = field(up, {"model": parent}, association=belongs)
    if draw(st.booleans()):
        has = {"connectionType": "HAS_MANY", "associatedWith": foreign}
        above["fields"][down] = field(down, {"model": child}, association=has, isArray=True, isArrayNullable=True)
    else:
        has = {"connectionType": "HAS_ONE", "associatedWith": foreign, "targetNames": []}
        above["fields"][down] = field(down, {"model": child}, association=has)


@st.composite
def _operations(draw: st.DrawFn, raw: Raw, name: str) -> Raw:
    """An operation that gives back what it is given: `value` of the type that it returns."""
    made = draw(_of(raw, name))
    given = {key: value for key, value in made.items() if key != "attributes"} | {"name": "value"}
    if isinstance(made["type"], dict) and "nonModel" in made["type"]:
        given["type"] = {"input": _input(raw, made["type"]["nonModel"])}
    extra = draw(_fields(raw | {"nonModels": {}}, FIELDS))
    arguments = {"value": given} | {key: value for key, value in extra.items() if key != "value"}
    return {key: value for key, value in made.items() if key != "attributes"} | {"arguments": arguments}


def _input(raw: Raw, type_name: str) -> str:
    """Define the input type of a custom type, and those within it."""
    name = f"{type_name}Input"
    attributes = {}
    for key, one in raw["nonModels"][type_name]["fields"].items():
        is_nested = isinstance(one["type"], dict) and "nonModel" in one["type"]
        attributes[key] = one | ({"type": {"input": _input(raw, one["type"]["nonModel"])}} if is_nested else {})
    raw.setdefault("inputs", {})[name] = {"name": name, "attributes": attributes}
    return name
