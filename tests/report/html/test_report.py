"""What the file holds, without a browser: parts, sources, languages, nothing from elsewhere."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from fupin.errors import InputError
from fupin.report.html import scripts
from fupin.report.html.page import default_file, page_of, rendered, write_report
from fupin.report.html.parts import Chart, Note, Page, Row, Section, Table
from fupin.words.language import LANGUAGES, Language

MOST_BYTES = 5_000_000
SECTIONS = {
    "run": ["headline", "questions", "history", "register", "map", "whom", "money", "cost",
            "certainty", "drivers", "reading", "outcomes", "document", "trajectories", "manifest"],
    "comparison": ["headline", "questions", "map", "gains", "because", "money", "cost", "cash",
                   "better", "drivers", "line", "reading", "changes", "targeting", "dynamics",
                   "document", "trajectories", "manifest"],
}  # fmt: skip


class Parsed(HTMLParser):
    """Tags with their attributes, and the visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.words.append(data)

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [a for t, a in self.tags if t == tag and wanted.items() <= a.items()]


@pytest.fixture(scope="module", params=list(LANGUAGES))
def say(request: pytest.FixtureRequest) -> Language:
    return Language.of(request.param)


@pytest.fixture(scope="module")
def page(folder: Path, say: Language) -> Page:
    return page_of(folder, say)


@pytest.fixture(scope="module")
def text(page: Page, say: Language) -> str:
    return rendered(page, say)


@pytest.fixture(scope="module")
def parsed(text: str) -> Parsed:
    return Parsed(text)


def test_sections_in_order(page: Page, folder: Path) -> None:
    assert [section.id for section in page.sections] == SECTIONS[folder.name]
    assert len({chart.id for chart in page.charts}) == len(page.charts) >= 9


def test_nothing_comes_from_elsewhere(text: str, parsed: Parsed) -> None:
    assert len(text.encode()) < MOST_BYTES
    for tag, attributes in parsed.tags:
        assert not {"src", "srcset", "data", "action"} & set(attributes), (tag, attributes)
        assert attributes.get("href", "#").startswith("#"), (tag, attributes)
        assert tag not in ("link", "iframe", "object", "img", "base")
    (policy,) = parsed.all("meta", http_equiv="") or parsed.all(
        "meta", **{"http-equiv": "Content-Security-Policy"}
    )
    assert (policy["content"] or "").startswith("default-src 'none'")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style
    for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.S):
        assert "http" not in data


def test_every_chart_has_title_unit_source_and_words(page: Page, text: str, parsed: Parsed) -> None:
    drawn = [a for a in parsed.all("div") if a.get("class") == "drawing"]
    assert [a["id"] for a in drawn] == [chart.id for chart in page.charts]
    for chart, attributes in zip(page.charts, drawn, strict=True):
        assert attributes["role"] == "img"
        assert chart.title in (attributes["aria-label"] or "")
        assert chart.summary in (attributes["aria-label"] or "")
        start = text.index(f'id="figure-{chart.id}"')
        figure = text[start : text.index("</figure>", start)]
        for part in ("<h3>", '<p class="unit">', '<p class="source">'):
            assert len(figure.split(part)[1].split("<")[0]) > 2, (chart.id, part)


def test_every_chart_has_a_table_of_its_numbers(page: Page) -> None:
    for section in page.sections:
        tables = [block for block in section.blocks if isinstance(block, Table)]
        for block in section.blocks:
            if isinstance(block, Chart):
                assert block.numbers or tables, block.id


def test_specifications_are_vega_lite(folder: Path) -> None:
    page = page_of(folder, Language.of("en"))
    for chart in page.charts:
        spec = {**chart.spec, "datasets": {**chart.spec.get("datasets", {}), **page.data}}
        assert vl_convert.vegalite_to_vega(spec, vl_version=scripts.VEGA_LITE)["marks"], chart.id


def test_data_stand_in_the_page_as_they_are(page: Page, text: str) -> None:
    found = {
        name: json.loads(data)
        for name, data in re.findall(
            r'<script type="application/json" id="([^"]+)">(.*?)</script>', text, re.S
        )
    }
    for chart in page.charts:
        assert found[f"spec-{chart.id}"] == json.loads(json.dumps(chart.spec))
    assert len(found["shared-data"]["counties"]) >= 160


