"""The grammar of scalars: what is taken, how it is stored, and how it is written."""

import json
from typing import Any

from tests.real_backend.differential.notation import Run, Scenario, document, run

ALL = "anId aString anInteger aFloat aBoolean aDate aTime aDatetime aTimestamp anEmail aJson aPhone aUrl anIp inlineEnum namedEnum"
GEO = "{ lat long label }"
ADDRESS = f"{{ street lines kind geo {GEO} history {GEO} }}"
PLACE = f"""name address {ADDRESS} otherAddresses {ADDRESS} items bag {{ items nextToken }}
    inline {{ floor open geo {GEO} nested {{ deep deeper {{ value }} }} }}"""


def writing(name: str, *values: Any) -> list[Run]:
    return [run("createEverything", name, input={"id": f"{name}={value!r}", name: value}) for value in values]


SCENARIOS = [
    Scenario(
        "scalars",
        "texts and ids",
        *writing("aString", "x", "", " ", "é🙂", "a\nb", 1, 1.5, True, ["x"], {"a": 1}),
        *writing("anId", "x", "", 1, 0, 1.5, True, ["x"]),
        document('mutation { createEverything(input: {aString: "x", anId: 5}) { aString anId } }'),
        document("mutation { createEverything(input: {aString: 1}) { aString } }"),
        document("mutation { createEverything(input: {anId: 1.5}) { anId } }"),
        document('mutation { createEverything(input: {aString: """\n  block\n    text\n"""}) { aString } }'),
    ),
    Scenario(
        "scalars",
        "numbers and booleans",
        *writing("anInteger", 0, -1, 2**31 - 1, -(2**31), 2**31, 1.0, 1.5, "1", True, None),
        *writing("aFloat", 0, -0.0, 1, 1.5, 1e15, 1e-7, 123456789.123456789, "1.5", True, None),
        *writing("aBoolean", True, False, "true", 1, 0, None),
        document(
            "mutation { createEverything(input: {anInteger: 3, aFloat: 3, aBoolean: true}) { anInteger aFloat } }"
        ),
        document("mutation { createEverything(input: {anInteger: 3.0}) { anInteger } }"),
        document("mutation { createEverything(input: {aFloat: 1e3}) { aFloat } }"),
        document('mutation { createEverything(input: {aBoolean: "yes"}) { aBoolean } }'),
    ),
    Scenario(
        "scalars",
        "dates",
        *writing("aDate", "2024-01-02", "2024-02-29", "0001-01-01", "9999-12-31", "2024-01-02Z", "2024-01-02+01:30"),
        *writing("aDate", "2024-01-02-07:00", "2024-01-02+01:30:15"),
        *writing(
            "aDate",
            "nope",
            "",
            "2024-1-2",
            "2024-13-01",
            "2023-02-29",
            "2024-01-32",
            "20240102",
            "2024-01-02T00:00:00Z",
        ),
        *writing("aDate", "2024-01-02 ", "2024-01-02+1", 20240102, None),
    ),
    Scenario(
        "scalars",
        "times",
        *writing("aTime", "03:04", "03:04:05", "03:04:05.123", "03:04:05.123456789", "03:04:05Z", "03:04:05.000Z"),
        *writing("aTime", "03:04:05+01:30", "03:04Z", "00:00:00.000Z", "23:59:59.999Z"),
        *writing("aTime", "24:00:00Z", "23:60:00Z", "3:04", "03", "nope", "", "03:04:05.1234567890Z", 3),
    ),
    Scenario(
        "scalars",
        "moments",
        *writing("aDatetime", "2024-01-02T03:04:05.000Z", "2024-01-02T03:04:05Z", "2024-01-02T03:04Z"),
        *writing("aDatetime", "2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05+01:30", "2020-01-01T00:00+00:00"),
        *writing("aDatetime", "2024-01-02T03:04:05.1Z", "2024-12-31T23:59:59.999-12:00"),
        *writing("aDatetime", "2024-01-02", "2024-01-02T03:04:05", "2024-01-02 03:04:05Z", "2024-01-02T25:00:00Z"),
        *writing("aDatetime", "2024-02-30T00:00:00Z", "2024-01-02T3:04:05Z", "nope", "", 0, "2020-05-23T06:4:37.000Z"),
    ),
    Scenario(
        "scalars",
        "timestamps",
        *writing("aTimestamp", 1, 1704164645, -1, 2**31, 2**40, 1.0),
        *writing("aTimestamp", 0),
        *writing("aTimestamp", 1.5, "1", "2024-01-02", True, None),
        document("mutation { createEverything(input: {aTimestamp: 1704164645}) { aTimestamp } }"),
    ),
    Scenario(
        "scalars",
        "addresses of all kinds",
        *writing(
            "anEmail", "a@b.co", "a.b+c@sub.example.com", "A_B@example.co", "nope", "", "a@", "@b.co", "a b@c.co", 1
        ),
        *writing("anEmail", "a@b"),
        *writing("aUrl", "https://example.com", "http://example.com:8080/x?y=1#z", "ftp://a.b/c", "mailto:a@b.co"),
        *writing("aUrl", "nope", "", "example.com", "https://", "//a.b", 1),
        *writing("aPhone", "+12025550123", "+1 202 555 0123", "202-555-0123", "+41 44 668 18 00", "nope", "", "12", 1),
        *writing("anIp", "10.0.0.1", "::1", "2001:db8::1", "10.0.0.0/8", "2001:db8::/32", "::ffff:10.0.0.1"),
        *writing("anIp", "256.0.0.1", "10.0.0", "nope", "", "10.0.0.1/33", 1),
    ),
    Scenario(
        "scalars",
        "JSON is text, and is stored as what it says",
        *writing("aJson", '{"b": 1, "a": [1, 2.5, null, true, "x"]}', "[]", "{}", "1", "1.5", "true", '"text"', "null"),
        *writing("aJson", '  { "k" :  "é🙂" }  ', '{"a": 1, "a": 2}', '"{\\"a\\": 1}"', '{"": ""}', "[[[]]]"),
        *writing("aJson", "{bad", "", "nope", "{'a': 1}", "[1,]", "NaN", "Infinity", "undefined"),
        *writing("aJson", None),
        *writing("aJson", {"a": 1}, [1], 5, True),
        run("listEverythings", "items { aJson }"),
        document('mutation { createEverything(input: {aJson: "{\\"a\\": 1}"}) { aJson } }'),
        document("mutation { createEverything(input: {aJson: {a: 1}}) { aJson } }"),
    ),
    Scenario(
        "scalars",
        "enums are exact",
        *writing("inlineEnum", "ON", "OFF", "on", "NONE", "", 1, True, None),
        *writing("namedEnum", "LOW", "HIGH", "ON", None),
        document("mutation { createEverything(input: {namedEnum: LOW, inlineEnum: OFF}) { namedEnum inlineEnum } }"),
        document('mutation { createEverything(input: {namedEnum: "LOW"}) { namedEnum } }'),
        document("mutation { createEverything(input: {namedEnum: NONE}) { namedEnum } }"),
    ),
    Scenario(
        "scalars",
        "literals in the document have the same grammar",
        document('mutation { createEverything(input: {aDate: "2024-01-02", anIp: "::1"}) { aDate anIp } }'),
        *(
            document(f"mutation {{ createEverything(input: {{{name}: {json.dumps(value)}}}) {{ id }} }}")
            for name, value in [
                ("aDate", "nope"),
                ("aTime", "nope"),
                ("aDatetime", "2024-01-02"),
                ("aTimestamp", "nope"),
                ("anEmail", "nope"),
                ("aUrl", "nope"),
                ("anIp", "nope"),
                ("aJson", "{bad"),
                ("anInteger", 1.5),
                ("aFloat", "x"),
            ]
        ),
    ),
    Scenario(
        "scalars",
        "lists of scalars",
        *(
            run(
                "createEverythingArray",
                f"requiredArray bothRequired {name}",
                input={"requiredArray": [], "bothRequired": [], name: value},
            )
            for name, value in [
                ("ids", ["1", 2]),
                ("strings", ["x", None, ""]),
                ("strings", "x"),
                ("strings", []),
                ("strings", None),
                ("strings", [["x"]]),
                ("requiredStrings", ["x"]),
                ("requiredStrings", ["x", None]),
                ("integers", [1, None, -1]),
                ("integers", [1, "x"]),
                ("floats", [1, 1.5]),
                ("booleans", [True, None]),
                ("dates", ["2024-01-02", None]),
                ("dates", ["2024-01-02", "nope"]),
                ("times", ["03:04:05.000Z"]),
                ("datetimes", ["2024-01-02T03:04:05.000Z"]),
                ("timestamps", [1, 2]),
                ("emails", ["a@b.co"]),
                ("jsons", ['{"a": 1}', "[]", "null"]),
                ("urls", ["https://a.example/"]),
                ("ips", ["10.0.0.1"]),
                ("levels", ["LOW", None, "HIGH"]),
                ("levels", ["LOW", "NONE"]),
                ("levels", "LOW"),
            ]
        ),
        run("createEverythingArray", "id", input={"requiredArray": None, "bothRequired": []}),
        run("createEverythingArray", "id", input={"requiredArray": [None], "bothRequired": [None]}),
        run("createEverythingArray", "id", input={"requiredArray": []}),
        run("listEverythingArrays", "items { strings levels jsons }"),
    ),
    Scenario(
        "scalars",
        "custom types, nested",
        run(
            "createPlace",
            PLACE,
            input={
                "id": "p",
                "name": "N",
                "address": {
                    "street": "s",
                    "lines": ["a", None],
                    "geo": {"lat": 1, "long": 2.5, "label": None},
                    "history": [{"lat": 0, "long": 0}, None],
                    "kind": "HOME",
                },
                "otherAddresses": [{"street": "t"}, None],
                "inline": {"floor": 3, "geo": {"lat": 1, "long": 1}, "nested": {"deeper": {"value": '{"a": 1}'}}},
                "bag": {"items": ["x"], "nextToken": "t"},
                "items": ["y"],
            },
        ),
        run("getPlace", PLACE, id="p"),
        run("listPlaces", f"items {{ {PLACE} }} nextToken"),
        run("updatePlace", PLACE, input={"id": "p", "address": {"street": "u"}, "inline": None}),
        run("updatePlace", "bag { items nextToken } items", input={"id": "p", "bag": {"items": []}, "items": None}),
        run("createPlace", "name", input={"name": "N"}),
        run("createPlace", "name", input={"name": "N", "address": {}}),
        run("createPlace", "name", input={"name": "N", "address": {"street": "s", "geo": {"lat": 1}}}),
        run("createPlace", "name", input={"name": "N", "address": {"street": "s", "kind": "AWAY"}}),
        run("createPlace", "name", input={"name": "N", "address": {"street": "s", "unknown": 1}}),
        run("createPlace", "name", input={"name": "N", "address": "text"}),
        run("updatePlace", "name address { street }", input={"id": "p", "address": None}),
        run("getPlace", "name", id="p"),
        run("getPlace", "address { street }", id="p"),
    ),
    Scenario(
        "scalars",
        "required fields of every type",
        run("createEverythingRequired", "id", input={}),
        run("createEverythingRequired", "id", input={"anId": None}),
        run(
            "createEverythingRequired",
            ALL.replace(" inlineEnum", ""),
            input=(
                full := {
                    "id": "r",
                    "anId": "a",
                    "aString": "s",
                    "anInteger": 1,
                    "aFloat": 0.5,
                    "aBoolean": False,
                    "aDate": "2024-01-01",
                    "aTime": "01:00:00.000Z",
                    "aDatetime": "2024-01-01T00:00:00.000Z",
                    "aTimestamp": 1,
                    "anEmail": "a@b.co",
                    "aJson": '{"a": 1}',
                    "aPhone": "+12025550123",
                    "aUrl": "https://a.example/",
                    "anIp": "10.0.0.1",
                    "namedEnum": "LOW",
                }
            ),
        ),
        run("createEverythingRequired", "id", input={**full, "id": "s", "namedEnum": None}),
        run("updateEverythingRequired", "id", input={"id": "r", "aDate": None, "aString": None}),
        run("getEverythingRequired", "id aDate aString", id="r"),
        run("listEverythingRequireds", "items { id aDate aString }"),
        run("getEverythingRequired", "id anInteger", id="r"),
    ),
]
