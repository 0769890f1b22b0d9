"""Lists, pages, key conditions and index queries."""

import pytest

from tests.dev.local_backend.asking import Api, Enum

INVALID = "DynamoDB:ValidationException"


@pytest.fixture
def todos(sample: Api) -> Api:
    sample.backend.seed({"TodoList": [{"id": "l1", "name": "L"}]})
    sample.backend.seed(
        {
            "Todo": [
                {
                    "id": f"p{n}",
                    "content": f"page {n}",
                    "rank": n,
                    "priority": ["low", "high"][n % 2],
                    "status": "open",
                    "listId": "l1",
                    "dueAt": f"2024-02-0{n + 1}T00:00:00.000Z",
                }
                for n in range(6)
            ]
        }
    )
    return sample


@pytest.fixture
def orders(sample: Api) -> Api:
    for status, day in [("new", "2024-01-01"), ("new", "2024-01-02"), ("paid", "2024-01-03")]:
        sample.backend.seed({"Order": [{"customerId": "c1", "status": status, "createdOn": day, "total": 5}]})
    sample.backend.seed({"Order": [{"customerId": "c2", "status": "new", "createdOn": "2024-01-01"}]})
    return sample


def ids(page) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_pages_go_on_where_the_last_one_ended(todos: Api) -> None:
    found, token, pages = [], None, 0
    while True:
        page = todos.run("listTodos", "items { id } nextToken", limit=4, nextToken=token)
        found += ids(page)
        token = page["nextToken"]
        pages += 1
        if token is None:
            break
    assert sorted(found) == [f"p{n}" for n in range(6)]
    assert pages == 2


def test_a_page_is_cut_before_the_filter(todos: Api) -> None:
    sizes, token = [], None
    while True:
        page = todos.run(
            "listTodos",
            "items { id } nextToken",
            limit=2,
            nextToken=token,
            filter={"content": {"beginsWith": "page 5"}},
        )
        sizes.append(len(page["items"]))
        token = page["nextToken"]
        if token is None:
            break
    assert sorted(sizes) in ([0, 0, 0, 1], [0, 0, 1])


def test_a_page_that_ends_at_the_last_item_still_has_a_token(todos: Api) -> None:
    page = todos.run("listTodos", "items { id } nextToken", limit=6)
    last = todos.run("listTodos", "items { id } nextToken", limit=6, nextToken=page["nextToken"])
    assert (len(page["items"]), last) == (6, {"items": [], "nextToken": None})


def test_a_page_has_a_hundred_items_unless_told_otherwise(todo: Api) -> None:
    todo.backend.seed({"Todo": [{"name": str(n)} for n in range(101)]})
    page = todo.run("listTodos", "items { id } nextToken")
    assert len(page["items"]) == 100
    assert page["nextToken"]


def test_a_page_ends_after_a_megabyte(todo: Api) -> None:
    todo.backend.seed({"Todo": [{"name": "x" * 300_000} for _ in range(5)]})
    page = todo.run("listTodos", "items { id } nextToken")
    assert len(page["items"]) == 4
    assert page["nextToken"]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(todos: Api, limit: int) -> None:
    error = todos.refuse("listTodos", "items { id }", limit=limit)
    assert error["errorType"] == INVALID
    assert error["message"].startswith("Limit must be greater than or equal to 1")


def test_an_empty_token_is_none(todos: Api) -> None:
    assert len(todos.run("listTodos", "items { id }", nextToken="")["items"]) == 6


@pytest.mark.parametrize("token", ["garbage", "é", "e30=", "A" * 64])
def test_a_bad_token_is_refused(todos: Api, token: str) -> None:
    error = todos.refuse("listTodos", "items { id }", nextToken=token)
    assert (error["message"], error["errorType"]) == ("Invalid pagination token given.", "BadRequestException")


def test_a_token_of_another_query_is_refused(todos: Api) -> None:
    token = todos.run("listTodos", "nextToken", limit=1)["nextToken"]
    error = todos.refuse("todosByListAndDue", "items { id }", listId="l1", nextToken=token)
    assert error["errorType"] == INVALID
    assert error["message"].startswith("Exclusive Start Key must have same size as table's key schema")


def test_a_scan_does_not_go_by_age(todo: Api) -> None:
    names = [str(n) for n in range(20)]
    todo.backend.seed({"Todo": [{"id": name, "name": name} for name in names]})
    found = ids(todo.run("listTodos", "items { id }"))
    assert found != names
    assert sorted(found) == sorted(names)


def test_an_index_goes_by_its_sort_key(todos: Api) -> None:
    page = todos.run("todosByListAndDue", "items { id } nextToken", listId="l1")
    assert page == {"items": [{"id": f"p{n}"} for n in range(6)], "nextToken": None}


