"""Keeps sockets, credentials and a corrected clock out of the snapshots that Lambda SnapStart takes.

The copies of a snapshot start with what the function had in memory: with sockets that lead nowhere, and credentials of
another day. Imported where snapshots are taken, and nowhere else:
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

from collections.abc import Callable
from functools import cache

from amplify_data_client._core.wire import sigv4
from amplify_data_client._io import clock


@cache
def register(forget_all: Callable[[], None]) -> None:
    """Have all be forgotten before a snapshot, and when a copy of it starts."""

    def forget() -> None:
        forget_all()
        sigv4.forget_keys()
        clock.forget()

    try:
        from snapshot_restore_py import register_after_restore, register_before_snapshot
    except ImportError:  # only the managed runtimes have it, and only they run hooks
        return
    register_before_snapshot(forget)
    # a hook of the function's may have used the client after ours, to warm it
    register_after_restore(forget)
