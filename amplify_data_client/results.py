"""Defines what calls return: results, pages, and the outcomes of batches."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from .errors import AmplifyDataError, BatchError, ErrorEntry, OperationError, ReplyError, UnknownNameError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


def plain(value: Any) -> Any:
    """Turn records, results and lists of them into JSON-ready values under the schema's names."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return wire_text(value)
    return value


def json_text(value: Any, *, compact: bool = False) -> str:
    """Write JSON with letters as they are; half of a surrogate pair, which no encoding can carry, is escaped."""
    separators = (",", ":") if compact else None
    text = json.dumps(value, ensure_ascii=False, separators=separators)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=separators)
    return text


def wire_text(moment: Any) -> str:
    """Give the text of a date or time: as it came, else as Amplify writes it (UTC, milliseconds or finer)."""
    if kept := getattr(moment, "wire", None):
        return cast("str", kept)
    if not hasattr(moment, "microsecond"):
        return cast("str", moment.isoformat())
    digits = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    if hasattr(moment, "astimezone") and moment.tzinfo is not None:
        return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=digits)}Z"
    text: str = moment.isoformat(timespec=digits)
    return f"{text.removesuffix('+00:00')}Z" if text.endswith("+00:00") else text


class Result(Generic[T_co]):
    """What one call returned: the record, or other value, is in `data`.

    `errors` is empty where errors raise; in a `raise_errors=False` view it holds whatever happened to the request.
    """

    __slots__ = ("data", "errors", "extensions", "request_id")

    def __init__(
        self,
        data: T_co,
        *,
        errors: Sequence[ErrorEntry] = (),
        extensions: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        self.data = data
        self.errors = list(errors)
        self.extensions = extensions
        self.request_id = request_id

    def to_dict(self) -> dict[str, Any]:
        """Give `data`, and `errors` and `extensions` where there are any, JSON-ready and with the schema's names."""
        shown: dict[str, Any] = {"data": plain(self.data)}
        if self.errors:
            shown["errors"] = [entry.to_dict() for entry in self.errors]
        if self.extensions is not None:
            shown["extensions"] = dict(self.extensions)
        return shown

    # the encoder of the managed Lambda runtime (simplejson's) calls this, so a handler may return a result as it is
    def _asdict(self) -> dict[str, Any]:
        return self.to_dict()

    def to_json(self) -> str:
        """Give `to_dict()` as JSON text."""
        return json_text(self.to_dict())

    if not TYPE_CHECKING:  # or every wrong attribute would type-check

        def __getattr__(self, name: str) -> Any:
            raise _no_attribute(self, name, f"What the call returned is in `.data`: `.data.{name}`.")

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.to_dict() == cast("Result[Any]", other).to_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by content, which may be mutable

    def __repr__(self) -> str:
        errors = f", errors={self.errors!r}" if self.errors else ""
        return f"{type(self).__name__}(data={self.data!r}{errors})"


class _Pages(Result[list[T]]):
    """One page, and how to fetch the pages behind it."""

    __slots__ = ("_follow", "next_token")

    def __init__(
        self,
        data: list[T],
        *,
        next_token: str | None = None,
        errors: Sequence[ErrorEntry] = (),
        extensions: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(data, errors=errors, extensions=extensions, request_id=request_id)
        self.next_token = next_token
        self._follow: Callable[[str], Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give `data` and `nextToken`, and `errors` and `extensions` where there are any, JSON-ready."""
        return {**super().to_dict(), "nextToken": self.next_token}

    def followed_by(self, follow: Callable[[str], Any]) -> None:
        """Set the function that fetches the page behind a token. For the clients."""
        self._follow = follow

    def __getstate__(self) -> dict[str, Any]:
        return {
            "data": self.data,
            "errors": self.errors,
            "extensions": self.extensions,
            "request_id": self.request_id,
            "next_token": self.next_token,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._follow = None

    def __copy__(self) -> Self:
        return self._copied(self.__getstate__())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        from copy import deepcopy

        return self._copied(deepcopy(self.__getstate__(), memo))

    def _copied(self, state: dict[str, Any]) -> Self:
        copied = type(self).__new__(type(self))
        copied.__setstate__(state)
        copied._follow = self._follow
        return copied

    def _next(self, sent: str | None) -> Any:
        """Fetch the page behind this one (or give an awaitable of it); None if this is the last.

        Args:
            sent: The token that brought this page.
        """
        if self.next_token is None:
            return None
        if self.next_token == sent:
            raise repeated_token(self.next_token)
        if self._follow is None:
            raise OperationError(
                "There are more pages, but this one does not know its client (it was unpickled, or made by hand). "
                "List again with next_token=page.next_token."
            )
        return self._follow(self.next_token)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise _no_attribute(self, name, f"It holds records: iterate it, or take one of them: `.data[0].{name}`.")

    def __iter__(self) -> Iterator[T]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


class Page(_Pages[T]):
    """One page of a list, an index query or a relation. Iterating it gives its own records; it is always truthy.

    A page can be short, or empty, and still have a `next_token`: AppSync cuts the page before it filters.
    """

    __slots__ = ()

    def iterate(self) -> Iterator[T]:
        """Go through this page and all pages behind it, fetching each when it is reached.

        Errors raise, whatever the client's setting; a GraphQLError's `next_token` resumes the list.

        Raises:
            ReplyError: A page came with the token that was sent for it, so the list would never end.
        """
        page: Page[T] | None = self
        sent: str | None = None
        while page is not None:
            yield from page.data
            token = page.next_token
            page, sent = page._next(sent), token


class AsyncPage(_Pages[T]):
    """One page, from the async client. Iterating it gives its own records; it is always truthy."""

    __slots__ = ()

    async def iterate(self) -> AsyncIterator[T]:
        """Go through this page and all pages behind it, as `Page.iterate` does, with `async for`."""
        page: AsyncPage[T] | None = self
        sent: str | None = None
        while page is not None:
            for record in page.data:
                yield record
            token, following = page.next_token, page._next(sent)
            page, sent = None if following is None else await following, token


class Outcome(Generic[T_co]):
    """Holds the outcome of one item of a batch.

    Attributes:
        position: The item's place among those given, from 0.
        item: The item as it was given; give it again to try again.
        data: The record that was created, changed, deleted or found (None if none was found).
        error: Why it failed, else None. `error.may_have_executed` says whether it could happen twice when given again.
    """

    __slots__ = ("data", "error", "item", "position")

    def __init__(
        self, position: int, item: Any, *, data: T_co | None = None, error: AmplifyDataError | None = None
    ) -> None:
        self.position, self.item, self.data, self.error = position, item, data, error

    @property
    def ok(self) -> bool:
        """Whether the item was carried out without an error."""
        return self.error is None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise _no_attribute(self, name, f"The item's record is in `.data`: `.data.{name}`.")

    def __repr__(self) -> str:  # items are users' data
        state = "ok" if self.error is None else f"{type(self.error).__name__}: {self.error}"
        return f"<Outcome {self.position} {state}>"


class BatchResult(Generic[T_co]):
    """Holds the outcomes of a batch: one per item, in the order of the items."""

    __slots__ = ("outcomes",)

    def __init__(self, outcomes: Sequence[Outcome[T_co]]) -> None:
        self.outcomes = list(outcomes)

    @property
    def data(self) -> list[T_co | None]:
        """The records, in order; None where an item failed, or a get found nothing."""
        return [outcome.data if outcome.ok else None for outcome in self.outcomes]

    @property
    def failed(self) -> list[Outcome[T_co]]:
        """The outcomes of the items that failed: `batch_create(result.failed)` tries them again."""
        return [outcome for outcome in self.outcomes if not outcome.ok]

    def raise_failures(self) -> None:
        """Raise a BatchError if any item failed."""
        if failed := self.failed:
            first = failed[0]
            raise BatchError(
                f"{len(failed)} of {len(self.outcomes)} items failed; the first is item {first.position}: {first.error} "
                "`error.result` has the outcome of every item; give `error.result.failed` to the batch to try them again.",
                result=self,
            ) from first.error

    def to_dict(self) -> dict[str, Any]:
        """Give the records and the failures, JSON-ready."""
        return {
            "data": plain(self.data),
            "failed": [{"position": one.position, "error": str(one.error)} for one in self.failed],
        }

    def _asdict(self) -> dict[str, Any]:
        return self.to_dict()

    def to_json(self) -> str:
        """Give `to_dict()` as JSON text."""
        return json_text(self.to_dict())

    def __iter__(self) -> Iterator[Outcome[T_co]]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<BatchResult of {len(self.outcomes)} items, {len(self.failed)} failed>"


def ended_early(outcomes: Sequence[Outcome[Any]], error: Exception) -> BatchError:
    """Make the error for a batch that could not go through all its items."""
    result = BatchResult(outcomes)
    return BatchError(
        f"The batch ended early, after {len(result)} items of which {len(result.failed)} failed: "
        f"{type(error).__name__}. `error.result` has their outcomes.",
        result=result,
    )


def repeated_token(token: str) -> ReplyError:
    """Make the error for a page that came with the token that was sent for it: following it would never end."""
    error = ReplyError(
        "The list does not go on: AppSync returned the same next_token that was sent for this page. List from the "
        "beginning, or look at the resolver if it is your own.",
        may_have_executed=False,
    )
    error.next_token = token
    return error


def _no_attribute(thing: object, name: str, advice: str) -> AttributeError:
    kind = type(thing)
    if name.startswith("_"):  # what Python and its tools look for
        return AttributeError(f"{kind.__name__!r} object has no attribute {name!r}")
    word = name.replace("_", "").lower()
    own = next((one for one in dir(kind) if one[0] != "_" and one.replace("_", "") == word), None)
    meant = f"Did you mean {own!r}?" if own else advice
    return UnknownNameError(f"{kind.__name__} has no attribute {name!r}. {meant}")
