"""Calls that both languages make, against one backend each: in JavaScript's notation, with made-up identifiers."""

from typing import Any


def call(path: str, *args: Any, on: tuple[int, list[Any]] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"path": path.split("."), "args": list(args)}
    return made if on is None else {**made, "on": {"step": on[0], "at": on[1]}}


def token_of(step: int) -> dict[str, Any]:
    return {"$result": {"step": step, "at": ["nextToken"]}}


def todo() -> list[dict[str, Any]]:
    made = [call("models.Todo.create", {"id": f"t{n}", "name": f"n{n}", "isDone": n % 2 == 0}) for n in range(5)]
    page = len(made)
    return [
        *made,
        call("models.Todo.list", {"limit": 2}),
        call("models.Todo.list", {"limit": 2, "nextToken": token_of(page)}),
        call("models.Todo.list", {"filter": {"isDone": {"eq": True}}}),
        call("models.Todo.list", {"filter": {"or": [{"name": {"eq": "n1"}}, {"not": {"name": {"beginsWith": "n"}}}]}}),
        call("models.Todo.get", {"id": "t1"}),
        call("models.Todo.get", {"id": "nobody"}),
        call("models.Todo.get", {"id": "t1"}, {"selectionSet": ["name"]}),
        call("models.Todo.update", {"id": "t1", "name": None, "description": "d"}),
        call("models.Todo.update", {"id": "nobody", "name": "x"}),
        call("models.Todo.create", {"id": "t1"}),
        call("models.Todo.delete", {"id": "t1"}),
        call("models.Todo.delete", {"id": "t1"}),
        call("graphql", {"query": "query Q($id: ID!) { getTodo(id: $id) { id name } }", "variables": {"id": "t2"}}),
        call("models.Todo.list", {"nextToken": "bad"}),
    ]


def blog() -> list[dict[str, Any]]:
    return [
        call("models.Author.create", {"id": "a1", "name": "N", "email": "n@example.com"}),
        call("models.Profile.create", {"id": "p1", "bio": "B", "authorId": "a1"}),
        call(
            "models.Post.create",
            {"id": "o1", "title": "T", "authorId": "a1", "status": "DRAFT", "metadata": {"source": "s"}},
        ),
        call("models.Comment.create", {"id": "c1", "text": "x", "postId": "o1"}),
        call("models.Comment.create", {"id": "c2", "text": "y", "postId": "o1", "parentId": "c1"}),
        call("models.Tag.create", {"label": "news"}),
        call("models.PostTag.create", {"id": "pt1", "postId": "o1", "tagLabel": "news", "weight": 1}),
        call("models.Warehouse.create", {"country": "ES", "city": "Vigo", "number": 3}),
        call(
            "models.Shelf.create",
            {"id": "s1", "code": "A", "warehouseCountry": "ES", "warehouseCity": "Vigo", "warehouseNumber": 3},
        ),
        call("models.Author.get", {"id": "a1"}),
        call("profile", on=(9, ["data"])),
        call("posts", on=(9, ["data"])),
        call("reviewedPosts", on=(9, ["data"])),
        call("models.Post.get", {"id": "o1"}),
        call("author", on=(13, ["data"])),
        call("reviewer", on=(13, ["data"])),
        call("tags", on=(13, ["data"])),
        call(
            "models.Post.get", {"id": "o1"}, {"selectionSet": ["title", "author.name", "tags.tag.label", "metadata.*"]}
        ),
        call("models.Post.list", {"filter": {"status": {"eq": "DRAFT"}}}),
        call("models.Warehouse.list", {"country": "ES", "cityNumber": {"beginsWith": {"city": "V"}}}),
        call("models.Warehouse.get", {"country": "ES", "city": "Vigo", "number": 3}),
        call("shelves", on=(20, ["data"])),
        call("models.Comment.update", {"id": "c1", "post": {"id": "o1"}}),
        call("models.Comment.list", {"filter": {"parentId": {"attributeExists": True}}}),
        call("models.Post.delete", {"id": "o1"}),
    ]


