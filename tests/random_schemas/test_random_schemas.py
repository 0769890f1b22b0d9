"""Whatever schema Amplify compiles, both clients do everything with it, and what is read is what was written.

The schemas are the same in every CI run; elsewhere they are new ones. MANY=1000 tries that many with each client.
"""

import asyncio
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from amplify_data_client.dev.local_backend import LocalBackend

from .schemas import introspections
from .walk import Walk


@pytest.mark.parametrize("kind", ["blocking", "awaiting"])
def test_whatever_the_schema_what_is_read_is_what_was_written(kind: str, documents: Any) -> None:
    @given(introspections(), st.data())
    @settings(
        max_examples=int(os.environ.get("MANY", "12")),
        derandomize="CI" in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    def holds(raw: Any, data: Any) -> None:
        documents.objections.clear()
        with LocalBackend(raw) as backend:
            asyncio.run(_walk(backend, kind, data.draw))
        assert documents.objections == []

    holds()


async def _walk(backend: LocalBackend, kind: str, draw: Any) -> None:
    if kind == "blocking":
        with backend.client() as client:
            await Walk(backend, client, draw).run()
    else:
        async with backend.async_client() as client:
            await Walk(backend, client, draw).run()
