"""Renews sockets, credentials and locks where this process is copied: by a fork, or by a snapshot of Lambda SnapStart."""

import os
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakSet

if TYPE_CHECKING:  # a cold start need not make a protocol

    class Holder(Protocol):
        """Has sockets, credentials or locks, and makes new ones when it next needs them."""

        def forget(self) -> None:
            """Close and drop what it has: a snapshot is taken, or a copy of one starts."""

        def renew(self) -> None:
            """Replace locks and drop what is the parent's, in the child of a fork.

            No lock may be waited for: the thread that holds it is not in this process.
            """


HolderT = TypeVar("HolderT", bound="Holder")
holders: WeakSet[Any] = WeakSet()  # a client that nobody needs any more is not kept for this
_of_the_parent: list[object] = []


def watch(holder: HolderT) -> HolderT:
    """Have a holder renewed in the child of a fork, and forget what it has before a snapshot."""
    holders.add(holder)
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from .lambda_runtime.snapshots import register

        register(_forget_all)
    return holder


def leave_to_parent(thing: object) -> None:
    """Keep what is the parent's from being closed here: closing could wait for a lock, or talk over a shared socket."""
    _of_the_parent.append(thing)


def _forget_all() -> None:
    for holder in [*holders]:
        holder.forget()


def _renew_all() -> None:
    for holder in [*holders]:
        holder.renew()


class ForkLock:
    """Held around work that must not be half done in the child of a fork: a fork waits for it.

    A signal's handler may need it while this thread has it.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._before, after_in_parent=self._in_parent, after_in_child=self._in_child)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _before(self) -> None:
        self._lock.acquire()

    def _in_parent(self) -> None:
        self._lock.release()

    def _in_child(self) -> None:
        self._lock.release()


@cache
def importing() -> ForkLock:
    """Give the lock to hold while a large package is imported: what is half imported in a child stays so."""
    # What is registered last is called first. Logging has a lock that it takes before a fork, and what is imported
    # takes it too: with ours taken after it, each would wait for the other.
    import logging  # noqa: F401  # for its hook before a fork

    return ForkLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
