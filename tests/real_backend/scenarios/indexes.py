"""Queries by secondary indexes: which items are in one, their order, key conditions, pages."""

from typing import Any

from tests.real_backend.differential.callers import FUNCTION
from tests.real_backend.differential.notation import Run, Scenario, document, pages, run

TODOS = [
    run(
        "createTodo",
        "id",
        input={
            "id": f"p{n}",
            "content": f"page {n}",
            "rank": n,
            "priority": ["low", "high"][n % 2],
            "status": "open",
            "listId": "l1",
            "dueAt": f"2024-02-0{n + 1}T00:00:00.000Z",
        },
    )
    for n in range(6)
]
CUSTOMERS = [
    run("createCustomer", "id", input={"id": str(number), "accountRepresentativeId": "r", **fields})
    for number, fields in enumerate(
        [
            {
                "name": "Zoe",
                "score": 10,
                "stage": "WON",
                "rating": 4.5,
                "region": "EU",
                "city": "Bern",
                "joinedOn": "2024-01-02",
            },
            {
                "name": "Ann",
                "score": 9,
                "stage": "WON",
                "rating": -1,
                "region": "EU",
                "city": "Bern",
                "joinedOn": "2024-01-01",
            },
            {"name": "Bob", "score": -5, "stage": "LOST", "region": "EU", "city": "Basel", "joinedOn": "2024-01-03"},
            {"phoneNumber": "+12025550123", "score": 100, "lastSeen": 5},
            {"phoneNumber": "+12025550123", "score": 100, "lastSeen": -5, "name": "Été"},
            {"region": "EU"},
            {},
        ]
    )
]
NAMED = "listCustomerByAccountRepresentativeIdAndName"


def due(**given: Any) -> Run:
    return run("todosByListAndDue", "items { id dueAt } nextToken", listId="l1", **given)


def ranked(**condition: Any) -> Run:
    return run(
        "listTodoByStatusAndPriorityAndRank",
        "items { id priority rank } nextToken",
        status="open",
        priorityRank=condition,
    )


def customers(field: str, **given: Any) -> Run:
    return run(field, "items { id name score } nextToken", **given)


