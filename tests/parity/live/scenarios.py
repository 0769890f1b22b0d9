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
        *[
            call("models.Todo.list", {"filter": {"name": test}})
            for test in (
                {"ne": "n0"}, {"le": "n3"}, {"lt": "n3"}, {"ge": "n3"}, {"gt": "n3"}, {"between": ["n2", "n3"]},
                {"contains": "3"}, {"notContains": "3"}, {"beginsWith": "n"}, {"attributeExists": False},
                {"attributeType": "string"}, {"size": {"between": [1, 2]}}, {"eq": None}, {"ge": "n1", "lt": "n3"},
            )
        ],
        call("models.Todo.list", {"filter": {"and": [], "or": [], "not": {"isDone": {"eq": True}}}}),
        call("models.Todo.create", {"id": "", "name": "x"}),
        call("models.Todo.create", {"id": "t9", "name": "é 🎉 \u2028"}),
        call("models.Todo.get", {"id": "t9"}),
        call("graphql", {"query": "query { getTodo }"}),
        call("graphql", {"query": 'mutation { deleteTodo(input: {id: "nobody"}) { id } }'}),
    ]  # fmt: skip


def callers() -> list[dict[str, Any]]:
    """Of the schema `todo`, and whoever may not use it."""
    return [
        call("models.Todo.create", {"id": "t1", "name": "A"}, {"authMode": "apiKey"}),
        call("models.Todo.list", {"authMode": "apiKey"}),
        call("models.Todo.list", {"authMode": "iam"}),
        call("models.Todo.list", {"authMode": "identityPool"}),
        call("models.Todo.list", {"authMode": "userPool"}),
        call("models.Todo.get", {"id": "t1"}, {"authMode": "userPool"}),
        call("models.Todo.update", {"id": "t1", "name": "B"}, {"authMode": "userPool"}),
        call("models.Todo.get", {"id": "t1"}, {"authMode": "lambda", "authToken": "let me in"}),
        call("models.Todo.get", {"id": "t1"}, {"authMode": "lambda", "authToken": "no"}),
        call("models.Todo.get", {"id": "t1"}, {"authMode": "none"}),
        call("graphql", {"query": "{ listTodos { items { id } } }", "authMode": "apiKey"}),
    ]


