"""Measures how long this process is kept waiting by a busy machine, so that a slow machine is not taken for a hang."""

import threading
import time

BEAT = 0.02


class Heart:
    """Sleeps again and again; `lag` is by how much, in all, it slept longer than it wanted."""

    def __init__(self) -> None:
        self.lag = 0.0

    def start(self) -> None:
        threading.Thread(target=self._beat, name="heart", daemon=True).start()

    def _beat(self) -> None:
        while True:
            began = time.monotonic()
            time.sleep(BEAT)
            self.lag += max(0.0, time.monotonic() - began - 2 * BEAT)


HEART = Heart()
