"""Makes values of a schema's types, in the form that they have on the wire."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from amplify_data_client._core.schema.introspection import Field, Introspection

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)
_WORDS = st.sampled_from(["a", "b", "ab", "é", "A-1", "x y", "1"])
_JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(st.none() | inner, max_size=2) | st.dictionaries(_TEXT.filter(bool), inner, max_size=2),
    max_leaves=4,
).map(json.dumps)
_SCALARS: Mapping[str, st.SearchStrategy[Any]] = {
    "ID": _WORDS,
    "String": _TEXT,
    "Int": st.integers(-(2**31), 2**31 - 1),
    "Float": st.floats(-1e9, 1e9, allow_subnormal=False).filter(lambda one: one == 0 or abs(one) > 1e-90),
    "Boolean": st.booleans(),
    "AWSDate": st.sampled_from(["2024-01-31", "1999-12-31Z", "2024-02-29+05:30"]),
    "AWSTime": st.sampled_from(["10:00:00.000Z", "10:00", "23:59:59.123456789-03:00"]),
    "AWSDateTime": st.sampled_from(
        ["2024-01-31T10:00:00.000Z", "2024-01-31T10:00Z", "2024-01-31T10:00:00.123456789+02:00"]
    ),
    "AWSTimestamp": st.integers(-(2**31), 2**31 - 1),
    "AWSEmail": st.sampled_from(["a@b.co", "b@b.co"]),
    "AWSJSON": _JSON,
    "AWSURL": st.sampled_from(["https://a.example/", "https://b.example/x?y=1"]),
    "AWSPhone": st.sampled_from(["+12025550123", "+12025550199"]),
    "AWSIPAddress": st.sampled_from(["10.0.0.1", "::1", "10.0.0.0/8"]),
}
# DynamoDB takes no empty text for a key
_KEY_TEXT = {"String": _WORDS, "ID": _WORDS}


def value_of(
    introspection: Introspection, field: Field, *, is_key: bool = False, is_given: bool = False
) -> st.SearchStrategy[Any]:
    """Values of a field, null among them where it may be null, unless it has to be given."""
    item = _item(introspection, field, is_key=is_key)
    if not field.type.is_array:
        return item if field.type.is_required or is_given else st.none() | item
    items = st.lists(item if field.type.is_required else st.none() | item, max_size=3)
    return items if field.type.is_array_required else st.none() | items


def _item(introspection: Introspection, field: Field, *, is_key: bool) -> st.SearchStrategy[Any]:
    kind, name = field.type.kind, field.type.name
    if kind == "enum":
        return st.sampled_from(introspection.enums[name].values)
    if kind == "scalar":
        return (_KEY_TEXT if is_key else _SCALARS).get(name, _SCALARS[name])
    fields = introspection.fields(name).values()
    return st.fixed_dictionaries(
        {one.name: value_of(introspection, one) for one in fields if one.type.must_be_given},
        optional={one.name: value_of(introspection, one) for one in fields if not one.type.must_be_given},
    )


def is_same(introspection: Introspection, field: Field, given: Any, got: Any) -> bool:
    """Whether what was read is what was written; what was not written is null."""
    if isinstance(given, list):
        return (
            isinstance(got, list)
            and len(given) == len(got)
            and all(is_same(introspection, field, one, other) for one, other in zip(given, got, strict=True))
        )
    if isinstance(given, dict):
        fields = introspection.fields(field.type.name)
        return got.keys() == fields.keys() and all(
            is_same(introspection, one, given.get(name), got[name]) for name, one in fields.items()
        )
    if field.type.name == "AWSJSON" and None not in (given, got):
        return bool(json.loads(given) == json.loads(got))  # AppSync writes it anew
    return isinstance(given, bool) is isinstance(got, bool) and bool(given == got)
