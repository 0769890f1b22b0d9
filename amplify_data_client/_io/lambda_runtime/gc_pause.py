"""Pauses the garbage collector while much is imported.

What is imported stays, so none of it is garbage. Yet Python searches it again and again as the number of objects grows:
nearly a tenth of a cold start.
"""

import gc

# Python 3.12 keeps some hundred immortal objects among the frozen; a program that freezes its own has thousands
_FROZEN_BY_PYTHON = 1000


class GcPause:
    """Pause the collector until the end of a block; then treat what the block made as old.

    Nothing is excluded for ever: the next full collection looks at these objects too.
    """

    __slots__ = ("_was_enabled",)

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        # freezing moves all objects out of the young generations, unfreezing into the oldest; what a program itself
        # has frozen must stay so, and another Python than CPython has neither
        if hasattr(gc, "freeze") and gc.get_freeze_count() < _FROZEN_BY_PYTHON:
            gc.freeze()
            gc.unfreeze()
        if self._was_enabled:
            gc.enable()
