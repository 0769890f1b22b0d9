"""Serve a Data API on this machine, for tests of handlers and for trials without an AWS account.

with LocalBackend("modelIntrospectionSchema.json") as backend:
    client = backend.client()
    client.models.Todo.create(name="one")
"""

from importlib.util import find_spec

if missing := [name for name in ("graphql", "starlette", "uvicorn") if find_spec(name) is None]:
    raise ModuleNotFoundError(
        f"The local backend needs {', '.join(missing)}: pip install 'amplify-data-client[local]'", name=missing[0]
    )

from amplify_data_client.dev.local_backend.access.identity import Identity, Role

from .backend import LocalBackend
from .errors import ResolverError
from .messages import Reply

__all__ = ["Identity", "LocalBackend", "Reply", "ResolverError", "Role"]
