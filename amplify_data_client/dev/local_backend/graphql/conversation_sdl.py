"""What does a conversation route add to the schema?

`conversation.graphql` has its definitions, which are the same for every route but for the route's name.
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
    """Return the definitions by name; those of Query, Mutation and Subscription are the route's share of them."""
    text = _template().replace("ROUTEFIELD", route).replace("ROUTE", route[:1].upper() + route[1:])
    blocks = re.findall(r"^\w+ (\w+)([^}]*\})", text, re.MULTILINE)
    kinds = re.findall(r"^(\w+) \w+[^}]*\}", text, re.MULTILINE)
    return {name: f"{kind} {name}{rest}" for kind, (name, rest) in zip(kinds, blocks, strict=True)}


def types(route: str) -> dict[str, str]:
    """Return the route's types and inputs, and those that all routes share, by name."""
    return {name: text for name, text in definitions(route).items() if name not in _ROOTS}


def fields(route: str, root: str) -> list[str]:
    """Return what the route adds to Query, Mutation or Subscription, line by line."""
    return [line.strip() for line in definitions(route)[root].splitlines()[1:-1]]