def owners() -> list[dict[str, Any]]:
    """Of the schema `identifiers`: what owner and group rules leave to see."""
    mine = {"authMode": "userPool"}
    return [
        call("models.OwnedDefault.create", {"id": "1", "value": "v"}, mine),
        call("models.OwnedDefault.get", {"id": "1"}, mine),
        call("models.OwnedDefault.list", mine),
        call("models.OwnedDefault.get", {"id": "1"}),
        call("models.OwnedDefault.create", {"id": "2", "value": "v"}),
        call("models.OwnedDefault.get", {"id": "2"}, mine),
        call("models.OwnedDefault.list", mine),
        call("models.OwnedRenamed.create", {"id": "1", "value": "v"}, mine),
        call("models.OwnedRenamed.list"),
        call("models.OwnedExplicit.create", {"id": "1", "value": "v", "holders": ["somebody", "else"]}, mine),
        call("models.OwnedExplicit.update", {"id": "1", "owner": "else"}),
        call("models.OwnedExplicit.get", {"id": "1"}, mine),
        call("models.GroupExplicit.create", {"id": "1", "value": "v", "team": "Staff"}, mine),
        call("models.GroupExplicit.create", {"id": "2", "value": "v", "team": "Others", "teams": ["Staff"]}),
        call("models.GroupExplicit.list", mine),
        call("models.Customer.create", {"id": "c", "accountRepresentativeId": "r"}, {"authMode": "apiKey"}),
        call("models.Customer.get", {"id": "c"}, mine),
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
        call("models.Comment.get", {"id": "c1"}),
        call("replies", {"limit": 1}, on=(24, ["data"])),
        call("post", on=(24, ["data"])),
        call("parent", on=(24, ["data"])),
        call("models.Comment.get", {"id": "c2"}),
        call("parent", on=(28, ["data"])),
        *[call("models.Comment.create", {"id": f"m{n}", "text": f"m{n}", "postId": "o1"}) for n in range(3)],
        call("comments", {"limit": 2}, on=(13, ["data"])),
        call("comments", {"limit": 2, "nextToken": token_of(33)}, on=(13, ["data"])),
        call("comments", {"authMode": "apiKey"}, on=(13, ["data"])),
        call("models.PostTag.list"),
        call("tag", on=(36, ["data", 0])),
        call("post", on=(36, ["data", 0])),
        call("models.Tag.get", {"label": "news"}),
        call("posts", on=(39, ["data"])),
        call("manager", on=(20, ["data"])),
        call("models.Manager.create", {"id": "m1", "name": "M", "warehouseCountry": "ES", "warehouseCity": "Vigo",
                                       "warehouseNumber": 3}),
        call("manager", on=(20, ["data"])),
        call("models.Shelf.list", {"selectionSet": ["code", "warehouse.city", "warehouse.manager.name"]}),
        call("models.Warehouse.get", {"country": "ES", "city": "Vigo", "number": 3},
             {"selectionSet": ["capacity", "shelves.code", "manager.*"]}),
        call("models.Author.list", {"selectionSet": ["name", "profile.bio", "posts.comments.replies.text",
                                                     "posts.tags.tag.posts.post.title", "reviewedPosts.id"]}),
        call("models.Author.create", {"id": "a2", "name": "R"}),
        call("models.Post.update", {"id": "o1", "reviewerId": "a2"}),
        call("models.Author.get", {"id": "a2"}),
        call("reviewedPosts", on=(49, ["data"])),
        call("profile", on=(49, ["data"])),
        call("models.Post.update", {"id": "o1", "status": "PUBLISHED", "metadata": {"wordCount": 3}, "reviewerId": None}),
        call("models.Secret.create", {"id": "s1", "value": "v", "keeperId": "k1"}),
        call("models.Secret.get", {"id": "s1"}),
        call("models.Keeper.list"),
        call("models.Post.delete", {"id": "o1"}),
        call("comments", on=(13, ["data"])),
    ]  # fmt: skip


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
        call("models.Place.update", {"id": "p1", "inline": {"floor": 0, "open": False, "geo": {"lat": 0, "long": -1.5},
                                                            "nested": {"deep": "d", "deeper": {"value": '{"a":1}'}}}}),
        call("models.Place.update", {"id": "p1", "otherAddresses": [
            {"street": "t", "kind": "WORK", "history": [{"lat": 1, "long": 2, "label": "x"}]}, None]}),
        call("models.Place.create", {"id": "p2", "name": "Q", "address": {"lines": []}}),
        call("models.EverythingArray.create", {
            "id": "y1", "ids": ["i"], "strings": ["a", None, ""], "requiredStrings": ["b"], "requiredArray": [None],
            "bothRequired": [], "integers": [0, -1], "floats": [0.5, 1e21], "booleans": [True, False],
            "dates": ["2024-01-01"], "times": ["10:11Z"], "datetimes": ["2024-01-01T00:00:00.123456789Z"],
            "timestamps": [0], "emails": ["a@example.com"], "jsons": ['{"a":1}', "2"], "phones": ["+15550001111"],
            "urls": ["https://example.com/?a=b"], "ips": ["::1"], "levels": ["LOW", None]}),
        call("models.EverythingArray.get", {"id": "y1"}),
        call("models.EverythingArray.list", {"filter": {"strings": {"contains": "a"}, "levels": {"contains": "LOW"}}}),
        call("models.WithDefaults.create", {"id": "w1"}),
        call("models.WithDefaults.create", {"id": "w2", "title": None, "count": 0, "flag": False}),
        *[
            call("models.Everything.list", {"filter": {name: {"eq": everything[name]}}, "selectionSet": ["id"]})
            for name in everything
            if name != "aJson"
        ],
        *[
            call("models.Everything.create", {"id": "bad", name: "never"})
            for name in ("aDate", "aTime", "aDatetime", "aPhone", "aUrl", "anIp")
        ],
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
        *[
            call("models.Customer.listCustomerByAccountRepresentativeIdAndName", {**keys, "name": test})
            for test in ({"eq": "n1"}, {"le": "n1"}, {"lt": "n1"}, {"ge": "n1"}, {"gt": "n1"}, {"between": ["n1", "n2"]})
        ],
        *[
            call("models.Customer.customersByScore", {**keys, "score": test})
            for test in ({"eq": 0}, {"le": 1}, {"lt": 1}, {"gt": 1})
        ],
        *[
            call("models.Customer.create", {"id": f"k{n}", **keys, "region": "n", "city": city, "joinedOn": day})
            for n, (city, day) in enumerate([("Lugo", "2024-01-01"), ("Vigo", "2023-05-05"), ("Vigo", "2024-02-02")])
        ],
        *[
            call("models.Customer.customersByRegion", {"region": "n", "cityJoinedOn": test})
            for test in (
                {"eq": {"city": "Vigo", "joinedOn": "2024-02-02"}}, {"le": {"city": "Vigo", "joinedOn": "2023-12-31"}},
                {"lt": {"city": "Vigo"}}, {"ge": {"city": "Vigo"}}, {"gt": {"city": "Lugo", "joinedOn": "2024-01-01"}},
                {"between": [{"city": "Lugo"}, {"city": "Vigo", "joinedOn": "2024-01-01"}]},
                {"beginsWith": {"city": "Vi"}}, {"beginsWith": {"city": "Vigo", "joinedOn": "2024"}},
            )
        ],
        call("models.Customer.customersByRegion", {"region": "n"}, {"filter": {"city": {"ne": "Lugo"}}, "limit": 5}),
        call("models.Customer.customersByRegion", {"region": "n"},
             {"sortDirection": "DESC", "selectionSet": ["city", "joinedOn"]}),
        call("models.Customer.customersByPhone", {"phoneNumber": "+15550001111"}),
        call("models.Customer.customersWithScore", {"score": 1, "lastSeen": {"between": [0, 5]}}),
        call("models.Customer.customersByStage", {"stage": "WON"}, {"limit": 1}),
        call("models.Customer.update", {"id": "k1", "city": "Vigo"}),
        call("models.Customer.update", {"id": "k1", "stage": "LOST", "rating": 1}),
        call("models.Customer.customersByStage", {"stage": "LOST"}),
        *[
            call("models.Seat.list", {"venueId": "v", "rowNumber": test})
            for test in ({"beginsWith": {"row": "A"}}, {"between": [{"row": "A"}, {"row": "B"}]},
                         {"gt": {"row": "A", "number": 1}}, {"le": {"row": "A", "number": 2}})
        ],
        call("models.Seat.update", {"venueId": "v", "row": "A", "number": 2, "price": 9.5}),
        call("models.Seat.get", {"venueId": "v", "row": "A", "number": 2}, {"selectionSet": ["price"]}),
        call("models.Seat.delete", {"venueId": "v", "row": "A", "number": 10}),
        call("models.Seat.create", {"venueId": "v", "row": "A", "number": 1}),
        call("models.Measurement.list", {"station": "s", "epoch": {"ge": 0}}),
        call("models.Measurement.delete", {"station": "s", "epoch": 0}),
        call("models.Country.update", {"isoCode": "ES", "name": None}),
        call("models.Country.create", {"isoCode": "ES"}),
        *[
            call(f"models.{name}.{verb}", {"id": "1"} if verb == "get" else {"id": "1", field: "x"})
            for name, field in (("Category", "title"), ("Person", "name"), ("Series", "title"), ("userProfile", "nick"),
                                ("OAuth2Token", "value"), ("ExplicitId", "label"), ("ImplicitId", "label"))
            for verb in ("create", "get")
        ],
        *[call(f"models.{name}.list") for name in ("Category", "Person", "Series", "userProfile", "OAuth2Token", "ReadOnly")],
        call("models.NoListNoUpdate.create", {"id": "1", "value": "x"}),
        call("models.NoListNoUpdate.delete", {"id": "1"}),
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
        *[call(f"queries.{name}") for name in (
            "isOpen", "average", "settings", "serverTime", "currentMood", "allMoods", "inlineMood", "inlineReport",
            "topArticle")],
        call("queries.topArticles", {"limit": 2}),
        call("remarks", on=(21, ["data", 0])),
        call("queries.echoScalars", {
            "anId": "i", "aString": "s", "anInteger": 0, "aFloat": -0.5, "aBoolean": False, "aDate": "2024-01-01",
            "aTime": "10:00", "aDatetime": "2024-01-01T00:00:00Z", "aTimestamp": 0, "anEmail": "a@example.com",
            "aJson": '{"a":[1]}', "aPhone": "+15550001111", "aUrl": "https://example.com", "anIp": "10.0.0.1"}),
        call("queries.echoScalars", {"aString": "s", "aDate": "never"}),
        call("queries.echoArrays", {"plain": ["a", None], "requiredItems": ["b"], "requiredArray": [], "bothRequired": [1]}),
        call("queries.echoEnums", {"direction": "LEFT"}),
        call("queries.search", {
            "filters": {"text": "t", "moods": ["SAD"], "near": {"x": 1, "y": 2}, "limits": {"min": 0}},
            "points": [{"x": 1, "y": 2, "tag": "g"}], "requiredPoints": [{"x": 0, "y": 0}]}),
        call("mutations.likeArticle", {"articleId": "a1", "by": 2}),
        call("mutations.likeArticle", {"articleId": "a1"}, {"authMode": "apiKey"}),
        call("remarks", on=(28, ["data"])),
        call("mutations.fireAndForget", {"payload": '{"a":1}'}),
        call("mutations.publishReport", {"title": "fails", "mood": "SAD"}),
        call("queries.ping", {"authMode": "apiKey"}),
        call("graphql", {"query": "query Q($id: ID!) { getReport(id: $id) { title center { x } } }", "variables": {"id": "r"}}),
    ]  # fmt: skip


