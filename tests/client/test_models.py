"""Model operations of the blocking client on the local backend."""

from datetime import UTC, datetime
from typing import Any

import pytest

from amplify_data_client import (
    Client,
    ConditionFailedError,
    OperationError,
    Page,
    ReplyError,
    UnknownNameError,
    is_not_null,
    is_null,
)

Todos = Any


@pytest.fixture
def todos(client: Client[Any]) -> Todos:
    return client.models.Todo


def test_a_created_item_can_be_got_changed_and_deleted(todos: Todos):
    made = todos.create(name="A", is_done=False).data
    assert (made.name, made.is_done, made.description) == ("A", False, None)
    assert made.created_at.tzinfo is not None
    assert todos.get(id=made.id).data == made
    changed = todos.update(made, is_done=True).data
    assert (changed.is_done, changed.name, changed.created_at) == (True, "A", made.created_at)
    assert todos.delete(changed).data.id == made.id
    assert todos.get(id=made.id).data is None


def test_both_spellings_and_both_ways_of_giving_values_mean_the_same(todos: Todos):
    made = [
        todos.create(name="A", is_done=True),
        todos.create({"name": "A", "isDone": True}),
        todos.create({"name": "A"}, isDone=True),
        todos.create({"name": "A", "is_done": True}, {"selectionSet": ["id", "name", "isDone"]}),
        todos.create({"name": "A", "is_done": True}, selection_set=["id", "name", "is_done"]),
    ]
    assert {(one.data.name, one.data.is_done, one.data.isDone) for one in made} == {("A", True, True)}


def test_a_missing_item_is_none_for_get_and_an_error_for_the_rest(todos: Todos):
    assert todos.get(id="nobody").data is None
    for change in (lambda: todos.update(id="nobody", name="B"), lambda: todos.delete(id="nobody")):
        with pytest.raises(ConditionFailedError) as caught:
            change()
        assert caught.value.operation in ("updateTodo", "deleteTodo")
        assert caught.value.request_id


def test_none_removes_a_field_and_what_is_absent_stays(todos: Todos):
    made = todos.create(name="A", description="B").data
    changed = todos.update(id=made.id, description=None).data
    assert (changed.name, changed.description) == ("A", None)


def test_a_condition_that_does_not_hold_raises_and_changes_nothing(todos: Todos):
    made = todos.create(name="A", is_done=True).data
    with pytest.raises(ConditionFailedError):
        todos.update(made, name="B", condition={"is_done": {"eq": False}})
    assert todos.get(made).data.name == "A"
    assert todos.update(made, name="B", condition={"isDone": {"eq": True}}).data.name == "B"


def test_a_record_alone_is_nothing_to_change(todos: Todos):
    made = todos.create(name="A").data
    for change in (todos.update, todos.upsert):
        with pytest.raises(OperationError, match="nothing to change"):
            change(made.model_copy(update={"name": "B"}))
        with pytest.raises(OperationError, match="nothing to change"):
            change(made, condition={"name": {"eq": "A"}})
    assert todos.get(made).data == made


def test_everything_of_a_record_can_be_sent_back(todos: Todos):
    made = todos.create(name="A", is_done=False).data
    sent = todos.update(made.to_dict()).data
    assert {**sent.to_dict(), "updatedAt": ""} == {**made.to_dict(), "updatedAt": ""}


def test_upsert_creates_and_then_updates(todos: Todos):
    assert todos.upsert(id="t", name="A").data.name == "A"
    assert todos.upsert(id="t", description="B").data.name == "A"
    assert [todo.description for todo in todos.iterate()] == ["B"]


def test_upsert_takes_a_record_or_all_of_one(todos: Todos):
    made = todos.create(name="A").data
    assert todos.upsert(made, description="B").data.name == "A"
    todos.delete(made)
    assert todos.upsert(made, description="C").data.to_dict()["name"] is None
    todos.delete(made)
    again = todos.upsert(made.to_dict()).data
    assert (again.id, again.name) == (made.id, "A")
    with pytest.raises(OperationError, match=r"Todo\.upsert needs the identifier"):
        todos.upsert(name="A")


