"""What the report of a sweep says: the answers of `fupin sensitivity` and `fupin discover`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fupin.errors import InputError
from fupin.files import kept
from fupin.report.html import sweep_words as words
from fupin.report.html import vega_bars
from fupin.report.html.parts import Block, Chart, Note, Page, Points, Row, Section, Table
from fupin.report.html.shared import listed, source, unit
from fupin.report.html.sweep_curves import curves_section
from fupin.sweeps.folder import read_columns
from fupin.uncertainty.files import DISCOVERY, FOLDER, SENSITIVITY, read_discovery, read_sensitivity
from fupin.uncertainty.outcomes import percent_of
from fupin.words import lived, reassessment
from fupin.words.language import Language
from fupin.words.numbers import MINUS, NOTHING
from fupin.words.sample import of_sample
from fupin.words.titles import title as title_of
from fupin.words.verdict import sweep_verdict
from fupin.words.verdict_sweep import READ

SHOWN = 10
"""Assumptions in a chart; all of them are in assumptions.csv."""

Fields = Mapping[str, Any]


class SweepReport:
    """The sections of one sweep; each is a method that reads what it needs.

    Args:
        say: the language.
        folder: of the sweep.
        about: content of its `sweep.json`.

    Attributes:
        sensitivity, discovery: content of the answers; None where there are none, or where they
            were made from other runs than the folder holds now.
    """

    def __init__(self, say: Language, folder: Path, about: Fields) -> None:
        self.say, self.folder, self.about = say, folder, about
        self.sensitivity = _answers(read_sensitivity, folder, SENSITIVITY)
        self.discovery = _answers(read_discovery, folder, DISCOVERY)

    def page(self) -> Page:
        """The whole report."""
        sections = [
            self.headline(),
            *curves_section(self.say, self.folder, self.about),
            *([self.drivers(), self.split(), self.ranking()] if self.sensitivity else []),
            *([self.fails(), self.robustness()] if self.discovery else []),
            self.reading(),
            self.manifest(),
        ]
        title = title_of(self.say, self.about) or self.folder.name
        return Page(title, self._what_ran(), sections, verdict=self._verdict())

    def _verdict(self) -> list[str]:
        """What the terminal says, too; nothing where the runs or their summary cannot be read."""
        summary, factors = self._summary(), list(self.about.get("factors", ()))
        try:
            runs = read_columns(self.folder, ("point", "draw", "seed", *factors, *READ))
            return sweep_verdict(summary, factors, runs, self.say.code).texts
        except (InputError, KeyError):
            return []

    def _what_ran(self) -> str:
        say, about = self.say, self.about
        points, draws, seeds = about["points"], len(about["draws"]), len(about["seeds"])
        return say(
            "sweep.ran",
            design=say(f"design.{about['design']}") if about.get("design") else "",
            points=points,
            draws=say("ran.draws", n=draws) if draws > 1 else say("sweep.one_draw"),
            seeds=say("ran.seeds", n=seeds) if seeds > 1 else say("ran.seed"),
            runs=f"{about.get('runs', points * draws * seeds):,}",
        )

    def _section(self, name: str, blocks: list[Block]) -> Section:
        return Section(name, self.say(f"section.{name}"), self.say(f"sweep.{name}_lead"), blocks)

    def _lacking(self, file: str) -> Note:
        """What stands where an answer is missing, or was made from other runs."""
        stale = (self.folder / FOLDER / file).is_file()
        command = f"fupin sensitivity {self.folder.name}"
        if file == DISCOVERY:
            command = f'fupin discover {self.folder.name} --fails "lifted < 200000"'
        return Note(self.say("sweep.stale" if stale else "sweep.missing", file=file), command)

    # -- sections ------------------------------------------------------------------------------

    def headline(self) -> Section:
        """What a planner reads first."""
        say, sentences = self.say, list[str]()
        blocks: list[Block] = []
        known = self.sensitivity or self.discovery
        lead = say("sweep.headline_none")
        if known:
            plans = [words.plan_title(say, name) for name in known["plans"] if name]
            worlds = f"{known['worlds']:,}"
            lead = say("sweep.headline_one", worlds=worlds)
            if len(plans) > 1:
                names = say.join(plans)
                lead = say("sweep.headline_lead", n=len(plans), plans=names, worlds=worlds)
        if self.sensitivity:
            sentences += self._of_sensitivity(self.sensitivity)
        if self.discovery:
            sentences += self._of_discovery(self.discovery)
        if sentences:
            blocks.append(Points(sentences))
        summary = self._summary()
        blocks += [Note(text) for text in reassessment.of_sweep(say, summary)]
        blocks += [Note(text) for text in of_sample(say, summary.get("sample"))]
        blocks += [Note(text) for text in lived.of_sweep(say, summary.get("lived"))]
        for file, found in ((SENSITIVITY, self.sensitivity), (DISCOVERY, self.discovery)):
            if not found:
                blocks.append(self._lacking(file))
        return Section("headline", say("section.headline"), lead, blocks)

    def _of_sensitivity(self, found: Fields) -> list[str]:
        """Which plan is best; what is known to matter; luck or ignorance of the levels."""
        say, answers = self.say, found["answers"]
        told = [answer for answer in answers if answer["top"]]
        return [
            *(words.leader_sentence(say, one) for one in found["rankings"]),
            *(words.what_matters(say, answer) for answer in told or answers[:1]),
            *(
                words.variance_sentence(say, a)
                for a in answers
                if _luck_known(a) and not a["minus"]
            ),
        ]

    def _of_discovery(self, found: Fields) -> list[str]:
        """Where the plan fails that is best most often, and which rule chooses which plan."""
        say, tables, boxes = self.say, found["robustness"], found["boxes"]
        best = max(tables[0]["plans"], key=lambda row: float(row["best"]))["plan"]
        box = next((box for box in boxes if box["plan"] == best), boxes[0])
        choices = [words.choice_sentence(say, one) for one in tables if len(one["plans"]) > 1]
        return [*words.box_sentences(say, box, found["fails"]), *choices]

    def drivers(self) -> Section:
        """Per answer the assumptions that move it."""
        if not self.sensitivity:
            return self._section("drivers", [self._lacking(SENSITIVITY)])
        blocks: list[Block] = []
        for place, answer in enumerate(self.sensitivity["answers"]):
            if answer["assumptions"]:
                blocks.append(self._bars(f"drivers-{place}", answer))
            blocks.append(Points(words.answer_sentences(self.say, answer)))
        return self._section("drivers", blocks)

    def _bars(self, id_: str, answer: Fields) -> Chart:
        say, method = self.say, words.method_of(answer)
        percent = method == "association" or (method == "morris" and answer["unit"] == "share")
        size = 100.0 if percent else 1.0
        rows, table = [], []
        for one in answer["assumptions"][:SHOWN]:
            known = one["low"] is not None
            low, high = (max(one[e], 0.0) if known else 0.0 for e in ("low", "high"))
            text, left, right = (
                words.importance(say, value, method, answer["unit"])
                for value in (max(one["importance"], 0.0), low, high)
            )
            interval = say.between(f"{left} to {right}") if known else ""
            grade = words.grade_title(say, one)
            rows.append(
                {
                    "name": one["name"], "value": size * max(one["importance"], 0.0),
                    "low": size * low if known else None, "high": size * high if known else None,
                    "text": say.with_interval((text, interval)), "told": one["matters"],
                    "grade": grade,
                }
            )  # fmt: skip
            sign = {1: "+", -1: MINUS}.get(one["direction"], "")
            beyond = say("drivers.beyond" if one["matters"] else "drivers.within")
            table.append(Row([one["name"], text, interval, sign, beyond, grade],
                             dim=not one["matters"]))  # fmt: skip
        axis = say(f"sweep.axis_{method}")
        measure = say("sweep.unit_percent" if percent else "sweep.unit_number")
        if method == "morris" and answer["unit"]:
            measure = unit(say, answer["unit"])
        floor = None if answer["floor"] is None else size * answer["floor"]
        title = words.subject(say, answer)
        return Chart(
            id=id_,
            title=title,
            unit=say("sweep.bars_unit", axis=axis, measure=measure)
            + (say("sweep.floor") if floor is not None else ""),
            source=source(say, f"{FOLDER}/{SENSITIVITY}"),
            summary=words.what_matters(say, answer),
            spec=vega_bars.importances(rows, axis=axis, name=axis, floor=floor),
            numbers=Table(
                title,
                [say("column.assumption"), axis, *(say(f"column.{k}") for k in
                 ("interval", "direction", "chance", "grade"))],
                "lrrlll",
                table,
            ),
        )  # fmt: skip

    def split(self) -> Section:
        """What the variance of one run is made of."""
        if not self.sensitivity:
            return self._section("split", [self._lacking(SENSITIVITY)])
        say, answers = self.say, self.sensitivity["answers"]
        told = [a for a in answers if _luck_known(a)]
        if not told:
            key = "sweep.no_split" if self.sensitivity["seeds"] > 1 else "sweep.one_seed"
            return self._section("split", [Note(say(key))])
        parts = [say(f"sweep.part_{p}") for p in words.PARTS]
        rows, table = [], []
        for answer in told:
            name, shares = words.subject(say, answer), answer["variance"]["shares"]
            texts = [NOTHING if shares[p] is None else percent_of(shares[p]) for p in words.PARTS]
            rows += [
                {
                    "name": words.two_lines(say, answer),
                    "part": part,
                    "value": 100.0 * (shares[p] or 0.0),
                    "text": text,
                }
                for p, part, text in zip(words.PARTS, parts, texts, strict=True)
            ]
            table.append(Row([name, *texts]))
        title = say("sweep.split_chart")
        chart = Chart(
            id="split",
            title=title,
            unit=say("sweep.split_unit"),
            source=source(say, f"{FOLDER}/{SENSITIVITY}"),
            summary=words.variance_sentence(say, told[0]),
            spec=vega_bars.shares(rows, axis=say("sweep.unit_percent"), parts=parts),
            numbers=Table(title, [say("column.what"), *parts], "lrrrr", table),
        )
        return self._section(
            "split", [chart, Points([words.variance_sentence(say, a) for a in told])]
        )

    def ranking(self) -> Section:
        """Which plan is best, in all worlds and by thirds of what matters."""
        if not self.sensitivity:
            return self._section("ranking", [self._lacking(SENSITIVITY)])
        say, blocks = self.say, list[Block]()
        for one in self.sensitivity["rankings"]:
            plans = list(one["best"])
            rows = [Row([say("sweep.all_worlds"), *(percent_of(one["best"][p]) for p in plans),
                         *words.ahead(say, one, one["leader"])], total=True)]  # fmt: skip
            for assumption in one["by"]:
                rows.append(Row([assumption["name"]], heading=True))
                for group in assumption["groups"]:
                    shares = [percent_of(group["best"][p]) for p in plans]
                    ahead = words.ahead(say, group, one["leader"])
                    cells = [words.group_title(say, group), *shares, *ahead]
                    rows.append(Row(cells, inner=True))
            outcome = words.outcome_title(say, one["outcome"])
            titles = [words.plan_title(say, plan) for plan in plans]
            head = [say("sweep.where"), *titles, say("sweep.best_mean"), say("column.chance")]
            caption = say("sweep.ranking_caption", outcome=outcome)
            table = Table(caption, head, "l" + "r" * len(plans) + "ll", rows)
            changes = words.change_sentences(say, one)
            blocks += [table, Points([words.leader_sentence(say, one), *changes])]
        return self._section("ranking", blocks or [Note(say("sweep.one_plan"))])

    def fails(self) -> Section:
        """Plan by plan the worlds in which it fails."""
        if not self.discovery:
            return self._section("fails", [self._lacking(DISCOVERY)])
        say, condition = self.say, self.discovery["fails"]
        rows: list[Row] = []
        blocks: list[Block] = []
        for found in self.discovery["boxes"]:
            blocks.append(Points(words.box_sentences(say, found, condition)))
            box, held = found["box"] or {}, found["held_out"] or {}
            shares = [found["fails"], *(box.get(k) for k in ("density", "coverage", "mass")),
                      *(held.get(k) for k in ("density", "coverage"))]  # fmt: skip
            texts = [NOTHING if share is None else percent_of(share) for share in shares]
            plan = words.plan_title(say, found["plan"])
            rows.append(Row([plan, *texts, ""], total=True))
            for one in box.get("restrictions", ()):
                chance = NOTHING if one["quasi_p"] is None else f"{one['quasi_p']:.1g}"
                cells = [words.restriction(say, one), *[""] * len(texts), chance]
                rows.append(Row(cells, inner=True))
        heads = ("plan", "fails", "density", "coverage", "mass", "held_density", "held_coverage",
                 "quasi_p")  # fmt: skip
        table = Table(
            say("sweep.fails_caption", condition=condition),
            [say(f"column.{k}") for k in heads],
            "lrrrrrrr",
            rows,
            note=say("sweep.fails_note"),
        )
        return self._section("fails", [table, *blocks])

    def robustness(self) -> Section:
        """Plans beside one another over all worlds."""
        if not self.discovery:
            return self._section("robustness", [self._lacking(DISCOVERY)])
        say, blocks = self.say, list[Block]()
        for one in self.discovery["robustness"]:
            rows = []
            for plan in one["plans"]:
                mean, low, high, worst, regret, largest = (
                    words.amount(say, plan[key], one["unit"])
                    for key in ("mean", "low", "high", "cvar", "mean_regret", "max_regret")
                )
                holds = plan["satisficing"]
                cells = [
                    words.plan_title(say, plan["plan"]), mean, say.between(f"{low} to {high}"),
                    worst, regret, largest, NOTHING if holds is None else percent_of(holds),
                    percent_of(plan["best"]),
                ]  # fmt: skip
                rows.append(Row(cells))
            better = say("sweep.more_is_better" if one["better"] > 0 else "sweep.less_is_better")
            what = [words.outcome_title(say, one["outcome"])]
            what += [unit(say, one["unit"])] if one["unit"] else []
            heads = ("plan", "mean", "quantiles", "worst_tenth", "mean_regret", "largest_regret",
                     "holds", "best")  # fmt: skip
            table = Table(
                say.also(*what, better),
                [say(f"column.{k}") for k in heads],
                "lrrrrrrr",
                rows,
                note=say("sweep.robustness_note"),
            )
            blocks.append(table)
            if len(rows) > 1:
                blocks.append(Points([words.choice_sentence(say, one)]))
        return self._section("robustness", blocks)

    def reading(self) -> Section:
        """How to read it, and what none of it holds."""
        say = self.say
        keys = ("sweep.reading_worlds", "sweep.reading_design", "sweep.reading_grade",
                "sweep.reading_box", "sweep.reading_forms", "reading.two_poverties",
                "reading.effects")  # fmt: skip
        points = Points([say(key) for key in keys])
        return Section("reading", say("section.reading"), "", [points])

    def manifest(self) -> Section:
        """What ran, and how to check it."""
        say, about = self.say, self.about
        rows = [
            Row([say("manifest.sweep"), " – ".join(
                filter(None, (about.get("name") or self.folder.name, title_of(say, about))))]),
            Row([say("manifest.runs"), self._what_ran()]),
            Row([say("manifest.factors"), say.join(list(about["factors"])) or NOTHING]),
            Row([say("manifest.draws"), listed(say, [d["label"] for d in about["draws"]])]),
            Row([say("manifest.seeds"), listed(say, [str(s) for s in about["seeds"]])]),
        ]  # fmt: skip
        if failed := self._failed():
            rows.append(Row([say("manifest.failed"), f"{failed:,}"]))
        if versions := about.get("versions"):
            texts = [f"{name} {version}" for name, version in versions.items()]
            rows.append(Row([say("manifest.versions"), ", ".join(texts)]))
        known = self.sensitivity or self.discovery
        if known:
            rows.append(Row([say("manifest.run_table"), known["runs"]]))
        heads = [say("column.quantity"), say("column.value")]
        table = Table(say("manifest.caption"), heads, "ll", rows)
        check = Note(say("manifest.check"), f"fupin verify {self.folder.name}")
        return Section("manifest", say("section.manifest"), "", [table, check])

    def _summary(self) -> dict[str, Any]:
        """Content of the sweep's `summary.json`; empty where it cannot be read."""
        try:
            text = (self.folder / "summary.json").read_text(encoding="utf-8")
            return dict(json.loads(text))
        except (OSError, ValueError):
            return {}

    def _failed(self) -> int:
        """Runs that failed or were not made, as far as the folder says."""
        summary = self._summary()
        return int(summary.get("failed", 0)) + int(summary.get("missing", 0))


def _answers(
    read: Callable[[Path], dict[str, Any]], folder: Path, name: str
) -> dict[str, Any] | None:
    """An answer that lies beside the sweep; one that cannot be believed is left out, and said."""
    try:
        return read(folder)
    except InputError as error:
        if (folder / FOLDER / name).exists():
            kept.say(name, f"the report leaves out {FOLDER}/{name}: {error}")
        return None


def _luck_known(answer: Fields) -> bool:
    """Whether the runs tell the luck of a year from parameters."""
    return bool(answer["variance"]) and answer["variance"]["shares"]["chance"] is not None
