"""What a call gives back."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Generic, Self, TypeVar, cast

from .errors import AmplifyDataError, BatchError, ErrorEntry, OperationError

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
    """The text of a date or time: as it came, else as Amplify writes it (UTC, milliseconds, more digits if there are any)."""
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
    """The outcome of one call.

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

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.to_dict() == cast("Result[Any]", other).to_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by content, which may be mutable

    def __repr__(self) -> str:
        errors = f", errors={self.errors!r}" if self.errors else ""
        return f"{type(self).__name__}(data={self.data!r}{errors})"


class _Pages(Result[list[T]]):
    """One page, and the way to those behind it."""

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
        """As for results, with `nextToken`."""
        return {**super().to_dict(), "nextToken": self.next_token}

    def followed_by(self, follow: Callable[[str], Any]) -> None:
        """Say how the page behind a token is fetched. For the shells."""
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

    def _next(self) -> Any:
        """The page behind this one, fetched (or an awaitable of it); None if this is the last."""
        if self.next_token is None:
            return None
        if self._follow is None:
            raise OperationError(
                "There are more pages, but this one does not know its client (it was unpickled, or made by hand). "
                "List again with next_token=page.next_token."
            )
        return self._follow(self.next_token)

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
        """
        page: Page[T] | None = self
        while page is not None:
            yield from page.data
            page = page._next()


class AsyncPage(_Pages[T]):
    """One page, from the async client. Iterating it gives its own records; it is always truthy."""

    __slots__ = ()

    async def iterate(self) -> AsyncIterator[T]:
        """As `Page.iterate`, with `async for`."""
        page: AsyncPage[T] | None = self
        while page is not None:
            for record in page.data:
                yield record
            behind = page._next()
            page = None if behind is None else await behind


class Outcome(Generic[T_co]):
    """What became of one item of a batch.

    Attributes:
        position: The item's place in what was given, from 0.
        item: The item as it was given, so it can be given again.
        data: The record: created, changed, deleted or found (None if there is none to find).
        error: Why it failed, else None. `error.may_have_executed` says whether giving it again could do it twice.
    """

    __slots__ = ("data", "error", "item", "position")

    def __init__(
        self, position: int, item: Any, *, data: T_co | None = None, error: AmplifyDataError | None = None
    ) -> None:
        self.position, self.item, self.data, self.error = position, item, data, error

    @property
    def ok(self) -> bool:
        return self.error is None

    def __repr__(self) -> str:  # items are users' data
        state = "ok" if self.error is None else f"{type(self.error).__name__}: {self.error}"
        return f"<Outcome {self.position} {state}>"


class BatchResult(Generic[T_co]):
    """The outcomes of a batch: one per item, in the order of the items."""

    __slots__ = ("outcomes",)

    def __init__(self, outcomes: Sequence[Outcome[T_co]]) -> None:
        self.outcomes = list(outcomes)

    @property
    def data(self) -> list[T_co | None]:
        """The records, in order; None where the item failed (or a get found nothing)."""
        return [outcome.data if outcome.ok else None for outcome in self.outcomes]

    @property
    def failed(self) -> list[Outcome[T_co]]:
        """The outcomes that are failures: `batch_create(result.failed)` tries them again."""
        return [outcome for outcome in self.outcomes if not outcome.ok]

    def raise_failures(self) -> None:
        """Raise a BatchError if any item failed."""
        if failed := self.failed:
            first = failed[0]
            raise BatchError(
                f"{len(failed)} of {len(self.outcomes)} items failed; the first is item {first.position}: {first.error} "
                "`error.result` has the outcome of every item; `error.result.failed` can be given to the batch again.",
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
