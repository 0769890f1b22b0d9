"""Amplify names the variables of a data resource with lodash.snakecase."""

import json
from pathlib import Path

import pytest

from amplify_data_client.config.prefix import variable_prefix

RECORDED = json.loads((Path(__file__).parents[1] / "data/reference/goldens/config.json").read_bytes())[
    "screamingSnakeCase"
]


def test_all_recorded_names_are_here():
    assert len(RECORDED) == 58


@pytest.mark.parametrize(("name", "prefix"), RECORDED)
def test_a_name_becomes_the_prefix_that_amplify_gives_it(name, prefix):
    assert variable_prefix(name) == prefix


# as lodash.snakecase 4.1.1 has them, beyond the recordings
@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("ſ", "SS"),
        ("ŉ", "N"),
        ("Ŀ", "L"),
        ("Ĳ", "IJ"),
        ("İ", "I"),
        ("a\u0300b", "AB"),
        ("×", ""),
        ("a\nB", "A_B"),
        ("👍🏽x", "👍🏽_X"),
        ("🇩🇪", "🇩🇪"),
        ("абвГД", "АБВГД"),
        ("x٣", "X٣"),
    ],
)
def test_letters_of_other_scripts_are_treated_as_lodash_treats_them(name, prefix):
    assert variable_prefix(name) == prefix
