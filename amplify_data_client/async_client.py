"""Provides the awaiting client: each method describes a call, and the drivers carry it out."""

import builtins
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast, overload

from amplify_data_client._core.operations import mutations, names, queries
from amplify_data_client._core.operations.api import Api, ClientBinding
from amplify_data_client._core.operations.arguments import Arguments
from amplify_data_client._core.operations.operation import Call, CallFlow, OperationKind
from amplify_data_client._core.schema.introspection import (
    Conversation,
    CustomOperation,
    Field,
    Index,
    Introspection,
    Model,
)
from amplify_data_client._core.wire.exchange import exchange, exchange_all
from amplify_data_client._io.authorize import Endpoint
from amplify_data_client._io.credentials import Session

from ._io import configure, drive
from ._io.http.sender import AsyncSender, open_async_sender, open_sender
from .config.model import DataClientConfig
from .options import AuthMode, CallOptions, Deadline, Headers, Token, read_options
from .results import AsyncPage, BatchResult, Outcome, Result

if TYPE_CHECKING:
    from amplify_data_client._core.records.record import Record

    from ._io.http.transport import AsyncHttpClient

RecordT = TypeVar("RecordT")
ResultT = TypeVar("ResultT")
Values = Any  # a mapping, or a fetched record where one identifies the item
Options = Mapping[str, Any] | None
Items = Iterable[Any] | AsyncIterable[Any]


class AsyncClient(Generic[RecordT]):
    """Calls one Data API. Make it with `generate_async_client`; threads may share it.

    A client at module level works in any number of event loops, one after the other (`asyncio.run` per invocation).

    Attributes:
        config: The configuration it was made with; `config.source` says where that came from.
        models: A model client for each model: `client.models.Todo`.
        queries, mutations: The schema's custom operations: `client.queries.echo_string(…)`.
        generations, conversations: The schema's AI routes.
        enums: The schema's enums: `client.enums.Mood.values()`.
    """

    def __init__(
        self,
        config: DataClientConfig,
        api: Api,
        endpoint: Endpoint,
        sender: AsyncSender,
        *,
        raise_errors: bool = True,
    ) -> None:
        self.config = config
        self._api, self._endpoint, self._sender, self._raise_errors = api, endpoint, sender, raise_errors
        self._binding = ClientBinding(api, AsyncPage, partial(_RelationLoader, self), set())
        self.models: AsyncModels[RecordT] = AsyncModels(self)
        self.queries = AsyncCustomOperations(self, "query", "custom query", api.introspection.queries)
        self.mutations = AsyncCustomOperations(self, "mutation", "custom mutation", api.introspection.mutations)
        self.generations = AsyncCustomOperations(self, "query", "generation route", api.introspection.generations)
        self.conversations = AsyncConversations(self)
        self.enums = names.Enums(api.introspection)

    async def graphql(
        self,
        document: Any,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
        **options: Any,
    ) -> Result[Any]:
        """Send a document of your own: text, a gql `GraphQLRequest`, or a graphql-core document.

        Returns:
            A result whose `data` is the reply's plain JSON.
        """
        from amplify_data_client._core.operations.document import graphql_call

        return await self._execute(graphql_call(document, variables, operation_name, read_options(options)))

    @overload
    def with_options(self, *, raise_errors: Literal[False], **options: Any) -> "AsyncClient[Record | None]": ...
    @overload
    def with_options(self, *, raise_errors: Literal[True], **options: Any) -> "AsyncClient[Record]": ...
    @overload
    def with_options(self, **options: Any) -> "AsyncClient[RecordT]": ...
    def with_options(self, *, raise_errors: bool | None = None, **options: Any) -> "AsyncClient[Any]":
        """Make a cheap copy with other options; the copy shares the connections, and closing it leaves them open.

        Options: auth_mode, auth_token, api_key, headers, timeout, deadline, max_attempts, raise_errors.
        """
        endpoint = self._endpoint._replace(options=read_options(options).with_defaults(self._endpoint.options))
        chosen = self._raise_errors if raise_errors is None else raise_errors
        return AsyncClient(self.config, self._api, endpoint, self._sender.shared(), raise_errors=chosen)

    async def close(self) -> None:
        """Close the connections (not those of an `http_client` you gave)."""
        await self._sender.aclose()

    if not TYPE_CHECKING:  # or every wrong attribute would type-check

        def __getattr__(self, name: str) -> Any:
            raise names.unknown_part(self, name)

    async def __aenter__(self) -> "AsyncClient[RecordT]":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<AsyncClient of {self.config.endpoint} from {self.config.source}>"

    async def _execute(self, call: Call[ResultT]) -> ResultT:
        flow = exchange(call, self._endpoint.options, raise_errors=self._raise_errors)
        return self._finish(call, await drive.run_async(flow, self._endpoint, self._sender))

    async def _drive(self, calls: CallFlow[ResultT], *, renews_timeout: bool = False) -> ResultT:
        flow = exchange_all(
            calls, self._endpoint.options, self._finish, raise_errors=self._raise_errors, renews_timeout=renews_timeout
        )
        return await drive.run_async(flow, self._endpoint, self._sender)

    def _finish(self, call: Call[Any], result: ResultT) -> ResultT:
        if call.is_paged:
            cast("AsyncPage[Any]", result).followed_by(partial(self._raising()._next_page, call))
        return result

    async def _next_page(self, call: Call[ResultT], next_token: str) -> ResultT:
        return await self._execute(call.at(next_token))

    async def _iterate(self, call: Call[Any]) -> AsyncIterator[Any]:
        page = await self._raising()._execute(call)
        async for record in page.iterate():
            yield record

    def _raising(self) -> "AsyncClient[Any]":
        return self if self._raise_errors else self.with_options(raise_errors=True)