SCENARIOS = [
    Scenario(
        "sample",
        "an index with a sort key of one field",
        *TODOS,
        due(),
        due(sortDirection="DESC"),
        *(
            due(dueAt={operator: "2024-02-03T00:00:00.000Z"})
            for operator in ("eq", "le", "lt", "ge", "gt", "beginsWith")
        ),
        due(dueAt={"between": ["2024-02-02", "2024-02-05"]}, sortDirection="DESC"),
        due(dueAt={"between": ["2024-02-05", "2024-02-02"]}),
        due(dueAt={"between": ["2024-02-05"]}),
        due(dueAt={"gt": "2024", "lt": "2025"}),
        due(dueAt={"gt": "2024", "lt": None}),
        due(dueAt={"eq": ""}),
        due(dueAt={}),
        due(dueAt={"ne": "2024"}),
        due(filter={"rank": {"gt": 3}}),
        due(filter={"rank": {"gt": 3}}, limit=4),
        due(filter={"content": {}}),
        due(limit=0),
        due(nextToken="garbage"),
        run("todosByListAndDue", "items { id }", listId="none"),
        run("todosByListAndDue", "items { id }", listId=""),
        run("todosByListAndDue", "items { id }", listId=None),
        document("{ todosByListAndDue { items { id } } }"),
        due().by(FUNCTION),
        *(pages("todosByListAndDue", "items { id } nextToken", listId="l1", limit=limit) for limit in (1, 2, 3, 6)),
        pages("todosByListAndDue", "items { id } nextToken", listId="l1", limit=2, sortDirection="DESC"),
        pages("todosByListAndDue", "items { id } nextToken", listId="l1", limit=2, filter={"rank": {"eq": 5}}),
        pages("todosByListAndDue", "items { id } nextToken", listId="l1", limit=1, dueAt={"gt": "2024-02-03"}),
    ),
    Scenario(
        "sample",
        "an index with a composite sort key",
        *TODOS,
        run("listTodoByStatusAndPriorityAndRank", "items { id } nextToken", status="open"),
        run("listTodoByStatusAndPriorityAndRank", "items { id } nextToken", status="open", sortDirection="DESC"),
        *(
            ranked(**{operator: {"priority": "low", "rank": 2}})
            for operator in ("eq", "le", "lt", "ge", "gt", "beginsWith")
        ),
        ranked(beginsWith={"priority": "high"}),
        ranked(eq={"priority": "high"}),
        ranked(between=[{"priority": "high", "rank": 1}, {"priority": "low", "rank": 0}]),
        ranked(between=[{"priority": "low", "rank": 0}, {"priority": "high", "rank": 1}]),
        ranked(between=[{"priority": "high", "rank": 1}]),
        ranked(eq={"rank": 2}),
        ranked(eq={}),
        ranked(),
        ranked(eq={"priority": "low"}, gt={"priority": "low"}),
        ranked(eq={"priority": "none"}),
        pages("listTodoByStatusAndPriorityAndRank", "items { id } nextToken", status="open", limit=4),
        pages(
            "listTodoByStatusAndPriorityAndRank",
            "items { id } nextToken",
            status="open",
            limit=2,
            priorityRank={"ge": {"priority": "high", "rank": 3}},
        ),
    ),
    Scenario(
        "sample",
        "an item is in an index while it has the index's keys",
        run("createTodo", "id", input={"id": "1", "content": "x"}),
        due(),
        run("updateTodo", "id", input={"id": "1", "listId": "l1"}),
        due(),
        run("updateTodo", "id", input={"id": "1", "dueAt": "2024-01-01T00:00:00.000Z"}),
        due(),
        run("updateTodo", "id", input={"id": "1", "dueAt": "2024-01-02T00:00:00Z"}),
        due(),
        run("updateTodo", "id", input={"id": "1", "listId": None}),
        due(),
        run("updateTodo", "id", input={"id": "1", "status": "open"}),
        ranked(beginsWith={"priority": "low"}),
        run("updateTodo", "id", input={"id": "1", "priority": "low", "rank": 1}),
        ranked(beginsWith={"priority": "low"}),
        run("updateTodo", "id", input={"id": "1", "priority": None, "rank": None}),
        run("listTodoByStatusAndPriorityAndRank", "items { id } nextToken", status="open"),
        run("deleteTodo", "id", input={"id": "1"}),
        due(),
    ),
    Scenario(
        "identifiers",
        "indexes on one field, on texts, numbers and enums",
        *CUSTOMERS,
        customers("listCustomerByAccountRepresentativeId", accountRepresentativeId="r"),
        customers("listCustomerByAccountRepresentativeId", accountRepresentativeId="none"),
        customers(
            "listCustomerByAccountRepresentativeId", accountRepresentativeId="r", filter={"name": {"beginsWith": "A"}}
        ),
        customers(NAMED, accountRepresentativeId="r"),
        customers(NAMED, accountRepresentativeId="r", sortDirection="DESC"),
        customers(NAMED, accountRepresentativeId="r", name={"beginsWith": "A"}),
        customers(NAMED, accountRepresentativeId="r", name={"gt": "Z"}),
        customers("customersByScore", accountRepresentativeId="r"),
        customers("customersByScore", accountRepresentativeId="r", score={"between": [9, 10]}),
        customers("customersByScore", accountRepresentativeId="r", score={"lt": 0}),
        customers("customersByScore", accountRepresentativeId="r", score={"eq": 9, "gt": 1}),
        customers("customersByPhone", phoneNumber="+12025550123"),
        customers("customersByPhone", phoneNumber="+12025550123", sortDirection="DESC", limit=5),
        customers("customersByPhone", phoneNumber="nonsense"),
        customers("customersByStage", stage="WON"),
        customers("customersByStage", stage="WON", rating={"gt": 0}),
        customers("customersByStage", stage="WON", sortDirection="DESC"),
        customers("customersByStage", stage="LOST"),
        customers("customersByStage", stage="UNKNOWN"),
        customers("customersByStage", stage=None),
        customers("customersWithScore", score=100),
        customers("customersWithScore", score=100, lastSeen={"ge": 0}),
        customers("customersWithScore", score=100, lastSeen={"between": [-5, 5]}, sortDirection="DESC"),
        customers("customersWithScore", score=10),
        customers("customersWithScore", score=1.5),
    ),
    Scenario(
        "identifiers",
        "an index by region, city and date",
        *CUSTOMERS,
        customers("customersByRegion", region="EU"),
        customers("customersByRegion", region="EU", cityJoinedOn={"beginsWith": {"city": "Ber"}}),
        customers("customersByRegion", region="EU", cityJoinedOn={"eq": {"city": "Bern", "joinedOn": "2024-01-01"}}),
        customers("customersByRegion", region="EU", cityJoinedOn={"eq": {"city": "Bern"}}),
        customers("customersByRegion", region="EU", cityJoinedOn={"gt": {"city": "Bern"}}, sortDirection="DESC"),
        customers("customersByRegion", region="EU", cityJoinedOn={"eq": {"joinedOn": "2024-01-01"}}),
        customers("customersByRegion", region="EU", cityJoinedOn={"between": [{"city": "Ba"}, {"city": "Bb"}]}),
        run("createCustomer", "id", input={"accountRepresentativeId": "r", "city": "Bern"}),
        run("createCustomer", "id", input={"accountRepresentativeId": "r", "city": "Bern", "joinedOn": None}),
        run("createCustomer", "id", input={"accountRepresentativeId": "r", "score": None}),
        run("createCustomer", "id", input={"accountRepresentativeId": "r", "name": None}),
        run(
            "createCustomer",
            "id",
            input={"accountRepresentativeId": "r", "stage": None, "region": None, "phoneNumber": None},
        ),
        run("createCustomer", "id", input={"accountRepresentativeId": "r", "rating": None}),
        run("createCustomer", "id", input={"accountRepresentativeId": "", "name": "x"}),
        run("createCustomer", "id", input={"accountRepresentativeId": "r", "name": ""}),
        run("updateCustomer", "id", input={"id": "0", "joinedOn": "2024-01-01"}),
        run("updateCustomer", "id", input={"id": "0", "accountRepresentativeId": None}),
        run("updateCustomer", "id", input={"id": "0", "name": ""}),
        run("updateCustomer", "id", input={"id": "0", "name": None}),
    ),
]
