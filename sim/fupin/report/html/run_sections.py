"""What the report of one run says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from fupin.parameters.document import figure_of
from fupin.parameters.province import province
from fupin.report.html import drivers, vega
from fupin.report.html.document_table import document_blocks, period_of
from fupin.report.html.drivers_section import drivers_section
from fupin.report.html.geometry import Shapes
from fupin.report.html.money_tables import credit_blocks, money_chart, money_table, payers_blocks
from fupin.report.html.parts import (
    Block,
    Card,
    Cards,
    Chart,
    Note,
    Page,
    Points,
    Row,
    Section,
    Table,
)
from fupin.report.html.run_certainty import certainty_section
from fupin.report.html.run_history import history_section
from fupin.report.html.run_map import map_section
from fupin.report.html.run_register import register_section
from fupin.report.html.run_who import who_section
from fupin.report.html.run_years import years_section
from fupin.report.html.shared import (
    COST_HEADS,
    manifest_section,
    of_ends,
    reading_section,
    runs_of,
    source,
    unit,
    what_ran,
)
from fupin.report.html.ten_section import ten_section
from fupin.report.ten import of_run
from fupin.report.terminal.document import other_year
from fupin.results.outcome import OUTCOMES
from fupin.scenario.programme_catalogue import with_others
from fupin.state.ledger import given
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES, Statistics, statistics
from fupin.statistics.pairs import Grid, cost_per
from fupin.store.folder import StoredResult
from fupin.store.tables import read_codes
from fupin.words import luck, reassessment, remarks, unfinished, unspent
from fupin.words.costs import impact_sentence
from fupin.words.language import Language
from fupin.words.numbers import NOTHING
from fupin.words.sample import of_sample
from fupin.words.titles import title as title_of
from fupin.words.verdict import run_verdict

SERIES = ("registered_poor", "income_poor", "migrants", "aid_delivered", "local_jobs")
"""Monthly series that are drawn: of the ledger `aid_delivered`, else of province_by_month."""

ADDED = ("additional_income_channel", "additional_recognition_channel")


class RunReport:
    """The sections of one run; each is a method that reads what it needs."""

    def __init__(self, say: Language, result: StoredResult, shapes: Shapes) -> None:
        self.say, self.result, self.shapes = say, result, shapes
        self.run, self.summary = result.run, result.summary
        self.outcomes: Mapping[str, Any] = self.summary["outcomes"]

    def page(self) -> Page:
        """The whole report: the answer first, what it rests on last."""
        scenario, say = self.run["scenario"], self.say
        verdict = run_verdict(self.summary, scenario, say.code)
        document = document_blocks(say, self.summary, ["summary.json"], scenario, self.runs)
        sections = [
            self.headline(),
            ten_section(say, of_run(say.code, self.result)),
            *history_section(say, self.result),
            *register_section(say, self.summary, scenario),
            self.map(),
            who_section(say, self.result),
            *years_section(say, self.summary),
            self.money(),
            self.cost(),
            self.certainty(),
            self.drivers(),
            reading_section(say, self.run, comparison=False),
            self.all_outcomes(),
            Section("document", say("section.appendix_document"), say("document.lead"), document),
            self.trajectories(),
            manifest_section(say, self.run, self.result.folder.name),
        ]  # fmt: skip
        shared = {"counties": self.shapes.counties}
        ran = say.sentences(title_of(say, scenario), what_ran(say, self.run))
        return Page(verdict.title, ran, sections, shared, verdict.texts)

    # -- numbers -------------------------------------------------------------------------------

    def grid(self, *outcomes: str) -> Grid:
        """Sum of outcomes, draws x seeds, NaN where any is undefined."""
        found = {(r.draw, r.seed): r.outcomes for r in self.result.results}
        return np.array(
            [
                [sum(_number(found[d["label"], s][o]) for o in outcomes) for s in self.run["seeds"]]
                for d in self.run["draws"]
            ]
        )

    @cached_property
    def added(self) -> Grid:
        """Persons lifted beyond the twin without programmes; NaN where the run has no twin."""
        return self.grid(*ADDED)

    def _missing(self, section: str, *names: str) -> Section | None:
        """What stands in place of a section whose tables the folder does not have."""
        say = self.say
        lacking = [name for name in names if name not in self.result.table_names]
        if not lacking:
            return None
        note = Note(say("missing.table", names=", ".join(lacking)), "fupin run SCENARIO")
        title = "section.appendix_months" if section == "trajectories" else f"section.{section}"
        return Section(section, say(title), "", [note])

    def _text(self, entry: Mapping[str, Any], key: str) -> tuple[str, str]:
        return self.say.estimate(entry, 100.0 if OUTCOMES[key].unit == "share" else 1.0)

    @property
    def runs(self) -> int:
        """Runs behind every mean."""
        return runs_of(self.run)

    def _between(self, interval: str) -> str:
        """An interval by its name: few runs have a range and no 90% interval."""
        if not interval:  # of one run, and of several that are alike
            return ""
        return of_ends(self.say, "card.interval", self.runs, interval=interval)

    # -- sections ------------------------------------------------------------------------------

    def headline(self) -> Section:
        """What a planner reads first."""
        say = self.say
        cards = []
        for key in ("person_years_out", "lifted", "additional_out_of_poverty", "income_poor_end",
                    "spent", "resource_cost"):  # fmt: skip
            entry = self.outcomes.get(key, {"mean": None})
            value, interval = say.estimate(entry)
            if value == NOTHING:
                continue
            known = interval and not say.chinese  # Chinese says it with each end
            suffix = say.magnitude(entry["mean"] or 0.0)[1] if known else ""
            cards.append(
                Card(say(f"headline.{key}"), value, unit(say, OUTCOMES[key].unit),
                     self._between(f"{interval}{suffix}"),
                     say(f"headline.{key}_meaning"))
            )  # fmt: skip
        small = [Note(s) for s in of_sample(say, self.run["scenario"]["population"]["sample"])]
        return Section("headline", say("section.headline"), "", [Cards(cards), *small])

    def certainty(self) -> Section:
        """What the ranges hold, what to beware of, where the model misses the document."""
        say = self.say
        draws = len(self.run["draws"])
        if self.outcomes["lifted"]["low"] is None:
            certainty = say("certainty.one")
        else:
            certainty = say("certainty.draws" if draws > 1 else "certainty.chance")
            if self.runs < ENOUGH_FOR_PERCENTILES:
                certainty = say("certainty.few", n=self.runs)
        title = self.run["scenario"].get("title") or self.run["scenario"]["name"]
        warned: list[Block] = [
            Note(sentence) for sentence in reassessment.of_run(say, title, self.summary)
        ]
        if sentence := luck.of_runs(
            say, self.run["draws"], self.run["seeds"], self.run["scenario"]
        ):
            warned.insert(0, Note(sentence))
        warned += [Note(sentence) for sentence in remarks.of_record(say, self.run["scenario"])]
        misses = certainty_section(say, self.summary, self.run["scenario"])
        return replace(misses, blocks=[Note(certainty), *warned, *misses.blocks])

    def all_outcomes(self) -> Section:
        """Every outcome of the run."""
        say = self.say
        rows = [
            Row([say(f"outcome.{key}"), *self._text(entry, key), unit(say, OUTCOMES[key].unit)])
            for key, entry in self.outcomes.items()
            if entry["mean"] is not None
        ]
        table = Table(
            say("headline.all"),
            [
                say("column.outcome"),
                say("column.mean"),
                of_ends(say, "column.interval", self.runs),
                say("column.unit"),
            ],
            "lrrl",
            rows,
        )
        return Section("outcomes", say("section.appendix_outcomes"), "", [table])

    def map(self) -> Section:
        """Counties at the end of the period."""
        say = self.say
        if missing := self._missing("map", "county_by_year", "ledger_by_month"):
            return missing
        return map_section(say, self.result, self.shapes, self._county_money)

    def _county_money(self, codes: Any) -> Any:
        """Fiscal and social yuan delivered in each county over the period, all runs together."""
        columns, ours = self.ledger
        at = np.searchsorted(codes, columns["county"][0][ours])
        return np.bincount(at, weights=columns["aid"][0][ours], minlength=len(codes))

    @cached_property
    def ledger(self) -> tuple[dict[str, Any], Any]:
        """Columns of the ledger, and which of its rows are of fiscal and social money."""
        file = self.result.folder / "ledger_by_month.parquet"
        names = ("seed", "county", "delivered", "principal")
        columns = read_codes(file, ("draw", "programme", "month"), names)
        columns["aid"] = (given(columns["delivered"][0], columns["principal"][0], True), [])
        code, programmes = columns["programme"]
        aid = {p.key for p in with_others(programmes) if p.gift}
        return columns, np.array([name in aid for name in programmes], bool)[code]

    def _aid(self, months: Sequence[str]) -> Grid:
        """The same since the start for every run and month, in the order of draws and seeds."""
        columns, ours = self.ledger

        def place(column: str, order: Sequence[Any]) -> Any:
            values, names = columns[column]
            if names:
                values, names = np.array([order.index(name) for name in names])[values], []
            else:
                values = np.searchsorted(order, values)
            return values[ours]

        seeds = self.run["seeds"]
        by_seed = np.argsort(seeds)[place("seed", np.sort(seeds))]
        draw = place("draw", [d["label"] for d in self.run["draws"]])
        shape = (len(self.run["draws"]), len(seeds), len(months))
        cell = np.ravel_multi_index((draw, by_seed, place("month", months)), shape)
        yuan = np.bincount(cell, weights=columns["aid"][0][ours], minlength=np.prod(shape))
        return yuan.reshape(shape).cumsum(axis=2)

    def trajectories(self) -> Section:
        """Month by month, with the document's figures."""
        if missing := self._missing("trajectories", "province_by_month", "ledger_by_month"):
            return missing
        say, table = self.say, self.result.table("province_by_month")
        months = list(dict.fromkeys(table["calendar"].tolist()))
        shape = (len(self.run["draws"]), len(self.run["seeds"]), len(months))
        charts: list[Block] = []
        for series in SERIES:
            of_ledger = series == "aid_delivered"
            values = self._aid(months) if of_ledger else np.asarray(table[series], float)
            grid = values.reshape(shape)
            if not grid.any():
                continue
            size = self.say.series_size(series)
            rows, lines = [], []
            axis = say(f"series.{series}_unit")
            for at, month in enumerate(months):
                found = _statistics(grid[:, :, at] / size)
                text = say.with_interval(say.estimate(found, scale=(1.0, "")))
                rows.append(
                    {
                        "month": f"{month}-01", "when": month, "world": "", "text": text,
                        "value": found["mean"],
                        "low": found["mean"] if found["low"] is None else found["low"],
                        "high": found["mean"] if found["high"] is None else found["high"],
                    }
                )  # fmt: skip
                lines.append(Row([month, *say.estimate(found, scale=(1.0, ""))]))
            title = say(f"series.{series}")
            charts.append(
                Chart(
                    id=f"months-{series}",
                    title=title,
                    unit=say.also(axis, of_ends(say, "series.band", self.runs)),
                    source=source(say, "ledger_by_month" if of_ledger else "province_by_month"),
                    summary=say("series.summary", what=title, first=months[0], last=months[-1],
                                start=lines[0].cells[1], end=lines[-1].cells[1], unit=axis),
                    spec=vega.months(rows, axis=axis, name=axis, marks=self._marks(series, months)),
                    numbers=Table(
                        title,
                        [say("column.month"), say("column.mean"),
                         of_ends(say, "column.interval", self.runs)],
                        "lrr", lines,
                    ),
                    wide=False,
                )
            )  # fmt: skip
        return Section("trajectories", say("section.appendix_months"), say("series.lead"), charts)

    def _marks(self, series: str, months: Sequence[str]) -> list[dict[str, Any]]:
        """The document's figures of the end of its year."""
        measures = {
            "registered_poor": ("registered_poor_end",),
            "aid_delivered": ("money/fiscal", "money/social"),
        }.get(series)
        end, before = (f"{y}-12" for y in (province().document_year, province().year_before))
        of_one_year = series == "aid_delivered"
        elsewhere = other_year(*period_of(self.run["scenario"]))
        if measures is None or elsewhere or (of_one_year and months[0] != before):
            return []
        told = [figure_of(measure) for measure in measures]
        value = sum(row.value for row in told) / self.say.series_size(series)
        label = self.say("series.document", id=" + ".join(row.id for row in told))
        return [{"month": f"{end}-01", "value": value, "label": label}]

    def money(self) -> Section:
        """Programme by programme."""
        say, programmes = self.say, self.summary["programmes"]
        chart = money_chart(say, programmes, ["summary.json"])
        blocks: list[Block] = [money_table(say, programmes)]
        end = int(self.run["scenario"]["period"]["end"][:4])
        blocks += [Note(text) for text in unfinished.of_run(say, self.summary, end)]
        if reasons := unspent.of_run(say, self.summary):
            blocks.append(Points(reasons, title=say("unspent.title")))
        blocks += credit_blocks(say, {"": self.summary.get("credit", {})})
        return Section("money", say("section.money"), say("money.lead"),
                       [chart, *blocks] if chart else blocks)  # fmt: skip

    def cost(self) -> Section:
        """Yuan for each person lifted, all counted and beyond the twin."""
        say = self.say
        grids = {name: self.grid(name) for name in COST_HEADS}
        money = {name: grid for name, grid in grids.items() if not np.isnan(grid).any()}
        rows = []
        for key, persons in (
            ("per_lifted", self.grid("lifted")),
            ("per_added", self.added),
            ("per_additional_out", self.grid("additional_out_of_poverty")),
        ):
            if np.isnan(persons).any():
                continue
            cells: list[str] = []
            for yuan in money.values():
                found = cost_per(yuan, persons)
                value, interval = say.estimate(found, most_digits=4)
                cells += [say("cost.undefined") if found["mean"] is None else value, interval]
            people = say.estimate(_statistics(persons), most_digits=4)[0]
            rows.append(Row([say(f"cost.{key}"), *cells, people]))
        heads = [head for name in money for head in (COST_HEADS[name], "interval")]
        table = Table(
            say("cost.caption"),
            [say(f"column.{k}") for k in ("what", *heads, "persons")],
            "lr" + "r" * len(heads),
            rows,
            note=say("cost.note"),
        )
        blocks: list[Block] = [table]
        blocks += payers_blocks(say, self.summary)
        if sentence := impact_sentence(say, self.summary.get("impact")):
            blocks.append(Note(sentence))
        return Section("cost", say("section.cost"), say("cost.lead_run"), blocks)

    def drivers(self) -> Section:
        """Parameters beside outcomes across draws."""
        say = self.say
        series = {"lifted": self.grid("lifted"), "income_poor_end": self.grid("income_poor_end")}
        if not np.isnan(self.added).any():
            series = {"added": self.added, **series}
        found = drivers.found(
            self.run["draws"], {key: grid.mean(axis=1).tolist() for key, grid in series.items()}
        )
        titles = {key: say(f"headline.{key}") for key in series}
        command = "fupin run SCENARIO --draws 100"
        return drivers_section(say, found, titles, ["runs", "run.json"], command)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _statistics(grid: Grid) -> Statistics:
    """Mean and interval of one further run, as summary.json has them."""
    values = [[None if np.isnan(v) else float(v) for v in row] for row in grid]
    return statistics(values)


def _rounded(value: float, places: int) -> str:
    from fupin.words.numbers import rounded

    return rounded(value, places)
