"""The awaiting client: the same methods, one pool per event loop."""

import asyncio
import inspect
from typing import Any

import pytest

from amplify_data_client import (
    AsyncPage,
    ConditionFailedError,
    Page,
    async_client,
    client,
    generate_async_client,
    get_async_amplify_data_client_config,
)
from amplify_data_client.dev.local_backend import LocalBackend

PAIRS = [
    (blocking, getattr(async_client, f"Async{name}"))
    for name, blocking in vars(client).items()
    if inspect.isclass(blocking) and blocking.__module__ == client.__name__ and not name.startswith("_")
]


def parameters(function: Any) -> list[tuple[str, Any, Any]]:
    return [(one.name, one.kind, one.default) for one in inspect.signature(function).parameters.values()]


def methods(shell: type) -> dict[str, Any]:
    twins = {"__aenter__": "__enter__", "__aexit__": "__exit__"}
    return {twins.get(name, name): member for name, member in vars(shell).items() if inspect.isfunction(member)}


@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS, ids=lambda shell: shell.__name__)
def test_both_shells_have_the_same_methods_with_the_same_parameters(blocking: type, awaiting: type):
    ours, theirs = methods(blocking), methods(awaiting)
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert parameters(ours[name]) == parameters(theirs[name]), name


def test_both_shells_have_the_same_classes_and_factories():
    assert len(PAIRS) >= 10
    assert parameters(client.generate_client) == parameters(async_client.generate_async_client)


def public(thing: Any) -> set[str]:
    return {name for name in vars(thing) if not name.startswith("_")}


@pytest.mark.parametrize(("blocking", "awaiting"), PAIRS, ids=lambda shell: shell.__name__)
def test_both_shells_have_the_same_properties(blocking: type, awaiting: type):
    assert public(blocking) == public(awaiting)


def test_both_clients_and_their_pages_have_the_same_parts(client: Any, async_client: Any):
    assert public(client) == public(async_client) >= {"models", "queries", "mutations", "enums", "generations"}
    assert public(Page) == public(AsyncPage)
    assert set(dir(client.models.Todo)) == set(dir(async_client.models.Todo))


async def test_items_are_created_listed_updated_and_deleted(async_client: Any):
    todos = async_client.models.Todo
    made = [(await todos.create(name=f"n{number}")).data for number in range(5)]
    assert (await todos.update(made[0], is_done=True)).data.is_done is True
    page = await todos.list(limit=2)
    assert isinstance(page, AsyncPage)
    assert sorted([todo.name async for todo in page.iterate()]) == [f"n{number}" for number in range(5)]
    assert len([todo async for todo in todos.iterate(limit=2)]) == 5
    await todos.delete(made[0])
    assert (await todos.get(made[0])).data is None
    with pytest.raises(ConditionFailedError):
        await todos.update(made[0], name="B")
    assert (await todos.upsert(id="x", name="A")).data.name == "A"


@pytest.mark.schema("blog")
async def test_relations_are_awaited(async_client: Any):
    author = (await async_client.models.Author.create(name="N")).data
    post = (await async_client.models.Post.create(title="T", author=author)).data
    await async_client.models.Comment.create(text="c", post=post)
    assert (await post.author()).data == author
    assert [comment.text async for comment in (await post.comments()).iterate()] == ["c"]
    assert (await author.profile()).data is None
    fetched = (await async_client.models.Post.get(post, selection_set=["author.name"])).data
    assert fetched.author.name == "N"
    assert (await fetched.author()).data.name == "N"


def test_one_client_serves_an_event_loop_per_invocation(monkeypatch: pytest.MonkeyPatch, introspect: Any):
    with LocalBackend(introspect("todo")) as backend, backend.serve():
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)
        module_level = generate_async_client()

        async def handler() -> int:
            await asyncio.gather(*(module_level.models.Todo.create(name="A") for _ in range(5)))
            return len([todo async for todo in module_level.models.Todo.iterate()])

        assert [asyncio.run(handler()) for _ in range(3)] == [5, 10, 15]
        asyncio.run(module_level.close())


async def test_many_calls_at_once_lose_nothing(async_client: Any):
    made = await asyncio.gather(*(async_client.models.Todo.create(name=f"n{number}") for number in range(100)))
    assert len({one.data.id for one in made}) == 100
    assert len([todo async for todo in async_client.models.Todo.iterate()]) == 100


async def test_a_client_can_be_made_in_a_running_event_loop_without_blocking_it(
    backend: LocalBackend, monkeypatch: pytest.MonkeyPatch
):
    def block(*_: object) -> None:
        raise AssertionError

    with backend.serve():
        for name, value in backend.env().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("amplify_data_client._io.drive.run", block)
        with pytest.raises(AssertionError):
            generate_async_client()  # this way it would block
        async with generate_async_client(await get_async_amplify_data_client_config()) as client:
            made = (await client.models.Todo.create(name="A")).data
            assert [todo async for todo in client.models.Todo.iterate()] == [made]
