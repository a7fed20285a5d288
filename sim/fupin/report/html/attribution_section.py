"""What the report of an attribution says: shares that sum, who helps whom, and to whom it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fupin.allocation.attribution_folder import StoredAttribution
from fupin.report.html import vega_bars
from fupin.report.html.parts import Block, Chart, Note, Page, Points, Row, Section, Table
from fupin.report.html.shared import (
    manifest_section,
    of_ends,
    programme_title,
    source,
    what_ran,
)
from fupin.report.terminal.attribution import (
    LARGE,
    fifth_texts,
    next_pair,
    pairs_of,
    summing_texts,
    unit_of,
)
from fupin.results.outcome import OUTCOMES
from fupin.scenario.amounts import format_yuan
from fupin.words import language
from fupin.words.language import Language
from fupin.words.numbers import MINUS, NOTHING
from fupin.words.sample import of_sample
from fupin.words.titles import title as title_of

WORDS = Path(language.__file__).with_name("attribution.yaml")
NAMED = 10
"""Pairs of programmes in the table."""

Content = Mapping[str, Any]


def attribution_page(say: Language, stored: StoredAttribution) -> Page:
    """The report of a folder of `fupin attribute`."""
    return AttributionReport(say, stored).page()


class AttributionReport:
    """The sections of one attribution.

    Args:
        say: the language, with the words of reports.
        stored: the folder.
    """

    def __init__(self, say: Language, stored: StoredAttribution) -> None:
        self.say, self.stored = say, stored
        self.words = replace(say, file=WORDS)
        self.content: Content = stored.attribution
        english, self.factor = unit_of(self.content)
        self.unit = english
        if say.chinese:
            found = say(f"unit.{self.content['unit']}")
            self.unit = f"百万{found}" if self.factor != 1.0 else found

    def page(self) -> Page:
        """The whole report."""
        scenario = self.stored.run["scenario"]
        title = self.words("title", plan=title_of(self.say, scenario))
        sections = [
            self.headline(),
            self.shares(),
            *self.together(),
            *self.whom(),
            *self.households(),
            self.reading(),
            manifest_section(self.say, self.stored.run, self.stored.folder.name),
        ]
        return Page(title, what_ran(self.say, self.stored.run), sections)

    # -- numbers --------------------------------------------------------------------------------

    def _name(self, key: str) -> str:
        return programme_title(self.say, key)

    def _percent(self, part: float | None, digits: int = 0) -> str:
        return NOTHING if part is None else f"{100 * part:.{digits}f}%".replace("-", MINUS)

    def _ends(self, row: Content) -> str:
        return self.say.estimate(row, self.factor)[1]

    def _mean(self, row: Content) -> str:
        return self.say.estimate({**row, "low": None}, self.factor)[0]

    # -- sections -------------------------------------------------------------------------------

    def headline(self) -> Section:
        """What a planner reads first."""
        words, content = self.words, self.content
        programmes = content["programmes"]
        _, total = summing_texts([row["mean"] for row in programmes.values()], content)
        ends = self._ends(content["whole"])
        said = words("interval", ends=ends) if ends else ""
        sentences = [
            words("whole", year=content["until"], total=total, unit=self.unit, interval=said)
        ]
        if ends:
            further = self._ends(next_pair(content["whole"]))
            sentences.append(of_ends(words, "next_pair", pairs_of(content), ends=further))
        whole = content["whole"]["mean"]
        if whole:
            if len(content["classes"]) > 1:
                sentences += [
                    words("class_part", name=words(f"class_{name}"),
                          money=self._yuan(row["money"]), part=self._percent(row["part"]))
                    for name, row in content["classes"].items()
                ]  # fmt: skip
            first = max(programmes, key=lambda key: programmes[key]["mean"])
            part = self._percent(programmes[first]["part"])
            sentences.append(words("largest", name=self._name(first), part=part))
            alone, last = (content["sums"][k]["mean"] / whole for k in ("alone", "last"))
            if len(programmes) > 1:
                sentences.append(
                    words("orders", alone=self._percent(alone), last=self._percent(last))
                )
        sentences += self._residual()
        if pairs_of(content) == 1:
            sentences.append(words("one_pair"))
        notes = [Note(text) for text in of_sample(self.say, content["sample"])]
        outcome = OUTCOMES[content["outcome"]].description
        lead = words("headline_lead", outcome=self.unit if self.say.chinese else outcome)
        return Section("headline", words("headline"), lead, [Points(sentences), *notes])

    def _yuan(self, yuan: int) -> str:
        return self.say.yuan(yuan) if self.say.chinese else format_yuan(yuan)

    def _residual(self) -> list[str]:
        one = self.content["residual"]
        if one is None or one["pairwise"]["part"] is None:
            return []
        part, left = (abs(one[name]["part"]) for name in ("pairwise", "left"))
        said = [
            self.words("residual", part=self._percent(part, 1), left=self._percent(left, 1))
        ]  # fmt: skip
        return [*said, self.words("rough")] if part > LARGE else said

    def shares(self) -> Section:
        """The chart of shares, and the table of them."""
        words, programmes = self.words, self.content["programmes"]
        ordered = sorted(programmes, key=lambda key: -programmes[key]["mean"])
        rows = []
        for key in ordered:
            row = programmes[key]
            low, high = (
                None if row[end] is None else row[end] * self.factor for end in ("low", "high")
            )
            told = low is None or high is None or not low <= 0 <= high
            text, interval = self.say.estimate(row, self.factor)
            rows.append(
                {"name": self._name(key), "value": row["mean"] * self.factor, "low": low,
                 "high": high, "text": f"{text} {interval}".strip(), "told": told,
                 "grade": self._percent(row["part"])}
            )  # fmt: skip
        axis = f"{self.unit}, {words('share')}"
        negative = sum(row["mean"] < 0 for row in programmes.values())
        summary = words(
            "chart_summary", n=len(programmes), name=self._name(ordered[0]),
            part=self._percent(programmes[ordered[0]]["part"]), negative=negative,
        )  # fmt: skip
        chart = Chart(
            "shares",
            words("chart"),
            self.unit,
            source(self.say, "shares", "attribution.json"),
            summary,
            vega_bars.importances(rows, axis=axis, name=words("share"), floor=None),
            None,
        )
        blocks: list[Block] = [chart, self._table()]
        return Section("shares", words("shares"), words("shares_lead"), blocks)

    def _table(self) -> Table:
        words, content = self.words, self.content
        programmes = content["programmes"]
        shares, total = summing_texts([row["mean"] for row in programmes.values()], content)
        inside, _ = summing_texts([row["in_class"] for row in programmes.values()], content)
        text = {key: (shares[k], inside[k]) for k, key in enumerate(programmes)}
        of_class, _ = summing_texts([row["mean"] for row in content["classes"].values()], content)
        rows = []
        for n, (name, row) in enumerate(content["classes"].items()):
            title = words("class_row", name=words(f"class_{name}"))
            rows.append(
                Row([title, self._yuan(row["money"]), "", self._ends(row),
                     self._percent(row["part"]), of_class[n], "", ""], total=True)
            )  # fmt: skip
            for key in row["programmes"]:
                one = programmes[key]
                cells = [
                    self._name(key), self._yuan(one["money"]), text[key][0], self._ends(one),
                    self._percent(one["part"]), text[key][1], self._mean(one["alone"]),
                    self._mean(one["last"]),
                ]  # fmt: skip
                rows.append(Row(cells, inner=True))
        money = self._yuan(sum(row["money"] for row in programmes.values()))
        sums = content["sums"]
        rows.append(
            Row([words("the_plan"), money, total, self._ends(content["whole"]),
                 self._percent(1.0 if content["whole"]["mean"] else None), total,
                 self._mean(sums["alone"]), self._mean(sums["last"])], total=True)
        )  # fmt: skip
        names = ("programme", "money", "share", "ends", "part", "in_class", "alone", "last")
        return Table(
            words("table", unit=self.unit), [words(name) for name in names], "lrrrrrrr", rows,
            words("table_note"),
        )  # fmt: skip

    def together(self) -> list[Section]:
        """Pairs that help or replace one another."""
        words, content = self.words, self.content
        several = pairs_of(content) > 1
        found = [
            row for row in content["interactions"] if row["mean"] and (row["told"] or not several)
        ][:NAMED]
        if not found:
            return []
        rows = []
        for row in found:
            mean, interval = self.say.estimate(row, self.factor)
            names = words("and", a=self._name(row["a"]), b=self._name(row["b"]))
            rows.append(Row([names, words(row["kind"]), mean, interval]))
        head = [words("two"), words("what"), words("beyond"), words("ends")]
        table = Table(words("table", unit=self.unit), head, "llrr", rows)
        return [Section("together", words("together"), words("together_lead"), [table])]

    def whom(self) -> list[Section]:
        """Fifths of people."""
        words, fifths = self.words, self.content["by_fifth"]
        if not fifths:
            return []
        heads = [words("fifth", n=one["fifth"]) for one in fifths]
        heads[0], heads[-1] = words("poorest"), words("richest")
        cells, ends = fifth_texts(self.content)
        rows = [
            Row([self._name(key), *(row[k] for row in cells)])
            for k, key in enumerate(self.content["programmes"])
        ]
        rows.append(Row([words("the_plan"), *ends], total=True))
        table = Table(
            words("table", unit=self.unit), [words("programme"), *heads],
            "l" + "r" * len(fifths), rows,
        )  # fmt: skip
        return [Section("whom", words("whom"), words("whom_lead"), [table])]

    def households(self) -> list[Section]:
        """What the households themselves say."""
        words, found = self.words, self.content["households"]
        if not found or not found["out"]["person_years"]:
            return []
        out, into = found["out"], found["into"]
        whole = out["person_years"]
        sentences = [
            words("households_out", households=f"{out['households']:,}", years=f"{whole:,}"),
            words("households_one", part=self._percent(out["by_how_many"]["1"] / whole)),
        ]
        if into["person_years"]:
            years = f"{into['person_years']:,}"
            sentences.append(
                words("households_into", households=f"{into['households']:,}", years=years)
            )
        ordered = sorted(out["programmes"].items(), key=lambda item: -item[1])
        rows = [
            Row([self._name(key), f"{years:,}".replace("-", MINUS), self._percent(years / whole)])
            for key, years in ordered
        ]
        rows.append(Row([words("the_plan"), f"{whole:,}", "100%"], total=True))
        head = [words("programme"), words("person_years"), words("part")]
        lead = words("households_lead", draw=found["draw"], seed=found["seed"])
        table = Table(words("households_table"), head, "lrr", rows)
        return [Section("households", words("households"), lead, [Points(sentences), table])]

    def reading(self) -> Section:
        """How to read it."""
        points = [self.words(f"reading_{k}") for k in ("what", "interval", "negative")]
        return Section("reading", self.words("reading"), "", [Points(points)])
