"""Operations that functions of the user answer."""

import asyncio

import pytest

from amplify_data_client.dev.local_backend import Identity, LocalBackend, ResolverError
from tests.dev.local_backend.asking import Api


def test_a_function_answers(operations: Api) -> None:
    @operations.backend.resolver("echoScalars")
    def echo(arguments: dict[str, object], _identity: Identity) -> object:
        return arguments

    query = '{ echoScalars(aString: "x", aJson: "{\\"a\\": 1}", anInteger: 2) }'
    assert operations.data(query) == {"echoScalars": '{"aJson":{"a":1},"aString":"x","anInteger":2}'}


def test_arguments_may_be_called_as_pythons_parameters_are() -> None:
    names = ["self", "source", "info", "arguments", "given"]
    ask = {
        "name": "ask",
        "type": "AWSJSON",
        "isArray": False,
        "isRequired": False,
        "arguments": {name: {"name": name, "type": "Int", "isArray": False, "isRequired": False} for name in names},
    }
    with LocalBackend({"version": 1, "models": {}, "queries": {"ask": ask}}) as backend:
        backend.resolver("ask")(lambda arguments, _identity: arguments)
        given = dict.fromkeys(names, 1)
        assert backend.client().queries.ask(given).data == given


@pytest.mark.parametrize("name", ["self", "source", "info", "key", "given"])
def test_keys_may_be_called_as_pythons_parameters_are(name: str) -> None:
    model = {
        "name": "Item",
        "pluralName": "Items",
        "fields": {name: {"name": name, "type": "ID", "isArray": False, "isRequired": True, "attributes": []}},
        "attributes": [{"type": "model", "properties": {}}, {"type": "key", "properties": {"fields": [name]}}],
        "primaryKeyInfo": {"isCustomPrimaryKey": True, "primaryKeyFieldName": name, "sortKeyFieldNames": []},
    }
    with LocalBackend({"version": 1, "models": {"Item": model}}) as backend:
        items = backend.client().models.Item
        made = items.create({name: "1"}).data
        assert items.get({name: "1"}).data == made
        assert items.list({name: "1"}).data == [made]


def test_an_asynchronous_function_answers(operations: Api) -> None:
    @operations.backend.resolver("ping")
    async def ping(_arguments: dict[str, object], identity: Identity) -> str:
        await asyncio.sleep(0)
        return identity.provider

    assert operations.data("{ ping }") == {"ping": "apiKey"}


async def test_an_asynchronous_function_answers_while_a_loop_runs(operations: Api) -> None:
    @operations.backend.resolver("ping")
    async def ping(_arguments: dict[str, object], _identity: Identity) -> str:
        await asyncio.sleep(0)
        return "pong"

    assert operations.data("{ ping }") == {"ping": "pong"}


def test_without_a_function_the_answer_says_how_to_give_one(operations: Api) -> None:
    error = operations.error("{ ping }")
    assert error["errorType"] == "LocalBackend:NoResolver"
    assert '@backend.resolver("ping")' in error["message"]


def test_a_function_for_an_unknown_operation_is_refused(operations: Api) -> None:
    with pytest.raises(
        LookupError, match="no custom query, mutation, generation or conversation 'pong'; it has allMoods"
    ):
        operations.backend.resolver("pong")(lambda arguments, identity: None)


def test_what_a_function_raises_is_reported_as_a_lambdas_error(operations: Api) -> None:
    @operations.backend.resolver("setFlag")
    def fail(_arguments: dict[str, object], _identity: Identity) -> object:
        raise ValueError("no flags today")

    error = operations.error("mutation { setFlag(on: true) }")
    assert (error["message"], error["errorType"], error["path"]) == ("no flags today", "Lambda:Unhandled", ["setFlag"])


def test_a_function_can_choose_its_error(operations: Api) -> None:
    @operations.backend.resolver("ping")
    def fail(_arguments: dict[str, object], _identity: Identity) -> object:
        raise ResolverError("busy", "Busy", info={"retry": 5})

    error = operations.error("{ ping }")
    assert (error["errorType"], error["errorInfo"]) == ("Busy", {"retry": 5})


