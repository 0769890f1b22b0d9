"""Python values in every place that takes one, and what comes back, on the local backend."""

import enum
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

import pytest

from amplify_data_client import Client, OperationError

SUMMER = timezone(timedelta(hours=2))


class Level(enum.Enum):
    HIGH = "HIGH"


class Stage(enum.Enum):
    WON = "WON"


# field: what is given, what is on the wire, what is read
VALUES: dict[str, tuple[Any, Any, Any]] = {
    "an_id": (UUID(int=1), str(UUID(int=1)), str(UUID(int=1))),
    "a_string": (ip_address("10.0.0.1"), "10.0.0.1", "10.0.0.1"),
    "an_integer": (Decimal(3), 3, 3),
    "a_float": (Decimal("1.5"), 1.5, 1.5),
    "a_boolean": (False, False, False),
    "a_date": (date(2024, 2, 29), "2024-02-29", date(2024, 2, 29)),
    "a_time": (time(10, 11, 12, 345000, tzinfo=UTC), "10:11:12.345Z", time(10, 11, 12, 345000, tzinfo=UTC)),
    "a_datetime": (
        datetime(2024, 2, 29, 10, 11, 12, 345678, tzinfo=SUMMER),
        "2024-02-29T08:11:12.345678Z",
        datetime(2024, 2, 29, 8, 11, 12, 345678, tzinfo=UTC),
    ),
    "a_timestamp": (datetime(2024, 2, 29, tzinfo=UTC), 1709164800, 1709164800),
    "an_email": ("a@example.com", "a@example.com", "a@example.com"),
    "a_phone": ("+15550001111", "+15550001111", "+15550001111"),
    "a_url": ("https://example.com", "https://example.com", "https://example.com"),
    "an_ip": (ip_network("10.0.0.0/8"), "10.0.0.0/8", "10.0.0.0/8"),
    "named_enum": (Level.HIGH, "HIGH", "HIGH"),
}
GIVEN = {field: given for field, (given, _, _) in VALUES.items()}
JSON = {"day": date(2024, 1, 1), "list": [1, None, Decimal("1.5")]}


@pytest.mark.schema("scalars")
def test_inputs_are_written_and_outputs_read_by_their_type(client: Client[Any]):
    made = client.models.Everything.create(GIVEN, a_json=JSON).data
    assert {field: getattr(made, field) for field in VALUES} == {field: read for field, (_, _, read) in VALUES.items()}
    assert made.a_json == {"day": "2024-01-01", "list": [1, None, 1.5]}
    again = client.models.Everything.update(id=made.id, **{field: getattr(made, field) for field in VALUES}).data
    assert {**again.to_dict(), "updatedAt": ""} == {**made.to_dict(), "updatedAt": ""}


@pytest.mark.schema("scalars")
@pytest.mark.parametrize("field", VALUES)
def test_filters_and_conditions_take_the_same_values(client: Client[Any], field: str):
    everything = client.models.Everything
    made = everything.create(GIVEN).data
    assert [one.id for one in everything.list(filter={field: {"eq": GIVEN[field]}})] == [made.id]
    assert everything.list(filter={"not": {field: {"eq": GIVEN[field]}}}).data == []
    assert everything.update(made, a_string="s", condition={field: {"eq": getattr(made, field)}}).data.a_string == "s"


@pytest.mark.schema("scalars")
def test_lists_hold_the_same_values_and_nulls(client: Client[Any]):
    arrays = client.models.EverythingArray
    given = {
        "ids": [UUID(int=1)],
        "dates": (date(2024, 1, 1), None),
        "datetimes": [datetime(2024, 1, 1, tzinfo=SUMMER)],
        "timestamps": [datetime(1970, 1, 1, tzinfo=UTC), 5],
        "jsons": [{"a": 1}, [1], None, 5, True, '"text"'],
        "ips": [ip_address("::1")],
        "levels": [Level.HIGH, None],
        "floats": [Decimal("0.5"), 1],
    }
    made = arrays.create(given, required_array=[], both_required=["x"]).data
    assert (made.dates, made.timestamps) == ([date(2024, 1, 1), None], [0, 5])
    assert made.datetimes == [datetime(2023, 12, 31, 22, tzinfo=UTC)]
    assert made.jsons == [{"a": 1}, [1], None, 5, True, "text"]
    again = arrays.update(id=made.id, jsons=made.jsons, datetimes=made.datetimes, ids=made.ids).data
    assert {**again.to_dict(), "updatedAt": ""} == {**made.to_dict(), "updatedAt": ""}
    held = {
        "dates": {"contains": date(2024, 1, 1)},
        "ips": {"contains": ip_address("::1")},
        "levels": {"contains": Level.HIGH},
    }
    assert len(arrays.list(filter=held)) == 1


