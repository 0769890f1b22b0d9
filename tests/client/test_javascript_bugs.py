"""Ten mistakes of the JavaScript client, and what happens here instead (the eighth is about subscriptions)."""

import json
from typing import Any

import httpx
import pytest

from amplify_data_client import GraphQLError, HTTPStatusError, NotSelectedError, ReplyError, UnknownNameError


def test_1_a_belongs_to_with_a_composite_identifier_sends_all_keys_and_a_zero(scripted: Any):
    shelf = {"id": "s", "code": "A", "warehouseCountry": "ES", "warehouseCity": "Vigo", "warehouseNumber": 0}
    client = scripted(lambda body, _: {"data": {"getShelf": shelf, "getWarehouse": None}}, "blog")
    client.models.Shelf.get(id="s").data.warehouse()
    assert client.requests[1]["variables"] == {"country": "ES", "city": "Vigo", "number": 0}


def test_2_updating_with_a_fetched_record_keeps_its_foreign_keys(scripted: Any):
    profile = {"id": "p", "bio": "B", "website": None, "authorId": "a", "createdAt": None, "updatedAt": None}
    client = scripted(lambda *_: {"data": {"getProfile": profile, "updateProfile": profile}}, "blog")
    record = client.models.Profile.get(id="p").data
    client.models.Profile.update(record, bio="C")
    client.models.Profile.update(record.to_dict())
    assert client.requests[1]["variables"] == {"input": {"id": "p", "bio": "C"}}
    assert client.requests[2]["variables"] == {"input": {"id": "p", "bio": "B", "website": None, "authorId": "a"}}


def test_3_null_for_a_relation_clears_its_foreign_keys(scripted: Any):
    client = scripted(lambda *_: {"data": {"updateComment": {"id": "c"}}}, "blog")
    client.models.Comment.update(id="c", post=None)
    assert client.requests[0]["variables"] == {"input": {"id": "c", "postId": None}}


@pytest.mark.parametrize("reply", [{"data": None}, {}])
def test_4_a_list_without_data_is_an_error_and_not_a_crash(scripted: Any, reply: Any):
    with pytest.raises(ReplyError, match="neither data nor errors"):
        scripted(lambda *_: reply).models.Todo.list()
    with pytest.raises(ReplyError, match="listTodos has null"):
        scripted(lambda *_: {"data": {"listTodos": None}}).models.Todo.list()
    assert scripted(lambda *_: reply, raise_errors=False).models.Todo.list().data == []


def test_5_a_relation_of_a_record_without_key_says_what_is_missing(scripted: Any):
    client = scripted(lambda *_: {"data": {"getAuthor": {"name": "N"}}}, "blog")
    author = client.models.Author.get(id="a").data
    for relation in (author.posts, author.profile):
        with pytest.raises(NotSelectedError, match="'id'"):
            relation()


def test_6_group_fields_that_the_api_lacks_are_not_selected(scripted: Any):
    client = scripted(lambda *_: {"data": {"getGroupOwned": {"id": "1"}}}, "identifiers")
    client.models.GroupOwned.get(id="1")
    assert "team" not in client.requests[0]["query"]


def test_7_zero_and_false_beside_errors_stay_and_so_do_extensions(scripted: Any):
    reply = {
        "data": {"countArticles": 0, "isOpen": False},
        "errors": [{"message": "partly"}],
        "extensions": {"cost": 1},
    }
    client = scripted(lambda *_: reply, "operations", raise_errors=False)
    for call, value in ((client.queries.count_articles, 0), (client.queries.is_open, False)):
        result = call()
        assert (result.data, result.extensions) == (value, {"cost": 1})
        assert result.data is not None
    with pytest.raises(GraphQLError) as caught:
        client.with_options(raise_errors=True).queries.count_articles()
    assert (caught.value.data, caught.value.extensions) == (0, {"cost": 1})


def test_9_models_have_no_nameless_operation(scripted: Any):
    client = scripted(lambda *_: {})
    with pytest.raises(UnknownNameError):
        getattr(client.models.Todo, "")
    assert "" not in dir(client.models.Todo)


def test_10_a_400_says_what_appsync_says(scripted: Any):
    errors = [{"errorType": "MalformedHttpRequestException", "message": "Unable to parse GraphQL query."}]
    client = scripted(lambda *_: httpx.Response(400, json={"errors": errors}))
    with pytest.raises(HTTPStatusError, match=r"Unable to parse GraphQL query\.") as caught:
        client.models.Todo.list()
    assert (caught.value.status, caught.value.error_type) == (400, "MalformedHttpRequestException")


def test_10_a_token_given_to_the_client_is_used(scripted: Any):
    sent = []

    def answer(*_: Any) -> Any:
        return {"data": {"getTodo": None}}

    client = scripted(answer, auth_mode="user_pool", auth_token=lambda: sent.append(1) or "token")
    assert client.models.Todo.get(id="1").data is None
    assert sent == [1]


def test_10_awsjson_objects_are_encoded_once(scripted: Any):
    item = {"id": "1", "aJson": '{"a": [1]}'}
    client = scripted(lambda *_: {"data": {"createEverything": item, "updateEverything": item}}, "scalars")
    made = client.models.Everything.create(a_json={"a": [1]}).data
    assert client.requests[0]["variables"]["input"] == {"aJson": '{"a":[1]}'}
    assert made.a_json == {"a": [1]}
    client.models.Everything.update(id="1", a_json=made.a_json)
    assert json.loads(client.requests[1]["variables"]["input"]["aJson"]) == {"a": [1]}
