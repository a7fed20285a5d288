"""`fupin.compare`: plans beside a base, as twins, and what they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from fupin.api import html, plots, report_plots
from fupin.api.frames import (
    Row,
    drivers_frame,
    figures_frame,
    frame_of,
    means_by_draw,
    outcome_rows,
    programme_rows,
)
from fupin.api.plan import Plan
from fupin.api.plan_result import fingerprints
from fupin.api.result import Stored, TablesResult
from fupin.api.work import Work
from fupin.errors import PYTHON, InputError, Wording
from fupin.results.draws import Draw
from fupin.results.outcome import Table
from fupin.words.choice import speaking
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    import pandas

    from fupin.api.display import Display
    from fupin.comparison.folder import StoredComparison
    from fupin.words.verdict_parts import Verdict


class ComparisonResult(TablesResult):
    """What plans change beside a base, with the same luck.

    Attributes:
        base, plans: what was compared.
        draws, seeds: each draw ran with each seed under every plan.
        summary: the content of `comparison.json`.
    """

    plots: ClassVar = {
        "differences": plots.differences,
        "plans": report_plots.plans,
        "months": plots.by_month,
        "cost": plots.cost,
    }

    def __init__(
        self,
        base: Plan,
        plans: Sequence[Plan],
        draws: Sequence[Draw],
        seeds: Sequence[int],
        summary: Mapping[str, Any],
        tables: Mapping[str, Table] | None = None,
        stored: StoredComparison | None = None,
    ) -> None:
        self.base, self.plans = base, tuple(plans)
        self.draws, self.seeds = tuple(draws), tuple(seeds)
        self.summary, self.stored = dict(summary), stored
        self.store = Stored(stored) if stored is not None else dict(tables or {})
        self.folder = None if stored is None else stored.folder

    @property
    def label(self) -> str:
        """It names the folder."""
        return f"compare-{self.base.name}"

    @property
    def outcomes(self) -> pandas.DataFrame:
        """What each plan changes in each outcome, by plan and outcome.

        Columns: base and value (means of base and plan), mean (of the paired differences, plan
        less base), low, high (90% confidence interval of that mean), next_low, next_high (where
        one further pair would fall; of fewer than 19 pairs the smallest and the largest),
        sd_seeds, sd_draws, above, below (shares of pairs above and below 0), unit, description.
        """
        parts = self.summary["outcomes"].items()
        rows = [r for plan, part in parts for r in outcome_rows({"plan": plan}, _flat(part))]
        return frame_of(rows, ["plan", "outcome"])

    @property
    def programmes(self) -> pandas.DataFrame:
        """The same of every programme, by plan, programme and outcome."""
        rows = [
            row
            for plan, part in self.summary["programmes"].items()
            for row in programme_rows({"plan": plan}, {k: _flat(v) for k, v in part.items()})
        ]
        return frame_of(rows, ["plan", "programme", "outcome"])

    @property
    def cost(self) -> pandas.DataFrame:
        """Yuan a person, by plan and measure (docs/compare.md says what each counts).

        Columns: mean, low, high (Fieller's 90% interval; all NaN where the interval of the
        persons holds 0, so that no cost can be named), direction, and mean, low and high of the
        yuan and of the persons.
        """
        frame = self.table("cost").set_index(["world", "measure"])
        return frame.rename_axis(["plan", "measure"])

    @property
    def figures(self) -> pandas.DataFrame:
        """Figures of the document beside base and plans, by plan and figure; see `PlanResult`."""
        import pandas

        from fupin.comparison.tables import summary_of

        table = self.store.get("figures")
        names = [self.base.name, *(plan.name for plan in self.plans)]
        period = self.base.period  # the same in all
        parts = {
            name: figures_frame(summary_of(name, self.summary, table), period) for name in names
        }
        return pandas.concat(parts, names=["plan"])

    def verdict(self, lang: str = "en") -> Verdict:
        """As of `Result`."""
        from fupin.words.verdict import comparison_verdict

        plans = [plan.scenario for plan in self.plans]
        return comparison_verdict(self.summary, self.base.scenario, plans, lang)

    def drivers(self, *outcomes: str, plan: str | None = None) -> pandas.DataFrame:
        """Which uncertain parameters go with what a plan changes; see `PlanResult.drivers`.

        Args:
            outcomes: lifted and income_poor_end if none is named.
            plan: name of the plan, the first if None.
        """
        name = plan or self.plans[0].name
        if name not in self.summary["plans"]:
            raise InputError(
                f"There is no plan {name}.", guess_or_list(name, self.summary["plans"])
            )
        pairs = self.table("pairs")
        pairs = pairs[pairs.programme == ""]
        here, base = (
            means_by_draw(self.draws, pairs[pairs.world == world], outcomes)
            for world in (name, self.base.name)
        )
        change = {key: [a - b for a, b in zip(here[key], base[key], strict=True)] for key in here}
        return drivers_frame(self.draws, change)

    def _write(self, folder: Path) -> None:
        from fupin.comparison.folder import write_comparison
        from fupin.scenario.dump import scenario_mapping
        from fupin.store.versions import package_versions, sources_fingerprint

        write_comparison(
            folder,
            base=scenario_mapping(self.base.scenario),
            plans=[scenario_mapping(plan.scenario) for plan in self.plans],
            draws=self.draws,
            seeds=self.seeds,
            comparison=self.summary,
            named_tables=self.store,
            versions=package_versions(),
            hashes={"sources": sources_fingerprint(), **fingerprints(self.base.scenario)},
            option=PYTHON("out"),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ComparisonResult):
            return NotImplemented
        mine, others = ((r.base, r.plans, r.draws, r.seeds, r.summary) for r in (self, other))
        return mine == others and self.same_tables(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        names = ", ".join(plan.name for plan in self.plans)
        return f"<ComparisonResult {names} beside {self.base.name}>"

    @speaking("en")  # as all of the face in Python
    def _repr_html_(self) -> str:
        from fupin.report.terminal.comparison_tables import SHOWN, signed
        from fupin.report.terminal.run import what_ran
        from fupin.results.outcome import OUTCOMES

        line = f"{what_ran(self.base.scenario, self.draws, self.seeds)}, each under every plan"
        rows = []
        for plan, part in self.summary["outcomes"].items():
            for key, name in SHOWN.items():
                if key not in part:  # an older fupin did not know it
                    continue
                share = OUTCOMES[key].unit == "share"
                change, interval, _ = signed(part[key]["difference"], 100.0 if share else 1.0)
                rows.append([plan, name, change, interval, "%" if share else OUTCOMES[key].unit])
        head = ["plan", "outcome", "plan less base", "90% interval", "unit"]
        return html.titled(f"Beside {self.base.title}", line) + html.table(head, rows)


def compare_plans(
    contenders: Sequence[Plan], work: Work, display: Display, cash: bool = True
) -> ComparisonResult:
    """Compare the first of some plans with the others.

    Args:
        contenders: as `contenders_of` has checked them.
        cash: live the money of each as cash too (`fupin.comparison.cash`).

    Raises:
        InputError: a mistake that only a run can find.
        RunFailed, WorkersDie: as of `Work.live`.
    """
    from fupin import paths
    from fupin.comparison.cash import is_cash_itself
    from fupin.comparison.content import Runs, compared
    from fupin.comparison.contest import Contest, live_twins, twins_without_programmes
    from fupin.comparison.tables import tables_of
    from fupin.store.versions import model_fingerprint

    base, *plans = contenders
    for sentence in warnings_of(contenders):
        display.warn(sentence)
    kept = None if work.fresh else paths.cache() / "worlds"
    scenarios = tuple(plan.scenario for plan in plans)
    contest = Contest(base.scenario, scenarios, kept, model_fingerprint(), cash)
    lived = work.live(contest, live_twins, display)
    runs = Runs(
        base.name,
        tuple(plan.name for plan in plans),
        twins_without_programmes(contest),
        tuple(draw.label for draw in work.draws),
        work.seeds,
        lived,
        frozenset(plan.name for plan in contest.contenders if is_cash_itself(plan)),
    )
    comparison = compared(runs)
    tables = tables_of(runs, comparison)
    return ComparisonResult(base, plans, work.draws, work.seeds, comparison, tables)


def warnings_of(plans: Sequence[Plan]) -> list[str]:
    """What to warn of in plans, each sentence once, with the names of those that it is about."""
    about: dict[str, list[str]] = {}
    for plan in plans:
        for sentence in plan.warnings:
            about.setdefault(sentence, []).append(plan.name)
    return [f"{', '.join(names)}: {sentence}" for sentence, names in about.items()]


def contenders_of(plans: Iterable[Plan], say: Wording = PYTHON) -> list[Plan]:
    """The plans, found to have names of their own and to be twins of the first.

    Raises:
        InputError: two of the same name, or not twins.
    """
    from fupin.comparison.contest import require_twins

    found: list[Plan] = []
    for plan in plans:
        if any(other.name == plan.name for other in found):
            raise InputError(
                f"Two of the scenarios are called {plan.name}; tables could not tell them apart.",
                say.either(
                    "Give each another `name`, and name each file once.",
                    'Give each another name, such as plan.with_(name="other").',
                ),
            )
        if found:
            require_twins(found[0].scenario, plan.scenario, say)
        found.append(plan)
    return found


def _flat(part: Mapping[str, Any]) -> dict[str, Row]:
    """Entries of comparison.json with the difference's numbers beside base and value."""
    return {
        key: {"base": entry["base"], "value": entry["plan"], **entry["difference"]}
        for key, entry in part.items()
    }
