"""Works out how much time a Lambda invocation has left.

Imported by the first call that has a deadline.
"""

import time

from amplify_data_client.errors import OperationError
from amplify_data_client.options import MARGIN, Deadline, Invocation, is_invocation


def earlier(deadline: Deadline, latest: float) -> tuple[float, bool]:
    """Say when a call has to be over (of the monotonic clock), and whether that is because the invocation ends.

    Raises:
        OperationError: What is given cannot say how much time is left.
    """
    invocation = _invocation_of(deadline)
    if invocation is None:
        return latest, False
    end = time.monotonic() + _left(invocation) - MARGIN
    return (end, True) if end < latest else (latest, False)


def _invocation_of(deadline: Deadline) -> Invocation | None:
    if is_invocation(deadline):
        return deadline  # type: ignore[return-value]  # just looked at
    found = deadline()  # type: ignore[operator]  # checked when it was given
    if found is None or is_invocation(found):
        return found
    raise OperationError(
        f"The function given as deadline=… returned {type(found).__name__}; it has to return the handler's context "
        "(what has get_remaining_time_in_millis()), or None where there is no invocation."
    )


def _left(invocation: Invocation) -> float:
    left = invocation.get_remaining_time_in_millis()
    if isinstance(left, bool) or not isinstance(left, int | float):
        raise OperationError(
            f"deadline=… has a get_remaining_time_in_millis() that returned {type(left).__name__}; it has to return a "
            "number of milliseconds."
        )
    return left / 1000
