"""Write the SDL of a conversation route.

`conversation.graphql` contains the definitions. Only the name differs between routes.
"""

import re
from functools import cache
from pathlib import Path

_ROOTS = ("Query", "Mutation", "Subscription")


@cache
def _template() -> str:
    return Path(__file__).with_name("conversation.graphql").read_text("utf-8")


@cache
def definitions(route: str) -> dict[str, str]:
    """Return the definitions by name. Query, Mutation and Subscription contain only the route's fields."""
    text = _template().replace("ROUTEFIELD", route).replace("ROUTE", route[:1].upper() + route[1:])
    blocks = re.findall(r"^\w+ (\w+)([^}]*\})", text, re.MULTILINE)
    kinds = re.findall(r"^(\w+) \w+[^}]*\}", text, re.MULTILINE)
    return {name: f"{kind} {name}{rest}" for kind, (name, rest) in zip(kinds, blocks, strict=True)}


def types(route: str) -> dict[str, str]:
    """Return the types and inputs by name: the route's own, and those that all routes share."""
    return {name: text for name, text in definitions(route).items() if name not in _ROOTS}


def fields(route: str, root: str) -> list[str]:
    """Return the lines that the route adds to Query, Mutation or Subscription."""
    return [line.strip() for line in definitions(route)[root].splitlines()[1:-1]]
