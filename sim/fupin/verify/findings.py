"""What `fupin verify` has found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Findings:
    """What was looked at, what is wrong, and what nobody has looked at.

    Attributes:
        looked_at: lines in the order of the work; each says whether it was intact.
        wrong: faults; the result is what was written only where there is none.
        repaired: damaged files of the cache that were made anew on the way; no fault of the result.
        not_checked: what these findings say nothing about.
    """

    looked_at: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)

    def add(self, what: str, wrong: Sequence[str]) -> None:
        """Something that was looked at, and the faults that were found there."""
        self.looked_at.append(f"{what}: {'NOT intact' if wrong else 'intact'}")
        self.wrong += wrong
