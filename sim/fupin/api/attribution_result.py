"""`fupin.attribute`: what each programme of a plan did, in shares that sum to the whole."""

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
from fupin.results.asked import Draws, Seeds
from fupin.results.draws import Draw
from fupin.results.outcome import Table

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

    from fupin.allocation.attribution_folder import StoredAttribution
    from fupin.api.display import Display
    from fupin.words.verdict_parts import Verdict

ATTRIBUTED_WITH: tuple[str, str] = ("central", "1")
"""Draws and seeds of an attribution if none are named: many worlds of one pair."""


def drawn_with(draws: Draws, seeds: Seeds) -> tuple[Draws, Seeds]:
    """Draws and seeds, with the usual ones of an attribution where none are named."""
    usual_draws, usual_seeds = ATTRIBUTED_WITH
    return usual_draws if draws is None else draws, usual_seeds if seeds is None else seeds


def draw_shares(result: AttributionResult, ax: Axes, outcomes: Sequence[str] | None) -> None:
    """Signed bars of the shares with 90% intervals, the largest on top."""
    rows = result.programmes
    wanted = list(outcomes) if outcomes else list(rows.index)
    for key in wanted:
        if key not in rows.index:
            raise InputError(f"{key} has no share.", "Name a programme that has money.")
    rows = rows.loc[wanted].sort_values("mean")
    _bars(result, ax, [k.replace("_", " ") for k in rows.index], rows)


def draw_classes(result: AttributionResult, ax: Axes, outcomes: Sequence[str] | None) -> None:
    """The same of the classes of money."""
    rows = result.classes.iloc[::-1]
    _bars(result, ax, [f"{k}, {row.money / 1e6:,.0f} M yuan" for k, row in rows.iterrows()], rows)


def _bars(result: AttributionResult, ax: Axes, names: list[str], rows: pandas.DataFrame) -> None:
    from fupin.report.terminal.attribution import unit_of

    unit, factor = unit_of(result.summary)
    ax.barh(names, rows["mean"] * factor, color=["C0" if m >= 0 else "C3" for m in rows["mean"]])
    known = rows["low"].notna()
    if known.any():
        low, high = (rows[end].where(known, rows["mean"]) for end in ("low", "high"))
        error = [(rows["mean"] - low).clip(0) * factor, (high - rows["mean"]).clip(0) * factor]
        ax.errorbar(rows["mean"] * factor, names, xerr=error, fmt="none", color="black", capsize=2)
    ax.axvline(0.0, color="black", linewidth=1)
    ax.set_xlabel(f"{unit}, to {result.summary['until']}")


