"""How often a page is drawn: what it asks for and is not drawn yet is not asked for again."""

from __future__ import annotations

import time

import solara

TICK = 0.5
"""Seconds between two looks at a life that goes on, at least."""

PATIENCE = 3.0
"""The same, as a multiple of what the last drawing took."""

LOST = 15.0
"""Seconds after which it is asked again for what was asked and not drawn."""


class Drawn:
    """When the page was drawn last, and how long that took.

    Whoever changes what is drawn while it is drawn has it drawn again from the beginning: on a busy
    machine a page that is asked too often is never finished.
    """

    def __init__(self) -> None:
        self.ticks = solara.reactive(0)
        self._asked = time.monotonic()
        self._done: float | None = None

    def note(self) -> None:
        """The page has been drawn."""
        self._done = time.monotonic()

    def ask(self) -> bool:
        """Have it drawn anew, and say so, unless it is at it or was a moment ago."""
        now, done = time.monotonic(), self._done
        if done is None:
            if now - self._asked < LOST:
                return False
        elif now - done < max(TICK, PATIENCE * (done - self._asked)):
            return False
        self._asked, self._done = now, None
        self.ticks.value += 1
        return True