def test_models_custom_types_and_lists_are_returned(operations: Api) -> None:
    operations.backend.seed({"Remark": [{"body": "r", "articleId": "a"}]})
    operations.backend.resolver("topArticle")(lambda _arguments, _identity: {"id": "a", "title": "T"})
    operations.backend.resolver("listReports")(
        lambda _arguments, _identity: [{"title": "x", "mood": "SAD", "center": {"x": 1, "y": 2.5}, "path": []}, None]
    )
    assert operations.data("{ topArticle { title remarks { items { body } } } }") == {
        "topArticle": {"title": "T", "remarks": {"items": [{"body": "r"}]}}
    }
    assert operations.data("{ listReports { title mood center { x y tag } path { x } } }") == {
        "listReports": [{"title": "x", "mood": "SAD", "center": {"x": 1, "y": 2.5, "tag": None}, "path": []}, None]
    }


def test_a_wrong_result_is_an_error_of_the_field(operations: Api) -> None:
    operations.backend.resolver("countArticles")(lambda _arguments, _identity: None)
    answer = operations.ask("{ countArticles }")
    assert answer["data"] is None
    assert answer["errors"][0]["message"] == (
        "Cannot return null for non-nullable type: 'Int' within parent 'Query' (/countArticles)"
    )
    operations.backend.resolver("currentMood")(lambda _arguments, _identity: "ANGRY")
    assert operations.ask("{ currentMood }")["data"] == {"currentMood": None}
    operations.backend.resolver("keywords")(lambda _arguments, _identity: "not a list")
    assert operations.ask("{ keywords }")["data"] == {"keywords": None}
    operations.backend.resolver("topArticle")(lambda _arguments, _identity: "not an object")
    assert operations.ask("{ topArticle { id } }")["data"] == {"topArticle": None}


def test_records_of_the_client_can_be_returned(operations: Api) -> None:
    client = operations.backend.client()
    article = client.models.Article.create(title="T", mood="HAPPY").data
    operations.backend.resolver("topArticles")(lambda _arguments, _identity: [article])
    assert operations.data("{ topArticles { title mood } }") == {"topArticles": [{"title": "T", "mood": "HAPPY"}]}


def test_a_generation_is_answered_by_a_function(ai: Api) -> None:
    ai.backend.resolver("makeRecipe")(lambda arguments, _identity: {"name": arguments["description"]})
    user = {"authorization": ai.backend.token("ann")}
    assert ai.run("makeRecipe", "name ingredients", user, description="soup") == {"name": "soup", "ingredients": None}


def test_a_conversation_keeps_what_is_said_and_answered(ai: Api) -> None:
    ai.backend.resolver("chat")(lambda arguments, _identity: f"You said {arguments['content'][0]['text']}")
    ann, bob = ({"authorization": ai.backend.token(name)} for name in ("ann", "bob"))
    ai.run("createConversationChat", "id", ann, input={"id": "c", "name": "x"})
    send = 'mutation { chat(conversationId: "c", content: [{text: "hi"}]) { id role content { text image { format } } owner } }'
    sent = ai.data(send, None, ann)["chat"]
    messages = ai.run(
        "getConversationChat", "messages { items { id role content { text } associatedUserMessageId } }", ann, id="c"
    )["messages"]["items"]
    answer = next(message for message in messages if message["role"] == "assistant")
    assert (sent["role"], sent["content"], sent["owner"]) == ("user", [{"text": "hi", "image": None}], "ann")
    assert (answer["content"], answer["associatedUserMessageId"]) == ([{"text": "You said hi"}], sent["id"])
    assert ai.error(send, None, bob)["errorType"] == "Unauthorized"
    assert ai.run("listConversationChats", "items { id }", bob) == {"items": []}
    assert ai.run("deleteConversationChat", "id", ann, input={"id": "c"}) == {"id": "c"}


def test_a_conversation_without_a_function_only_keeps_the_message(ai: Api) -> None:
    ann = {"authorization": ai.backend.token("ann")}
    ai.run("createConversationChat", "id", ann, input={"id": "c"})
    ai.data('mutation { chat(conversationId: "c", content: [{text: "hi"}]) { id } }', None, ann)
    assert [item["role"] for item in ai.backend.items("ConversationMessageChat")] == ["user"]
