"""Undo and redo: the plans that a tab has shown, and where among them it is."""

from __future__ import annotations

from dataclasses import dataclass

from fupin.browser.setup import Setup

LONGEST = 100


@dataclass(frozen=True)
class Trail:
    """Setups in the order in which they were shown.

    Attributes:
        setups: the last LONGEST.
        at: the one that is shown.
    """

    setups: tuple[Setup, ...]
    at: int = 0

    @property
    def now(self) -> Setup:
        """What is shown."""
        return self.setups[self.at]

    def then(self, setup: Setup) -> Trail:
        """Show another; what was undone before is forgotten."""
        if setup == self.now:
            return self
        kept = (*self.setups[: self.at + 1], setup)[-LONGEST:]
        return Trail(kept, len(kept) - 1)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step before."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self.at < len(self.setups) - 1

    def undo(self) -> Trail:
        """One step back; none where there is none."""
        return Trail(self.setups, max(0, self.at - 1))

    def redo(self) -> Trail:
        """One step forward; none where there is none."""
        return Trail(self.setups, min(len(self.setups) - 1, self.at + 1))
