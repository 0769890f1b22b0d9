"""Splits what a call was given into values and options.

JavaScript passes two objects, `create({...}, {authMode: 'apiKey'})`; Python's keywords name either. A keyword that is
both a field and an option is refused, so an option added in a later version never changes what a call means.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.errors import OperationError
from amplify_data_client.options import DEFAULT, SPELLINGS, CallOptions, read_options

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
NO_NAMES = Names(())
_NONE: Mapping[str, str] = MappingProxyType({})


class Signature(NamedTuple):
    """The values and options that a call takes.

    Attributes:
        what: The call, for messages: "Todo.create".
        values: The schema's name of each value, by every spelling.
        options: Python's name of each option, by every spelling.
        offered: The values' names that messages show.
        unused: The values that may be given and are not used: a get takes a whole item for its identifier.
        is_mixed: The first object may hold options too (list and index queries, custom operations).
        filterable: The fields of a model whose items are filtered.
    """

    what: str
    values: Mapping[str, str]
    options: Mapping[str, str]
    offered: tuple[str, ...]
    unused: Collection[str] = ()
    is_mixed: bool = False
    filterable: Names = NO_NAMES


def signature(
    what: str,
    names: Names,
    options: Mapping[str, str],
    *,
    used: Collection[str] | None = None,
    mixed: bool = False,
    filterable: Names = NO_NAMES,
) -> Signature:
    """Make the signature of a call that takes these values; `used` are those it does not ignore."""
    taken = [name for name in names if used is None or name in used]
    spellings = {names.python(name): name for name in names} | {name: name for name in names}
    unused = frozenset(names).difference(taken)
    return Signature(what, spellings, options, tuple(map(names.python, taken)), unused, mixed, filterable)


class ParsedArguments(NamedTuple):
    """What a call was given.

    Attributes:
        values: The values under the schema's names.
        options: The options under Python's names.
        call: The options that are not about the operation.
        spelled: How the caller spelled a value's name, where that is not the schema's.
    """

    values: dict[str, Any]
    options: dict[str, Any]
    call: CallOptions
    spelled: Mapping[str, str] = _NONE

    def __repr__(self) -> str:  # values are users' data
        return f"<ParsedArguments {', '.join(self.values)}>"


class Arguments:
    """The two positional objects and the keywords of a call, as they came."""

    __slots__ = ("keywords", "options", "values")

    def __init__(self, values: Any, options: Any, keywords: Mapping[str, Any]) -> None:
        self.values, self.options, self.keywords = values, options, keywords

    def parse(self, taken: Signature, *, record: bool = False) -> ParsedArguments:
        """Separate values from options.

        Args:
            record: The first object is a record that has been dealt with; ignore it.

        Raises:
            OperationError: A name is unknown, ambiguous or given twice.
        """
        values: dict[str, Any] = {}
        options: dict[str, Any] = {}
        spelled: dict[str, str] = {}
        if self.values is not None and not record:
            self._parse_values(taken, values, options, spelled)
        if self.options is not None:
            self._parse_options(taken, options)
        for word, value in self.keywords.items():
            name = taken.values.get(word)
            if word in taken.options and (name is None or name in taken.unused):
                _put(options, taken.options[word], value, word, taken)
            elif name is None:
                raise _unknown(taken, word, taken.options)
            elif word in taken.options:
                raise _ambiguous(taken, word, name)
            elif name in values:
                raise _given_twice(taken, name, word, spelled)
            else:
                values[name] = value
                spelled[name] = word
        return ParsedArguments(values, options, _call_options(options) if options else DEFAULT, spelled)

    def _parse_values(
        self, taken: Signature, values: dict[str, Any], options: dict[str, Any], spelled: dict[str, str]
    ) -> None:
        for word, value in _mapping(self.values, taken, "values").items():
            name = taken.values.get(word) if isinstance(word, str) else None
            if name is None and taken.is_mixed and word in taken.options:
                _put(options, taken.options[word], value, word, taken)
            elif name is None:
                raise _unknown(taken, word, taken.options if taken.is_mixed else {})
            elif name in values:
                raise _given_twice(taken, name, word, spelled)
            else:
                values[name] = value
                spelled[name] = word

    def _parse_options(self, taken: Signature, options: dict[str, Any]) -> None:
        for word, value in _mapping(self.options, taken, "options").items():
            if word not in taken.options:
                raise OperationError(f"{taken.what} has no option {word!r}.{did_you_mean(word, taken.options)}")
            _put(options, taken.options[word], value, word, taken)


def _call_options(options: Mapping[str, Any]) -> CallOptions:
    return read_options({name: value for name, value in options.items() if name in SPELLINGS})


def _mapping(given: Any, taken: Signature, role: str) -> Mapping[Any, Any]:
    if isinstance(given, Mapping):
        return given
    how = "give a mapping, or keywords"
    if role == "values" and taken.offered and len(taken.offered) <= _FEW:
        verb = taken.what.rpartition(".")[2]
        how = f"give names too: {verb}({', '.join(f'{name}=…' for name in taken.offered)})"
    raise OperationError(f"{taken.what}: {role} are {type(given).__name__}; {how}.")


_FEW = 4


def _put(into: dict[str, Any], name: str, value: Any, word: str, taken: Signature) -> None:
    if name in into:
        raise OperationError(f"{taken.what}: {word!r} is given twice.")
    into[name] = value


def _given_twice(taken: Signature, name: str, word: str, spelled: Mapping[str, str]) -> OperationError:
    before = spelled[name]
    return OperationError(
        f"{taken.what}: {before!r} is given twice{'' if before == word else f', the other time as {word!r}'}."
    )


def _ambiguous(taken: Signature, word: str, name: str) -> OperationError:
    return OperationError(
        f"{taken.what}: {word!r} is both a field and an option. Say which: {taken.what}({{'{name}': …}}) gives the "
        f"field, {taken.what}({{…}}, {{'{word}': …}}) the option."
    )


def _unknown(taken: Signature, word: object, options: Mapping[str, str]) -> OperationError:
    if word in taken.options:
        return OperationError(f"{taken.what}: {word!r} is an option: give it as a keyword, or in a second mapping.")
    if isinstance(word, str) and taken.filterable.schema(word) is not None:
        return OperationError(
            f"{taken.what} takes no {word!r}: a field is compared in a filter. Give filter={{{word!r}: {{'eq': …}}}}."
        )
    hint = did_you_mean(word, [*taken.offered, *options])
    owner = ""
    if word in ("owner", "createdAt", "updatedAt", "created_at", "updated_at"):
        owner = " The API sets it, and takes no value for it."
    shown = f" Its options are {', '.join(dict.fromkeys(options.values()))}." if options else ""
    return OperationError(
        f"{taken.what} takes no {word!r}.{hint}{owner} It takes {', '.join(taken.offered) or 'no values'}.{shown}"
    )
