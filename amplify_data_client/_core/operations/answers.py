"""Judges whether a reply answers the question: its root field is there, of its shape, and the item that was asked for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from amplify_data_client._core.schema import scalars
from amplify_data_client._core.schema.introspection import Field, Model, TypeRef
from amplify_data_client.errors import ErrorEntry, ReplyError

Shape = Literal["object", "list", "page", "scalar", "json"]
IsAnother: TypeAlias = Callable[[Any, Any], bool]
Comparisons: TypeAlias = tuple[tuple[str, IsAnother], ...]

MAY_HAVE_EXECUTED = " AppSync may have carried it out; look before you try again."
_ABSENT = object()
_SHAPES = {"object": "an object", "list": "a list", "page": "a page of items", "scalar": "a scalar"}


class Expected(NamedTuple):
    """What a root field of a reply has to be.

    Attributes:
        is_nullable: Null without an error is an answer: there is no such item, or an operation returned nothing.
        identifier: The identifier that was asked for, as far as a reply's can be compared with it: name, wire value,
            and the function that says whether a reply's value is another one.
    """

    shape: Shape
    is_nullable: bool = False
    identifier: tuple[tuple[str, Any, IsAnother], ...] = ()

    def flaw(self, value: Any, *, is_explained: bool = False) -> str | None:
        """Say why a root field's value is no answer, in words that follow "The reply"; None if it is one.

        Args:
            is_explained: An error of the reply is about this field, so it may be null or absent.
        """
        if type(value) is dict:  # nearly all of them
            if self.shape == "page":
                return _flaw_of_items(value.get("items", _ABSENT), is_explained=is_explained)
            if self.shape in ("list", "scalar"):
                return _has_another_shape(value, self.shape)
            return self._flaw_of_identifier(value) if self.identifier else None
        if value is None or value is _ABSENT:
            if is_explained or (value is None and self.is_nullable):
                return None
            return "has null" if value is None else "lacks the field"
        is_fit = self.shape == "json" or self.shape == ("list" if isinstance(value, list) else "scalar")
        return None if is_fit else _has_another_shape(value, self.shape)

    def _flaw_of_identifier(self, item: Mapping[str, Any]) -> str | None:
        for name, asked, is_another in self.identifier:
            found = item.get(name)
            if found is not None and is_another(asked, found):
                return f"has an item with another {name} than the one asked for"
        return None


def _flaw_of_items(items: Any, *, is_explained: bool) -> str | None:
    if type(items) is list or (is_explained and (items is None or items is _ABSENT)):
        return None
    if items is _ABSENT:
        return "has a page without items"
    return "has a page whose items are " + ("null" if items is None else f"{_name(items)}, not a list")


def _has_another_shape(value: Any, shape: Shape) -> str:
    return f"has {_name(value)}, not {_SHAPES[shape]}"


def _name(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "text", bool: "a boolean"}.get(type(value), "a number")


def flaw_of_field(
    field: str, data: Mapping[str, Any] | None, errors: Iterable[ErrorEntry], expected: Expected
) -> str | None:
    """Say why a reply has no answer in a root field (or alias); None if it has one.

    An error explains that a field is null or absent if its path begins with it, if it has no path, or if there is no
    data at all.
    """
    value = _ABSENT if data is None else data.get(field, _ABSENT)
    is_explained = bool(errors) and (data is None or any(not error.path or error.path[0] == field for error in errors))
    return expected.flaw(value, is_explained=is_explained)


def no_answer(field: str, flaw: str, *, is_mutation: bool, request_id: str | None) -> ReplyError:
    """Make the error for a reply that does not answer."""
    return ReplyError(
        f"The reply to {field} {flaw}, so it is no answer to it: something between here and AppSync may have mixed up "
        f"two replies, or the endpoint is another API's.{MAY_HAVE_EXECUTED if is_mutation else ''}",
        operation=field,
        request_id=request_id,
        may_have_executed=is_mutation,
    )


# ---------------------------------------------------------------- identifiers


def _other_text(asked: Any, found: Any) -> bool:
    if not isinstance(found, str | int) or str(asked) == str(found):
        return False
    try:
        str(asked).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which a service may write in another way
        return False
    return True


def _other_number(asked: Any, found: Any) -> bool:
    if not _is_number(asked) or not _is_number(found):
        return False
    try:
        return float(asked) != float(found)  # JSON readers know doubles only
    except OverflowError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _other_boolean(asked: Any, found: Any) -> bool:
    return isinstance(found, bool) and asked is not found


def _other_moment(type_name: str) -> IsAnother:
    def is_another(asked: Any, found: Any) -> bool:
        one, other = scalars.decode(type_name, asked), scalars.decode(type_name, found)
        if isinstance(one, str) or not hasattr(other, "isoformat"):
            return False  # what cannot be read is no evidence
        if hasattr(one, "tzinfo") and (one.tzinfo is None) != (other.tzinfo is None):
            return False
        return bool(one != other)

    return is_another


# URLs, telephone numbers, addresses and the like may be written in several ways, so they are not compared
_COMPARISONS: dict[str, IsAnother] = {
    "ID": _other_text,
    "String": _other_text,
    "Int": _other_number,
    "Float": _other_number,
    "AWSTimestamp": _other_number,
    "Boolean": _other_boolean,
    "AWSDateTime": _other_moment("AWSDateTime"),
    "AWSDate": _other_moment("AWSDate"),
    "AWSTime": _other_moment("AWSTime"),
}


def comparisons(model: Model) -> Comparisons:
    """The parts of an identifier that can be compared with a reply's.

    A database may give text back in another form (collations, padding, UUIDs), so of SQL models only Int is compared.
    """
    found = ((name, _comparison(model.fields[name])) for name in model.identifier)
    return tuple(
        (name, is_another)
        for name, is_another in found
        if is_another is not None and (not model.is_sql or model.fields[name].type.name == "Int")
    )


def _comparison(field: Field) -> IsAnother | None:
    if field.type.kind == "enum":
        return _other_text
    return _COMPARISONS.get(field.type.name) if field.type.kind == "scalar" else None


# ---------------------------------------------------------------- what operations expect


_ITEM, _ITEM_OR_NONE = Expected("object"), Expected("object", is_nullable=True)
PAGE = Expected("page")


def expected_item(verb: str, compared: Comparisons, given: Mapping[str, Any]) -> Expected:
    """Expect an item, and the one whose identifier is among these wire values, as far as it can be compared."""
    identifier = [(name, given[name], is_another) for name, is_another in compared if given.get(name) is not None]
    base = _ITEM if verb == "create" else _ITEM_OR_NONE
    return base._replace(identifier=tuple(identifier)) if identifier else base


def expected_of(returned: TypeRef) -> Expected:
    """Expect what a custom operation returns."""
    is_nullable = not returned.must_be_given
    if returned.is_array:
        return Expected("list", is_nullable)
    if returned.kind in ("model", "non_model"):
        return Expected("object", is_nullable)
    # JSON comes as text, and a resolver that hands over what it means is read as well
    return Expected("json" if returned.name == "AWSJSON" else "scalar", is_nullable)
