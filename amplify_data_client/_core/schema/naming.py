"""Translates the schema's names into Python's, and back.

`isDone` is `is_done`, `listTodoByStatus` is `list_todo_by_status`. An upper case letter begins a word after a lower
case letter or a digit, and in a run of upper case letters where a lower case one follows (`parseHTTPReply` is
`parse_http_reply`). Digits stay with what is before them (`line2` is `line2`, `OAuth2Token` is `o_auth2_token`). Leading
underscores are dropped. A reserved name gets a trailing underscore (`class_`). If two names of one type meet in one
Python name, both keep their schema name (`fooBar` and `foo_bar` are `fooBar` and `foo_bar`); a reserved one then gets
as many underscores as make it one of its own.
"""

import re
from collections.abc import Iterable, Iterator

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# Frozen on purpose: neither a new Python nor a new pydantic may rename a field of somebody's records.
_KEYWORDS = """
    False None True and as assert async await break class continue def del elif else except finally for from global if
    import in is lambda nonlocal not or pass raise return try while with yield
"""
_RECORD_MEMBERS = "to_dict to_input to_json wire_value"
_PYDANTIC_MEMBERS = """
    construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump
    model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name model_post_init
    model_rebuild model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw schema
    schema_json update_forward_refs validate
"""
_CLIENT_MEMBERS = """
    batch_create batch_delete batch_get batch_update create delete get iterate list observe_query on_create on_delete
    on_update update upsert
"""
RESERVED = frozenset(f"{_KEYWORDS} {_RECORD_MEMBERS} {_PYDANTIC_MEMBERS} {_CLIENT_MEMBERS}".split())


def snake_case(name: str) -> str:
    """Give a schema's name its Python spelling, reserved names aside."""
    spelled = _WORDS.sub("_", name.lstrip("_")).lower()
    return spelled if spelled.isidentifier() else name  # "_" and "_2" have nothing else that Python takes


def _python(name: str) -> str:
    spelled = snake_case(name)
    return f"{spelled}_" if spelled in RESERVED else spelled


def _unreserved(name: str, listed: list[str]) -> str:
    if name not in RESERVED:
        return name
    while name in RESERVED or name in listed:
        name += "_"
    return name


class Names:
    """The names of one type, in both spellings. Iterating gives the schema's."""

    __slots__ = ("_pythons", "_schemas")

    def __init__(self, names: Iterable[str]) -> None:
        listed = list(names)
        spelled: dict[str, str] = {name: _python(name) for name in listed}
        taken: dict[str, list[str]] = {}
        for name, python in spelled.items():
            taken.setdefault(python, []).append(name)
        for same in taken.values():
            if len(same) > 1:
                spelled.update((name, _unreserved(name, listed)) for name in same)
        self._pythons = spelled
        self._schemas = {python: name for name, python in spelled.items()} | {name: name for name in listed}

    def python(self, name: str) -> str:
        """The Python spelling of a schema's name."""
        return self._pythons[name]

    def schema(self, word: str) -> str | None:
        """The schema's name for a word in either spelling, or None."""
        return self._schemas.get(word)

    @property
    def pythons(self) -> Iterable[str]:
        """The Python spellings, for messages."""
        return self._pythons.values()

    def __iter__(self) -> Iterator[str]:
        return iter(self._pythons)

    def __len__(self) -> int:
        return len(self._pythons)

    def __contains__(self, word: object) -> bool:
        return word in self._schemas


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Give " Did you mean 'is_done'?", or an empty text if no known name is close."""
    from difflib import get_close_matches

    near = get_close_matches(str(word), list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
