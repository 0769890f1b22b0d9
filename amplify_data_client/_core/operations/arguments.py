"""Which of the things given to a call are values, and which are options?

JavaScript passes two objects, `create({...}, {authMode: 'apiKey'})`; Python's keywords name either. A keyword that is
both a field and an option is refused, so an option added in a later version never changes what a call means.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import OperationError
from amplify_data_client.options import SPELLINGS, CallOptions, read_options

_SELECTION = {"selection_set": "selection_set", "selectionSet": "selection_set"}
READ = {**SPELLINGS, **_SELECTION}
WRITE = {**READ, "condition": "condition"}
LIST = {
    **READ,
    "filter": "filter",
    "limit": "limit",
    "next_token": "next_token",
    "nextToken": "next_token",
    "sort_direction": "sort_direction",
    "sortDirection": "sort_direction",
}


class ParsedArguments(NamedTuple):
    """What a call was given: `values` under the schema's names, `options` under Python's, `call` made of them."""

    values: dict[str, Any]
    options: dict[str, Any]
    call: CallOptions

    def __repr__(self) -> str:  # values are users' data
        return f"<ParsedArguments {', '.join(self.values)}>"


class Arguments:
    """The two positional objects and the keywords of a call, as they came."""

    __slots__ = ("keywords", "options", "values")

    def __init__(self, values: Any, options: Any, keywords: Mapping[str, Any]) -> None:
        self.values, self.options, self.keywords = values, options, keywords

    def parse(
        self, what: str, names: Names, known: Mapping[str, str], *, mixed: bool = False, record: bool = False
    ) -> ParsedArguments:
        """Tell values from options.

        Args:
            what: The call, for messages: "Todo.create".
            names: The values it takes.
            known: The options it takes, by spelling.
            mixed: The first object may hold options too (list and index queries, custom operations).
            record: The first object is a record that has been dealt with; ignore it.

        Raises:
            OperationError: A name is unknown, ambiguous or given twice.
        """
        values: dict[str, Any] = {}
        options: dict[str, Any] = {}
        if not record:
            for word, value in _mapping(self.values, what, "values").items():
                name = names.schema(word) if isinstance(word, str) else None
                if name is not None:
                    _put(values, name, value, what)
                elif mixed and word in known:
                    _put(options, known[word], value, what)
                else:
                    raise _unknown(what, word, names, known if mixed else {}, is_option=word in known)
        for word, value in _mapping(self.options, what, "options").items():
            if word not in known:
                raise OperationError(f"{what} has no option {word!r}.{did_you_mean(word, known)}")
            _put(options, known[word], value, what)
        for word, value in self.keywords.items():
            name = names.schema(word)
            if name is not None and word in known:
                raise OperationError(
                    f"{what}: {word!r} is both a field and an option. Say which: {what}({{'{name}': …}}) gives the "
                    f"field, {what}({{…}}, {{'{word}': …}}) the option."
                )
            if name is not None:
                _put(values, name, value, what)
            elif word in known:
                _put(options, known[word], value, what)
            else:
                raise _unknown(what, word, names, known, is_option=False)
        call = read_options({name: value for name, value in options.items() if name in SPELLINGS})
        return ParsedArguments(values, options, call)


def _mapping(given: Any, what: str, role: str) -> Mapping[Any, Any]:
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return given
    raise OperationError(f"{what}: {role} are {type(given).__name__}; give a mapping, or keywords.")


def _put(into: dict[str, Any], name: str, value: Any, what: str) -> None:
    if name in into:
        raise OperationError(f"{what}: {name!r} is given twice.")
    into[name] = value


def _unknown(what: str, word: object, names: Names, known: Mapping[str, str], *, is_option: bool) -> OperationError:
    if is_option:
        return OperationError(f"{what}: {word!r} is an option: give it as a keyword, or in a second mapping.")
    hint = did_you_mean(word, [*names.pythons, *known])
    owner = ""
    if word in ("owner", "createdAt", "updatedAt", "created_at", "updated_at"):
        owner = " The API sets it, and takes no value for it."
    options = f" Its options are {', '.join(dict.fromkeys(known.values()))}." if known else ""
    return OperationError(
        f"{what} takes no {word!r}.{hint}{owner} It takes {', '.join(names.pythons) or 'no values'}.{options}"
    )
