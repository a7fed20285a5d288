"""What one tab shows: a scenario, changes to it, a seed, and what is lived beside it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

from fupin.browser.changes import Changes, changed
from fupin.browser.folder import ScenarioFolder
from fupin.browser.life import Life
from fupin.browser.page_model import PageModel, SharedStarts
from fupin.browser.runs import Runs
from fupin.results.asked import with_sample
from fupin.scenario.load import Resolved
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes

BESIDE = ("none", "file", "no_programmes")


class Ahead:
    """One life that is begun before a tab asks for it, and given to one tab alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: tuple[Setup, Life] | None = None

    def begin(self, setup: Setup, served: Served) -> None:
        """Live the years before and begin; who takes it meanwhile waits for it."""
        with self._lock:
            life = setup.begin(served)
            self._begun = (setup, life)
        life.live()

    def ready(self, setup: Setup) -> bool:
        """Whether a life of this setup waits to be taken."""
        begun = self._begun
        return begun is not None and begun[0] is setup

    def take(self, setup: Setup) -> Life | None:
        """The life, to whoever asks for this setup first."""
        with self._lock:
            if self._begun is None or self._begun[0] is not setup:
                return None
            life, self._begun = self._begun[1], None
            return life


@dataclass(frozen=True)
class Served:
    """What the tabs of one server share: nothing that one tab changes shows in another.

    Attributes:
        folder: scenarios to open and to save.
        sample: of the command line, or None for the scenario's own.
        worlds: starts that were lived.
        runs: full runs and searches that were started.
        ahead: the life of the first tab.
    """

    folder: ScenarioFolder
    sample: str | float | None
    worlds: SharedStarts
    runs: Runs
    ahead: Ahead = field(default_factory=Ahead)

    @classmethod
    def of(cls, scenario: str, sample: str | float | None = None) -> Served:
        """Everything fresh, for a scenario as the user wrote it."""
        folder = ScenarioFolder.of(scenario)
        return cls(folder, sample, SharedStarts(), Runs(folder.path / "results"))


@dataclass(frozen=True)
class Setup:
    """What a tab is set to; always valid.

    Plan and view are apart: what is only looked at (`seed`, `beside`, `sample`) is never saved into
    a plan, and a full run does not know of it.

    Attributes:
        choice: the scenario, as the chooser has it.
        base: that scenario.
        changes: what the user has changed in it.
        plan: the scenario with the changes, with the sample of its file.
        seed: run seed of what is looked at, from 1.
        beside: one of BESIDE.
        sample: of what is looked at; None is the plan's own.
    """

    choice: str
    base: Resolved
    changes: Changes
    plan: Scenario
    seed: int = 1
    beside: str = "no_programmes"
    sample: str | float | None = None

    @classmethod
    def opened(
        cls,
        served: Served,
        choice: str,
        seed: int = 1,
        beside: str = "no_programmes",
        sample: str | float | None = None,
    ) -> Setup:
        """A scenario of the chooser without changes.

        Args:
            sample: of what is looked at; that of the command line if None.

        Raises:
            InputError: the scenario cannot be loaded.
        """
        base = served.folder.open(choice)
        changes = Changes.none_of(base)
        sample = served.sample if sample is None else sample
        return cls(choice, base, changes, base.scenario, seed, beside, sample)

    def unchanged(self) -> Setup:
        """The same scenario without changes; what is looked at stays."""
        return replace(self, changes=Changes.none_of(self.base), plan=self.base.scenario)

    @property
    def altered(self) -> bool:
        """Whether the user has changed anything since the scenario was opened."""
        return self.changes != Changes.none_of(self.base)

    def with_changes(self, served: Served, changes: Changes) -> Setup:
        """The same with other changes. Raises InputError where the loader does not take them."""
        return replace(self, changes=changes, plan=changed(self.base, changes, served.folder.path))

    @property
    def lived(self) -> Scenario:
        """The plan in the sample that is looked at."""
        return self.plan if self.sample is None else with_sample(self.plan, self.sample)

    @property
    def same_sample(self) -> bool:
        """Whether what is looked at has the sample of the plan's file."""
        return self.lived.population == self.plan.population

    @property
    def twin(self) -> Scenario | None:
        """What is lived beside the plan: the same people, seed and draw under another plan."""
        plan = self.lived
        if self.beside == "file":
            of_the_file = self.base.scenario
            same: dict[str, Any] = {"population": plan.population}
            if of_the_file.by_task != plan.by_task:  # twins share their past
                same["counting"] = plan.counting
            return of_the_file.model_copy(update=same)
        return without_programmes(plan) if self.beside == "no_programmes" else None

    def life(self, served: Served) -> Life:
        """A life at its start: the one that was begun ahead for this setup, or a new one."""
        return served.ahead.take(self) or self.begin(served)

    def begin(self, served: Served) -> Life:
        """A new life, at its start."""
        plan = self.lived
        return Life(PageModel(plan, served.worlds.of(plan, self.seed), self.twin))


@dataclass(frozen=True, eq=False)  # compared by identity: it holds a population
class Live:
    """A setup with the life of it."""

    setup: Setup
    life: Life
