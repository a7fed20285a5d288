"""What is drawn: a life at one of its months, in a language, with what is known over draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from fupin.browser.ensemble import Ensemble
from fupin.browser.life import Life
from fupin.browser.page_model import PageModel, month_at, year_at
from fupin.scenario.months import Month
from fupin.words.language import Language


@dataclass(frozen=True, eq=False)
class Scene:
    """One moment of a life.

    Attributes:
        say: the words of the page.
        life: what is lived.
        at: months after the start that are shown.
        ensemble: what is known of the plan over draws; None where it was not run.
    """

    say: Language
    life: Life
    at: int
    ensemble: Ensemble | None = None

    @property
    def model(self) -> PageModel:
        """The plan, with its twin."""
        return self.life.model

    @cached_property
    def month(self) -> Month:
        """The month that is shown; before the first it is the month before the start."""
        return month_at(self.model, self.at)

    @cached_property
    def year(self) -> int:
        """The last year that is settled in that month."""
        return year_at(self.model, self.at)

    @property
    def words(self) -> Language:
        """The words of reports, in the same language."""
        return Language(self.say.code)