@pytest.mark.schema("scalars")
def test_custom_types_hold_the_same_values_at_any_depth(client: Client[Any]):
    places = client.models.Place
    address = {"street": "s", "geo": {"lat": Decimal("1.5"), "long": 2}, "history": [{"lat": 1, "long": 2}, None]}
    inline = {"geo": {"lat": 0, "long": 0}, "nested": {"deeper": {"value": {"k": [1]}}}}
    made = places.create(name="P", address=address, inline=inline).data
    assert (made.address.geo.lat, made.address.history[0].long, made.address.history[1]) == (1.5, 2.0, None)
    assert made.inline.nested.deeper.value == {"k": [1]}
    again = places.update(id=made.id, address=made.address, inline=made.inline).data
    assert {**again.to_dict(), "updatedAt": ""} == {**made.to_dict(), "updatedAt": ""}
    with pytest.raises(OperationError, match=r"Place\.address\.geo\.lat takes a number"):
        places.create(name="P", address={"street": "s", "geo": {"lat": "north", "long": 2}})


@pytest.mark.schema("operations")
def test_custom_operations_take_and_give_the_same_values(backend: Any, client: Client[Any]):
    asked: list[Any] = []
    backend.resolver("echoScalars")(lambda arguments, *_: asked.append(arguments) or arguments)
    backend.resolver("search")(lambda arguments, *_: asked.append(arguments) or [])
    backend.resolver("serverTime")(lambda *_: "2024-01-01T00:00:00.000Z")
    given = {field: value for field, value in GIVEN.items() if field != "named_enum"}
    answer = client.queries.echo_scalars(given, a_json={"a": [1]}).data
    wires = [wire for field, (_, wire, _) in VALUES.items() if field in given]
    assert sorted(map(str, wires)) == sorted(str(answer[name]) for name in answer if name != "aJson")
    assert client.queries.server_time().data == datetime(2024, 1, 1, tzinfo=UTC)
    client.queries.search(
        filters={"near": {"x": Decimal(1), "y": 2}, "moods": ["SAD"]}, required_points=[{"x": 1, "y": 2}]
    )
    assert asked[-1]["filters"] == {"near": {"x": 1, "y": 2}, "moods": ["SAD"]}


@pytest.mark.schema("identifiers")
def test_keys_and_their_conditions_take_the_same_values(client: Client[Any]):
    models = client.models
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    reading = models.Reading.create(device_id=UUID(int=1), taken_at=moment, value=1).data
    assert models.Reading.get(device_id=UUID(int=1), taken_at=moment).data == reading
    assert models.Reading.get(device_id=str(UUID(int=1)), taken_at="2024-01-01T00:00:00.000Z").data == reading
    around = {"between": [moment - timedelta(days=1), moment + timedelta(days=1)]}
    assert models.Reading.list(device_id=UUID(int=1), taken_at=around).data == [reading]
    assert models.Reading.update(reading, value=2).data.value == 2.0
    models.Measurement.create(station="s", epoch=moment)
    assert len(models.Measurement.list(station="s", epoch={"ge": moment})) == 1
    customer = models.Customer.create(
        account_representative_id=UUID(int=1),
        stage=Stage.WON,
        rating=2,
        region="n",
        city="V",
        joined_on=date(2024, 1, 1),
    ).data
    assert models.Customer.customers_by_stage(stage=Stage.WON, rating={"gt": Decimal("1.5")}).data == [customer]
    joined = {"between": [{"city": "A"}, {"city": "V", "joined_on": date(2024, 12, 31)}]}
    assert models.Customer.customers_by_region(region="n", city_joined_on=joined).data == [customer]
