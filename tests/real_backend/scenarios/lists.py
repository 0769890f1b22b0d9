"""Lists: pages, tokens, limits; and the identifiers of several fields, with their key conditions."""

from typing import Any

from tests.real_backend.differential.notation import NEXT, Scenario, document, pages, run

TODOS = [run("createTodo", "id", input={"id": f"t{n}", "name": f"name {n % 3}"}) for n in range(7)]
SEATS = [
    run("createSeat", "row", input={"venueId": venue, "row": row, "number": number, "price": float(number)})
    for venue, row, number in [
        ("v", "A", 1),
        ("v", "A", 2),
        ("v", "A", 10),
        ("v", "B", 1),
        ("v", "AB", 1),
        ("v", "É", 3),
        ("v", "", 1),
        ("w", "A", 1),
    ]
]
READINGS = [
    run(
        "createReading", "takenAt", input={"deviceId": device, "takenAt": f"2024-01-0{day}T00:00:00.000Z", "value": day}
    )
    for device, day in [("d", 1), ("d", 3), ("d", 2), ("e", 1)]
]
MEASUREMENTS = [
    run("createMeasurement", "epoch", input={"station": "s", "epoch": epoch}) for epoch in (5, -3, 100, 20, 1)
]


def seats(**given: Any) -> Any:
    return run("listSeats", "items { row number } nextToken", **given)


def of_venue(**condition: Any) -> Any:
    return seats(venueId="v", rowNumber=condition)


def readings(**given: Any) -> Any:
    return run("listReadings", "items { deviceId takenAt } nextToken", **given)


