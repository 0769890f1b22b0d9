"""Scalars in both directions."""

import copy
import enum
import ipaddress
import json
import pickle
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client import OperationError
from amplify_data_client._core.schema.scalars import JSONText, decode, encode, encode_any

PLUS_TWO = timezone(timedelta(hours=2))


class Color(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Undecided(tzinfo):
    """A time zone that does not know its offset: with it a datetime is as naive as without."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None


class Word(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("kind", "value", "wire"),
    [
        ("ID", uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("ID", 7, "7"),
        ("String", "s", "s"),
        ("String", Color.RED, "red"),
        ("AWSIPAddress", ipaddress.ip_address("10.0.0.1"), "10.0.0.1"),
        ("AWSIPAddress", ipaddress.ip_network("10.0.0.0/8"), "10.0.0.0/8"),
        ("Int", 3, 3),
        ("Int", 2.0, 2),
        ("Int", Level.HIGH, 3),
        ("Int", Decimal("2.0"), 2),
        ("Int", Fraction(4, 2), 2),
        ("ID", Level.HIGH, "3"),
        ("String", Word("w"), "w"),
        ("Float", -0.0, 0),
        ("Float", 1e300, 1e300),
        ("Float", Decimal("1.5"), 1.5),
        ("Float", 2, 2),
        ("Boolean", False, False),
        ("AWSTimestamp", datetime(2024, 1, 1, tzinfo=UTC), 1704067200),
        ("AWSTimestamp", -1, -1),
        ("AWSTimestamp", datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC), -1),
        ("AWSDateTime", datetime(2024, 1, 1, 10, tzinfo=UTC), "2024-01-01T10:00:00.000Z"),
        ("AWSDateTime", datetime(2024, 1, 1, 10, tzinfo=PLUS_TWO), "2024-01-01T08:00:00.000Z"),
        ("AWSDateTime", datetime(2024, 1, 1, 10, 0, 0, 123456, tzinfo=UTC), "2024-01-01T10:00:00.123456Z"),
        ("AWSDateTime", "2024-01-01T10:00+02:00", "2024-01-01T10:00+02:00"),
        ("AWSDate", date(2024, 2, 29), "2024-02-29"),
        ("AWSDate", "2024-02-29Z", "2024-02-29Z"),
        ("AWSTime", time(10, 11, 12, 345000, tzinfo=UTC), "10:11:12.345Z"),
        ("AWSTime", time(10, 11), "10:11:00.000"),
        ("AWSJSON", {"a": [1, None]}, '{"a":[1,null]}'),
        ("AWSJSON", '{"a": 1}', '{"a": 1}'),
        ("AWSJSON", JSONText("text"), '"text"'),
        ("AWSJSON", {"at": datetime(2024, 1, 1, tzinfo=UTC)}, '{"at":"2024-01-01T00:00:00.000Z"}'),
        (
            "AWSJSON",
            [Color.RED, uuid.UUID(int=1), Decimal("0.5"), ("a", Word("b"))],
            '["red","00000000-0000-0000-0000-000000000001",0.5,["a","b"]]',
        ),
        ("AWSJSON", JSONText("\ud800é"), '"\\ud800\\u00e9"'),
        ("AWSJSON", ["é"], '["é"]'),
        ("AWSJSON", "null", "null"),
        ("AWSEmail", "a@example.com", "a@example.com"),
        ("AWSJSON", None, None),
    ],
)
def test_python_values_are_written_as_appsync_takes_them(kind: str, value: Any, wire: Any):
    written = encode(kind, value, "Todo.field")
    assert written == wire
    assert type(written) in (str, int, float, bool, type(None))


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("AWSDateTime", datetime(2024, 1, 1), "naive"),
        ("AWSTimestamp", datetime(2024, 1, 1), "naive"),
        ("AWSDateTime", datetime(2024, 1, 1, tzinfo=Undecided()), "naive"),
        ("AWSDateTime", "yesterday", "this text is not one"),
        ("AWSDateTime", date(2024, 1, 1), "aware datetime"),
        ("AWSDate", datetime(2024, 1, 1, tzinfo=UTC), r"value\.date\(\)"),
        ("AWSDate", "2024-1-1", "this text is not one"),
        ("AWSTime", "25", "this text is not one"),
        ("String", 5, "takes text, got int"),
        ("String", Color, "takes text, got EnumType"),
        ("String", b"x", "takes text, got bytes"),
        ("Int", True, "takes a number, got bool"),
        ("Int", 1.5, "whole number"),
        ("Int", 2**31, "32 bits"),
        ("Int", "3", "takes a number, got str"),
        ("Float", float("nan"), "JSON has no such number"),
        ("Float", Decimal("sNaN"), "JSON has no such number"),
        ("Float", Decimal("-Infinity"), "JSON has no such number"),
        ("Float", Decimal("1e999999"), "JSON has no such number"),
        ("Float", 10**400, "beyond what a Float holds"),
        ("AWSTimestamp", 1e20, "too large"),
        ("AWSTimestamp", "2024-01-01", "takes an aware datetime, or the seconds since 1970, got str"),
        ("AWSTimestamp", date(2024, 1, 1), "takes an aware datetime"),
        ("ID", 1.5, "takes text, got float"),
        ("AWSDateTime", datetime(1, 1, 1, tzinfo=PLUS_TWO), "years 1 to 9999"),
        ("AWSDateTime", "2024-01-01T24:00:00.000Z", "this text is not one"),
        ("AWSDateTime", "2024-W01-1T10:00:00.000Z", "this text is not one"),
        ("AWSDateTime", "2024-01-01 10:00:00.000Z", "this text is not one"),
        ("AWSDateTime", "2024-01-01T10:00:00.000+19:00", "this text is not one"),
        ("AWSDateTime", "٢٠٢٤-01-01T10:00:00.000Z", "this text is not one"),
        ("AWSDate", "2024-02-30", "this text is not one"),
        ("AWSTime", datetime(2024, 1, 1, tzinfo=UTC), "takes a time"),
        ("AWSJSON", "NaN", r"json\.dumps"),
        ("AWSJSON", b"{}", "takes what JSON can hold, got bytes"),
        ("Boolean", 1, "True or False"),
        ("ID", True, "takes text, got bool"),
        ("AWSJSON", "plain words", r"json\.dumps"),
        ("AWSJSON", {1: 2}, "keys are strings"),
        ("AWSJSON", {"a": object()}, "takes what JSON can hold, got object"),
        ("AWSJSON", [float("inf")], r"Todo\.field\[0\] is inf"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_without_its_value(kind: str, value: Any, reason: str):
    with pytest.raises(OperationError, match=reason) as caught:
        encode(kind, value, "Todo.field")
    assert "Todo.field" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "wire", "value"),
    [
        ("AWSDateTime", "2024-01-01T10:00:00.000Z", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("AWSDateTime", "2024-01-01T10:00:00Z", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("AWSDateTime", "2024-01-01T10:00:00.123456789+02:00", datetime(2024, 1, 1, 10, 0, 0, 123456, tzinfo=PLUS_TWO)),
        ("AWSDateTime", "2024-01-01T10:00", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("AWSDate", "2024-02-29", date(2024, 2, 29)),
        ("AWSDate", "2024-02-29+01:00", date(2024, 2, 29)),
        ("AWSTime", "10:00", time(10)),
        ("AWSTime", "10:00:01.5Z", time(10, 0, 1, 500000, tzinfo=UTC)),
        ("AWSJSON", '{"a": 1}', {"a": 1}),
        ("AWSJSON", '"text"', "text"),
        ("AWSJSON", "5", 5),
    ],
)
def test_what_comes_is_read_and_goes_back_as_it_came(kind: str, wire: str, value: Any):
    read = decode(kind, wire)
    assert read == value
    back = encode(kind, read, "x")
    assert json.loads(back) == json.loads(wire) if kind == "AWSJSON" else back == wire
    for again in (copy.copy(read), copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        assert again == value
        assert kind == "AWSJSON" or encode(kind, again, "x") == wire


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        ("AWSDateTime", "yesterday"),
        ("AWSDateTime", "2024-13-01T00:00:00.000Z"),
        ("AWSDateTime", 5),
        ("AWSDate", "2024-02-30"),
        ("AWSDate", None),
        ("AWSTime", "99:00"),
        ("AWSDateTime", ["2024-01-01T00:00:00.000Z"]),
        ("AWSDateTime", {"at": 1}),
        ("AWSJSON", "{"),
        ("AWSJSON", "NaN"),
        ("AWSJSON", "9" * 5000),
        ("AWSJSON", "[" * 100_000),
        ("AWSJSON", {"already": "parsed"}),
        ("Int", "three"),
    ],
)
def test_what_does_not_parse_is_handed_over_as_it_came(kind: str, wire: Any):
    assert decode(kind, wire) == wire


def test_what_is_computed_from_a_kept_value_is_written_anew():
    moment = decode("AWSDateTime", "2024-01-01T10:00:00+00:00")
    later = [moment + timedelta(days=1), timedelta(days=1) + moment, moment.replace(day=2), moment.astimezone(UTC)]
    assert [encode("AWSDateTime", one, "x") for one in later] == [
        *["2024-01-02T10:00:00.000Z"] * 3,
        "2024-01-01T10:00:00.000Z",
    ]
    assert moment - timedelta(hours=1) == datetime(2024, 1, 1, 9, tzinfo=UTC)
    assert moment - datetime(2024, 1, 1, tzinfo=UTC) == timedelta(hours=10)
    day = decode("AWSDate", "2024-01-01Z")
    assert encode("AWSDate", day + timedelta(days=1), "x") == "2024-01-02"
    assert encode("AWSDate", day.replace(day=3), "x") == "2024-01-03"
    assert hash(moment) == hash(datetime(2024, 1, 1, 10, tzinfo=UTC))


def test_a_value_that_contains_itself_is_refused():
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(OperationError, match="contains itself"):
        encode("AWSJSON", loop, "Todo.field")


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.1"),
        Decimal("19.99"),
        Decimal("-1E+300"),
        Decimal(10**23),
        Decimal("5E-324"),
        Decimal(2**53),
        2**53,
        2**60,
        10**22,
        0.1,
        Fraction(1, 8),
    ],
)
def test_a_number_that_a_float_holds_is_taken_as_it_is(value: Any):
    wire = encode("Float", value, "Todo.price")
    assert (Decimal(repr(wire)) if isinstance(value, Decimal) else wire) == value
    assert float(wire) == float(value)


LOSSY = [
    Decimal("12345678901234567.89"),
    Decimal("0.12345678901234567890123"),
    Decimal("3.00000000000000001"),
    Decimal("1E-400"),
    Decimal(2**53) + Decimal("0.5"),
    Fraction(1, 3),
    Fraction(2, 3),
]


@pytest.mark.parametrize("value", LOSSY)
@pytest.mark.parametrize("type_name", ["Float", "Int", "AWSJSON", None])
def test_a_number_that_would_come_back_as_another_is_refused(value: Any, type_name: str | None):
    with pytest.raises(
        OperationError, match=r"^here.* would be stored as [-0-9.e+]+: .* more digits than a Float holds"
    ):
        encode(type_name, [value] if type_name == "AWSJSON" else value, "here") if type_name else encode_any(
            value, "here"
        )


@pytest.mark.parametrize("value", [2**53 + 1, 10**23, -(2**53) - 1, Decimal(2**53 + 1), Decimal(10**23 - 1)])
def test_an_integer_that_a_float_would_change_is_refused_for_a_float_only(value: Any):
    with pytest.raises(OperationError, match=r"would be stored as .* more digits"):
        encode("Float", value, "Todo.price")
    # JSON text and variables keep it as it is
    assert encode("AWSJSON", [value], "x") == f"[{int(value)}]"
    assert encode_any(value, "x") == int(value)


@given(
    st.decimals(allow_nan=False, allow_infinity=False)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)
def test_a_number_is_stored_as_it_is_or_refused(value: Any):
    try:
        wire = encode("Float", value, "x")
    except OperationError:
        return
    stored = float(json.dumps(wire))
    assert (Decimal(repr(stored)) if isinstance(value, Decimal) else stored) == value


@pytest.mark.parametrize("value", [2**1024 - 1, 2**1024, -(2**1024) + 1, Decimal(2**1024 - 1), Fraction(10**400, 3)])
def test_a_number_beyond_a_float_is_told(value: Any):
    with pytest.raises(OperationError, match="beyond what a Float holds"):
        encode("Float", value, "x")


def test_an_integer_that_python_does_not_print_is_no_id():
    with pytest.raises(OperationError, match="too many digits for an ID"):
        encode("ID", 10**5000, "x")


def test_numbers_that_are_no_subclass_of_pythons_are_taken():
    class Whole:  # as numpy.int64 is
        def __index__(self) -> int:
            return 5

        __int__ = __index__

    Integral.register(Whole)
    assert [encode(kind, Whole(), "x") for kind in ("Int", "Float", "ID")] == [5, 5, "5"]


def test_what_keeps_its_text_looks_like_any_other_moment():
    for kind, wire, shown in [
        ("AWSDateTime", "2024-01-01T10:00Z", "datetime.datetime(2024, 1, 1, 10, 0, tzinfo=datetime.timezone.utc)"),
        ("AWSDate", "2024-01-01Z", "datetime.date(2024, 1, 1)"),
        ("AWSTime", "10:00", "datetime.time(10, 0)"),
    ]:
        assert repr(decode(kind, wire)) == shown


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.timezones()))
def test_any_moment_survives_the_round_trip(moment: datetime):
    wire = encode("AWSDateTime", moment, "x")
    assert decode("AWSDateTime", wire) == moment.astimezone(UTC)
    assert encode("AWSDateTime", decode("AWSDateTime", wire), "x") == wire


@given(st.times(timezones=st.none() | st.just(UTC)))
def test_any_time_survives_the_round_trip(clock: time):
    wire = encode("AWSTime", clock, "x")
    assert decode("AWSTime", wire) == clock
    assert encode("AWSTime", decode("AWSTime", wire), "x") == wire


DAYS = st.dates(min_value=date(2, 1, 1), max_value=date(9998, 1, 1)).map(date.isoformat)
OFFSETS = st.just("Z") | st.from_regex(r"[+-](0[0-9]|1[0-7]):[0-5][0-9](:[0-5][0-9])?", fullmatch=True)
CLOCKS = st.from_regex(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?", fullmatch=True)


@given(DAYS, CLOCKS, OFFSETS | st.just(""))
def test_every_text_that_appsync_allows_is_read_and_goes_back_as_it_came(day: str, clock: str, offset: str):
    for kind, wire, python in [
        ("AWSDateTime", f"{day}T{clock}{offset}", datetime),
        ("AWSDate", f"{day}{offset}", date),
        ("AWSTime", f"{clock}{offset}", time),
    ]:
        read = decode(kind, wire)
        assert isinstance(read, python)
        assert encode(kind, read, "x") == encode(kind, wire, "x") == wire
        assert encode(kind, pickle.loads(pickle.dumps(read)), "x") == wire


@given(DAYS, CLOCKS, OFFSETS)
def test_what_is_computed_never_keeps_the_text_it_was_computed_from(day: str, clock: str, offset: str):
    moment = decode("AWSDateTime", f"{day}T{clock}{offset}")
    computed = [moment + timedelta(0), moment - timedelta(0), moment.replace(fold=0), moment.astimezone(UTC)]
    assert all(type(one) is datetime and one == moment for one in computed)
    assert hash(moment) == hash(computed[0])
    for name in ("date", "time", "timetz"):
        assert not hasattr(getattr(moment, name)(), "wire")


ANY_CHARACTER = st.characters(codec=None, exclude_categories=())  # halves of surrogate pairs too
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(ANY_CHARACTER),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_any_json_value_survives_awsjson(value: Any):
    if isinstance(value, str):
        value = JSONText(value)
    wire = encode("AWSJSON", value, "x")
    assert wire is None or decode("AWSJSON", wire) == value


@given(st.text(ANY_CHARACTER))
def test_no_text_makes_reading_fail(text: str):
    for kind in ("AWSDateTime", "AWSDate", "AWSTime", "AWSJSON"):
        decode(kind, text)


def test_variables_of_ones_own_documents_become_json():
    given_values = {
        "at": datetime(2024, 1, 1, tzinfo=UTC),
        "ids": (uuid.UUID(int=1),),
        "n": Decimal("1.5"),
        "c": Color.RED,
    }
    assert encode_any(given_values, "$x") == {
        "at": "2024-01-01T00:00:00.000Z",
        "ids": ["00000000-0000-0000-0000-000000000001"],
        "n": 1.5,
        "c": "red",
    }
