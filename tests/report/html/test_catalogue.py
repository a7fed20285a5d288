"""One catalogue, two languages, no key too few or too many."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from fupin import paths
from fupin.parameters.document import load_document
from fupin.parameters.parameter import GRADES
from fupin.report.html.drivers_section import drivers_section
from fupin.report.html.page import page_of, rendered
from fupin.results.costs import PAYERS
from fupin.results.impact import Verdict
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.sweeps.designs import DESIGNS
from fupin.words import language
from fupin.words.language import LANGUAGES, Language

WORDS: dict[str, dict[str, Any]] = language.catalogue()["words"]


class Watched(Mapping[str, Any]):
    """Remembers which keys were asked for."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words, self.asked = words, set[str]()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return self.words[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __len__(self) -> int:
        return len(self.words)


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_with_the_same_blanks(key: str) -> None:
    entry = WORDS[key]
    assert set(entry) == set(LANGUAGES)
    texts = [str(entry[code]) for code in LANGUAGES]
    assert all(isinstance(entry[code], str) for code in LANGUAGES), "quote what looks like a number"
    blanks = [{name for _, name, _, _ in string.Formatter().parse(t) if name} for t in texts]
    assert blanks[0] == blanks[1]
    assert all(texts) or key == "column.id"


def test_chinese_names_of_what_is_english_elsewhere() -> None:
    names = language.catalogue()["names_zh"]
    rows = load_document()
    assert set(names["programmes"]) == {p.key for p in PROGRAMMES}
    assert set(names["figures"]) == {row.id for row in rows}
    assert set(names["remarks"]) == {r.id for r in rows if r.counterpart or r.not_modelled}
    parts = {name.replace("_", " ") for row in rows for name in row.parts}
    assert parts - set(names["parts"]) == set()


def test_words_for_all_that_is_named_by_a_key() -> None:
    assert {f"outcome.{key}" for key in OUTCOMES} <= set(WORDS)
    assert {f"grade.{grade}" for grade in GRADES} == {k for k in WORDS if k.startswith("grade.")}
    units = {o.unit for o in (*OUTCOMES.values(), *PROGRAMME_OUTCOMES.values())}
    assert {f"unit_difference.{unit}" for unit in units} <= set(WORDS)
    assert {f"unit.{unit}" for unit in units} <= set(WORDS)
    assert {f"payer.{payer}" for payer in PAYERS} == {k for k in WORDS if k.startswith("payer.")}
    verdicts = get_args(Verdict)
    assert {f"impact.{part}{verdict}" for part in ("", "is_") for verdict in verdicts} <= set(WORDS)
    assert {f"design.{name}" for name in DESIGNS} == {k for k in WORDS if k.startswith("design.")}


RARE = {
    # Said where a result lacks something or has much of it.
    "page.failed", "certainty.one", "certainty.chance",
    "card.interval", "luck.own", "luck.some", "luck.new",
    "cost.saved", "cost.dearer", "cost.cheaper",
    "cost.undefined", "comparison.nothing", "comparison.one_pair",
    "targeting.none", "missing.table", "manifest.many", "sample.default", "sample.full",
    "document.off", "map.schematic", "world.none", "world.none_of",
    "drivers.beyond", "drivers.within",
    "cash.itself",
    "needed.told", "needed.never", "needed.unknown", "needed.draws", "needed.seeds",
    "ran.run", "ran.seed", "because.resized", "because.note_resized",
    "ran.search", "ran.check", "manifest.searched",
    "sweep.one_draw", "sweep.missing", "sweep.stale", "sweep.headline_one", "sweep.headline_none",
    "sweep.the_plan", "sweep.none_matters", "sweep.no_method", "sweep.emulator",
    "sweep.emulator_luck", "sweep.emulator_weak", "sweep.one_seed", "sweep.no_split",
    "sweep.one_plan", "sweep.may_change", "sweep.no_box", "sweep.never_fails",
    "sweep.always_fails", "sweep.inside", "sweep.above", "sweep.below", "sweep.is", "sweep.weak",
    "sweep.leader", "sweep.no_leader", "sweep.keeps", "sweep.no_choice", "sweep.no_plan",
    "sweep.not_held_out", "sweep.every_rule", "sweep.rules", "sweep.by_rule", "sweep.untold",
    "sweep.falls", "sweep.unit_number", "sweep.less_is_better", "manifest.failed",
    "reassessment.sweep", "reassessment.switched", "document.other_year",
    "unfinished.training", "unfinished.placed_later",
    "unfinished.works", "unfinished.item", "unfinished.later", "ran.lived", "sweep.lived",
    # Of 19 runs and more, and of one; the runs here are fewer and several.
    "column.interval_one", *(f"{key}{end}" for key in (
        "document.chart_unit", "reading.run_interval", "series.band", "column.next_pair",
        "comparison.changes_note",
    ) for end in ("", "_one")),
}  # fmt: skip