def test_a_page_leads_to_the_next_and_iterate_to_all(todos: Todos):
    for number in range(7):
        todos.create(name=f"n{number}")
    first = todos.list(limit=3)
    assert isinstance(first, Page)
    assert len(first) == 3
    assert first.next_token
    assert len(list(first.iterate())) == 7
    assert sorted(todo.name for todo in todos.iterate(limit=2)) == [f"n{number}" for number in range(7)]
    second = todos.list(limit=3, next_token=first.next_token)
    assert not {todo.id for todo in first} & {todo.id for todo in second}


def test_iterate_ends_with_an_error_where_the_token_just_sent_comes_back(scripted: Any):
    client = scripted(lambda *_: {"data": {"listTodos": {"items": [], "nextToken": "t"}}}, raise_errors=False)
    with pytest.raises(ReplyError, match="The list does not go on") as caught:
        list(client.models.Todo.iterate())
    assert [body["variables"].get("nextToken") for body in client.requests] == [None, "t"]
    assert caught.value.next_token == "t"


def test_iterate_goes_on_through_pages_that_a_filter_emptied(todos: Todos):
    for number in range(9):
        todos.create(name="wanted" if number == 8 else "other")
    empty = [page for page in [todos.list(limit=1, filter={"name": {"eq": "nothing"}})] if not page.data]
    assert empty
    assert bool(empty[0]) is True
    assert [todo.name for todo in todos.iterate(limit=1, filter={"name": {"eq": "wanted"}})] == ["wanted"]


def test_null_checks_find_stored_nulls_and_absent_fields(todos: Todos):
    todos.create(id="null", name=None)
    todos.create(id="absent")
    todos.create(id="here", name="A")
    assert sorted(todo.id for todo in todos.iterate(filter=is_null("name"))) == ["absent", "null"]
    assert [todo.id for todo in todos.iterate(filter=is_not_null("name"))] == ["here"]


def test_filters_take_python_values(todos: Todos):
    made = todos.create(name="A").data
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert [todo.id for todo in todos.iterate(filter={"created_at": {"lt": later}})] == [made.id]
    assert list(todos.iterate(filter={"not": {"created_at": {"lt": later}}})) == []
    both = {"and": [{"name": {"begins_with": "A"}}, {"or": [{"is_done": {"ne": True}}]}]}
    assert [todo.id for todo in todos.iterate(filter=both)] == [made.id]


@pytest.mark.schema("identifiers")
def test_indexes_and_identifiers_are_queried_by_key(client: Client[Any]):
    customers = client.models.Customer
    for name, score in (("a", 1), ("b", 5), ("c", 9)):
        customers.create(name=name, account_representative_id="r", score=score, stage="WON")
    found = customers.customers_by_score(account_representative_id="r", score={"ge": 5}, sort_direction="DESC")
    assert [one.name for one in found] == ["c", "b"]
    assert [one.name for one in customers.customersByScore({"accountRepresentativeId": "r", "score": {"lt": 5}})] == [
        "a"
    ]
    pages = customers.customers_by_score.iterate(account_representative_id="r", limit=1)
    assert [one.name for one in pages] == ["a", "b", "c"]
    seats = client.models.Seat
    for number in (1, 2, 10):
        seats.create(venue_id="v", row="A", number=number)
    assert seats.get(venue_id="v", row="A", number=2).data.number == 2
    assert len(seats.list(venue_id="v", row_number={"begins_with": {"row": "A"}})) == 3


@pytest.mark.schema("identifiers")
def test_disabled_operations_do_not_exist(client: Client[Any]):
    models = client.models
    assert not hasattr(models.ReadOnly, "create")
    assert not hasattr(models.ReadOnly, "upsert")
    assert "create" not in dir(models.ReadOnly)
    assert hasattr(models.ReadOnly, "list")
    with pytest.raises(UnknownNameError, match="disableOperations"):
        _ = models.WriteOnly.get