def test_an_index_pages_in_both_directions(todos: Api) -> None:
    for direction, expected in (("ASC", ["p0", "p1", "p2", "p3"]), ("DESC", ["p5", "p4", "p3", "p2"])):
        first = todos.run(
            "todosByListAndDue", "items { id } nextToken", listId="l1", sortDirection=Enum(direction), limit=2
        )
        second = todos.run(
            "todosByListAndDue",
            "items { id } nextToken",
            listId="l1",
            sortDirection=Enum(direction),
            limit=2,
            nextToken=first["nextToken"],
        )
        assert ids(first) + ids(second) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"eq": "2024-02-03T00:00:00.000Z"}, [2]),
        ({"lt": "2024-02-03T00:00:00.000Z"}, [0, 1]),
        ({"le": "2024-02-03T00:00:00.000Z"}, [0, 1, 2]),
        ({"gt": "2024-02-03T00:00:00.000Z"}, [3, 4, 5]),
        ({"ge": "2024-02-03T00:00:00.000Z"}, [2, 3, 4, 5]),
        ({"beginsWith": "2024-02-03"}, [2]),
        ({"between": ["2024-02-02", "2024-02-05"]}, [1, 2, 3]),
        ({}, [0, 1, 2, 3, 4, 5]),
        (None, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_sort_key_condition_selects(todos: Api, condition, expected) -> None:
    assert ids(todos.run("todosByListAndDue", "items { id }", listId="l1", dueAt=condition)) == [
        f"p{n}" for n in expected
    ]


def test_two_conditions_on_a_sort_key_are_refused(todos: Api) -> None:
    error = todos.refuse("todosByListAndDue", "items { id }", listId="l1", dueAt={"gt": "2024", "lt": "2025"})
    assert error["errorType"] == INVALID
    assert error["message"].startswith("KeyConditionExpressions must only contain one condition per key")


def test_items_without_an_indexs_keys_are_not_in_it(todos: Api) -> None:
    todos.backend.seed({"Todo": [{"id": "x", "content": "x", "listId": "l1"}]})
    assert "x" not in ids(todos.run("todosByListAndDue", "items { id }", listId="l1"))
    assert "x" in ids(todos.run("getTodoList", "todos { items { id } }", id="l1")["todos"])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"eq": {"priority": Enum("low"), "rank": 2}}, ["p2"]),
        ({"beginsWith": {"priority": Enum("high")}}, ["p1", "p3", "p5"]),
        (
            {"between": [{"priority": Enum("high"), "rank": 3}, {"priority": Enum("low"), "rank": 0}]},
            ["p3", "p5", "p0"],
        ),
    ],
)
def test_a_composite_key_compares_as_joined_text(todos: Api, condition, expected) -> None:
    found = todos.run("listTodoByStatusAndPriorityAndRank", "items { id }", status="open", priorityRank=condition)
    assert ids(found) == expected


def test_a_later_part_of_a_composite_key_needs_the_earlier_one(todos: Api) -> None:
    error = todos.refuse(
        "listTodoByStatusAndPriorityAndRank", "items { id }", status="open", priorityRank={"eq": {"rank": 2}}
    )
    assert error["errorType"] == "InvalidArgumentsError"
    assert error["message"] == (
        "When providing argument 'priorityRank.$operation.rank' you must also provide "
        "'priorityRank.$operation.priority'."
    )


def test_the_list_of_a_custom_identifier_takes_keys(orders: Api) -> None:
    found = orders.run("listOrders", "items { status createdOn }", customerId="c1", sortDirection=Enum("DESC"))
    assert [item["createdOn"] for item in found["items"]] == ["2024-01-03", "2024-01-02", "2024-01-01"]
    found = orders.run(
        "listOrders", "items { status }", customerId="c1", statusCreatedOn={"beginsWith": {"status": "new"}}
    )
    assert len(found["items"]) == 2
    assert len(orders.run("listOrders", "items { status }")["items"]) == 4


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"sortDirection": Enum("DESC")},
            "When providing argument 'sortDirection' you must also provide argument 'customerId'.",
        ),
        (
            {"statusCreatedOn": {"eq": {"status": "new"}}},
            "When providing argument 'statusCreatedOn' you must also provide 'customerId'.",
        ),
        (
            {"customerId": "c1", "statusCreatedOn": {"eq": {"status": "a"}, "le": {"status": "b"}}},
            "Argument statusCreatedOn must specify at most one key condition operation.",
        ),
        (
            {"customerId": "c1", "statusCreatedOn": {"between": [{"status": "a"}]}},
            "Argument 'statusCreatedOn.between' expects exactly two elements.",
        ),
        (
            {"customerId": "c1", "statusCreatedOn": {"eq": {"createdOn": "2024-01-01"}}},
            (
                "When providing argument 'statusCreatedOn.$operation.createdOn' you must also provide "
                "'statusCreatedOn.$operation.status'."
            ),
        ),
    ],
)
def test_key_arguments_that_do_not_go_together_are_refused(orders: Api, given, message: str) -> None:
    error = orders.refuse("listOrders", "items { status }", **given)
    assert (error["message"], error["errorType"]) == (message, "InvalidArgumentsError")


