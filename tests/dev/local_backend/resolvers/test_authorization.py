"""Who may do what: functions, API keys, users, and roles with fewer rights."""

from collections.abc import Iterator
from typing import Any

import pytest

from amplify_data_client import NotAuthorizedError
from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection


def as_user(api: Api, name: str, **claims: object) -> dict[str, str]:
    return {"authorization": api.backend.token(name, sub=f"sub-{name}", **claims)}


@pytest.fixture
def open_api() -> Iterator[Api]:
    """The sample schema, where every signed request is a function's."""
    rules = {"Note": {"secret": [{"allow": "owner"}]}}
    with LocalBackend(introspection("sample"), field_rules=rules, verify_signatures=False) as backend:
        yield Api(backend)


FUNCTION = {"authorization": "AWS4-HMAC-SHA256 not checked here"}


def test_a_function_may_use_every_model_whatever_its_rules(open_api: Api) -> None:
    open_api.run("createNote", "id", FUNCTION, input={"id": "n", "text": "hi"})
    assert open_api.run("getNote", "text", FUNCTION, id="n") == {"text": "hi"}
    assert open_api.run("listNotes", "items { text }", FUNCTION) == {"items": [{"text": "hi"}]}


def test_a_functions_items_have_no_owner(open_api: Api) -> None:
    assert open_api.run("createNote", "owner", FUNCTION, input={"text": "hi"}) == {"owner": None}


def test_a_field_with_its_own_rules_is_null_in_what_a_mutation_returns(open_api: Api) -> None:
    created = open_api.run("createNote", "text secret", FUNCTION, input={"id": "n", "text": "hi", "secret": "s"})
    assert created == {"text": "hi", "secret": None}
    assert open_api.run("getNote", "secret", FUNCTION, id="n") == {"secret": "s"}
    assert open_api.run("deleteNote", "secret", FUNCTION, input={"id": "n"}) == {"secret": None}


def test_an_api_key_is_refused_by_the_schema_with_the_parents_type(sample: Api) -> None:
    error = sample.refuse("listNotes", "items { id }")
    assert error == {
        "path": ["listNotes"],
        "data": None,
        "errorType": "Unauthorized",
        "errorInfo": None,
        "locations": [{"line": 1, "column": 9, "sourceName": None}],
        "message": "Not Authorized to access listNotes on type Query",
    }
    assert sample.refuse("createNote", "id", input={"text": "x"})["message"].endswith("createNote on type Mutation")


def test_an_api_key_may_do_what_its_rule_says(blog: Api) -> None:
    blog.backend.seed({"Post": [{"id": "p", "title": "P", "authorId": "a"}]})
    assert blog.run("getPost", "title", id="p") == {"title": "P"}
    assert blog.refuse("deletePost", "id", input={"id": "p"})["message"].endswith("deletePost on type Mutation")


def test_a_relation_to_a_model_that_the_caller_may_not_read_is_refused_with_the_return_type(blog: Api) -> None:
    blog.backend.seed({"Post": [{"id": "p", "title": "P", "authorId": "a"}], "Author": [{"id": "a", "name": "A"}]})
    answer = blog.ask('{ getPost(id: "p") { title author { id } } }')
    assert answer["data"] == {"getPost": {"title": "P", "author": None}}
    assert answer["errors"][0]["message"] == "Not Authorized to access author on type Author"


def test_the_owner_is_filled_in_and_read_back_without_the_sub(sample: Api) -> None:
    created = sample.run("createNote", "owner", as_user(sample, "ann"), input={"text": "hi"})
    assert created == {"owner": "ann"}
    assert sample.backend.items("Note")[0]["owner"] == "sub-ann::ann"


def test_another_user_may_not_change_or_delete(sample: Api) -> None:
    sample.run("createNote", "id", as_user(sample, "ann"), input={"id": "n", "text": "hi"})
    for field, given in (("updateNote", {"id": "n", "text": "x"}), ("deleteNote", {"id": "n"})):
        error = sample.refuse(field, "id", as_user(sample, "bob"), input=given)
        assert (error["message"], error["errorType"]) == (
            f"Not Authorized to access {field} on type Note",
            "Unauthorized",
        )
    assert sample.run("updateNote", "text", as_user(sample, "ann"), input={"id": "n", "text": "x"}) == {"text": "x"}


def test_a_missing_item_is_unauthorized_to_change_for_a_user_and_a_failed_condition_for_a_function(
    open_api: Api,
) -> None:
    ann = as_user(open_api, "ann")
    assert open_api.refuse("updateNote", "id", ann, input={"id": "none"})["errorType"] == "Unauthorized"
    assert open_api.refuse("deleteNote", "id", ann, input={"id": "none"})["errorType"] == "Unauthorized"
    error = open_api.refuse("updateNote", "id", FUNCTION, input={"id": "none"})
    assert error["errorType"] == "DynamoDB:ConditionalCheckFailedException"


