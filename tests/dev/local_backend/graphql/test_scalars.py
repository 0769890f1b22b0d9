"""The grammar of AppSync's scalars."""

import pytest
from graphql import build_schema

from amplify_data_client.dev.local_backend.graphql import scalars
from amplify_data_client.dev.local_backend.graphql.scalars import ScalarError

NAMES = ["Date", "Time", "DateTime", "Timestamp", "Email", "JSON", "URL", "Phone", "IPAddress"]
SCHEMA = build_schema("type Query { x: Int }\n" + "\n".join(f"scalar AWS{name}" for name in NAMES))
scalars.install(SCHEMA)

GOOD = {
    "AWSDate": ["2024-01-02", "2024-02-29", "2024-01-02Z", "2024-01-02+02:00", "2024-01-02-07:30:10"],
    "AWSTime": ["10:20", "10:20:30", "10:20:30.123456789", "10:20:30Z", "10:20+01:00", "23:59:59.9-05:30:00"],
    "AWSDateTime": [
        "2024-01-02T03:04:05.000Z",
        "2020-01-01T00:00+00:00",
        "2024-01-02T03:04:05Z",
        "2024-01-02T03:04:05.123456789-07:00",
        "2024-01-02T03:04:05+05:30:10",
    ],
    "AWSTimestamp": [0, -1, 1700000000, 5.0],
    "AWSEmail": ["a@b.co", "first.last+tag@example.com", "x@localhost"],
    "AWSURL": ["https://example.com/x?y=1", "http://localhost:3000", "mailto:a@b.co", "ftp://h/x#y"],
    "AWSPhone": ["+12065550100", "206-555-0100", "(206) 555 0100"],
    "AWSIPAddress": ["127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32"],
    "AWSJSON": ["{}", '"x"', "1", "null", " [1, 2] "],
}
BAD = {
    "AWSDate": ["nope", "2024-13-01", "2023-02-29", "2024-1-2", "2024-01-02T00:00Z", "2024-01-02+19:00", "", 1, None],
    "AWSTime": ["24:00", "10", "10:60", "10:20:60", "10:20:30.", "10:20:30.1234567890", "noon"],
    "AWSDateTime": ["2024-01-02", "2024-01-02T03:04:05", "2019-12-24", "2020-05-23T06:4:37.000Z", "2024-02-30T00:00Z"],
    "AWSTimestamp": ["1700000000", 1.5, True, 2**63, float("inf")],
    "AWSEmail": ["nope", "a@", "@b", "a b@c.d", "a@b@c"],
    "AWSURL": ["nope", "//example.com", "http://", "http:// x"],
    "AWSPhone": ["nope", "12", "++1", ""],
    "AWSIPAddress": ["1.2.3", "1.2.3.4/33", "::g", "1.2.3.4:80"],
    "AWSJSON": ["{bad", "", "{'a': 1}", "NaN", {"a": 1}, "[" * 100_000],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_accepts(name, value) -> None:
    SCHEMA.type_map[name].parse_value(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in BAD.items() for value in values],
    ids=lambda value: str(value)[:20],
)
def test_refuses(name, value) -> None:
    with pytest.raises(ScalarError) as refused:
        SCHEMA.type_map[name].parse_value(value)
    assert str(refused.value).startswith("Unable to parse `")


def test_json_is_stored_as_a_value_and_written_anew() -> None:
    assert scalars.parse_json('{ "b" : 1, "a": [ ] }') == {"b": 1, "a": []}
    assert scalars.write_json(scalars.parse_json('{ "b" : 1, "a": [ ] }')) == '{"a":[],"b":1}'


def test_json_of_a_string_stays_one() -> None:
    assert scalars.write_json(scalars.parse_json('"str"')) == '"str"'
