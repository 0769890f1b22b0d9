"""Orders the addresses of a name, as RFC 8305 has it: families take turns, and an attempt starts each 250 ms."""

from collections.abc import Sequence

from .sockets import AddressInfo

ATTEMPT_DELAY = 0.25  # https://www.rfc-editor.org/rfc/rfc8305#section-5


def interleaved(found: Sequence[AddressInfo]) -> list[AddressInfo]:
    """Sort addresses so that families take turns, beginning with the first one's; each family keeps its order."""
    first = [info for info in found if info[0] == found[0][0]]
    others = [info for info in found if info[0] != found[0][0]]
    turns = [info for pair in zip(first, others, strict=False) for info in pair]
    shorter = min(len(first), len(others))
    return [*turns, *first[shorter:], *others[shorter:]]
