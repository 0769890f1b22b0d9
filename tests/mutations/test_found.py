"""What the mutations have found, each as an example of its kind."""

import copy
from typing import Any

import pytest

from amplify_data_client import DataClientConfig, OperationError, generate_client, is_null
from amplify_data_client._core.wire.messages import Reply
from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.errors import AmplifyDataError, ConfigurationError

from .hunt import answered
from .inputs import _client
from .introspections import introspections
from .mutate import reach


def read(body: str) -> Any:
    return answered(lambda _request: Reply(200, body.encode(), {}))


def test_a_conversation_that_is_no_object_is_handed_over() -> None:
    with read('{"data":{"listConversationChats":{"items":["x",null,{"id":"1"}],"nextToken":null}}}'):
        first, second, third = _client("ai").conversations.chat.list().data
    assert (first, second, third.id) == ("x", None, "1")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            '[{"image":{"format":"png","source":{"bytes":"iVBORw0KG"}}}]',
            [{"image": {"format": "png", "source": {"bytes": "iVBORw0KG"}}}],
        ),
        (
            '[{"image":{"source":{"bytes":"iVBORw0K"}}},3,null]',
            [{"image": {"source": {"bytes": b"\x89PNG\r\n"}}}, 3, None],
        ),
        ("5", 5),
        ("null", []),
        ('"text"', "text"),
    ],
)
def test_odd_content_of_a_message_is_handed_over(content: str, expected: Any) -> None:
    message = f'{{"id":"m","content":{content}}}'
    with read('{"data":{"getConversationChat":{"id":"1"}}}'):
        chat = _client("ai").conversations.chat.get(id="1").data
    with read(f'{{"data":{{"listConversationMessageChats":{{"items":[{message}],"nextToken":null}}}}}}'):
        [found] = chat.list_messages().data
    assert found.content == expected
    assert found.to_dict()["id"] == "m"


@pytest.mark.parametrize("variables", [{(): 1}, {"a": {(): 1}}, {"a": object()}, {"a": 10**5000}])
def test_variables_that_are_no_json_are_an_error_of_the_tree(variables: Any) -> None:
    with read('{"data":{}}'), pytest.raises(OperationError):
        _client("todo").graphql("{ __typename }", variables)


@pytest.mark.parametrize("option", ["timeout", "auth_mode", "headers", "deadline"])
def test_a_number_of_thousands_of_digits_can_be_told(option: str) -> None:
    with pytest.raises(OperationError, match=option):
        _client("todo").with_options(**{option: 10**5000})


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (None, "Mood' but does not define it"),
        ({"values": ["HAPPY", {"a": 1}]}, "a value is an object, not a name"),
        ({"values": "HAPPY"}, "its values are a string, not a list"),
        ({"values": ["a b"]}, "'a b' is not a name"),
    ],
)
def test_an_enum_that_cannot_be_is_told_by_every_use(values: Any, reason: str) -> None:
    raw = copy.deepcopy(dict(introspections())["operations"])
    if values is None:
        del raw["enums"]["Mood"]
    else:
        raw["enums"]["Mood"] = {"name": "Mood", **values}
    articles = generate_client(DataClientConfig("http://x.test/graphql", "eu-west-1", raw, api_key="k")).models.Article
    for call in (
        lambda: articles.create(title="x", mood="HAPPY"),
        lambda: articles.list(filter={"mood": {"eq": "HAPPY"}}),
        lambda: articles.list(filter=is_null("mood")),
    ):
        with pytest.raises((ConfigurationError, OperationError), match=reason):
            call()


def spoilt(schema: str, path: tuple[Any, ...], value: Any) -> Any:
    raw = copy.deepcopy(dict(introspections())[schema])
    *above, last = path
    reach(raw, tuple(above))[last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("fields", "comments", "type"), {"model": "Nobody"}, "Nobody"),
        (("fields", "title", "type"), "Sring", "Unknown type: 'Sring'"),
        (("fields", "id", "isArray"), True, r"Post\.id cannot be part of a key"),
        (("primaryKeyInfo", "primaryKeyFieldName"), "nothing", "nothing"),
        (("attributes", 1, "properties", "rules", 0, "operations"), ["create", {}], "rule of Post"),
        (("attributes", 1, "properties", "rules", 0, "provider"), [], "rule of Post"),
        (("attributes", 1, "properties", "rules", 0, "groups"), "Admins", "rule of Post"),
    ],
)
def test_the_local_backend_tells_what_it_can_make_no_api_of(path: tuple[Any, ...], value: Any, reason: str) -> None:
    with pytest.raises(AmplifyDataError, match=reason):
        LocalBackend(spoilt("blog", ("models", "Post", *path), value))
