"""Answer custom operations with the user's Python functions."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.dev.local_backend.access.identity import Identity
from amplify_data_client.dev.local_backend.context import Context
from amplify_data_client.dev.local_backend.errors import ResolverError
from amplify_data_client.dev.local_backend.graphql.executor import Info

Function = Callable[[dict[str, Any], Identity], Any]


class Functions:
    """The user's functions, by the name of the operation that they answer."""

    def __init__(self, introspection: Introspection) -> None:
        self._known = {
            name
            for part in (introspection.queries, introspection.mutations, introspection.generations)
            for name in part
        }
        self._known.update(introspection.conversations)
        self._registered: dict[str, Function] = {}

    @property
    def names(self) -> list[str]:
        """The names of the operations that functions can answer."""
        return sorted(self._known)

    def register(self, name: str, function: Function) -> None:
        """Register the function that answers an operation.

        Raises:
            LookupError: The schema has no such operation.
        """
        if name not in self._known:
            raise LookupError(
                f"The schema has no custom query, mutation, generation or conversation {name!r}; it has "
                f"{', '.join(self.names) or 'none'}."
            )
        self._registered[name] = function

    def get(self, name: str) -> Function | None:
        return self._registered.get(name)

    def clear(self) -> None:
        """Remove all functions."""
        self._registered.clear()

    def resolve(self, _source: Any, info: Info, /, **arguments: Any) -> Any:
        """Resolve a field with its function."""
        context: Context = info.context
        context.count()
        function = self._registered.get(info.field_name)
        if function is None:
            raise ResolverError(
                f"The local backend has no function for {info.field_name!r}. Register one: "
                f'@backend.resolver("{info.field_name}") above a function (arguments, identity) that gives the result.',
                "LocalBackend:NoResolver",
            )
        return call(function, arguments, context.identity)


def call(function: Function, arguments: dict[str, Any], identity: Identity) -> Any:
    """Call a user's function, synchronous or not. What it raises is reported as AppSync reports an error of a Lambda function."""
    try:
        result = function(arguments, identity)
        if inspect.isawaitable(result):
            result = _wait(result)
    except ResolverError:
        raise
    except Exception as error:
        raise ResolverError(str(error) or type(error).__name__, "Lambda:Unhandled") from error
    return _plain(result)


async def _finish(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _wait(awaitable: Awaitable[Any]) -> Any:
    coroutine: Coroutine[Any, Any, Any] = _finish(awaitable)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as pool:  # an event loop runs in this thread, so another thread waits
        return pool.submit(asyncio.run, coroutine).result()


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
