"""What open disclosure and supervision do to every other programme: less leaks, fewer are favoured.

Openness is the share of the province's listed villages, weighted by the registered poor of their
counties, in which projects, amounts and beneficiaries are posted and a village team supervises
them. Losses and odds of the parameter book hold at `project_management.openness_at_start`, since
they were measured where some disclosure was usual. Each step beyond it, as a share of what was
missing,

    beyond = (openness - start) / (1 - start)

lowers the financial loss by `loss_cut` x beyond, the log odds by which the better-off are
preferred by `capture_cut` x beyond, and raises the log odds by which the registered are preferred
by `targeting_gain` x beyond. It is one number for the province: the offices that judge, pay and
post are the province's and the cities', not each village's.
"""

from __future__ import annotations

from collections.abc import Mapping


class Openness:
    """Openness of a province, and its factors on losses and odds.

    Attributes:
        start: openness at which the parameters hold.
        now: openness of this month; project_management moves it.
        disclosed: whether anything is posted and supervised this month at all; where not, openness
            is none, and factors go as far below those at the start as the same slopes take them.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self.start = float(values["project_management.openness_at_start"])
        self.now = self.start
        self.disclosed = True
        self.adopt(values)

    def adopt(self, values: Mapping[str, float]) -> None:
        """What openness does has other values from now on; how open the province is stays."""
        self._loss_cut = float(values["project_management.loss_cut"])
        self._capture_cut = float(values["project_management.capture_cut"])
        self._targeting_gain = float(values["project_management.targeting_gain"])

    @property
    def beyond(self) -> float:
        """Share of the way from openness at the start to full openness, to 1; below 0 if none."""
        if not self.disclosed:
            return -self.start / (1.0 - self.start)
        if self.now <= self.start:
            return 0.0
        return (self.now - self.start) / (1.0 - self.start)

    def loss(self, share: float) -> float:
        """Financial loss, a share of the money, where openness has moved."""
        return share * (1.0 - self._loss_cut * self.beyond)

    def log_odds(self, name: str, log_odds: float) -> float:
        """Log odds of a choice named as its parameter; others than capture and need stay."""
        if name.endswith("elite_capture_odds"):
            return log_odds * (1.0 - self._capture_cut * self.beyond)
        if name.endswith("registered_odds"):
            return log_odds * (1.0 + self._targeting_gain * self.beyond)
        return log_odds
