"""A Data API on this machine: for tests of handlers, and for trying things out without an AWS account.

with LocalBackend("modelIntrospectionSchema.json") as backend:
    client = backend.client()
    client.models.Todo.create(name="one")
"""

from .backend import LocalBackend
from .errors import ResolverError
from .http import Reply
from .identity import Identity, Role

__all__ = ["Identity", "LocalBackend", "Reply", "ResolverError", "Role"]