def test_hostile_names_are_only_text(text: str, parsed: Parsed) -> None:
    assert "alert('hostile')</script>" not in text
    assert len(re.findall(r"<script[ >]", text)) == len(parsed.all("script"))
    assert any("alert('hostile')" in words for words in parsed.words)
    assert any("{{ 7 * 7 }}" in words for words in parsed.words)
    script = text.rindex("<script>")
    assert "hostile" not in text[script:]


def test_names_of_the_language(parsed: Parsed, say: Language) -> None:
    words = " ".join(parsed.words)
    assert parsed.all("html")[0]["lang"] == ("zh-Hans" if say.chinese else "en")
    for english, chinese in (
        ("Entire village advancement", "整村推进"),
        ("people lifted out of poverty", "脱贫人口"),
        ("Zanhuang", "赞皇"),
        ("90% interval", "90% 区间"),
        ("assumption", "假设") if "drivers-title" in words else ("delivered", "实际支出"),
    ):
        assert (chinese if say.chinese else english) in words
        assert (english if say.chinese else chinese) not in words


def test_numbers_are_those_of_the_result(run_folder: Path) -> None:
    page = page_of(run_folder, Language.of("en"))
    summary = json.loads((run_folder / "summary.json").read_text(encoding="utf-8"))
    (cards,) = [b for b in page.sections[0].blocks if b.kind == "cards"]
    say = Language.of("en")
    keys = ("person_years_out", "lifted", "additional_out_of_poverty")
    for card, key in zip(cards.cards, keys, strict=False):
        assert card.value == say.estimate(summary["outcomes"][key])[0]
    (section,) = [s for s in page.sections if s.id == "document"]
    (document,) = [b for b in section.blocks if isinstance(b, Table)]
    ids = [row.cells[0] for row in document.rows if not row.heading and row.cells[0]]
    assert len(ids) == 86 and len(set(ids)) == 86


def test_the_title_states_the_finding_and_the_verdict_is_below_it(
    page: Page, parsed: Parsed, folder: Path
) -> None:
    assert page.verdict and all(sentence[-1] in ".。:：" for sentence in page.verdict)
    assert any(letter.isdigit() for letter in page.title) or folder.name == "comparison"
    lists = parsed.all("ul", class_="verdict") or parsed.all("ul", **{"class": "verdict"})
    assert len(lists) == 1
    order = [tag for tag, attributes in parsed.tags if tag in ("h1", "ul", "main")]
    assert order.index("h1") < order.index("ul") < order.index("main")


def test_steps_of_the_register_add_up(run_folder: Path) -> None:
    page = page_of(run_folder, Language.of("en"))
    (chart,) = [c for c in page.charts if c.id == "register"]
    start, *changes, end = chart.spec["data"]["values"]
    at = start["to"]
    for step in changes:
        assert step["from"] == pytest.approx(at, abs=1e-9)
        assert (step["to"] < step["from"]) == (step["kind"] == "less")
        at = step["to"]
    assert at == pytest.approx(end["to"], abs=1e-9)


def test_years_before_the_plan_are_those_that_the_runs_lived(run_folder: Path) -> None:
    from fupin.parameters.province import province
    from fupin.store.folder import read_result

    page = page_of(run_folder, Language.of("en"))
    result = read_result(run_folder)
    (chart,) = [c for c in page.charts if c.id == "history"]
    register = [r for r in chart.spec["data"]["values"] if r["series"] == "on the register"]
    years = [row["year"] for row in register]
    assert years == list(range(province().first_listing, 2010))
    before = register[years.index(2008)]
    start = result.summary["outcomes"]["registered_poor_start"]["mean"]
    assert before["value"] * 1e6 == pytest.approx(start, rel=1e-9)
    for row in register:
        assert row["low"] <= row["value"] <= row["high"]