def test_every_key_is_used(
    run_folder: Path, comparison_folder: Path, sweep_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(WORDS)
    content = {**language.catalogue(), "words": watched}
    plain = language.catalogue
    monkeypatch.setattr(
        language, "catalogue",
        lambda file=language.CATALOGUE: content if file == language.CATALOGUE else plain(file),
    )  # fmt: skip
    say = Language.of("en")
    for folder in (run_folder, comparison_folder, sweep_folder):
        rendered(page_of(folder, say), say)
    closed = (  # sets of their own
        "outcome.", "grade.", "unit.", "unit_difference.", "role.", "design.", "sweep.outcome_",
        "sweep.size_", "sweep.axis_", "sweep.kind_", "sweep.rule_", "sweep.third_",
        "remark.", "unspent.", "payer.", "years.", "section.years", "column.year", "impact.below",
        "impact.within", "impact.above", "impact.is_",
        # Of results that are not made here: a search, a sweep over budgets, other judgements.
        "allocation.", "division.", "response.", "check.", "section.division", "section.response",
        "section.check", "curves.", "section.curves", "frontier.", "factor.", "plans.", "head.",
        "map.no_", "map.discoveries", "certainty.no_misses", "who.title", "history.", "headline.",
    )  # fmt: skip
    unused = {k for k in set(WORDS) - watched.asked - RARE if not k.startswith(closed)}
    assert not unused
    # A rare key is still written somewhere in the code.
    sources = "".join(
        f.read_text(encoding="utf-8")
        for folder in (paths.PACKAGE / "report" / "html", paths.PACKAGE / "words")
        for f in folder.iterdir()
        if f.suffix in (".py", ".html")
    )
    for key in RARE:
        names = (key, key.removesuffix("_one"))  # which `shared.of_ends` adds
        quoted = [quote for name in names for quote in (f'"{name}"', f"'{name}'")]
        assert any(one in sources for one in quoted) or key.startswith("sample."), key


def test_too_few_draws_say_what_to_do() -> None:
    say = Language.of("zh")
    section = drivers_section(say, [], {}, ["runs"], "fupin run SCENARIO --draws 100")
    (note,) = section.blocks
    assert note.kind == "note" and note.command == "fupin run SCENARIO --draws 100"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (9_900, "9,900", "9,900"),
        (99_000, "99,000", "9.9 万"),
        (216_000, "216,000", "21.6 万"),
        (3_700_000, "3.7 M", "370 万"),
        (743_000_000, "743 M", "7.43 亿"),
        (10_000_000_000, "10 bn", "100 亿"),
        (-2_400_000, "−2.4 M", "−240 万"),
    ],
)
def test_large_numbers(value: float, english: str, chinese: str) -> None:
    entry = {"mean": value, "low": None, "high": None}
    assert Language.of("en").estimate(entry)[0] == english
    assert Language.of("zh").estimate(entry)[0] == chinese


def test_signs_and_intervals() -> None:
    entry = {"mean": 681.2, "low": 629.4, "high": 733.1}
    around = {"mean": -20.4, "low": -61.0, "high": 91.0}
    en, zh = Language.of("en"), Language.of("zh")
    assert en.with_interval(en.signed(entry)) == "+681 (629–733)"
    assert zh.with_interval(zh.signed(around)) == "−20（−61 至 91）"
    nothing = {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert en.signed(nothing) == ("0", "")
