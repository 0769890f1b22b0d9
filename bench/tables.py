"""Writes what was measured as Markdown tables."""

import statistics
from collections.abc import Iterable, Sequence

from .races import JAVASCRIPT, Race

# figure, its name in the table, unit
COLD = [("first", "wall time", "ms"), ("cpu", "CPU time", "ms"), ("memory", "peak memory", "MB")]
WARM = [("create", "create", "ms"), ("list 100", "list of 100", "ms"), ("list 1000", "list of 1,000", "ms")]
CROWD = [(f"crowd of {count}", f"{count} at a time", "per second") for count in (1, 10, 50)]
FUNCTION = [
    ("first", "cold start to the first answer", "ms"),
    ("cpu", "CPU time until then", "ms"),
    ("memory", "peak memory until then", "MB"),
    ("warm", "warm call", "ms"),
]
PEAK = [("memory", "peak memory", "MB")]


def compared(title: str, race: Race, figures: Iterable[tuple[str, str, str]], runners: Sequence[str]) -> str:
    """A table of ratios to JavaScript, with the lowest and highest of a round."""
    lines = [_row(["", JAVASCRIPT, *runners]), _row(["---"] * (len(runners) + 2))]
    for figure, name, unit in figures:
        base = f"{_number(race.median(figure, JAVASCRIPT))} {unit}"
        lines.append(_row([name, base, *(_spread(race.ratios(figure, runner, JAVASCRIPT)) for runner in runners)]))
    return "\n".join([f"**{title}**", "", *lines])


def many(title: str, race: Race, rows: Iterable[tuple[str, str, str]]) -> str:
    """A table of several ways to do one thing: each one's seconds, and its ratio to JavaScript's."""
    lines = [_row(["", "seconds", f"ratio to {JAVASCRIPT}"]), _row(["---"] * 3)]
    for name, figure, runner in rows:
        ratios = race.ratios(figure, runner, JAVASCRIPT, "all at once")
        lines.append(_row([name, _number(race.median(figure, runner)), _spread(ratios)]))
    return "\n".join([f"**{title}**", "", *lines])


def backends(title: str, race: Race, ours: Sequence[str], base: str) -> str:
    """A table of backends: how soon one answers, as a ratio, and how many creates it takes a second."""
    lines = [_row(["", "first answered query", "ratio", "creates per second", "over 8 connections"])]
    lines.append(_row(["---"] * 5))
    for name in (base, *ours):
        figures = [f"{_number(race.median('answered', name))} ms", _spread(race.ratios("answered", name, base))]
        figures += [_number(race.median(figure, name)) for figure in ("creates of 1", "creates of 8")]
        lines.append(_row([name[0].upper() + name[1:], *figures]))
    return "\n".join([f"**{title}**", "", *lines])


def counted(title: str, rows: Iterable[tuple[str, int, int]]) -> str:
    """A table of ways to load something: how many requests each takes, and how many items are examined."""
    lines = [_row(["", "requests", "items examined"]), _row(["---"] * 3)]
    lines += [_row([name, f"{requests:,}", f"{examined:,}"]) for name, requests, examined in rows]
    return "\n".join([f"**{title}**", "", *lines])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _spread(ratios: Sequence[float]) -> str:
    return f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})"


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