SCENARIOS = [
    Scenario(
        "todo",
        "a page is cut before the filter",
        *TODOS,
        *(pages("listTodos", "items { id } nextToken", limit=limit) for limit in (1, 2, 3, 6, 7, 8, 100)),
        *(
            pages("listTodos", "items { id } nextToken", limit=limit, filter={"name": {"eq": "name 0"}})
            for limit in (1, 2, 7)
        ),
        pages("listTodos", "items { id } nextToken", limit=2, filter={"name": {"eq": "none has it"}}),
        pages("listTodos", "items { id } nextToken", limit=7, filter={}),
    ),
    Scenario(
        "todo",
        "limits that are none",
        *TODOS,
        *(
            run("listTodos", "items { id } nextToken", limit=limit)
            for limit in (0, -1, None, 7, 1000, 2**31 - 1, 2**31)
        ),
        run("listTodos", "items { id } nextToken", limit="2"),
        run("listTodos", "items { id } nextToken", limit=1.5),
        run("listTodos", "items { __typename } nextToken", limit=2.0),
    ),
    Scenario(
        "todo",
        "a limit is a hundred unless it is given",
        *(
            document("mutation { " + " ".join(f't{n}: createTodo(input: {{id: "{n}"}}) {{ id }}' for n in some) + " }")
            for some in (range(60), range(60, 101))
        ),
        pages("listTodos", "items { id } nextToken"),
        pages("listTodos", "items { id } nextToken", limit=None),
        pages("listTodos", "items { id } nextToken", limit=50),
    ),
    Scenario(
        "todo",
        "a page ends after a megabyte, and an item has its limit",
        *(run("createTodo", "id", input={"id": str(n), "description": "x" * 300_000}) for n in range(6)),
        pages("listTodos", "items { id } nextToken"),
        pages("listTodos", "items { id } nextToken", limit=2),
        pages("listTodos", "items { id } nextToken", filter={"id": {"eq": "3"}}),
        run("createTodo", "id", input={"id": "big", "description": "é" * 204_000}),
        run("createTodo", "id", input={"id": "too big", "description": "x" * 410_000}),
        run("updateTodo", "id", input={"id": "1", "name": "x" * 120_000}),
    ),
    Scenario(
        "todo",
        "tokens that are none",
        *TODOS,
        run("listTodos", "items { id } nextToken", nextToken="garbage"),
        run("listTodos", "items { id } nextToken", nextToken="é"),
        run("listTodos", "items { id } nextToken", nextToken=None),
        run("listTodos", "items { id } nextToken", limit=7),
        run("listTodos", "items { id } nextToken", nextToken=NEXT),
        run("listTodos", "items { __typename } nextToken", limit=2),
        document(
            "query Q($token: String) { listTodos(limit: 5, nextToken: $token) { items { __typename } nextToken } }",
            {"token": NEXT},
        ),
    ),
    Scenario(
        "todo",
        "a scan has neither keys nor a direction",
        run("listTodos", "items { id }"),
        document("{ listTodos(sortDirection: DESC) { items { id } } }"),
        document('{ listTodos(id: "t1") { items { id } } }'),
        document("{ listTodos { nextToken } }"),
        document("{ listTodos { items { id } nextToken startedAt } }"),
        document("{ a: listTodos { items { id } } b: listTodos(limit: 1) { items { id } nextToken } }"),
    ),
    Scenario(
        "identifiers",
        "identifiers of one field are keys of lists too",
        *(
            run("createCountry", "isoCode", input={"isoCode": code, "name": code.lower()})
            for code in ("CH", "DE", "AT")
        ),
        run("createCountry", "isoCode name", input={"isoCode": "CH"}),
        run("createCountry", "isoCode", input={"name": "no code"}),
        run("createCountry", "isoCode", input={"isoCode": ""}),
        run("getCountry", "isoCode name", isoCode="DE"),
        run("listCountries", "items { isoCode } nextToken"),
        run("listCountries", "items { isoCode } nextToken", isoCode="CH"),
        run("listCountries", "items { isoCode } nextToken", isoCode="XX"),
        run("listCountries", "items { isoCode } nextToken", isoCode=""),
        run("listCountries", "items { isoCode } nextToken", isoCode=None),
        run("listCountries", "items { isoCode } nextToken", isoCode="CH", sortDirection="DESC"),
        run("listCountries", "items { isoCode } nextToken", isoCode="CH", filter={"name": {"eq": "x"}}),
        run("listCountries", "items { isoCode } nextToken", sortDirection="ASC"),
        run("updateCountry", "name", input={"isoCode": "CH", "name": None}),
        run("deleteCountry", "isoCode", input={"isoCode": "CH"}),
        run("createExplicitId", "id", input={"label": "no id"}),
        run("createExplicitId", "id", input={"id": "1"}),
        run("listExplicitIds", "items { id }", id="1"),
        run("createImplicitId", "id", input={"label": "no id"}),
        run("createImplicitId", "id", input={"id": "1"}),
        run("createImplicitId", "id", input={"id": None}),
    ),
    Scenario(
        "identifiers",
        "a sort key of one field sorts and is compared",
        *READINGS,
        readings(),
        readings(deviceId="d"),
        readings(deviceId="d", sortDirection="DESC"),
        readings(deviceId="d", sortDirection="ASC"),
        readings(deviceId="none"),
        readings(sortDirection="DESC"),
        readings(takenAt={"eq": "2024-01-01T00:00:00.000Z"}),
        readings(deviceId="", takenAt={"eq": "2024-01-01T00:00:00.000Z"}),
        *(
            readings(deviceId="d", takenAt={operator: "2024-01-02T00:00:00.000Z"})
            for operator in ("eq", "le", "lt", "ge", "gt", "beginsWith")
        ),
        readings(deviceId="d", takenAt={"beginsWith": "2024-01-0"}, sortDirection="DESC"),
        readings(deviceId="d", takenAt={"beginsWith": "no"}),
        readings(deviceId="d", takenAt={"between": ["2024-01-02", "2024-01-03"]}),
        readings(deviceId="d", takenAt={"between": ["2024-01-03", "2024-01-02"]}),
        readings(deviceId="d", takenAt={"between": ["2024-01-03"]}),
        readings(deviceId="d", takenAt={"between": []}),
        readings(deviceId="d", takenAt={"between": ["2024-01-01", "2024-01-02", "2024-01-03"]}),
        readings(deviceId="d", takenAt={}),
        readings(deviceId="d", takenAt=None),
        readings(deviceId="d", takenAt={"eq": None}),
        readings(deviceId="d", takenAt={"eq": ""}),
        readings(deviceId="d", takenAt={"beginsWith": ""}),
        readings(deviceId="d", takenAt={"gt": "2024", "lt": "2025"}),
        readings(deviceId="d", takenAt={"ne": "2024"}),
        readings(deviceId="d", filter={"value": {"gt": 1}}),
        readings(deviceId="d", filter={"value": {"gt": 1}}, limit=2),
        pages("listReadings", "items { takenAt } nextToken", deviceId="d", limit=1),
        pages("listReadings", "items { takenAt } nextToken", deviceId="d", limit=2, sortDirection="DESC"),
        pages("listReadings", "items { takenAt } nextToken", deviceId="d", limit=1, takenAt={"ge": "2024-01-02"}),
        pages("listReadings", "items { takenAt } nextToken", limit=1),
    ),
    Scenario(
        "identifiers",
        "a sort key of numbers is compared as numbers",
        *MEASUREMENTS,
        run("createMeasurement", "epoch", input={"station": "s", "epoch": 5}),
        run("listMeasurements", "items { epoch }", station="s"),
        run("listMeasurements", "items { epoch }", station="s", sortDirection="DESC"),
        *(
            run("listMeasurements", "items { epoch }", station="s", epoch={operator: 5})
            for operator in ("eq", "le", "lt", "ge", "gt")
        ),
        run("listMeasurements", "items { epoch }", station="s", epoch={"eq": 1}),
        run("listMeasurements", "items { epoch }", station="s", epoch={"between": [1, 20]}),
        run("listMeasurements", "items { epoch }", station="s", epoch={"between": [20, 1]}),
        run("listMeasurements", "items { epoch }", station="s", epoch={"between": [20]}),
        run("listMeasurements", "items { epoch }", station="s", epoch={"beginsWith": 2}),
        run("getMeasurement", "epoch", station="s", epoch=1),
        run("updateMeasurement", "epoch temperature", input={"station": "s", "epoch": 1, "temperature": 1}),
        run("deleteMeasurement", "epoch", input={"station": "s", "epoch": 1}),
    ),
    Scenario(
        "identifiers",
        "identifiers of three fields",
        *SEATS,
        run("createSeat", "row", input={"venueId": "v", "row": "A", "number": 1}),
        run("createSeat", "row", input={"venueId": "v", "row": "A"}),
        run("createSeat", "row", input={"venueId": "", "row": "A", "number": 1}),
        run("getSeat", "price", venueId="v", row="A", number=10),
        run("getSeat", "price", venueId="v", row="A", number=11),
        run("getSeat", "price", venueId="v", row="", number=1),
        run("getSeat", "price", venueId="", row="A", number=1),
        run("updateSeat", "price", input={"venueId": "v", "row": "A", "number": 1, "price": 5}),
        run("updateSeat", "price", input={"venueId": "v", "row": "A", "number": 77, "price": 5}),
        run("updateSeat", "price", input={"venueId": "v", "row": "A", "price": 5}),
        run("deleteSeat", "price", input={"venueId": "v", "row": "A", "number": 1}),
        run("deleteSeat", "price", input={"venueId": "v", "row": "A", "number": 1}),
    ),
    Scenario(
        "identifiers",
        "a composite sort key is compared as joined text",
        *SEATS,
        seats(),
        seats(venueId="v"),
        seats(venueId="v", sortDirection="DESC"),
        *(
            of_venue(**{operator: {"row": "A", "number": 2}})
            for operator in ("eq", "le", "lt", "ge", "gt", "beginsWith")
        ),
        *(of_venue(**{operator: {"row": "A"}}) for operator in ("eq", "le", "lt", "ge", "gt", "beginsWith")),
        of_venue(between=[{"row": "A", "number": 1}, {"row": "B", "number": 1}]),
        of_venue(between=[{"row": "A"}, {"row": "B"}]),
        of_venue(between=[{"row": "B"}, {"row": "A"}]),
        seats(venueId="v", filter={"price": {"gt": 1}}),
        pages("listSeats", "items { row number } nextToken", venueId="v", limit=2),
        pages("listSeats", "items { row number } nextToken", venueId="v", limit=2, sortDirection="DESC"),
        pages(
            "listSeats", "items { row number } nextToken", venueId="v", limit=1, rowNumber={"beginsWith": {"row": "A"}}
        ),
    ),
    Scenario(
        "identifiers",
        "what a composite sort key condition must not be",
        *SEATS,
        seats(rowNumber={"eq": {"row": "A"}}),
        seats(sortDirection="DESC"),
        seats(sortDirection="DESC", rowNumber={"eq": {"row": "A"}}),
        seats(venueId="", rowNumber={"eq": {"row": "A"}}),
        seats(venueId=None, rowNumber={"eq": {"row": "A"}}),
        of_venue(eq={"number": 2}),
        of_venue(beginsWith={"number": 2}),
        of_venue(eq={"row": None, "number": 2}),
        of_venue(eq={"row": "", "number": 2}),
        of_venue(eq={"row": ""}),
        of_venue(eq={}),
        of_venue(beginsWith={}),
        of_venue(eq=None),
        of_venue(eq={"row": "A"}, gt={"row": "B"}),
        of_venue(between=[{"row": "A"}]),
        of_venue(between=[]),
        of_venue(between=[{"row": "A"}, {"row": "B"}, {"row": "C"}]),
        of_venue(between=[{"number": 1}, {"row": "B"}]),
        of_venue(between=[{"row": "A"}, {"number": 1}]),
        of_venue(ne={"row": "A"}),
        of_venue(eq={"row": "A", "venueId": "v"}),
        of_venue(),
        seats(venueId="v", rowNumber=None),
    ),
    Scenario(
        "sample",
        "orders by customer, status and date",
        *(
            run("createOrder", "total", input={"customerId": "c1", "status": status, "createdOn": day, "total": 5})
            for status, day in [
                ("new", "2024-01-01"),
                ("new", "2024-01-02"),
                ("paid", "2024-01-03"),
                ("new#x", "2024-01-01"),
            ]
        ),
        run("getOrder", "customerId total", customerId="c1", status="new", createdOn="2024-01-01"),
        run("listOrders", "items { status createdOn } nextToken"),
        run("listOrders", "items { status createdOn } nextToken", customerId="c1", sortDirection="DESC"),
        run(
            "listOrders",
            "items { status createdOn }",
            customerId="c1",
            statusCreatedOn={"beginsWith": {"status": "new"}},
        ),
        run(
            "listOrders",
            "items { status createdOn }",
            customerId="c1",
            statusCreatedOn={"eq": {"createdOn": "2024-01-01"}},
        ),
        run("listOrders", "items { status createdOn }", customerId="c1", filter={"id": {"eq": "x"}}),
        run("listOrders", "items { status createdOn }", sortDirection="DESC"),
        run("listOrders", "items { status createdOn }", statusCreatedOn={"eq": {"status": "new"}}),
    ),
]
