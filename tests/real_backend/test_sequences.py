"""Whatever operations follow each other, the local backend and Amplify's own resolvers answer alike.

The sequences are the same in every CI run; elsewhere they are new ones. MANY=1000 tries that many of each.
"""

import os
from itertools import filterfalse

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from .differential.api import api_of
from .differential.comparing import differences, is_wording
from .differential.notation import Scenario, Step
from .differential.rules import explaining
from .differential.sequences import steps
from .differential.sides import play

GROUPS = [
    ("todo", "Todo"),
    ("sample", "Todo TodoList ListProfile"),
    ("sample", "Order Note"),
    ("identifiers", "Seat Reading Measurement Country"),
    ("identifiers", "Customer"),
    ("identifiers", "OwnedDefault OwnedExplicit GroupExplicit"),
    ("blog", "Warehouse Shelf Manager"),
    ("blog", "Post Comment PostTag Tag"),
    ("scalars", "Everything WithDefaults"),
    ("scalars", "EverythingArray Place"),
    ("operations", "Article Remark"),
]


@pytest.mark.parametrize(("schema", "models"), GROUPS, ids=[f"{schema}: {models}" for schema, models in GROUPS])
def test_sequences_of_operations_are_answered_alike(real_backends, local_backends, schema: str, models: str) -> None:
    api = api_of(schema)

    @given(steps(api, models.split()))
    @settings(
        max_examples=int(os.environ.get("MANY", "25")),
        derandomize="CI" in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    def alike(asked: list[Step]) -> None:
        scenario = Scenario(schema, "a sequence", *asked)
        for exchange in play(scenario, real_backends[schema], local_backends[schema]):
            for difference in filterfalse(is_wording, differences(exchange, api)):
                said = f"{exchange.step}\n{exchange.sent.decode()}\n{difference}"
                assert explaining(exchange, difference) is not None, said

    alike()
