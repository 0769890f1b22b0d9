"""Custom queries and mutations: arguments and results of every kind, and functions that fail."""

import json
from typing import Any

from tests.real_backend.differential.callers import ANN, FUNCTION
from tests.real_backend.differential.notation import Scenario, document, run

REPORT = "title mood center { x y tag } path { x y } extra"
GIVEN: dict[str, Any] = {
    "anId": "1",
    "aString": "x",
    "anInteger": 1,
    "aFloat": 1.5,
    "aBoolean": False,
    "aDate": "2024-01-02",
    "aTime": "03:04:05.000Z",
    "aDatetime": "2024-01-02T03:04:05.000Z",
    "aTimestamp": 5,
    "anEmail": "a@b.co",
    "aJson": '{"a": 1}',
    "aPhone": "+12025550123",
    "aUrl": "https://a.example/",
    "anIp": "::1",
}


def giving(value: Any) -> Any:
    return lambda _arguments, _identity: value


def failing(error: Exception) -> Any:
    def fail(_arguments: Any, _identity: Any) -> Any:
        raise error

    return fail


async def slowly(arguments: dict[str, Any], _identity: Any) -> Any:
    return arguments["on"]


REPORT_VALUE = {
    "title": "T",
    "mood": "HAPPY",
    "center": {"x": 1, "y": 2.5, "tag": None},
    "path": [{"x": 0, "y": 0}, None],
    "extra": {"a": [1]},
}