@pytest.mark.parametrize(
    ("field", "given", "message"),
    [
        (
            "listCountries",
            {"isoCode": "CH", "sortDirection": Enum("DESC")},
            "sortDirection is not supported for List operations without a Sort key defined.",
        ),
        (
            "customersByPhone",
            {"phoneNumber": "+12065550100", "sortDirection": Enum("ASC")},
            "sortDirection is not supported for List operations without a Sort key defined.",
        ),
        (
            "listReadings",
            {"takenAt": {"gt": "2024"}},
            "When providing argument 'takenAt' you must also provide arguments deviceId",
        ),
        (
            "listSeats",
            {"venueId": "", "rowNumber": {"eq": {"row": "a"}}},
            "When providing argument 'rowNumber' you must also provide 'venueId'.",
        ),
        (
            "listSeats",
            {"venueId": "v", "rowNumber": {"between": [{"row": "a"}, {"number": 1}]}},
            ("When providing argument 'rowNumber.between[1].number' you must also provide 'rowNumber.between[1].row'."),
        ),
    ],
)
def test_other_key_arguments_that_do_not_go_together_are_refused(identifiers: Api, field, given, message) -> None:
    error = identifiers.refuse(field, "nextToken", **given)
    assert (error["message"], error["errorType"]) == (message, "InvalidArgumentsError")


@pytest.mark.parametrize(
    ("field", "given", "message"),
    [
        (
            "listReadings",
            {"deviceId": "d", "takenAt": {"between": ["2025", "2024"]}},
            "lower bound operand: AttributeValue: {S:2025}",
        ),
        ("listReadings", {"deviceId": "d", "takenAt": {"beginsWith": ""}}, "empty string value. Key: takenAt"),
        ("listSeats", {"venueId": "v", "rowNumber": {"eq": {}}}, "empty string value. Key: row#number"),
        ("customersByScore", {"accountRepresentativeId": "a", "score": {"between": [1]}}, "for key :sortKey1"),
    ],
)
def test_key_conditions_that_dynamodb_refuses(identifiers: Api, field, given, message) -> None:
    error = identifiers.refuse(field, "nextToken", **given)
    assert error["errorType"] == INVALID
    assert message in error["message"]


def test_a_third_bound_is_ignored(identifiers: Api) -> None:
    given = {"accountRepresentativeId": "a", "score": {"between": [1, 2, 3]}}
    assert identifiers.run("customersByScore", "items { id }", **given) == {"items": []}


def test_numeric_keys_go_by_their_value(identifiers: Api) -> None:
    for epoch in (100, -5, 20, 3):
        identifiers.run("createMeasurement", "epoch", input={"station": "s", "epoch": epoch})
    found = identifiers.run("listMeasurements", "items { epoch }", station="s", epoch={"gt": -5})
    assert [item["epoch"] for item in found["items"]] == [3, 20, 100]


def test_an_index_by_an_enum_and_a_number(identifiers: Api) -> None:
    for rating in (2.5, -1, 10):
        identifiers.run(
            "createCustomer",
            "id",
            input={"accountRepresentativeId": "a", "stage": Enum("WON"), "rating": rating, "score": 1, "lastSeen": 5},
        )
    found = identifiers.run("customersByStage", "items { rating }", stage=Enum("WON"), rating={"between": [-1, 3]})
    assert [item["rating"] for item in found["items"]] == [-1, 2.5]
    assert len(identifiers.run("customersWithScore", "items { id }", score=1)["items"]) == 3


def test_an_empty_partition_key_is_refused(todos: Api) -> None:
    assert todos.refuse("todosByListAndDue", "items { id }", listId="")["errorType"] == INVALID


def test_a_query_does_not_filter_by_its_own_key(todos: Api, identifiers: Api) -> None:
    error = todos.refuse("todosByListAndDue", "items { id }", listId="l1", filter={"dueAt": {"gt": "2024"}})
    said = "Filter Expression can only contain non-primary key attributes: Primary key attribute: dueAt"
    assert (error["errorType"], error["message"].partition(" (")[0]) == ("DynamoDB:ValidationException", said)
    assert todos.run("listTodos", "items { id }", filter={"id": {"eq": "none"}}) == {"items": []}
    error = identifiers.refuse("listCountries", "items { name }", isoCode="CH", filter={"isoCode": {"eq": "CH"}})
    assert "isoCode" in error["message"]