def ai() -> list[dict[str, Any]]:
    chat = {"$result": {"step": 5, "at": ["data", "id"]}}
    everything = [
        {"text": "Look"},
        {"image": {"format": "png", "source": {"bytes": PNG}}},
        {"document": {"format": "pdf", "name": "d", "source": {"bytes": PNG}}},
        {"toolResult": {"toolUseId": "t1", "status": "success", "content": [{"text": "x"}, {"json": {"sum": 3}}]}},
    ]
    return [
        call("generations.summarize", {"text": "long"}),
        call("queries.weather", {"city": "Vigo"}),
        call("models.Note.create", {"id": "n1", "text": "x"}),
        call("models.Note.list"),
        call("generations.makeRecipe", {"description": "soup", "servings": 2}),
        call("conversations.chat.create", {"name": "N", "metadata": {"topic": "t"}}),
        call("conversations.chat.get", {"id": chat}),
        call("conversations.chat.update", {"id": chat, "name": "M"}),
        call("conversations.chat.list"),
        call("conversations.chat.list", {"limit": 1, "filter": {"name": {"eq": "M"}}}),
        call("sendMessage", {"content": everything}, on=(6, ["data"])),
        call("listMessages", on=(5, ["data"])),
        call("listMessages", {"limit": 1}, on=(8, ["data", 0])),
        call("conversations.chat.delete", {"id": chat}),
        call("conversations.chat.get", {"id": chat}),
        call("sendMessage", "Is somebody there?", on=(5, ["data"])),
        call("conversations.chat.create"),
        call("sendMessage", "Hello", on=(16, ["data"])),
        call("sendMessage", {"content": [{"text": "1 + 2?"}], "aiContext": {"user": "N", "tags": [1, None]},
                             "toolConfiguration": {"tools": {"add": {"description": "adds",
                                                                     "inputSchema": {"json": {"type": "object"}}}}}},
             on=(16, ["data"])),
    ]  # fmt: skip