SCENARIOS = [
    Scenario(
        "operations",
        "results of every kind",
        *(run(name) for name in ("ping", "countArticles", "isOpen", "average", "settings", "serverTime", "keywords")),
        *(run(name) for name in ("currentMood", "allMoods", "inlineMood")),
        run("getReport", REPORT, id="1"),
        run("listReports", "title center { x y }"),
        run("inlineReport", "total by { name }"),
        run("topArticle", "id title likes mood location { x y } createdAt"),
        run("topArticles", "id title", limit=2),
        run("setFlag", on=True),
        run("ping").by(FUNCTION),
        functions={
            "ping": giving("pong"),
            "countArticles": giving(3),
            "isOpen": giving(False),
            "average": giving(1),
            "settings": giving({"a": [1, None]}),
            "serverTime": giving("2024-01-02T03:04:05.000Z"),
            "keywords": giving(["a", None, ""]),
            "currentMood": giving("HAPPY"),
            "allMoods": giving(["HAPPY", "SAD"]),
            "inlineMood": giving("UP"),
            "getReport": giving(REPORT_VALUE),
            "listReports": giving([REPORT_VALUE, {"title": "U"}]),
            "inlineReport": giving({"total": 3, "by": {"name": "x"}}),
            "topArticle": giving({"id": "1", "title": "T", "createdAt": "2024-01-02T03:04:05.000Z"}),
            "topArticles": giving([{"id": "1", "title": "T"}, {"id": "2", "title": "U"}]),
            "setFlag": slowly,
        },
    ),
    Scenario(
        "operations",
        "results that are null or empty",
        *(run(name) for name in ("ping", "countArticles", "isOpen", "average", "settings", "serverTime", "keywords")),
        *(run(name) for name in ("currentMood", "allMoods", "inlineMood")),
        run("getReport", REPORT, id="1"),
        run("listReports", "title"),
        run("topArticle", "id"),
        run("topArticles", "id"),
        run("likeArticle", "id", articleId="1"),
        functions={
            name: giving(None)
            for name in [
                "ping",
                "countArticles",
                "isOpen",
                "average",
                "settings",
                "serverTime",
                "keywords",
                "currentMood",
                "allMoods",
                "inlineMood",
                "getReport",
                "listReports",
                "topArticle",
                "topArticles",
                "likeArticle",
            ]
        },
    ),
    Scenario(
        "operations",
        "results that the schema does not allow",
        *(
            run(name)
            for name in ("countArticles", "isOpen", "average", "serverTime", "currentMood", "allMoods", "keywords")
        ),
        run("getReport", "title center { x y }", id="1"),
        run("listReports", "title center { x y }"),
        run("topArticle", "id title"),
        functions={
            "countArticles": giving("many"),
            "isOpen": giving({"a": 1}),
            "average": giving("x"),
            "serverTime": giving("yesterday"),
            "currentMood": giving("BORED"),
            "allMoods": giving(["HAPPY", "BORED"]),
            "keywords": giving("x"),
            "getReport": giving({"title": "T", "center": {"x": 1}}),
            "listReports": giving([{"title": "T", "center": {"x": None, "y": 1}}, None]),
            "topArticle": giving({"id": "1"}),
        },
    ),
    Scenario(
        "operations",
        "functions that fail",
        run("ping"),
        run("countArticles"),
        run("likeArticle", "id", articleId="1"),
        document("{ ping isOpen }"),
        functions={
            "ping": failing(ValueError("it is broken")),
            "countArticles": failing(LookupError("nothing there")),
            "likeArticle": failing(RuntimeError("no")),
            "isOpen": giving(True),
        },
    ),
    Scenario(
        "operations",
        "arguments arrive as they are given",
        run("echoScalars", **GIVEN),
        run("echoScalars", aString="x"),
        run("echoScalars", aString="x", anInteger=None, aJson="null"),
        run("echoScalars", anInteger=1),
        run("echoScalars", aString="x", anInteger="1"),
        run("echoScalars", aString="x", aDate="nope"),
        run("echoScalars", aString="x", anEmail="nope"),
        run("echoArrays", plain=["a", None], requiredItems=["a"], requiredArray=[None], bothRequired=[1]),
        run("echoArrays", requiredArray=[], bothRequired=[]),
        run("echoArrays", plain="a", requiredArray="b", bothRequired=1),
        run("echoArrays", requiredItems=[None], requiredArray=[], bothRequired=[]),
        run("echoArrays", requiredArray=None, bothRequired=[]),
        run("echoArrays", requiredArray=[], bothRequired=[None]),
        run("echoEnums", mood="SAD", direction="LEFT", moods=["HAPPY", None]),
        run("echoEnums", mood="BORED"),
        run("echoEnums", direction="UP"),
        run("echoEnums"),
        document("{ echoEnums(mood: SAD) }"),
        document('{ echoScalars(aString: "x", aJson: "[1]", anId: 5) }'),
        functions={
            "echoScalars": lambda arguments, _identity: arguments,
            "echoArrays": lambda arguments, _identity: [f"{name}={arguments[name]}" for name in sorted(arguments)],
            "echoEnums": lambda arguments, _identity: arguments.get("mood"),
        },
    ),
    Scenario(
        "operations",
        "custom types as arguments",
        run(
            "search",
            "id title",
            filters={"text": "x", "moods": ["HAPPY"], "near": {"x": 1, "y": 2}, "limits": {"min": 1, "max": None}},
            points=[{"x": 0, "y": 0, "tag": "t"}],
            requiredPoints=[{"x": 0.5, "y": 1}],
        ),
        run("search", "id", filters={}, requiredPoints=[]),
        run("search", "id", filters={"near": {"x": 1}}, requiredPoints=[]),
        run("search", "id", filters={"moods": ["BORED"]}, requiredPoints=[]),
        run("search", "id", filters={"unknown": 1}, requiredPoints=[]),
        run("search", "id", filters=None, requiredPoints=[]),
        run("search", "id", filters={}, requiredPoints=[None]),
        run("search", "id", filters={}, requiredPoints={"x": 1, "y": 1}),
        functions={
            "search": lambda arguments, _identity: [
                {"id": str(len(arguments)), "title": json.dumps(arguments["filters"])}
            ]
        },
    ),
    Scenario(
        "operations",
        "mutations, relations of returned models, and fields that a function leaves out",
        run(
            "createArticle",
            "id likes mood location { x y tag }",
            input={"id": "a", "title": "T", "likes": 1, "mood": "SAD", "location": {"x": 1, "y": 2}},
        ),
        run("createRemark", "id", input={"id": "r", "body": "b", "articleId": "a"}),
        run("likeArticle", "id title likes remarks { items { body article { title } } }", articleId="a", by=2),
        run("topArticle", "id title remarks { items { body } }"),
        run("publishReport", REPORT, title="T", mood="HAPPY"),
        run("fireAndForget", "success", payload='{"a": 1}'),
        run("setFlag", on=False),
        run("setFlag", on=None),
        run("topArticles", "id").by(ANN),
        run("likeArticle", "id", articleId="a").by(ANN),
        functions={
            "likeArticle": lambda arguments, _identity: {
                "id": arguments["articleId"],
                "title": "T",
                "likes": arguments.get("by"),
            },
            "topArticle": giving({"id": "a", "title": "T"}),
            "publishReport": lambda arguments, _identity: {**arguments, "extra": None},
            "fireAndForget": giving({"success": True}),
            "setFlag": slowly,
            "topArticles": giving([{"id": "a", "title": "T"}]),
        },
    ),
    Scenario(
        "sample",
        "a query of one argument",
        run("echo", text="hi"),
        run("echo", text=""),
        run("echo", text="hi").by(FUNCTION),
        document('{ a: echo(text: "1") b: echo(text: "2") }'),
        functions={"echo": lambda arguments, _identity: arguments["text"]},
    ),
]
