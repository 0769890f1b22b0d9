"""Keeps sockets and credentials from what copies this process."""

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from .lambda_runtime.snapshots import Holder

HolderT = TypeVar("HolderT", bound="Holder")


def kept_from_snapshots(holder: HolderT) -> HolderT:
    """Have sockets or credentials left out of the snapshot that Lambda SnapStart takes, if it takes one."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from .lambda_runtime.snapshots import watch

        watch(holder)
    return holder