def scalars() -> list[dict[str, Any]]:
    everything = {
        "anId": "x", "aString": "s", "anInteger": 3, "aFloat": 1.5, "aBoolean": True, "aDate": "2024-02-29",
        "aTime": "10:11:12.345Z", "aDatetime": "2024-02-29T10:11:12.345Z", "aTimestamp": 1709201472,
        "anEmail": "a@example.com", "aJson": '{"a":[1,null]}', "aPhone": "+15550001111", "aUrl": "https://example.com",
        "anIp": "10.0.0.1", "namedEnum": "HIGH",
    }  # fmt: skip
    return [
        call("models.Everything.create", {"id": "e1", **everything, "inlineEnum": "ON"}),
        call("models.Everything.create", {"id": "e2", **dict.fromkeys(everything)}),
        call("models.Everything.get", {"id": "e1"}),
        call("models.Everything.list", {"filter": {"aDate": {"ge": "2024-01-01"}, "aTimestamp": {"gt": 0}}}),
        call("models.EverythingRequired.create", {"id": "r1", **everything}),
        call("models.Everything.create", {"id": "e3", "anEmail": "nobody"}),
        call("models.Everything.update", {"id": "e1", "aFloat": 2.5, "aJson": "[]"}),
        call("models.Place.create", {"id": "p1", "name": "P",
                                     "address": {"street": "s", "lines": ["a"], "geo": {"lat": 1, "long": 2}},
                                     "bag": {"items": ["x"], "nextToken": "t"}, "items": ["y"]}),
        call("models.Place.get", {"id": "p1"}, {"selectionSet": ["address.street", "address.geo.*", "bag.items"]}),
    ]  # fmt: skip


def identifiers() -> list[dict[str, Any]]:
    keys = {"accountRepresentativeId": "r"}
    return [
        *[
            call("models.Customer.create", {"id": f"c{n}", **keys, "name": f"n{n}", "score": n, "stage": "WON", "rating": n / 2})
            for n in range(4)
        ],
        call("models.Customer.customersByScore", {**keys, "score": {"ge": 1}}, {"sortDirection": "DESC"}),
        call("models.Customer.customersByScore", {**keys, "score": {"between": [1, 2]}}, {"limit": 1}),
        call("models.Customer.customersByStage", {"stage": "WON", "rating": {"gt": 0.5}}),
        call("models.Customer.listCustomerByAccountRepresentativeIdAndName", {**keys, "name": {"beginsWith": "n"}}),
        call("models.Customer.update", {"id": "c1", "region": "north"}),
        *[call("models.Seat.create", {"venueId": "v", "row": "A", "number": n}) for n in (1, 2, 10)],
        call("models.Seat.list", {"venueId": "v", "rowNumber": {"eq": {"row": "A", "number": 2}}}),
        call("models.Seat.list", {"venueId": "v", "sortDirection": "DESC"}),
        call("models.Reading.create", {"deviceId": "d", "takenAt": "2024-01-01T00:00:00Z", "value": 1.5}),
        call("models.Reading.list", {"deviceId": "d", "takenAt": {"lt": "2025"}}),
        call("models.Measurement.create", {"station": "s", "epoch": 0}),
        call("models.Measurement.get", {"station": "s", "epoch": 0}),
        call("models.Country.create", {"isoCode": "ES", "name": "Spain"}),
        call("models.Country.list", {"isoCode": "ES"}),
        call("models.OwnedDefault.create", {"id": "o1", "value": "v"}),
    ]  # fmt: skip


def operations() -> list[dict[str, Any]]:
    return [
        call("queries.ping"),
        call("queries.countArticles"),
        call("queries.echoEnums", {"mood": "HAPPY", "moods": ["SAD"]}),
        call("queries.getReport", {"id": "r"}),
        call("queries.listReports"),
        call("mutations.setFlag", {"on": False}),
        call("mutations.publishReport", {"title": "T"}),
        call("queries.keywords"),
        call("models.Article.create", {"id": "a1", "title": "A", "likes": 1, "location": {"x": 1, "y": 2}}),
        call("models.Remark.create", {"id": "r1", "body": "b", "articleId": "a1"}),
        call("models.Article.get", {"id": "a1"}),
        call("remarks", on=(10, ["data"])),
    ]


def ai() -> list[dict[str, Any]]:
    return [
        call("generations.summarize", {"text": "long"}),
        call("queries.weather", {"city": "Vigo"}),
        call("models.Note.create", {"id": "n1", "text": "x"}),
        call("models.Note.list"),
    ]


SCENARIOS = {make.__name__: make() for make in (todo, blog, scalars, identifiers, operations, ai)}
ANSWERS = {
    "ping": "pong",
    "countArticles": 3,
    "echoEnums": "SAD",
    "getReport": {"title": "T", "mood": "SAD", "center": {"x": 1.0, "y": 2.0, "tag": None}, "path": []},
    "listReports": [{"title": "T"}, {"title": "U"}],
    "setFlag": False,
    "publishReport": {"title": "T"},
    "keywords": ["a", "b"],
    "summarize": "short",
    "weather": {"degrees": 1.5, "sky": "CLEAR"},
}
