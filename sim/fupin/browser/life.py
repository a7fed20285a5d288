"""A plan's life to its horizon, lived once in the background, and a replay of it for Mesa.

The page opens on the finished year: months are lived as fast as they can be, what they show is
kept, and Mesa's controller steps through what is kept.
"""

from __future__ import annotations

import threading

from fupin.browser.page_model import PageModel
from fupin.browser.quick_mesa import mesa


class Life:
    """One plan as one tab lives it.

    Attributes:
        model: the plan, with its twin.
        finish: months of the plan's period: after so many the year is over.
        last: months to the horizon.
        error: why it stopped early, or None.
    """

    def __init__(self, model: PageModel) -> None:
        self.model = model
        self.finish = len(model.plan.period.months)
        self.last = len(model.plan.lived.months)
        self.error: Exception | None = None
        self._lock = threading.Lock()
        self._begun = False

    @property
    def lived(self) -> int:
        """Months that are lived and can be shown."""
        return len(self.model.record.months) - 1

    @property
    def going(self) -> bool:
        """Whether months are still to come."""
        return self.error is None and not self.model.retired and self.lived < self.last

    @property
    def ended(self) -> bool:
        """Whether all months to the horizon are lived; one that was stopped never ends."""
        return self.lived >= self.last

    def live(self) -> None:
        """Live on to the horizon; who comes second finds it done already or being done."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
        try:
            while self.going:
                self.model.step()
        except Exception as error:
            self.error = error
            raise

    def begin(self) -> None:
        """Live on in a thread of its own."""
        threading.Thread(target=self.live, daemon=True).start()


class Replay(mesa.Model):
    """What Mesa's controller steps: a month of a life that is shown again.

    Args:
        life: what is shown.
        at: months after the start; None follows the life to the end of its period.
    """

    def __init__(self, life: Life, at: int | None = 0) -> None:
        super().__init__(rng=1)
        self.life, self.at = life, at

    @property
    def shown(self) -> int:
        """Months after the start that are shown now."""
        lived = self.life.lived
        return min(lived, self.life.finish if self.at is None else self.at)

    @property
    def scenario(self) -> None:
        """None, so that Mesa's page builds a replay from its own arguments alone."""
        return None

    @scenario.setter
    def scenario(self, scenario: object) -> None:
        """Mesa sets one."""

    def step(self) -> None:
        """Show the next month; from the opened page, and from the end, it begins at the start."""
        rewinds = self.at is None or self.at >= self.life.last
        self.at = min((0 if rewinds else self.shown) + 1, self.life.lived)
        self.running = self.at < self.life.last
