"""`fupin.run`: the runs of one plan, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from fupin.api import html, plots, report_plots
from fupin.api.frames import (
    drivers_frame,
    figures_frame,
    frame_of,
    means_by_draw,
    outcome_rows,
    programme_rows,
)
from fupin.api.plan import Plan
from fupin.api.result import Stored, TablesResult
from fupin.api.work import Work
from fupin.errors import PYTHON
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult, Table
from fupin.words.choice import speaking

if TYPE_CHECKING:
    import pandas

    from fupin.api.display import Display
    from fupin.scenario.schema import Scenario
    from fupin.store.folder import StoredResult
    from fupin.words.verdict_parts import Verdict


class PlanResult(TablesResult):
    """What the runs of one plan found.

    Attributes:
        plan: what was run.
        draws, seeds: each draw ran with each seed.
        summary: the content of `summary.json`.
    """

    plots: ClassVar = {
        "poor": plots.poor_by_year,
        "history": report_plots.history,
        "register": report_plots.register,
        "fifths": report_plots.fifths,
        "document": plots.document,
        "money": plots.money,
    }

    def __init__(
        self,
        plan: Plan,
        draws: Sequence[Draw],
        seeds: Sequence[int],
        summary: Mapping[str, Any],
        runs: Sequence[RunResult] = (),
        stored: StoredResult | None = None,
    ) -> None:
        self.plan, self.draws, self.seeds = plan, tuple(draws), tuple(seeds)
        self.summary = dict(summary)
        self._runs, self.stored = tuple(runs), stored
        self.folder = None if stored is None else stored.folder

    @cached_property
    def store(self) -> Mapping[str, Table]:  # type: ignore[override]
        """The tables by name."""
        from fupin.store.tables import gather

        return gather(self._runs) if self.stored is None else Stored(self.stored)

    @property
    def label(self) -> str:
        """It names the folder."""
        return self.plan.name

    @property
    def outcomes(self) -> pandas.DataFrame:
        """The outcomes of the whole period, a row each.

        Columns: mean, low, high (90% interval of one further run; of fewer than 19 runs the
        smallest and the largest), sd_seeds, sd_draws, unit, description.
        """
        return frame_of(outcome_rows({}, self.summary["outcomes"]), ["outcome"])

    @property
    def programmes(self) -> pandas.DataFrame:
        """What each programme did over the period, by programme and outcome; columns as above."""
        rows = programme_rows({}, self.summary["programmes"])
        return frame_of(rows, ["programme", "outcome"])

    @property
    def by_year(self) -> pandas.DataFrame:
        """The outcomes of each calendar year, by year and outcome; columns as of `outcomes`."""
        years = self.summary["by_year"].items()
        rows = [r for y, part in years for r in outcome_rows({"year": int(y)}, part["outcomes"])]
        return frame_of(rows, ["year", "outcome"])

    @property
    def figures(self) -> pandas.DataFrame:
        """Each figure of the document beside the model's; see `fupin.api.frames.figures_frame`."""
        return figures_frame(self.summary, self.plan.period)

    def verdict(self, lang: str = "en") -> Verdict:
        """As of `Result`."""
        from fupin.words.verdict import run_verdict

        return run_verdict(self.summary, self.plan.scenario, lang)

    def drivers(self, *outcomes: str) -> pandas.DataFrame:
        """Which uncertain parameters go with outcomes; see `fupin.api.frames.drivers_frame`.

        Args:
            outcomes: lifted and income_poor_end if none is named.
        """
        runs = self.table("runs")
        runs = runs[(runs.year == 0) & (runs.programme == "")]
        return drivers_frame(self.draws, means_by_draw(self.draws, runs, outcomes))

    def _write(self, folder: Path) -> None:
        from fupin.scenario.dump import scenario_mapping
        from fupin.store.folder import write_result
        from fupin.store.versions import package_versions, sources_fingerprint

        write_result(
            folder,
            scenario=scenario_mapping(self.plan.scenario),
            draws=self.draws,
            seeds=self.seeds,
            summary=self.summary,
            results=self._runs,
            versions=package_versions(),
            hashes={"sources": sources_fingerprint(), **fingerprints(self.plan.scenario)},
            option=PYTHON("out"),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlanResult):
            return NotImplemented
        mine, others = ((r.plan, r.draws, r.seeds, r.summary) for r in (self, other))
        return mine == others and self.same_tables(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<PlanResult {self.plan.name}: {len(self.draws)} draws x {len(self.seeds)} seeds>"

    @speaking("en")  # as all of the face in Python
    def _repr_html_(self) -> str:
        from fupin.report.terminal.document import interval_head
        from fupin.report.terminal.outcomes import headlines
        from fupin.report.terminal.run import what_ran

        head = ["outcome", "mean", interval_head(self.summary), "unit", "what it is"]
        line = what_ran(self.plan.scenario, self.draws, self.seeds)
        return html.titled(self.plan.title, line) + html.table(head, headlines(self.summary))


def run_plan(plan: Plan, work: Work, display: Display) -> PlanResult:
    """Run a plan.

    Raises:
        InputError: a mistake that only a run can find.
        RunFailed, WorkersDie: as of `Work.live`.
    """
    from fupin import paths
    from fupin.lives.one_run import simulate
    from fupin.lives.summary import summarise

    for sentence in plan.warnings:
        display.warn(sentence)
    cache = None if work.fresh else paths.cache() / "runs"
    runs = work.live(plan.scenario, simulate, display, cache)
    summary = summarise(runs, plan.scenario.programmes.keys)
    return PlanResult(plan, work.draws, work.seeds, summary, runs)


def fingerprints(scenario: Scenario) -> dict[str, str]:
    """Hashes of the parameter values and of the population of a scenario."""
    from fupin.parameters.book import load_book
    from fupin.population.frame import load_frame

    return {
        "parameters": load_book()
        .values({**scenario.history.parameters, **scenario.parameters})
        .fingerprint(),
        "frame": load_frame(scenario.population.sample, scenario.population.seed).fingerprint,
    }