def test_a_user_sees_only_what_is_theirs(identifiers: Api) -> None:
    for name in ("ann", "bob"):
        identifiers.run("createOwnedDefault", "id", as_user(identifiers, name), input={"id": name, "value": name})
    ann = as_user(identifiers, "ann")
    assert identifiers.run("listOwnedDefaults", "items { id owner }", ann) == {"items": [{"id": "ann", "owner": "ann"}]}
    assert identifiers.refuse("getOwnedDefault", "id", ann, id="bob")["message"] == (
        "Not Authorized to access getOwnedDefault on type OwnedDefault"
    )
    assert identifiers.run("getOwnedDefault", "id", ann, id="none") is None


@pytest.mark.parametrize(("owner", "shown"), [("sub-ann::ann", "ann"), ("sub-ann", "sub-ann"), ("ann", "ann")])
def test_a_given_owner_may_be_any_spelling_of_the_caller(identifiers: Api, owner: str, shown: str) -> None:
    ann = as_user(identifiers, "ann")
    identifiers.run("createOwnedExplicit", "id", ann, input={"id": "1", "owner": owner, "holders": []})
    assert identifiers.run("listOwnedExplicits", "items { owner }", ann) == {"items": [{"owner": shown}]}


def test_a_given_owner_must_be_the_caller(identifiers: Api) -> None:
    ann = as_user(identifiers, "ann")
    error = identifiers.refuse("createOwnedExplicit", "id", ann, input={"owner": "bob", "holders": ["bob"]})
    assert error["errorType"] == "Unauthorized"
    error = identifiers.refuse("createOwnedExplicit", "id", ann, input={"owner": None, "holders": None})
    assert error["errorType"] == "Unauthorized"


def test_a_list_of_owners_lets_each_of_them_in(identifiers: Api) -> None:
    ann, bob = as_user(identifiers, "ann"), as_user(identifiers, "bob")
    created = identifiers.run("createOwnedExplicit", "owner holders", ann, input={"id": "1", "holders": ["ann", "bob"]})
    assert created == {"owner": "ann", "holders": ["ann", "bob"]}
    assert identifiers.run("getOwnedExplicit", "id", bob, id="1") == {"id": "1"}
    identifiers.run("createOwnedExplicit", "id", ann, input={"id": "2"})
    assert identifiers.backend.items("OwnedExplicit")[0]["id"] in ("1", "2")
    assert identifiers.run("listOwnedExplicits", "items { id }", bob) == {"items": [{"id": "1"}]}


def test_an_owner_who_may_only_read(identifiers: Api) -> None:
    ann, vic = as_user(identifiers, "ann"), as_user(identifiers, "vic")
    identifiers.run("createOwnedRenamed", "id", ann, input={"id": "1"})
    stored = identifiers.backend.items("OwnedRenamed")
    identifiers.backend.empty()
    identifiers.backend.seed({"OwnedRenamed": [{**stored[0], "viewers": "vic"}]})
    assert identifiers.run("getOwnedRenamed", "holder", vic, id="1") == {"holder": "ann"}
    assert identifiers.refuse("deleteOwnedRenamed", "id", vic, input={"id": "1"})["errorType"] == "Unauthorized"


def test_groups_in_fields_and_in_the_rule(identifiers: Api) -> None:
    blue, red = as_user(identifiers, "ann", groups=["blue"]), as_user(identifiers, "bob", groups=["red"])
    identifiers.run("createGroupExplicit", "id", blue, input={"id": "1", "team": "blue"})
    identifiers.run("createGroupExplicit", "id", blue, input={"id": "2", "teams": ["red", "blue"]})
    assert identifiers.run("listGroupExplicits", "items { id }", red) == {"items": [{"id": "2"}]}
    assert identifiers.refuse("getGroupExplicit", "id", red, id="1")["errorType"] == "Unauthorized"
    assert identifiers.refuse("createGroupExplicit", "id", red, input={"team": "blue"})["errorType"] == "Unauthorized"
    assert identifiers.refuse("listGroupExplicits", "items { id }", as_user(identifiers, "cat"))["message"] == (
        "Not Authorized to access listGroupExplicits on type ModelGroupExplicitConnection"
    )
    admin = as_user(identifiers, "dan", groups=["Admins"])
    identifiers.run("createGroupOwned", "id", admin, input={"value": "x"})
    assert len(identifiers.run("listGroupOwneds", "items { id }", admin)["items"]) == 1
    assert identifiers.refuse("createGroupOwned", "id", red, input={"value": "x"})["errorType"] == "Unauthorized"


def test_an_admin_who_creates_becomes_the_owner_too(blog: Api) -> None:
    admin = as_user(blog, "dan", groups=["Admins"])
    assert blog.run("createPost", "editors", admin, input={"title": "P", "authorId": "a"}) == {"editors": "dan"}


