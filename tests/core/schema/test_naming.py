"""Python's names for the schema's."""

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client._core.schema.naming import RESERVED, Names, did_you_mean, snake_case


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("isDone", "is_done"),
        ("id", "id"),
        ("listTodoByStatus", "list_todo_by_status"),
        ("URLPath", "url_path"),
        ("parseHTTPReply", "parse_http_reply"),
        ("line2", "line2"),
        ("line2Text", "line2_text"),
        ("OAuth2Token", "o_auth2_token"),
        ("aJson", "a_json"),
        ("_internal", "internal"),
        ("already_snake", "already_snake"),
        ("ALL_CAPS", "all_caps"),
        ("SHA256sum", "sha256sum"),
        ("HTML5Video", "html5_video"),
        ("iPhone", "i_phone"),
        ("foo_Bar", "foo_bar"),
        ("foo__bar", "foo__bar"),
        ("X", "x"),
        ("__typename", "typename"),
        ("_", "_"),
        ("_2", "_2"),
    ],
)
def test_names_are_spelled_as_python_spells_them(name: str, python: str):
    assert snake_case(name) == python


def test_reserved_names_get_an_underscore():
    names = Names(["class", "copy", "json", "create", "toDict", "name"])
    assert [names.python(name) for name in names] == ["class_", "copy_", "json_", "create_", "to_dict_", "name"]
    assert names.schema("class_") == names.schema("class") == "class"


def test_two_names_that_meet_keep_their_own():
    names = Names(["fooBar", "foo_bar", "other"])
    assert [names.python(name) for name in names] == ["fooBar", "foo_bar", "other"]
    assert (names.schema("fooBar"), names.schema("foo_bar")) == ("fooBar", "foo_bar")


def test_names_that_meet_in_a_reserved_one_stay_apart():
    names = Names(["copy", "copy_", "_copy", "copy__"])
    pythons = [names.python(name) for name in names]
    assert pythons == ["copy___", "copy_", "_copy", "copy__"]
    assert [names.schema(python) for python in pythons] == list(names)


def test_every_keyword_of_this_python_is_reserved():
    assert set(keyword.kwlist) <= RESERVED


def test_every_public_member_of_a_record_is_reserved():
    from amplify_data_client import Record
    from amplify_data_client.client import ModelClient

    members = {name for owner in (Record, ModelClient) for name in dir(owner) if not name.startswith("_")}
    assert members <= RESERVED


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True))
def test_any_name_is_found_in_both_spellings(name: str):
    names = Names([name])
    assert names.schema(names.python(name)) == name
    assert names.schema(name) == name
    assert names.python(name).isidentifier()


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)


@given(NAMES)
def test_a_python_name_is_its_own_python_name(name: str):
    assert snake_case(snake_case(name)) == snake_case(name)


@given(st.lists(NAMES | st.sampled_from(["copy", "copy_", "Copy", "class", "class_", "_class"]), unique=True))
def test_names_of_one_type_never_hide_each_other(listed: list[str]):
    names = Names(listed)
    pythons = [names.python(name) for name in listed]
    assert len(set(pythons)) == len(listed)
    assert RESERVED.isdisjoint(pythons)
    assert all(names.schema(names.python(name)) == names.schema(name) == name for name in listed)


def test_near_names_are_suggested():
    assert did_you_mean("is_dne", ["is_done", "name"]) == " Did you mean 'is_done'?"
    assert did_you_mean("zzz", ["is_done", "name"]) == ""