PNG = {"$bytes": "iVBORw0KGgo="}
SCENARIOS = {make.__name__: make() for make in (todo, callers, blog, scalars, identifiers, owners, operations, ai)}
SCHEMAS = {"callers": "todo", "owners": "identifiers"}  # where they are not called as their schema
ARTICLE = {"id": "a1", "title": "A", "likes": 3, "mood": None, "location": {"x": 1.0, "y": 2.0, "tag": None},
           "createdAt": "2024-01-01T00:00:00.000Z", "updatedAt": "2024-01-01T00:00:00.000Z"}  # fmt: skip


def publish(arguments: dict[str, Any], *_: Any) -> Any:
    if arguments["title"] == "fails":
        raise ValueError("the printer is out of paper")
    return {"title": arguments["title"]}


ANSWERS: dict[str, Any] = {
    "ping": "pong",
    "countArticles": 3,
    "isOpen": True,
    "average": 0.5,
    "settings": {"a": [1, None]},
    "serverTime": "2024-01-01T00:00:00.000Z",
    "currentMood": "SAD",
    "allMoods": ["HAPPY", "SAD"],
    "inlineMood": "UP",
    "inlineReport": {"total": 2, "by": {"name": "N"}},
    "topArticle": ARTICLE,
    "topArticles": [ARTICLE],
    "echoScalars": lambda arguments, *_: arguments,
    "echoArrays": lambda arguments, *_: [str(item) for item in arguments["bothRequired"]],
    "echoEnums": "SAD",
    "search": [ARTICLE, None],
    "getReport": {"title": "T", "mood": "SAD", "center": {"x": 1.0, "y": 2.0, "tag": None}, "path": []},
    "listReports": [{"title": "T"}, {"title": "U"}],
    "likeArticle": ARTICLE,
    "fireAndForget": {"success": True},
    "setFlag": False,
    "publishReport": publish,
    "keywords": ["a", "b"],
    "summarize": "short",
    "makeRecipe": {"name": "soup", "ingredients": ["water"], "steps": {"order": 1, "text": "boil"}},
    "weather": {"degrees": 1.5, "sky": "CLEAR"},
}
