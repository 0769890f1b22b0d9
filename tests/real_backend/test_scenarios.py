"""The local backend answers as Amplify's own resolvers do, but for the differences that have a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .differential.api import api_of
from .differential.comparing import Difference, differences
from .differential.rules import RULES, Rule, explaining
from .differential.sides import Exchange, play
from .scenarios import SCENARIOS

DOCUMENT = Path(__file__).parents[2] / "docs" / "local-backend.md"
Found = list[tuple[Exchange, Difference, Rule | None]]


@pytest.fixture(scope="session")
def differing(real_backends, local_backends) -> Callable[[int], Found]:
    """What differs in a scenario, each with the rule that explains it; played once in a session."""
    played: dict[int, Found] = {}

    def found(number: int) -> Found:
        if number not in played:
            scenario = SCENARIOS[number]
            exchanges = play(scenario, real_backends[scenario.schema], local_backends[scenario.schema])
            played[number] = [
                (exchange, difference, explaining(exchange, difference))
                for exchange in exchanges
                for difference in differences(exchange, api_of(scenario.schema))
            ]
        return played[number]

    return found


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=[repr(scenario) for scenario in SCENARIOS])
def test_both_answer_alike(differing, number: int) -> None:
    unexplained = [(exchange, difference) for exchange, difference, rule in differing(number) if rule is None]
    assert not unexplained, "\n\n".join(f"{one.sent.decode(errors='replace')}\n  {other}" for one, other in unexplained)


def test_every_rule_explains_a_difference(differing) -> None:
    used = [rule for number in range(len(SCENARIOS)) for _, _, rule in differing(number)]
    assert [rule.reason for rule in RULES if rule not in used] == []


def test_every_rule_is_in_the_documentation() -> None:
    said = " ".join(DOCUMENT.read_text().split())
    assert [rule.reason for rule in RULES if f"{rule.reason} | {rule.right}" not in said] == []