def test_a_field_rule_limits_what_may_be_written_and_read() -> None:
    rules = {"Todo": {"description": [{"allow": "groups", "groups": ["Editors"], "provider": "userPools"}]}}
    raw = introspection("todo")
    raw["models"]["Todo"]["attributes"][-1]["properties"]["rules"].append({"allow": "private", "provider": "userPools"})
    with LocalBackend(raw, field_rules=rules) as backend:
        api = Api(backend)
        ann, editor = as_user(api, "ann"), as_user(api, "eve", groups=["Editors"])
        error = api.refuse("createTodo", "id", ann, input={"name": "x", "description": "d"})
        assert (error["message"], error["errorType"]) == ("Unauthorized on [description]", "Unauthorized")
        assert api.run("createTodo", "name", ann, input={"id": "1", "name": "x"}) == {"name": "x"}
        api.run("updateTodo", "id", editor, input={"id": "1", "description": "d"})
        assert api.run("getTodo", "description", editor, id="1") == {"description": "d"}
        answer = api.ask('{ getTodo(id: "1") { name description } }', None, ann)
        assert answer["data"] == {"getTodo": {"name": "x", "description": None}}
        assert answer["errors"][0]["message"] == "Not Authorized to access description on type String"


def test_a_role_may_do_what_allow_resource_gave_it(todo: Api) -> None:
    reader = todo.backend.client(role=todo.backend.role("reader", to=["query"]))
    writer = todo.backend.client(role=todo.backend.role("writer", to=["mutate"]))
    writer.models.Todo.create(name="x")
    assert len(reader.models.Todo.list().data) == 1
    with pytest.raises(NotAuthorizedError, match="Not Authorized to access createTodo on type Mutation"):
        reader.models.Todo.create(name="y")
    with pytest.raises(NotAuthorizedError, match="Not Authorized to access listTodos on type Query"):
        writer.models.Todo.list()
    assert len(todo.backend.items("Todo")) == 1


def test_an_unknown_right_of_a_role_is_refused(todo: Api) -> None:
    with pytest.raises(ValueError, match="listen, mutate, query; not read"):
        todo.backend.role("reader", to=["read"])


def test_a_lambda_authorizer_decides() -> None:
    raw = introspection("todo")
    raw["models"]["Todo"]["attributes"][-1]["properties"]["rules"] = [{"allow": "custom"}]
    with LocalBackend(raw) as backend:
        backend.authorizer(lambda token: {"isAuthorized": token == "good", "deniedFields": ["Todo.description"]})
        api = Api(backend)
        answer = api.ask(
            'mutation { createTodo(input: {name: "x"}) { name description } }', None, {"authorization": "good"}
        )
        assert answer["data"] == {"createTodo": {"name": "x", "description": None}}
        assert answer["errors"][0]["message"] == "Not Authorized to access description on type Todo"
        assert api.post(b'{"query": "{ __typename }"}', {"authorization": "bad"})[0] == 401


def _fails(token: str) -> bool:
    raise ValueError(token)


async def _is_asynchronous(token: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("authorizer", "why"),
    [
        (_fails, "The authorizer raised ValueError."),
        (_is_asynchronous, "The authorizer gave coroutine; it is a plain function"),
        (lambda token: None, "The authorizer gave NoneType; it is a plain function"),
    ],
)
def test_an_authorizer_that_fails_lets_nobody_in(todo: Api, authorizer: Any, why: str) -> None:
    todo.backend.authorizer(authorizer)
    status, answer = todo.post(b'{"query": "{ __typename }"}', {"authorization": "private-token"})
    assert status == 401
    assert answer["errors"][0]["errorType"] == "UnauthorizedException"
    assert why in answer["errors"][0]["message"]
    assert "private-token" not in str(answer)


def test_an_oidc_user_is_not_a_user_of_the_pool(identifiers: Api) -> None:
    token = identifiers.backend.token("ann", oidc=True)
    error = identifiers.refuse("listOwnedDefaults", "items { id }", {"authorization": token})
    assert error["message"] == "Not Authorized to access listOwnedDefaults on type Query"


def test_no_secret_shows_in_a_repr(todo: Api) -> None:
    role = todo.backend.role("r")
    for shown in (repr(role), repr(todo.backend), repr(todo.backend._issuer.authenticator)):
        assert role.secret_key not in shown
        assert todo.backend.api_key not in shown


def test_a_delete_without_a_good_key_first_sees_to_who_asks(identifiers: Api) -> None:
    ann = as_user(identifiers, "ann")
    assert identifiers.refuse("deleteOwnedDefault", "id", ann, input={"id": ""})["errorType"] == "Unauthorized"
    error = identifiers.refuse("updateOwnedDefault", "id", ann, input={"id": ""})
    assert error["errorType"] == "DynamoDB:ValidationException"
