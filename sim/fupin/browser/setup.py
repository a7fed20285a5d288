"""What one tab shows: a scenario, changes to it, a seed, and what is lived beside it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

from fupin.browser.changes import Changes, changed
from fupin.browser.folder import ScenarioFolder
from fupin.browser.page_model import PageModel, SharedStarts
from fupin.browser.runs import FullRuns
from fupin.scenario.load import Resolved
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes

BESIDE = ("none", "file", "no_programmes")

Built = tuple[PageModel, dict[str, Any]]
"""A model at its start, and the arguments with which it was built."""


class Ahead:
    """One model that is built before a tab asks for it, and given to one tab alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._built: tuple[Setup, Built] | None = None

    def build(self, setup: Setup, served: Served) -> None:
        """Live the years before and build a model; who takes it meanwhile waits for it."""
        with self._lock:
            self._built = (setup, setup.build(served))

    def ready(self, setup: Setup) -> bool:
        """Whether a model of this setup waits to be taken."""
        built = self._built
        return built is not None and built[0] is setup

    def take(self, setup: Setup) -> Built | None:
        """The model, to whoever asks for this setup first."""
        with self._lock:
            if self._built is None or self._built[0] is not setup:
                return None
            built, self._built = self._built[1], None
            return built


@dataclass(frozen=True)
class Served:
    """What the tabs of one server share: nothing that one tab changes shows in another.

    Attributes:
        folder: scenarios to open and to save.
        sample: of the command line, or None for the scenario's own.
        worlds: starts that were lived.
        runs: full runs that were started.
        ahead: the model of the first tab.
    """

    folder: ScenarioFolder
    sample: str | float | None
    worlds: SharedStarts
    runs: FullRuns
    ahead: Ahead = field(default_factory=Ahead)

    @classmethod
    def of(cls, scenario: str, sample: str | float | None = None) -> Served:
        """Everything fresh, for a scenario as the user wrote it."""
        return cls(ScenarioFolder.of(scenario), sample, SharedStarts(), FullRuns())


@dataclass(frozen=True)
class Setup:
    """What a tab is set to; always valid.

    Attributes:
        choice: the scenario, as the chooser has it.
        base: that scenario.
        changes: what the user has changed in it.
        plan: the scenario with the changes.
        seed: run seed, from 1.
        beside: one of BESIDE.
    """

    choice: str
    base: Resolved
    changes: Changes
    plan: Scenario
    seed: int = 1
    beside: str = "none"

    @classmethod
    def opened(cls, served: Served, choice: str, seed: int = 1, beside: str = "none") -> Setup:
        """A scenario of the chooser without changes but for the command line's sample.

        Raises:
            InputError: the scenario cannot be loaded.
        """
        base = served.folder.open(choice)
        changes = _changes_of_the_command(served, base)
        plan = changed(base, changes, served.folder.path)
        return cls(choice, base, changes, plan, seed, beside)

    def unchanged(self, served: Served) -> Setup:
        """The same scenario, seed and world beside, as the tab opened it."""
        return Setup.opened(served, self.choice, self.seed, self.beside)

    def altered(self, served: Served) -> bool:
        """Whether the user has changed anything since the scenario was opened."""
        return self.changes != _changes_of_the_command(served, self.base)

    def with_changes(self, served: Served, changes: Changes) -> Setup:
        """The same with other changes. Raises InputError where the loader does not take them."""
        return replace(self, changes=changes, plan=changed(self.base, changes, served.folder.path))

    @property
    def twin(self) -> Scenario | None:
        """What is lived beside the plan: the same people, seed and draw under another plan."""
        if self.beside == "file":
            of_the_file = self.base.scenario
            same: dict[str, Any] = {"population": self.plan.population}
            if of_the_file.by_task != self.plan.by_task:  # twins share their past
                same["counting"] = self.plan.counting
            return of_the_file.model_copy(update=same)
        return without_programmes(self.plan) if self.beside == "no_programmes" else None

    def model(self, served: Served) -> Built:
        """A model at its start, and every argument with which Mesa's Reset builds it anew."""
        return served.ahead.take(self) or self.build(served)

    def build(self, served: Served) -> Built:
        """A new model, as `model` gives it."""
        world = served.worlds.of(self.plan, self.seed)
        parameters: dict[str, Any] = {"plan": self.plan, "world": world, "beside": self.twin}
        return PageModel(**parameters), parameters


def _changes_of_the_command(served: Served, base: Resolved) -> Changes:
    """What the command line says otherwise than the scenario."""
    if served.sample is None or served.sample == base.scenario.population.sample:
        return Changes()
    return Changes(sample=served.sample)
