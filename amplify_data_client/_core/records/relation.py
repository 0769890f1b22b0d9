"""Makes relations callable: `post.comments(limit=10)`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from amplify_data_client._core.schema.introspection import Field
from amplify_data_client.errors import NotSelectedError, OperationError
from amplify_data_client.results import Page, Result

_NOT_FETCHED = object()


if TYPE_CHECKING:  # a cold start need not make a protocol
    from .loader import RelationLoader

    class Loadable(Protocol):
        """What a relation needs of the record that has it."""

        __amplify_type__: ClassVar[str]

        @property
        def _loader(self) -> RelationLoader | None: ...

        @property
        def _tokens(self) -> dict[str, str] | None: ...


class Relation:
    """A relation of a record class: reading it on a record gives a `BoundRelation`."""

    def __init__(self, python: str, field: Field) -> None:
        self._python, self._field = python, field

    def __get__(self, record: "Loadable | None", owner: type) -> Any:
        if record is None:
            return self
        token = (record._tokens or {}).get(self._python)
        bound = BoundRelation(record, self._field, record.__dict__.get(self._python, _NOT_FETCHED), token)
        return FetchedRecords(bound) if isinstance(bound._value, list) else bound

    def __set__(self, record: object, value: object) -> None:
        # with __set__, this descriptor is asked before the record's own dictionary, where fetched relations are
        raise AttributeError(f"{self._field.name} cannot be set: records are frozen. Use update(…).")


class BoundRelation:
    """A relation of one record: call it to load the related records.

    Where the selection set has fetched them already, calling it without options makes no request, and it behaves as
    the fetched record does: `post.author.name`, `if post.author`. (A fetched hasMany is a `FetchedRecords`.)
    """

    __slots__ = ("_field", "_next_token", "_record", "_value")

    def __init__(self, record: "Loadable", field: Field, value: Any, next_token: str | None) -> None:
        self._record, self._field, self._value, self._next_token = record, field, value, next_token

    def __call__(self, options: Mapping[str, Any] | None = None, /, **more_options: Any) -> Any:
        """Load the related records: a Page (hasMany) or a Result (hasOne, belongsTo); awaitable in the async client."""
        given = {**(options or {}), **more_options}
        loader = self._record._loader
        if self._value is not _NOT_FETCHED and not given:
            if loader is not None:
                return loader.fetched(self._record, self._field, self._value, self._next_token)
            if isinstance(self._value, list):
                return Page(self._value, next_token=self._next_token)
            return Result(self._value)
        if loader is None:
            raise OperationError(
                f"{self._where} cannot be loaded: the record does not know a client (it was unpickled, or made by "
                "hand). Fetch it again, or query the other model."
            )
        return loader.load(self._record, self._field, given)

    @property
    def _where(self) -> str:
        return f"{type(self._record).__amplify_type__}.{self._field.name}"

    def _fetched(self) -> Any:
        if self._value is _NOT_FETCHED:
            raise NotSelectedError(
                f"{self._where} has not been fetched: call it to load it, or name its fields in the selection_set."
            )
        return self._value

    @property
    def __amplify_type__(self) -> str:
        return getattr(self._fetched(), "__amplify_type__", "missing")  # a relation can be given wherever a record can

    def to_dict(self) -> Any:
        """What was fetched, JSON-ready."""
        value = self._fetched()
        return value.to_dict() if hasattr(value, "to_dict") else value

    def _asdict(self) -> Any:
        return self.to_dict()

    def __getattr__(self, name: str) -> Any:
        # a property that raises an AttributeError is asked for here once more, so that its message is seen
        if name.startswith("__") and name != "__amplify_type__":
            raise AttributeError(name)
        return getattr(self._fetched(), name)

    def __dir__(self) -> list[str]:
        value = () if self._value is _NOT_FETCHED else dir(self._value)
        return sorted({*super().__dir__(), *value})

    def __iter__(self) -> Iterator[Any]:
        return iter(self._fetched())

    def __len__(self) -> int:
        return len(self._fetched())

    def __getitem__(self, position: Any) -> Any:
        return self._fetched()[position]

    def __bool__(self) -> bool:
        return bool(self._fetched())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, BoundRelation):
            other = other._value
        return bool(self._value == other)

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        if self._value is _NOT_FETCHED:
            return f"<relation {self._where}, not fetched>"
        return repr(self._value)


class FetchedRecords(list[Any]):
    """The related records that a selection set fetched: a list, and a relation that can be called.

    It is the first page, 100 records at most. Where more follow it has a `next_token`, and `post.comments().iterate()`
    goes through all of them.
    """

    __slots__ = ("_bound",)

    def __init__(self, bound: BoundRelation) -> None:
        super().__init__(bound._value)
        self._bound = bound

    def __call__(self, options: Mapping[str, Any] | None = None, /, **more_options: Any) -> Any:
        """Give them as a page; with options, load the relation anew."""
        return self._bound(options, **more_options)

    @property
    def next_token(self) -> str | None:
        """The token of the next page; None where these are all."""
        return self._bound._next_token

    def __repr__(self) -> str:
        if self.next_token is None:
            return super().__repr__()
        return (
            f"<the first {len(self)} of {self._bound._where}, and more by .iterate() of its call: {super().__repr__()}>"
        )

    def to_dict(self) -> list[Any]:
        """The records, JSON-ready."""
        return [item.to_dict() if hasattr(item, "to_dict") else item for item in self]

    def __reduce__(self) -> Any:
        return list, (list(self),)


def fetched(value: Any) -> Any:
    """Give the record that a relation has fetched; any other value is returned as it is.

    Raises:
        OperationError: The relation has not been fetched.
    """
    return value._fetched() if isinstance(value, BoundRelation) else value
