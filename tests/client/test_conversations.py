"""Conversations and generations on the local backend."""

import json
from typing import Any

import pytest
from awslambdaric.lambda_runtime_marshaller import to_json

from amplify_data_client import Client, GraphQLError, OperationError

pytestmark = pytest.mark.schema("ai")
PNG = b"\x89PNG"


@pytest.fixture
def chats(client: Client[Any]) -> Any:
    return client.conversations.chat


def test_conversations_are_created_changed_listed_and_deleted(chats: Any):
    made = [chats.create(name=f"n{number}", metadata={"number": number}).data for number in range(5)]
    assert (made[0].name, made[0].metadata) == ("n0", {"number": 0})
    assert chats.update(id=made[0].id, name="first").data.name == "first"
    assert chats.get(id=made[0].id).data.name == "first"
    assert sorted(one.name for one in chats.list(limit=2).iterate()) == ["first", "n1", "n2", "n3", "n4"]
    assert [one.name for one in chats.list(filter={"name": {"begins_with": "fi"}})] == ["first"]
    chats.delete(id=made[0].id)
    assert chats.get(id=made[0].id).data is None


def test_messages_hold_blocks_and_come_back_as_they_were_sent(backend: Any, chats: Any):
    asked: list[Any] = []
    backend.resolver("chat")(lambda arguments, *_: asked.append(arguments) or "Good day")
    chat = chats.create().data
    blocks = [
        {"text": "Look"},
        {"image": {"format": "png", "source": {"bytes": PNG}}},
        {"toolResult": {"toolUseId": "t", "status": "success", "content": [{"json": {"sum": 3}}, {"text": "x"}]}},
    ]
    sent = chat.send_message(blocks, ai_context={"user": "N"}).data
    assert (sent.role, sent.content) == ("user", blocks)
    assert asked[0]["aiContext"] == {"user": "N"}
    heard = {message.role: message.content for message in chat.list_messages(limit=1).iterate()}
    assert heard == {"user": blocks, "assistant": [{"text": "Good day"}]}
    assert json.loads(to_json(chat.list_messages()))["data"]


def test_tools_are_described_by_name(backend: Any, chats: Any):
    asked: list[Any] = []
    backend.resolver("chat")(lambda arguments, *_: asked.append(arguments) or "3")
    schema = {"type": "object", "properties": {"a": {"type": "number"}}}
    tools = {"tools": {"add": {"description": "adds", "inputSchema": {"json": schema}}}}
    chats.create().data.send_message("1 + 2?", tool_configuration=tools)
    [tool] = asked[0]["toolConfiguration"]["tools"]
    assert (tool["toolSpec"]["name"], tool["toolSpec"]["description"]) == ("add", "adds")


def test_what_does_not_fit_is_refused_before_it_is_sent(chats: Any):
    chat = chats.create().data
    for content, more in ((None, {}), ([{"txt": "x"}], {}), ("x", {"tool_configuration": ["add"]}), ("x", {"nope": 1})):
        with pytest.raises(OperationError):
            chat.send_message(content, **more)
    assert chat.list_messages().data == []
    chats.delete(id=chat.id)
    with pytest.raises(GraphQLError):
        chat.send_message("Is somebody there?")


def test_generations_give_values_and_records(backend: Any, client: Client[Any]):
    backend.resolver("summarize")(lambda *_: "short")
    backend.resolver("makeRecipe")(lambda *_: {"name": "soup", "steps": {"order": 1, "text": "boil"}})
    assert client.generations.summarize(text="long").data == "short"
    recipe = client.generations.make_recipe(description="soup", selection_set=["name", "steps.text"]).data
    assert (recipe.name, recipe.steps.text) == ("soup", "boil")
    with pytest.raises(OperationError, match="description"):
        client.generations.make_recipe(servings=2)


async def test_the_async_client_converses_too(backend: Any, async_client: Any):
    backend.resolver("chat")(lambda *_: "Good day")
    backend.resolver("summarize")(lambda *_: "short")
    chats = async_client.conversations.chat
    chat = (await chats.create(name="N")).data
    await chat.send_message("Hello")
    texts = {message.content[0]["text"] async for message in (await chat.list_messages(limit=1)).iterate()}
    assert texts == {"Hello", "Good day"}
    assert [one.name async for one in (await chats.list(limit=1)).iterate()] == ["N"]
    assert (await async_client.generations.summarize(text="long")).data == "short"
