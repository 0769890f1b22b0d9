"""What the type checkers see; read by mypy and pyright, never run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import assert_type

from amplify_data_client import (
    AsyncClient,
    AsyncPage,
    BatchResult,
    Client,
    Page,
    Record,
    Result,
    generate_async_client,
    generate_client,
    get_amplify_data_client_config,
)


def the_raising_client_promises_data() -> None:
    client = generate_client()
    assert_type(client, Client[Record])
    assert_type(client.models.Todo.create(name="A"), Result[Record])
    assert_type(client.models.Todo.create(name="A").data.id, object)  # type: ignore[assert-type]  # it is Any
    assert_type(client.models.Todo.get(id="1"), Result[Record | None])
    assert_type(client.models.Todo.list(), Page[Record])
    assert_type(client.models.Todo.list().data, list[Record])
    assert_type(client.models.Todo.iterate(), Iterator[Record])
    assert_type(client.models.Todo.batch_create([{}]), BatchResult[Record])
    _ = client.models.Todo.create(name="A").name  # type: ignore[attr-defined]  # that is in data
    _ = client.models.Todo.list().name  # type: ignore[attr-defined]
    _ = client.subscriptions  # type: ignore[attr-defined]
    _ = client.models.Todo.get(id="1").data.name  # type: ignore[union-attr]  # there may be no such item
    if (found := client.models.Todo.get(id="1").data) is not None:
        print(found.name)


def the_other_view_promises_nothing() -> None:
    client = generate_client(raise_errors=False)
    assert_type(client, Client[Record | None])
    assert_type(client.models.Todo.create(name="A"), Result[Record | None])
    assert_type(client.models.Todo.list().data, list[Record | None])
    _ = client.models.Todo.create(name="A").data.name  # type: ignore[union-attr]  # it may have failed
    assert_type(client.with_options(raise_errors=True), Client[Record])
    assert_type(generate_client().with_options(raise_errors=False), Client[Record | None])
    assert_type(client.with_options(timeout=5), Client[Record | None])


def clients_of_httpx_and_httpx2_carry_requests() -> None:
    import httpx
    import httpx2

    generate_client(http_client=httpx.Client())
    generate_client(http_client=httpx2.Client())
    generate_async_client(http_client=httpx.AsyncClient())
    generate_async_client(http_client=httpx2.AsyncClient())
    generate_client(http_client=httpx.AsyncClient())  # type: ignore[call-overload]
    generate_async_client(http_client=httpx2.Client())  # type: ignore[call-overload]
    generate_client(http_client=3)  # type: ignore[call-overload]


def a_client_is_made_from_what_it_knows() -> None:
    import boto3

    generate_client(outputs="amplify_outputs.json", session=boto3.Session())
    generate_client(outputs=Path("amplify_outputs.json"))
    generate_async_client(outputs={"data": {}})
    generate_client(endpoint="https://api.example.com/graphql", api_key="da2-key")
    generate_async_client(endpoint="https://api.example.com/graphql", introspection=Path("schema.json"))
    get_amplify_data_client_config(
        endpoint="https://api.example.com/graphql", introspection={"models": {}}, api_key="k"
    )
    generate_client(endpoint=3)  # type: ignore[call-overload]
    generate_client(outputs=3)  # type: ignore[call-overload]
    generate_client(session="dev")  # type: ignore[call-overload]  # that is a profile


class Context:
    """As the handler's context: aws-lambda-powertools has a class of the same shape."""

    def get_remaining_time_in_millis(self) -> int:
        return 3000


def a_deadline_is_a_context_or_finds_one(context: Context | None) -> None:
    generate_client(deadline=Context())
    generate_async_client(deadline=lambda: context)
    generate_client(deadline=5.0)  # type: ignore[call-overload]


async def the_async_client_is_awaited() -> None:
    client = generate_async_client()
    assert_type(client, AsyncClient[Record])
    assert_type(await client.models.Todo.create(name="A"), Result[Record])
    assert_type(await client.models.Todo.list(), AsyncPage[Record])
    assert_type(client.models.Todo.iterate(), AsyncIterator[Record])
    async for todo in client.models.Todo.iterate():
        assert_type(todo, Record)


def mistakes_are_found() -> None:
    from amplify_data_client import generate_cliant  # type: ignore[attr-defined]  # noqa: F401

    generate_client(profil="dev")  # type: ignore[call-overload]
    generate_client().models.Todo.list(1, 2)  # type: ignore[arg-type, call-arg]