def test_plans_stand_in_order_of_effect(comparison_folder: Path) -> None:
    page = page_of(comparison_folder, Language.of("en"))
    (plans,) = [b for b in page.sections[0].blocks if b.kind == "plans"]
    places = [plan.whisker.mean for plan in plans.plans]
    assert places == sorted(places, reverse=True) and len(places) == 3
    assert {plan.judged for plan in plans.plans} <= {
        "better", "worse", "small", "unclear", "same", "base",
    }  # fmt: skip
    for plan in plans.plans:
        whisker = plan.whisker
        known = [p for p in (whisker.low, whisker.mean, whisker.high) if p is not None]
        assert known == sorted(known) and all(0 <= p <= 200 for p in known)
        if plan.judged in ("better", "worse"):  # its interval is on one side of no difference
            assert not whisker.low <= whisker.zero <= whisker.high


def test_money_of_the_map_is_that_of_the_summary(run_folder: Path) -> None:
    page = page_of(run_folder, Language.of("en"))
    summary = json.loads((run_folder / "summary.json").read_text(encoding="utf-8"))
    spent = sum(
        summary["programmes"][key]["delivered"]["mean"]
        for key in summary["programmes"]
        if key not in ("loan_guarantee", "microfinance", "subsidised_loans", "enterprise_projects")
    )
    (chart,) = [c for c in page.charts if c.id == "months-aid_delivered"]
    last = chart.spec["data"]["values"][-1]
    assert last["value"] * 1e6 == pytest.approx(spent, rel=1e-9)


def test_differences_of_the_map_are_those_of_the_tables(comparison_folder: Path) -> None:
    from fupin.comparison.folder import read_comparison

    page = page_of(comparison_folder, Language.of("en"))
    (chart,) = [c for c in page.charts if c.id == "map"]
    rows: list[dict[str, Any]] = chart.spec["datasets"]["units"]
    table = read_comparison(comparison_folder).table("counties")
    here = (table["plan"] == "more") & (table["outcome"] == "income_poor")
    expected = dict(zip(table["county"][here].tolist(), table["mean"][here].tolist(), strict=True))
    drawn = {row["code"]: row["v"]["more/income_poor"] for row in rows}
    assert len(drawn) > 160 and all(drawn[code] == expected[code] for code in drawn)
    for row in rows:
        told = row["told"]["more/income_poor"]
        at = here & (table["county"] == row["code"])
        low, high = float(table["low"][at][0]), float(table["high"][at][0])
        # The share of false discoveries among all counties is held, not the chance of each.
        assert not told or not low <= 0 <= high


def test_a_comparison_names_what_is_no_number(comparison_folder: Path) -> None:
    page = page_of(comparison_folder, Language.of("en"))
    whom = {section.id: section for section in page.sections}
    notes = [b for b in whom["drivers"].blocks if isinstance(b, Note)]
    assert notes and "--draws" in notes[0].command  # one vector says nothing about parameters
    costs = next(b for b in whom["cost"].blocks if isinstance(b, Table))
    spent, resources = ([row.cells[k] for row in costs.rows if not row.heading] for k in (1, 2))
    for text in (*spent, *resources):
        assert re.search(r"\d|undefined|dearer|cheaper", text)


def test_what_a_person_costs_is_told_with_all_resources_and_by_payer(
    page: Page, folder: Path, say: Language
) -> None:
    """Beside what is spent; and who pays sums to it."""
    cost = next(section for section in page.sections if section.id == "cost")
    tables = [b for b in cost.blocks if isinstance(b, Table)]
    assert say("column.yuan_of_resources") in tables[0].head
    payers = tables[1]
    assert payers.head[1:3] == [say("column.spent"), say("column.resource_cost")]
    rounding = 0.6 if say.chinese else 0.06  # whole 万元, tenths of a million
    for row in payers.rows:
        yuan = [float(cell.replace(",", "").replace("−", "-")) for cell in row.cells[1:]]
        assert sum(yuan[2:]) == pytest.approx(yuan[1], abs=rounding * len(yuan))
    # Total impact: a sentence for a run, a row for each plan of a comparison.
    sentences = [b for b in cost.blocks if isinstance(b, Note)]
    plans = [b for b in tables if b.caption == say("impact.caption")]
    assert bool(sentences) != bool(plans), folder
    for table in plans:
        assert len(table.rows) == len(payers.rows) - 1  # one has no programmes


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        ("1.083 M", ["1.083 M"]),
        ("+15,540 (15,350–15,730)", ["+15,540", " (15,350–15,730)"]),
        ("−6,400（−9,500 至 −3,300）", ["−6,400", "（−9,500 至 −3,300）"]),
        ("3,100 (1,700–6,800) saved", ["3,100", " (1,700–6,800) saved"]),
        ("cheaper, more", ["cheaper, ", "more"]),
        ("", [""]),
    ],
)
def test_in_a_narrow_table_an_interval_may_stand_under_its_number(
    cell: str, lines: list[str]
) -> None:
    table = Table("c", ["d", "e"], "lr", [Row(["f", cell])])
    html = rendered(Page("t", "s", [Section("a", "b", "", [table])]), Language.of("en"))
    assert f'<td class="r">{"<wbr>".join(lines)}</td>' in html