@pytest.mark.schema("blog")
def test_relations_load_pages_and_records(client: Client[Any]):
    author = client.models.Author.create(name="N").data
    client.models.Profile.create(bio="B", author=author)
    post = client.models.Post.create(title="T", author=author).data
    for number in range(3):
        client.models.Comment.create(text=f"c{number}", post=post)
    assert post.author().data == author
    assert author.profile().data.bio == "B"
    page = post.comments(limit=2)
    assert sorted(comment.text for comment in page.iterate()) == ["c0", "c1", "c2"]
    assert post.reviewer().data is None
    assert page.data[0].post().data == post
    assert client.models.Comment.update(page.data[0], post=None).data.post_id is None


@pytest.mark.schema("blog")
def test_a_selection_set_fetches_relations_at_once(client: Client[Any]):
    author = client.models.Author.create(name="N").data
    post = client.models.Post.create(title="T", author=author).data
    client.models.Comment.create(text="c", post=post)
    chosen = ["title", "author.name", "comments.text", "comments.post.title"]
    fetched = client.models.Post.get(post, selection_set=chosen).data
    assert fetched.author.name == "N"
    assert [comment.text for comment in fetched.comments] == ["c"]
    assert fetched.comments[0].post.title == "T"
    assert fetched.comments().data == list(fetched.comments)
    with pytest.raises(AttributeError, match="selection_set"):
        _ = fetched.content


@pytest.mark.schema("operations")
def test_custom_operations_take_and_give_every_kind_of_value(backend: Any, client: Client[Any]):
    backend.resolver("echoScalars")(lambda arguments, *_: arguments)
    backend.resolver("publishReport")(
        lambda arguments, *_: {"title": arguments["title"], "center": {"x": 1.0, "y": 2.0}}
    )
    given = client.queries.echo_scalars(a_string="s", a_json={"a": 1}, a_datetime=datetime(2024, 1, 1, tzinfo=UTC)).data
    assert given["aDatetime"] == "2024-01-01T00:00:00.000Z"
    report = client.mutations.publish_report(title="T", selection_set=["title", "center.x"]).data
    assert (report.title, report.center.x) == ("T", 1.0)
    assert client.enums.Mood.values() == ["HAPPY", "SAD", "NEUTRAL"]
    with pytest.raises(OperationError, match="It takes an_id, a_string"):
        client.queries.echo_scalars(a_int=1)


def test_graphql_sends_a_document_of_ones_own(client: Client[Any], todos: Todos):
    made = todos.create(name="A").data
    result = client.graphql("query Q($id: ID!) { getTodo(id: $id) { name } }", {"id": made.id})
    assert result.data == {"getTodo": {"name": "A"}}


def test_a_keyword_that_is_field_and_option_is_refused(scripted: Any):
    """No schema of the tests has one, so one is made."""
    client = scripted(lambda *_: {"data": {"createTodo": {"id": "1"}}})
    raw = client._api.introspection.raw["models"]["Todo"]["fields"]
    raw["timeout"] = {"name": "timeout", "type": "Int", "isArray": False, "isRequired": False, "attributes": []}
    with pytest.raises(OperationError, match="both a field and an option"):
        client.models.Todo.create(timeout=5)
    client.models.Todo.create({"timeout": 5}, {"timeout": 9})
    assert client.requests[0]["variables"] == {"input": {"timeout": 5}}


def test_a_model_is_found_by_a_name_that_is_text(client: Client[Any]):
    assert client.models["Todo"].create(name="A").data == client.models.Todo.list().data[0]
    for name in ("Nope", "__Nope", "__class__"):
        with pytest.raises(UnknownNameError, match=f"The schema has no model '{name}'"):
            client.models[name]
