"""Provides the Amplify Gen 2 Data client for Python functions.

from amplify_data_client import generate_client

client = generate_client()
client.models.Todo.create(name="My new todo", is_done=False)
"""

from typing import TYPE_CHECKING, Any

from amplify_data_client._io.lambda_runtime.gc_pause import GcPause

with GcPause():
    from amplify_data_client._io.configure import get_amplify_data_client_config, get_async_amplify_data_client_config

    from .client import Client, generate_client
    from .config.model import DataClientConfig
    from .errors import (
        AmplifyDataError,
        BatchError,
        CallTimeoutError,
        ConditionFailedError,
        ConfigurationError,
        ConnectionFailedError,
        CredentialsError,
        ErrorEntry,
        GraphQLError,
        HTTPStatusError,
        NotAuthorizedError,
        NotSelectedError,
        OperationError,
        ReplyError,
        ReplyLostError,
        RequestError,
        ServerError,
        ThrottledError,
        ThrottledOperationError,
        TransportError,
        UnauthorizedError,
        UnknownNameError,
        ValidationError,
    )
    from .results import AsyncPage, BatchResult, Outcome, Page, Result
    from .version import __version__

if TYPE_CHECKING:
    from amplify_data_client._core.operations.filters import is_not_null, is_null
    from amplify_data_client._core.records.record import Record

    from .async_client import AsyncClient, generate_async_client

__all__ = [
    "AmplifyDataError",
    "AsyncClient",
    "AsyncPage",
    "BatchError",
    "BatchResult",
    "CallTimeoutError",
    "Client",
    "ConditionFailedError",
    "ConfigurationError",
    "ConnectionFailedError",
    "CredentialsError",
    "DataClientConfig",
    "ErrorEntry",
    "GraphQLError",
    "HTTPStatusError",
    "NotAuthorizedError",
    "NotSelectedError",
    "OperationError",
    "Outcome",
    "Page",
    "Record",
    "ReplyError",
    "ReplyLostError",
    "RequestError",
    "Result",
    "ServerError",
    "ThrottledError",
    "ThrottledOperationError",
    "TransportError",
    "UnauthorizedError",
    "UnknownNameError",
    "ValidationError",
    "__version__",
    "generate_async_client",
    "generate_client",
    "get_amplify_data_client_config",
    "get_async_amplify_data_client_config",
    "is_not_null",
    "is_null",
]


if not TYPE_CHECKING:  # or every wrong name would type-check

    def __getattr__(name: str) -> Any:
        # imported on first use: a cold start should not wait for what it does not use, above all not for pydantic
        if name == "Record":
            from amplify_data_client._core.records.record import Record

            return Record
        if name in ("is_not_null", "is_null"):
            from amplify_data_client._core.operations import filters

            return getattr(filters, name)
        if name in ("AsyncClient", "generate_async_client"):
            from . import async_client

            return getattr(async_client, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