class _RelationLoader:
    """Lets a record load its relations through the client that fetched it."""

    __slots__ = ("_client", "_options")

    def __init__(self, client: AsyncClient[Any], options: CallOptions) -> None:
        self._client, self._options = client, options

    async def load(self, record: Any, field: Field, options: Mapping[str, Any]) -> Any:
        from amplify_data_client._core.operations import relations

        client, given = self._client, Arguments(options, None, {})
        return await client._drive(relations.load(client._binding, record, field, self._options, given))

    async def fetched(self, record: Any, field: Field, value: Any, next_token: str | None) -> Any:
        from amplify_data_client._core.operations import relations

        result = relations.fetched(self._client._binding, record, field, value, next_token)
        if next_token is not None:
            result.followed_by(partial(self._go_on, record, field, value))
        return result

    async def _go_on(self, record: Any, field: Field, given: list[Any], next_token: str) -> Any:
        from amplify_data_client._core.operations import relations

        client = self._client._raising()
        return await client._drive(relations.go_on(client._binding, record, field, self._options, given, next_token))

    def __deepcopy__(self, memo: object) -> "_RelationLoader":
        return self

    def __repr__(self) -> str:
        return "<relation loader>"


class AsyncModels(Generic[RecordT]):
    """Gives a model client for each model of the schema, by the model's name."""

    def __init__(self, client: AsyncClient[RecordT]) -> None:
        self._client = client

    def __getattr__(self, name: str) -> "AsyncModelClient[RecordT]":
        if name.startswith("__"):
            raise AttributeError(name)
        made = self.__dict__[name] = self[name]
        return made

    def __getitem__(self, name: str) -> "AsyncModelClient[RecordT]":
        model = self._client._api.model(name)
        return names.restricted(AsyncModelClient, model)(self._client, model)

    def __iter__(self) -> Iterator[str]:
        return iter(self._client._api.introspection.models)

    def __dir__(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return names.described(self)


class AsyncModelClient(Generic[RecordT]):
    """Runs the operations of one model.

    Every method takes JavaScript's two positional objects or Python's keywords: `create({"isDone": True})` is
    `create(is_done=True)`. Options of all methods: selection_set, auth_mode, auth_token, api_key, headers, timeout (seconds
    for the whole call, retries included), deadline (the handler's `context`: the call ends before the invocation),
    max_attempts (how often a request may be sent where sending it again is safe).
    """

    def __init__(self, client: AsyncClient[RecordT], model: Model) -> None:
        self._client, self._model = client, model

    async def create(
        self, values: Values = None, options: Options = None, /, **fields_and_options: Any
    ) -> Result[RecordT]:
        """Create an item; it fails if there is one with this identifier. A `condition` has to hold as well.

        Raises:
            OperationError: The values do not fit the schema; nothing was sent.
            ConditionFailedError: There is an item with this identifier, or the condition does not hold.
            RequestError: The request failed in another way.
        """
        given = Arguments(values, options, fields_and_options)
        return await self._client._execute(mutations.create(self._client._binding, self._model, given))

    async def get(
        self, values: Values = None, options: Options = None, /, **identifier_and_options: Any
    ) -> Result[RecordT | None]:
        """Get an item by its identifier; `data` is None if there is none."""
        given = Arguments(values, options, identifier_and_options)
        return await self._client._execute(queries.get(self._client._binding, self._model, given))

    async def update(
        self, values: Values = None, options: Options = None, /, **fields_and_options: Any
    ) -> Result[RecordT]:
        """Change the given fields. None removes a field; fields that are not given stay as they are.

        `update(record, is_done=True)` sends the record's identifier and that field, nothing else of the record.

        Raises:
            ConditionFailedError: There is no such item, or the condition does not hold.
        """
        given = Arguments(values, options, fields_and_options)
        return await self._client._execute(mutations.update(self._client._binding, self._model, given))

    async def delete(
        self, values: Values = None, options: Options = None, /, **identifier_and_options: Any
    ) -> Result[RecordT]:
        """Delete an item by its identifier; `data` is the item as it was.

        Raises:
            ConditionFailedError: There is no such item, or the condition does not hold.
        """
        given = Arguments(values, options, identifier_and_options)
        return await self._client._execute(mutations.delete(self._client._binding, self._model, given))

    async def upsert(
        self, values: Values = None, options: Options = None, /, **fields_and_options: Any
    ) -> Result[RecordT]:
        """Update the item, or create it if there is none.

        Not atomic: an update, then a create if there was nothing to update. Of two callers at the same time one may
        get a ConditionFailedError.
        """
        given = Arguments(values, options, fields_and_options)
        return cast(
            "Result[RecordT]", await self._client._drive(mutations.upsert(self._client._binding, self._model, given))
        )

    async def list(self, options: Options = None, /, **keys_and_options: Any) -> AsyncPage[RecordT]:
        """Get one page: filter, limit, next_token; with a custom identifier also its keys and sort_direction.

        `limit` counts the items that are examined (100 unless given), before the filter: a page can be short or empty
        and have pages behind it. `iterate` goes through them all.
        """
        given = Arguments(options, None, keys_and_options)
        return cast(
            "AsyncPage[RecordT]", await self._client._execute(queries.list_(self._client._binding, self._model, given))
        )

    def iterate(self, options: Options = None, /, **keys_and_options: Any) -> AsyncIterator[RecordT]:
        """Go through all items; each page is fetched when it is reached. Errors always raise.

        After a RequestError, go on with `iterate(next_token=error.next_token)`.
        """
        given = Arguments(options, None, keys_and_options)
        return self._client._iterate(queries.list_(self._client._binding, self._model, given))

    @property
    def batch_create(self) -> "AsyncBatchCall[RecordT]":
        """Create many items: `batch_create([{"name": "A"}, …])`; see AsyncBatchCall."""
        return AsyncBatchCall(self._client, self._model, "create")

    @property
    def batch_get(self) -> "AsyncBatchCall[RecordT]":
        """Get many items by their identifiers: `batch_get([{"id": "1"}, …])`."""
        return AsyncBatchCall(self._client, self._model, "get")

    @property
    def batch_update(self) -> "AsyncBatchCall[RecordT]":
        """Update many items: `batch_update([{"id": "1", "is_done": True}, …])`."""
        return AsyncBatchCall(self._client, self._model, "update")

    @property
    def batch_delete(self) -> "AsyncBatchCall[RecordT]":
        """Delete many items: `batch_delete(records)`, or their identifiers."""
        return AsyncBatchCall(self._client, self._model, "delete")

    def __getattr__(self, name: str) -> "AsyncIndexQuery[RecordT]":
        if name.startswith("__"):
            raise AttributeError(name)
        return AsyncIndexQuery(self._client, self._model, names.find_index(self._model, name))

    def __dir__(self) -> "builtins.list[str]":
        return [*super().__dir__(), *names.spellings(names.index_names(self._model))]

    def __repr__(self) -> str:
        return f"<AsyncModelClient of {self._model.name}>"


class AsyncIndexQuery(Generic[RecordT]):
    """Queries a secondary index: call it for one page, or `iterate` it."""

    def __init__(self, client: AsyncClient[RecordT], model: Model, index: Index) -> None:
        self._client, self._model, self._index = client, model, index

    async def __call__(
        self, keys: Values = None, options: Options = None, /, **keys_and_options: Any
    ) -> AsyncPage[RecordT]:
        """Get one page: the partition key, a condition on the sort key, filter, limit, next_token, sort_direction."""
        return cast("AsyncPage[RecordT]", await self._client._execute(self._call(keys, options, keys_and_options)))

    def iterate(
        self, keys: Values = None, options: Options = None, /, **keys_and_options: Any
    ) -> AsyncIterator[RecordT]:
        """Go through all items of the query; each page is fetched when it is reached. Errors always raise."""
        return self._client._iterate(self._call(keys, options, keys_and_options))

    def _call(self, keys: Values, options: Options, keywords: dict[str, Any]) -> Call[queries.AnyPage]:
        given = Arguments(keys, options, keywords)
        return queries.by_index(self._client._binding, self._model, self._index, given)

    def __repr__(self) -> str:
        return f"<AsyncIndexQuery {self._index.query_field} of {self._model.name}>"


class AsyncBatchCall(Generic[RecordT]):
    """Runs many operations of one kind, several in a request: call it with the items, or `iterate` it.

    Not a transaction: each item succeeds or fails by itself. Options beside the usual ones: `condition` (of every item;
    not for gets), `chunk_size` (items in a request, 25; give fewer where a selection set fetches long relations, since a
    request may run 10,000 resolvers), `concurrency` (requests at a time, 4; with more than one, items may be written in
    another order). `timeout` is for each request.
    """

    def __init__(self, client: AsyncClient[RecordT], model: Model, verb: str) -> None:
        self._client, self._model, self._verb = client, model, verb

    async def __call__(self, items: Items, /, **options: Any) -> BatchResult[RecordT]:
        """Carry out all items.

        Returns:
            One outcome per item, in order.

        Raises:
            BatchError: Some items failed; its `result` has every outcome. With `raise_errors=False` look at
                `result.failed` instead. Also where `items`, or a function of yours, raised an exception: that is the
                cause, and `result` has an outcome for every item that was taken until then.
        """
        from ._io import batches

        result = await batches.collect_async(self.iterate(items, **options))
        if self._client._raise_errors:
            result.raise_failures()
        return result

    def iterate(self, items: Items, /, **options: Any) -> AsyncIterator[Outcome[RecordT]]:
        """Carry out the items while you take their outcomes, which come in order; failures are outcomes too.

        Only the items on their way are in memory, so `items` may be a generator of millions. If it raises, the items
        before are carried out first. If you stop early (`aclose`, or a cancelled task), the requests under way are
        cancelled: AppSync may have carried them out.
        """
        from amplify_data_client._core.operations.batch import Batch

        from ._io import batches

        batch = Batch(self._client._binding, self._model, self._verb, items, options)
        drive_flow = partial(self._client.with_options(raise_errors=False)._drive, renews_timeout=True)
        return batches.run_async(batch, drive_flow)

    def __repr__(self) -> str:
        return f"<AsyncBatchCall {self._verb} of {self._model.name}>"


class AsyncCustomOperations:
    """Gives the schema's custom queries or mutations, or its generation routes, by their names in either spelling."""

    def __init__(
        self, client: AsyncClient[Any], kind: OperationKind, what: str, known: Mapping[str, CustomOperation]
    ) -> None:
        self._client, self._what, self._known = client, what, known
        self._kind: OperationKind = kind

    def __getattr__(self, name: str) -> "AsyncCustomCall":
        if name.startswith("__"):
            raise AttributeError(name)
        return AsyncCustomCall(self._client, self._kind, names.find(self._what, self._known, name))

    def __dir__(self) -> list[str]:
        return names.spellings(self._known)

    def __repr__(self) -> str:
        return names.described(self)


class AsyncCustomCall:
    """Runs a custom operation: call it with its arguments."""

    def __init__(self, client: AsyncClient[Any], kind: OperationKind, operation: CustomOperation) -> None:
        self._client, self._operation = client, operation
        self._kind: OperationKind = kind

    async def __call__(
        self, values: Options = None, options: Options = None, /, **arguments_and_options: Any
    ) -> Result[Any]:
        """Carry out the operation; `data` is what it returns: a scalar, an enum value, a record, or a list of them."""
        from amplify_data_client._core.operations import custom

        given = Arguments(values, options, arguments_and_options)
        call = custom.call(self._client._binding, self._operation, self._kind, given)
        return await self._client._execute(call)

    def __repr__(self) -> str:
        return f"<AsyncCustomCall {self._operation.name}>"


class AsyncConversations:
    """Gives the schema's conversation routes, by their names in either spelling."""

    def __init__(self, client: AsyncClient[Any]) -> None:
        self._client = client
        self._known = client._api.introspection.conversations

    def __getattr__(self, name: str) -> "AsyncConversationRoute":
        if name.startswith("__"):
            raise AttributeError(name)
        return AsyncConversationRoute(self._client, names.find("conversation", self._known, name))

    def __dir__(self) -> list[str]:
        return names.spellings(self._known)

    def __repr__(self) -> str:
        return names.described(self)


class AsyncConversationRoute:
    """Begins, finds, lists, changes and deletes the conversations of one route."""

    def __init__(self, client: AsyncClient[Any], route: Conversation) -> None:
        self._client, self._route = client, route

    async def create(
        self, values: Options = None, options: Options = None, /, **values_and_options: Any
    ) -> "Result[AsyncChat]":
        """Begin a conversation; it may have a `name` and `metadata` (JSON)."""
        given = Arguments(values, options, values_and_options)
        return cast(
            "Result[AsyncChat]",
            await self._run(mutations.create(self._client._binding, self._route.conversation, given)),
        )

    async def get(
        self, values: Options = None, options: Options = None, /, **identifier_and_options: Any
    ) -> "Result[AsyncChat | None]":
        """Get a conversation by its id; `data` is None if there is none."""
        given = Arguments(values, options, identifier_and_options)
        return cast(
            "Result[AsyncChat | None]",
            await self._run(queries.get(self._client._binding, self._route.conversation, given)),
        )

    async def update(
        self, values: Options = None, options: Options = None, /, **values_and_options: Any
    ) -> "Result[AsyncChat]":
        """Change a conversation's `name` or `metadata`."""
        given = Arguments(values, options, values_and_options)
        return cast(
            "Result[AsyncChat]",
            await self._run(mutations.update(self._client._binding, self._route.conversation, given)),
        )

    async def delete(
        self, values: Options = None, options: Options = None, /, **identifier_and_options: Any
    ) -> "Result[AsyncChat]":
        """Delete a conversation by its id."""
        given = Arguments(values, options, identifier_and_options)
        return cast(
            "Result[AsyncChat]",
            await self._run(mutations.delete(self._client._binding, self._route.conversation, given)),
        )

    async def list(self, options: Options = None, /, **more_options: Any) -> "AsyncPage[AsyncChat]":
        """Get one page of the conversations: filter, limit, next_token."""
        given = Arguments(options, None, more_options)
        call = queries.list_(self._client._binding, self._route.conversation, given)
        return cast("AsyncPage[AsyncChat]", await self._run(call))

    async def _run(self, call: Call[Any]) -> Any:
        return await self._client._execute(
            call.mapped(partial(AsyncChat, self._client, self._route, call.options.without_headers()))
        )


class AsyncChat:
    """Holds a conversation: its fields (id, name, metadata, created_at, updated_at), and its messages."""

    def __init__(self, client: AsyncClient[Any], route: Conversation, options: CallOptions, record: Any) -> None:
        self._client, self._route, self._options, self._record = client, route, options, record

    async def send_message(self, content: Any, /, **more: Any) -> Result[Any]:
        """Send text, or a list of content blocks; `ai_context` and `tool_configuration` go along.

        `data` is the message as it was stored; the assistant's answer comes as a stream of events.
        """
        from amplify_data_client._core.operations import conversations

        binding = self._client._binding
        return await self._client._execute(
            conversations.send(binding, self._route, self._record, content, more, self._options)
        )

    async def list_messages(self, options: Options = None, /, **more_options: Any) -> AsyncPage[Any]:
        """Get one page of the messages: limit, next_token, filter."""
        from amplify_data_client._core.operations import conversations

        given = Arguments(options, None, more_options)
        call = conversations.messages(self._client._binding, self._route, self._record, given, self._options)
        return cast("AsyncPage[Any]", await self._client._execute(call))

    def to_dict(self) -> dict[str, Any]:
        """Give the conversation's fields, JSON-ready."""
        return cast("dict[str, Any]", self._record.to_dict())

    def _asdict(self) -> dict[str, Any]:
        return self.to_dict()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        spelled = names.CHAT.get(name)
        return getattr(self, spelled) if spelled else getattr(self._record, name)

    def __repr__(self) -> str:
        return f"<AsyncChat {self._route.name}: {self._record!r}>"


@overload
def generate_async_client(
    config: DataClientConfig | None = None,
    *,
    outputs: configure.Outputs | None = None,
    endpoint: str | None = None,
    introspection: configure.Outputs | None = None,
    profile: str | None = None,
    session: Session | None = None,
    region: str | None = None,
    auth_mode: AuthMode | str | None = None,
    auth_token: Token | None = None,
    api_key: str | None = None,
    headers: Headers | None = None,
    timeout: float | None = None,
    deadline: Deadline | None = None,
    max_attempts: int | None = None,
    raise_errors: Literal[True] = True,
    http_client: "AsyncHttpClient | None" = None,
) -> "AsyncClient[Record]": ...
@overload
def generate_async_client(
    config: DataClientConfig | None = None,
    *,
    outputs: configure.Outputs | None = None,
    endpoint: str | None = None,
    introspection: configure.Outputs | None = None,
    profile: str | None = None,
    session: Session | None = None,
    region: str | None = None,
    auth_mode: AuthMode | str | None = None,
    auth_token: Token | None = None,
    api_key: str | None = None,
    headers: Headers | None = None,
    timeout: float | None = None,
    deadline: Deadline | None = None,
    max_attempts: int | None = None,
    raise_errors: Literal[False],
    http_client: "AsyncHttpClient | None" = None,
) -> "AsyncClient[Record | None]": ...
def generate_async_client(
    config: DataClientConfig | None = None,
    *,
    outputs: configure.Outputs | None = None,
    endpoint: str | None = None,
    introspection: configure.Outputs | None = None,
    profile: str | None = None,
    session: Session | None = None,
    region: str | None = None,
    auth_mode: AuthMode | str | None = None,
    auth_token: Token | None = None,
    api_key: str | None = None,
    headers: Headers | None = None,
    timeout: float | None = None,
    deadline: Deadline | None = None,
    max_attempts: int | None = None,
    raise_errors: bool = True,
    http_client: "AsyncHttpClient | None" = None,
) -> "AsyncClient[Any]":
    """Make an awaiting client. Do it once per process, outside the Lambda handler.

    It blocks while it fetches the configuration. In a running event loop:
    `generate_async_client(await get_async_amplify_data_client_config())`.

    Without arguments the configuration comes from the environment of the function, else from an
    `amplify_outputs.json` in the working directory or above it.

    Args:
        config: A finished configuration; then nothing is fetched.
        outputs: The path of an `amplify_outputs.json`, or its content.
        endpoint: The API's GraphQL URL, in place of `outputs`. The client then has no models, only `graphql`, unless
            there is an `introspection`.
        introspection: Beside `endpoint`: the path of Amplify's `modelIntrospectionSchema.json`, or its content.
        profile: An AWS profile to sign with (implies auth_mode "iam"). Needs botocore.
        session: A boto3 or botocore session to sign with (implies auth_mode "iam").
        region: The AWS region, in place of what the endpoint, the environment or the session says.
        auth_mode: How to authorize by default: "iam", "api_key", "user_pool", "oidc", "lambda", "none".
        auth_token: The token for "user_pool", "oidc" and "lambda", or a function that gives one.
        api_key: The key for "api_key", in place of the configuration's.
        headers: Headers for every request, or a function that gives them.
        timeout: Seconds a whole call may take, retries included; 30 unless given.
        deadline: The handler's `context`, or a function that returns it: a call ends half a second before the
            invocation does, if not earlier. A client that outlives the handler takes a function, or `with_options`.
        max_attempts: How often a request may be sent where sending it again is safe, the first time included; 3 unless
            given.
        raise_errors: False for a client that puts failed requests into `result.errors`, as JavaScript does.
        http_client: Your own `httpx.AsyncClient` (or httpx2's); it is never closed here.

    Raises:
        ConfigurationError: The configuration is missing or unusable.
        CredentialsError: It had to be fetched, and there are no credentials.
    """
    given = configure.given_by(outputs, endpoint, introspection, region, auth_mode, api_key)
    try:
        options = read_options(
            {
                "auth_mode": auth_mode,
                "auth_token": auth_token,
                "api_key": api_key,
                "headers": headers,
                "timeout": timeout,
                "deadline": deadline,
                "max_attempts": max_attempts,
            }
        )
    finally:
        del auth_mode, auth_token, api_key, headers, timeout  # error reporters show what the frames of a traceback hold
    config, credentials = configure.resolve(
        config,
        open_sender,
        configure.import_records,
        given=given,
        profile=profile,
        session=session,
        deadline=deadline,
    )
    api, target = Api(Introspection.of(config.model_introspection)), Endpoint(config, credentials, options)
    return AsyncClient(config, api, target, open_async_sender(http_client), raise_errors=raise_errors)
