"""Sections of a comparison on where and when: the map by county, the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.report.html import maps, vega
from fupin.report.html.comparison_ground import ComparisonGround, none, times
from fupin.report.html.parts import Block, Chart, Note, Row, Section, Table
from fupin.report.html.shared import source
from fupin.results.outcome import Table as Columns
from fupin.statistics.discoveries import count_of_tests, discovered, entries_of
from fupin.words.numbers import NOTHING

SERIES = ("registered_poor", "income_poor", "migrants", "yuan_delivered", "local_jobs")
LEVELS = ("registered_poor", "income_poor")
"""Monthly series: those whose differences, and those whose levels are drawn."""

_COUNTY_OUTCOMES = {"registered_poor": -1, "income_poor": -1, "mean_income": 2}
"""Outcome of a county -> decimal places of its numbers."""


class MapSections(ComparisonGround):
    """The sections that are about counties and months."""

    def map(self) -> Section:
        """Differences by county, a layer for each plan and outcome."""
        say, table = self.say, self.result.table("counties")
        layers: dict[str, maps.Layer] = {}
        changes: dict[str, dict[int, dict[str, float | None]]] = {}
        for plan in self.plans:
            for outcome, places in _COUNTY_OUTCOMES.items():
                here = (table["plan"] == plan) & (table["outcome"] == outcome)
                codes = map(int, table["county"][here].tolist())
                entries = dict(zip(codes, entries_of(table, here), strict=True))
                found = discovered(list(entries.values()), self.freedom)
                values = {code: entry["mean"] for code, entry in entries.items()}
                sure = dict(zip(entries, found.tolist(), strict=True))
                texts = {c: _county_text(say, entry, places) for c, entry in entries.items()}
                changes[f"{plan}/{outcome}"] = entries
                if any(values.values()):
                    title = say(
                        "map.plan_outcome", plan=self.world(plan), outcome=say(f"map.{outcome}")
                    )
                    layers[f"{plan}/{outcome}"] = maps.Layer(title, values, texts, sure)
        if not layers:
            return Section("map", say("section.map"), say("comparison.nothing"), [])
        poor = [k for k in layers if k.endswith("/income_poor")] or list(layers)
        key = max(poor, key=lambda k: sum(layers[k].told.values()))  # what there is to see
        layers = {key: layers[key], **layers}  # true poverty first
        first = layers[key]
        summary = say("map.summary_differences", what=first.title, told=sum(first.told.values()),
                      largest=maps.three_largest(first, maps.county_names(say), say))  # fmt: skip
        title = say("map.title_differences", base=self.world(self.base))
        chart = maps.county_map(
            say, self.shapes, layers,
            title=title, summary=summary, names=["counties"], differences=True,
        )  # fmt: skip
        told_apart, tests = sum(first.told.values()), count_of_tests(list(changes[key].values()))
        said = say("map.discoveries", told=told_apart, all=tests)
        if self.freedom <= 0:
            said = say("map.no_test", all=tests)
        elif not told_apart:
            said = say("map.no_discoveries", all=tests)
        blocks: list[Block] = [Note(f"{first.title}: {said}"), chart]
        shown = {
            code: entry
            for code, entry in changes[key].items()
            if entry["mean"] and (first.told[code] or not told_apart)
        }
        if shown:
            blocks.append(
                maps.ranked(
                    say, shown, title=say("map.ranked_changes"), unit=first.title,
                    names=["counties"], ends=say("column.interval"), signed=True,
                )
            )  # fmt: skip
        return Section("map", say("section.map"), say("map.lead_differences"), blocks)

    def trajectories(self) -> Section:
        """Plan minus base month by month, and the levels that this is a part of."""
        say, table = self.say, self.result.table("months")
        charts: list[Block] = []
        bare = [b for b in self.bare_names if b not in self.contenders]
        for series in SERIES:
            if "difference_mean" in table:  # not in folders of an older fupin
                charts += self._monthly(table, series, self.plans, change=True)
        for series in LEVELS:
            charts += self._monthly(table, series, [self.base, *bare], change=False)
        return Section(
            "trajectories", say("section.appendix_months"), say("series.lead_worlds"), charts
        )

    def _monthly(
        self, table: Columns, series: str, worlds: Sequence[str], change: bool
    ) -> list[Chart]:
        say = self.say
        size = 1.0 if change else say.series_size(series)
        size = say.money[0] if change and series == "yuan_delivered" else size
        prefix = "difference_" if change else ""
        axis = say(f"series.{series}_{'change' if change else 'unit'}")
        rows, lines, ends = [], [], []
        for world in worlds:
            here = (table["series"] == series) & (table["world"] == world)
            names = ("calendar", *(f"{prefix}{name}" for name in ("mean", "low", "high")))
            columns = [table[name][here].tolist() for name in names]
            for month, *numbers in zip(*columns, strict=True):
                mean, low, high = (times(none(v), 1 / size) for v in numbers)
                entry = {"mean": mean, "low": low, "high": high}
                texts = say.signed(entry) if change else say.estimate(entry, scale=(1.0, ""))
                rows.append(
                    {
                        "month": f"{month}-01", "when": month, "world": self.world(world),
                        "text": say.with_interval(texts), "value": mean,
                        "low": mean if low is None else low,
                        "high": mean if high is None else high,
                    }
                )  # fmt: skip
                lines.append(Row([self.world(world), month, *texts]))
            ends.append(f"{self.world(world)} {rows[-1]['text']}")
        if not any(row["value"] for row in rows):
            return []
        title = say("series.change" if change else "series.level", what=say(f"series.{series}"))
        head = [say(f"column.{k}") for k in ("world", "month", "mean", "interval")]
        return [
            Chart(
                id=f"months-{'change-' if change else ''}{series}",
                title=title,
                unit=say.also(axis, say("series.means")),
                source=source(say, "months"),
                summary=say("series.ends", what=title, ends=say.join(ends), unit=axis),
                spec=vega.months(rows, axis=axis, name=axis, zero=change),
                numbers=Table(title, head, "llrr", lines),
                wide=False,
            )
        ]


def _county_text(say: Any, entry: Mapping[str, Any], places: int) -> str:
    from fupin.words.numbers import rounded

    if entry["mean"] is None:
        return NOTHING
    if entry["low"] is None or entry["low"] == entry["high"]:
        return rounded(entry["mean"], places)
    text: str = say.with_interval(say.signed(entry))
    return text
