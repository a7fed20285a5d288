"""Few runs have no 5th and 95th percentile: what stands beside their means is said to be a range.

Only what a run costs a person has an interval of another kind, Fieller's, that few runs have too.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.report.html.page import page_of
from fupin.report.html.parts import Chart, Points, Table
from fupin.report.html.shared import of_ends
from fupin.words.language import Language

INTERVAL = {"en": "90% interval", "zh": "90% 区间"}
RANGE = {"en": "range of 16 runs", "zh": "16 次运行的"}


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_report_of_few_runs_names_ranges(run_folder: Path, code: str) -> None:
    page = page_of(run_folder, Language.of(code))
    said = 0
    for section in page.sections:
        if section.id == "cost":
            continue
        tables = [b for b in section.blocks if isinstance(b, Table)]
        charts = [b for b in section.blocks if isinstance(b, Chart)]
        tables += [chart.numbers for chart in charts if chart.numbers is not None]
        texts = [chart.unit for chart in charts]
        texts += [text for table in tables for text in (table.caption, *table.head)]
        assert not any(INTERVAL[code] in text for text in texts), (section.id, texts)
        said += sum(RANGE[code] in text for text in texts)
    assert said >= 10
    (cost,) = [section for section in page.sections if section.id == "cost"]
    (table,) = [b for b in cost.blocks if isinstance(b, Table)][:1]
    assert INTERVAL[code] in table.head


@pytest.mark.parametrize("code", ["en", "zh"])
def test_how_to_read_speaks_of_the_range(run_folder: Path, code: str) -> None:
    page = page_of(run_folder, Language.of(code))
    (reading,) = [section for section in page.sections if section.id == "reading"]
    (points,) = [block for block in reading.blocks if isinstance(block, Points)]
    assert "16" in points.sentences[0]
    assert {"en": "may well fall outside", "zh": "可能落在其外"}[code] in points.sentences[0]


@pytest.mark.parametrize("key", [
    "column.interval", "years.caption", "series.band", "document.chart_unit",
    "reading.run_interval",
])  # fmt: skip
@pytest.mark.parametrize("code", ["en", "zh"])
def test_each_number_of_runs_has_its_words(key: str, code: str) -> None:
    say = Language.of(code)
    assert "90%" in of_ends(say, key, 19)
    few = of_ends(say, key, 18)
    assert "18" in few and INTERVAL[code] not in few.split("rough")[0].split("粗略")[0]
    assert "18" not in of_ends(say, key, 1)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_comparison_of_few_pairs_names_their_range(comparison_folder: Path, code: str) -> None:
    page = page_of(comparison_folder, Language.of(code))
    (changes,) = [section for section in page.sections if section.id == "changes"]
    (table,) = [block for block in changes.blocks if isinstance(block, Table)]
    assert table.head[-1] == {"en": "range of 3 pairs", "zh": "3 组配对的范围"}[code]
    assert table.head[-2] == INTERVAL[code]  # of the mean difference, which few pairs have too
    assert {"en": "fall outside", "zh": "落在其外"}[code] in table.note


def test_grey_counties_are_told_by_the_same_rule_in_both_languages() -> None:
    assert "cannot tell the change from zero" in Language.of("en")("map.lead_differences")
    assert "区间" not in Language.of("zh")("map.lead_differences")
