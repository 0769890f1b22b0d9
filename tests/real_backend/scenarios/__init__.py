"""What both backends are asked, by theme."""

from . import (
    authorization,
    conditions,
    custom,
    errors,
    filters,
    indexes,
    lists,
    mutations,
    refusals,
    relations,
    scalars,
)

_THEMES = (
    mutations,
    conditions,
    filters,
    lists,
    indexes,
    relations,
    scalars,
    errors,
    refusals,
    authorization,
    custom,
)
SCENARIOS = [scenario for theme in _THEMES for scenario in theme.SCENARIOS]