class AttributionResult(TablesResult):
    """Shares of the programmes of a plan.

    Attributes:
        base: the plan.
        draws, seeds: every draw with every seed.
        summary: the content of `attribution.json`.
    """

    plots: ClassVar = {"shares": draw_shares, "classes": draw_classes}

    def __init__(
        self,
        base: Plan,
        draws: Sequence[Draw],
        seeds: Sequence[int],
        summary: Mapping[str, Any],
        tables: Mapping[str, Table] | None = None,
        stored: StoredAttribution | None = None,
    ) -> None:
        self.base = base
        self.draws, self.seeds = tuple(draws), tuple(seeds)
        self.summary, self.stored = dict(summary), stored
        self.store = Stored(stored) if stored is not None else dict(tables or {})
        self.folder = None if stored is None else stored.folder

    @property
    def label(self) -> str:
        """It names the folder."""
        return f"attribute-{self.base.name}"

    def verdict(self, lang: str = "en") -> Verdict:
        """As of `Result`."""
        from fupin.report.terminal.attribution import verdict
        from fupin.words.language import Language
        from fupin.words.phrases import chinese
        from fupin.words.titles import title as title_of
        from fupin.words.verdict_parts import Sentence, Verdict

        plan = title_of(Language(lang), self.base.scenario)
        title, texts = f"What each programme of {plan} did", verdict(self.summary)
        if lang == "zh":
            title, texts = chinese(title), [chinese(text) for text in texts]
        return Verdict(lang, title, tuple(Sentence("effect", text) for text in texts))

    @property
    def programmes(self) -> pandas.DataFrame:
        """A row a programme: class, money, mean (its share), in_class, alone, last."""
        return self.table("shares").set_index("programme")

    @property
    def classes(self) -> pandas.DataFrame:
        """A row a class of money: its money, mean (its share) with intervals, part."""
        from fupin.api.frames import frame_of

        rows = [
            {"class": name, **{k: v for k, v in row.items() if k != "programmes"}}
            for name, row in self.summary["classes"].items()
        ]
        return frame_of(rows, ["class"])

    @property
    def outcomes(self) -> pandas.DataFrame:
        """What the whole plan did to the outcome."""
        from fupin.api.frames import frame_of

        row = {"outcome": self.summary["outcome"], **self.summary["whole"]}
        return frame_of([{**row, "unit": self.summary["unit"]}], ["outcome"])

    def _write(self, folder: Path) -> None:
        from fupin.allocation.attribution_folder import write_attribution
        from fupin.scenario.dump import scenario_mapping
        from fupin.store.versions import package_versions, sources_fingerprint

        write_attribution(
            folder,
            base=scenario_mapping(self.base.scenario),
            draws=self.draws,
            seeds=self.seeds,
            attribution=self.summary,
            named_tables=self.store,
            versions=package_versions(),
            hashes={"sources": sources_fingerprint(), **fingerprints(self.base.scenario)},
            option=PYTHON("out"),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AttributionResult):
            return NotImplemented
        mine, others = ((r.base, r.draws, r.seeds, r.summary) for r in (self, other))
        return mine == others and self.same_tables(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<AttributionResult {self.base.name}: {self.summary['outcome']}>"

    def _repr_html_(self) -> str:
        from fupin.report.terminal.attribution import summing_texts

        rows = self.summary["programmes"]
        texts, total = summing_texts([row["mean"] for row in rows.values()], self.summary)
        cells = [
            [key, f"{row['money'] / 1e6:,.2f}", text]
            for (key, row), text in zip(rows.items(), texts, strict=True)
        ]
        head = ["programme", "M yuan", "share"]
        return html.titled(
            f"What each programme of {self.base.title} did", self.verdict().text
        ) + html.table(head, [*cells, ["the plan", "", total]])


def attribute_plan(
    plan: Plan,
    outcome: str | None,
    work: Work,
    display: Display,
    households: bool = True,
) -> AttributionResult:
    """Live the coalitions of a plan's programmes, and share out what the plan does.

    Args:
        plan: with the sample and horizon that are wanted.
        outcome: what is attributed; person-years out of poverty if None.
        work: draws and seeds, and who lives worlds.
        households: look at each household in the first pair of draw and seed.

    Raises:
        InputError: a mistake in the question, before anything is lived.
        RunFailed, WorkersDie: as of `Work.live`.
    """
    import tempfile

    from fupin import paths
    from fupin.allocation.attributing import attribute, checked_outcome, programmes_of
    from fupin.allocation.attribution_content import content_of, tables_of
    from fupin.allocation.lives import engine
    from fupin.api.allocation_result import store_name

    asked = checked_outcome(outcome, work.say("outcome"))
    programmes_of(plan.scenario)
    for sentence in plan.warnings:
        display.warn(sentence)
    compile_first(display)
    with tempfile.TemporaryDirectory(prefix="fupin-") as home:
        store = Path(home) if work.fresh else paths.cache() / "allocations" / store_name(plan)
        with engine(
            store, work.workers, work.scheduler, progress=display.runs, notify=display.warn,
            say=work.say,
        ) as live:  # fmt: skip
            found = attribute(
                plan.scenario, asked, work.draws, work.seeds, live, households, display.tell
            )
    content = content_of(found)
    base = Plan.of(plan.scenario)
    return AttributionResult(base, work.draws, work.seeds, content, tables_of(found, content))