def test_persons_whom_one_world_lacks_have_a_column(
    comparison_folder: Path, tmp_path: Path, say: Language
) -> None:
    """Only where there are any; an older comparison, which did not count them, has none."""

    from fupin.comparison.folder import read_comparison

    def table(folder: Path) -> Table:
        sections = {section.id: section for section in page_of(folder, say).sections}
        (found,) = [b for b in sections["because"].blocks if isinstance(b, Table)]
        return found

    plain = table(comparison_folder)
    copy = tmp_path / "copy"
    shutil.copytree(comparison_folder, copy)
    file = copy / "comparison.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    everybody = content["additionality"]["more"]["base"]["income"]["all"]
    for kind, mean in (("only_here", 2.0), ("only_twin", 9.0), ("resized", 7.0)):
        everybody[kind]["mean"] = mean
    file.write_text(json.dumps(content), encoding="utf-8")
    found = table(copy)
    assert len(found.head) == len(plain.head) + 1 == len(found.align)
    column = found.head.index(say("because.resized"))
    base = read_comparison(copy).run["scenario"]["title"]
    (row,) = [r for r in found.rows if "hostile" in r.cells[0] and base in r.cells[0]]
    assert row.cells[column] == "+7" and len(row.cells) == len(found.head)
    assert found.note == say("because.note_resized") != plain.note
    for twins in content["additionality"].values():
        for by_status in twins.values():
            for parts in by_status.values():
                for kinds in parts.values():
                    for kind in ("only_here", "only_twin", "resized"):
                        kinds.pop(kind)
    file.write_text(json.dumps(content), encoding="utf-8")
    assert [row.cells for row in table(copy).rows] == [row.cells for row in plain.rows]


def test_the_schematic_map_says_that_it_is_one(run_folder: Path) -> None:
    page = page_of(run_folder, Language.of("en"), boundaries=False)
    (chart,) = [c for c in page.charts if c.id == "map"]
    assert "Schematic map" in chart.source
    assert rendered(page, Language.of("en")).count('id="spec-map"') == 1


def test_a_folder_without_tables_still_has_a_report(run_folder: Path, tmp_path: Path) -> None:
    for name in ("run.json", "summary.json", "runs.parquet"):
        shutil.copy(run_folder / name, tmp_path / name)
    page = page_of(tmp_path, Language.of("en"))
    sections = {section.id: section for section in page.sections}
    for name in ("map", "trajectories"):
        (note,) = sections[name].blocks
        assert isinstance(note, Note) and note.command
    assert write_report(tmp_path).is_file()


def test_where_it_is_written(run_folder: Path, tmp_path: Path) -> None:
    assert default_file(run_folder, "zh").name == "report.zh.html"
    file = write_report(run_folder, "zh", tmp_path / "one.html")
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match="does not exist"):
        write_report(run_folder, "en", tmp_path / "nowhere" / "one.html")
    with pytest.raises(InputError, match="is a folder"):
        write_report(run_folder, "en", tmp_path)
    with pytest.raises(InputError, match="no report in the language fr"):
        write_report(run_folder, "fr")
    assert [f.name for f in tmp_path.iterdir()] == ["one.html"]


def test_the_same_result_gives_the_same_bytes(folder: Path, text: str, say: Language) -> None:
    assert rendered(page_of(folder, say), say) == text
