"""Gives the time that requests are signed with: this machine's, corrected by AWS's replies.

AWS refuses a signature whose time differs from its own by more than five minutes.
"""

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)  # for the whole process, as in the AWS SDK for JavaScript (systemClockOffset)


def now() -> datetime:
    """Give the time in UTC, as AWS has it."""
    return datetime.now(UTC) + _offset


def learn(date: str) -> None:
    """Correct the clock by the Date header of a reply that has just come; one that cannot be read changes nothing."""
    global _offset  # the machine has one clock
    from email.utils import parsedate_to_datetime

    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return
    _offset = theirs.replace(tzinfo=theirs.tzinfo or UTC) - datetime.now(UTC)


def forget() -> None:
    """Trust this machine's clock again: a copy of the process may run elsewhere."""
    global _offset  # as above
    _offset = timedelta(0)
