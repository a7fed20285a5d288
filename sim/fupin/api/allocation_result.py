"""`fupin.allocate`: a better division of a plan's money, checked on luck that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from fupin.api import html
from fupin.api.plan import Plan
from fupin.api.plan_result import fingerprints
from fupin.api.result import Stored, TablesResult
from fupin.api.work import Work, compile_first
from fupin.errors import PYTHON, InputError
from fupin.results.draws import Draw
from fupin.results.outcome import Table
from fupin.statistics.confidence import two_sided_normal

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

    from fupin.allocation.folder import StoredAllocation
    from fupin.api.display import Display
    from fupin.scenario.allocate import Allocate
    from fupin.words.verdict_parts import Verdict


def draw_curves(result: AllocationResult, ax: Axes, outcomes: Sequence[str] | None) -> None:
    """Response curves of the goal: measured with its error, fitted, today and the proposal."""
    frame = result.table("curves")
    frame = frame[frame.goal == result.summary["goal"]]
    wanted = list(outcomes) if outcomes else list(dict.fromkeys(frame.programme))
    for number, key in enumerate(wanted):
        rows = frame[frame.programme == key]
        if rows.empty:
            raise InputError(f"There is no curve of {key}.", "Name a programme that may move.")
        colour = f"C{number % 10}"
        ax.plot(rows.yuan / 1e6, rows.fitted, color=colour, label=key.replace("_", " "))
        ax.errorbar(
            rows.yuan / 1e6,
            rows.measured,
            two_sided_normal() * rows.error,
            fmt=".",
            color=colour,
            alpha=0.5,
        )
    ax.set_xlabel("million yuan")
    ax.set_ylabel(f"{result.summary['goal'].replace('_', ' ')}, beside today")
    ax.legend(fontsize="small")


def draw_moves(result: AllocationResult, ax: Axes, outcomes: Sequence[str] | None) -> None:
    """What each programme gets more or less, million yuan."""
    rows = result.programmes
    rows = rows[rows.change != 0]
    ax.barh([k.replace("_", " ") for k in rows.index][::-1], (rows.change / 1e6)[::-1])
    ax.axvline(0.0, color="black", linewidth=1)
    ax.set_xlabel("proposed less today, million yuan")


class AllocationResult(TablesResult):
    """A division of money, and what is known of it.

    Attributes:
        base: the plan that the search began with.
        plan: the proposal, a plan that can be run; None where nothing better was found.
        draws, seeds: of the search.
        summary: the content of `allocation.json`.
    """

    plots: ClassVar = {"moves": draw_moves, "curves": draw_curves}

    def __init__(
        self,
        base: Plan,
        plan: Plan | None,
        draws: Sequence[Draw],
        seeds: Sequence[int],
        summary: Mapping[str, Any],
        tables: Mapping[str, Table] | None = None,
        stored: StoredAllocation | None = None,
    ) -> None:
        self.base, self.plan = base, plan
        self.draws, self.seeds = tuple(draws), tuple(seeds)
        self.summary, self.stored = dict(summary), stored
        self.store = Stored(stored) if stored is not None else dict(tables or {})
        self.folder = None if stored is None else stored.folder

    @property
    def label(self) -> str:
        """It names the folder."""
        return f"allocate-{self.base.name}"

    def verdict(self, lang: str = "en") -> Verdict:
        """As of `Result`."""
        from fupin.words.verdict import allocation_verdict

        return allocation_verdict(self.summary, lang)

    def sentences(self, language: str = "en") -> list[str]:
        """The first page: what was found, whom it gives and takes, why each programme stops.

        Args:
            language: en or zh.

        Raises:
            InputError: another language.
        """
        from fupin.allocation.sentences import first_page

        return first_page(self.summary, language)

    @property
    def programmes(self) -> pandas.DataFrame:
        """A row a programme: money today and proposed, why it stopped, what more would do."""
        return self.table("allocation").set_index("programme")

    @property
    def outcomes(self) -> pandas.DataFrame:
        """What the proposal changes beside today's division, on luck the search has not seen."""
        from fupin.api.frames import frame_of
        from fupin.results.outcome import OUTCOMES

        rows = [
            {"outcome": key, **{k: v for k, v in row.items()}, "unit": OUTCOMES[key].unit}
            for key, row in self.summary["other_outcomes"].items()
        ]
        return frame_of(rows, ["outcome"])

    def _write(self, folder: Path) -> None:
        from fupin.allocation.folder import write_allocation
        from fupin.allocation.plan_money import money_files
        from fupin.scenario.dump import dump_scenario, scenario_mapping
        from fupin.store.versions import package_versions, sources_fingerprint

        write_allocation(
            folder,
            base=scenario_mapping(self.base.scenario),
            draws=self.draws,
            seeds=self.seeds,
            allocation=self.summary,
            plan=None if self.plan is None else dump_scenario(self.plan.scenario),
            named_tables=self.store,
            money={} if self.plan is None else money_files(self.base.scenario, self.plan.scenario),
            versions=package_versions(),
            hashes={"sources": sources_fingerprint(), **fingerprints(self.base.scenario)},
            option=PYTHON("out"),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AllocationResult):
            return NotImplemented
        mine, others = ((r.base, r.plan, r.draws, r.seeds, r.summary) for r in (self, other))
        return mine == others and self.same_tables(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        found = "nothing better" if self.plan is None else self.plan.name
        return f"<AllocationResult {self.base.name}: {found}>"

    def _repr_html_(self) -> str:
        rows = [
            [key, f"{row.today / 1e6:,.2f}", f"{row.proposed / 1e6:,.2f}", row.why]
            for key, row in self.programmes.iterrows()
        ]
        head = ["programme", "today, M yuan", "proposed, M yuan", "why"]
        return html.titled(f"A better {self.base.title}", self.verdict().text) + html.table(
            head, rows
        )


def allocate_plan(
    plan: Plan,
    asked: Allocate,
    work: Work,
    check_draws: int,
    check_seeds: Sequence[int],
    display: Display,
) -> AllocationResult:
    """Search for a better division of a plan's money, and check it.

    Args:
        plan: with the sample and horizon that are wanted.
        asked: what is looked for.
        work: draws and seeds of the search, and who lives worlds.
        check_draws: how many parameter vectors the check has, none of which the search has used.
        check_seeds: of the check.

    Raises:
        InputError: a mistake in the question, before anything is lived, or one that curves find.
        RunFailed, WorkersDie: as of `Work.live`.
    """
    import tempfile

    from fupin import paths
    from fupin.allocation.allocating import allocate
    from fupin.allocation.check import unseen
    from fupin.allocation.content import content_of, tables_of
    from fupin.allocation.lives import engine
    from fupin.allocation.question import question_of
    from fupin.words.language import Language
    from fupin.words.remarks import of_search

    question = question_of(plan.scenario, asked)
    fresh = unseen(work.draws, work.seeds, check_draws)
    for sentence in (*plan.warnings, *of_search(Language("en"), asked)):
        display.warn(sentence)
    compile_first(display)
    with tempfile.TemporaryDirectory(prefix="fupin-") as home:
        store = Path(home) if work.fresh else paths.cache() / "allocations" / store_name(plan)
        with engine(
            store, work.workers, work.scheduler, progress=display.runs, notify=display.warn,
            say=work.say,
        ) as live:  # fmt: skip
            found = allocate(
                question, live, work.draws, work.seeds, fresh, check_seeds, display.tell
            )
    content = content_of(found)
    proposal = None
    if found.better:
        name = f"{plan.name[:54]}-allocated"
        title = f"{plan.title}: the money divided for {found.goal.replace('_', ' ')}"
        proposal = Plan.of(found.plan(name=name, title=title[:200]))
    base = Plan.of(plan.scenario)
    return AllocationResult(
        base, proposal, work.draws, work.seeds, content, tables_of(found, content)
    )


def store_name(plan: Plan) -> str:
    """Folder of the store of a plan's searches: one for all searches in a population."""
    people = plan.scenario.population
    return f"{plan.name}-{people.sample}-{people.seed}"
