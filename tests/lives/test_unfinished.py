"""What a period leaves unfinished is told apart, and what becomes of it is known later."""

from __future__ import annotations

from typing import Any

import pytest
from five_counties import begin, lived, plan, programme
from fupin.programmes.skills_training import MONTHS_TO_BE_PLACED
from fupin.results.outcome import RunResult
from fupin.words import unfinished
from fupin.words.language import Language
from reported import report
from sixteen import MILLION

AUTUMN = {"skills_training": {"budget": 4 * MILLION, "from": "2009-09"}}
LATE_WORKS = {"rural_works": {"budget": 20 * MILLION, "from": "2009-10"}}
KEYS = ("in_course_end", "not_yet_placed_end", "placed_later")


def result_of(programmes: dict[str, Any], horizon: int) -> RunResult:
    model = begin(plan(programmes=programmes, horizon=horizon))
    while model.running:
        model.step()
        assert model.ledger.imbalance() == 0
    return report(model, "central", 1)


def counts_of(result: RunResult, key: str, year: int) -> dict[str, float]:
    table = result.tables["programme_counts_by_year"]
    columns = (table[name].tolist() for name in ("year", "programme", "count", "value"))
    return {c: v for y, p, c, v in zip(*columns, strict=True) if (y, p) == (year, key)}


def summary_of(result: RunResult) -> dict[str, Any]:
    def means(values: dict[str, float | None]) -> dict[str, Any]:
        return {key: {"mean": value} for key, value in values.items()}

    return {
        "outcomes": means(result.outcomes),
        "programmes": {key: means(values) for key, values in result.programmes.items()},
        "by_year": {
            str(year): {"programmes": {k: means(v) for k, v in part["programmes"].items()}}
            for year, part in result.by_year.items()
        },
    }


@pytest.fixture(scope="module")
def autumn() -> RunResult:
    return result_of(AUTUMN, 2010)


def test_autumn_courses_do_not_fail_because_the_year_ends(autumn: RunResult) -> None:
    """By all who were trained the rate was a third lower."""
    outcomes = autumn.outcomes
    assert outcomes["in_course_end"] > 0 and outcomes["not_yet_placed_end"] > 0
    spring = report(lived(programmes={"skills_training": {"budget": 4 * MILLION, "to": "2009-04"}}),
                    "central", 1)  # fmt: skip
    plain = outcomes["placed"] / outcomes["trained"]
    assert outcomes["employment_rate"] is None or outcomes["employment_rate"] > plain + 0.1
    assert outcomes["employment_rate_horizon"] == pytest.approx(
        spring.outcomes["employment_rate"], abs=0.03
    )


def test_everybody_who_enrolled_is_accounted_for(autumn: RunResult) -> None:
    year = counts_of(autumn, "skills_training", 2009)
    assert year["enrolled"] == year["dropped_out"] + year["trained"] + year["in_course"]
    later = counts_of(autumn, "skills_training", 2010)
    assert later["enrolled"] == later["in_course"] == 0
    trained = year["trained"] + later["trained"]
    assert year["had_time"] + later["had_time"] == later["had_time_so_far"] == trained
    assert autumn.outcomes["placed_later"] == later["placed"] > 0
    assert later["had_time_so_far_placed"] == year["placed"] + later["placed"]
    assert year["trained"] - year["placed"] >= year["not_yet_placed"]


def test_all_is_said_in_both_languages(autumn: RunResult) -> None:
    for code in ("en", "zh"):
        (said,) = unfinished.of_run(Language(code), summary_of(autumn), 2009)[:1]
        for key in KEYS:
            number = autumn.outcomes[key]
            assert number is not None and f"{number:,.0f}" in said
    done = report(lived(programmes={"skills_training": {"budget": MILLION, "to": "2009-04"}}),
                  "central", 1)  # fmt: skip
    assert [done.outcomes[key] for key in KEYS] == [0, 0, 0]
    assert unfinished.of_run(Language("en"), summary_of(done), 2009) == []
    assert done.outcomes["employment_rate"] == done.outcomes["placed"] / done.outcomes["trained"]


def test_works_that_are_paid_and_not_finished_are_told_apart() -> None:
    """Works of December were delivered for nobody."""
    result = result_of(LATE_WORKS, 2010)
    works = result.programmes["rural_works"]
    assert 0 < works["under_way"] <= works["delivered"]
    year, later = (counts_of(result, "rural_works", y) for y in (2009, 2010))
    assert year["persons"] == 0 and year["persons_under_way"] > 0
    assert later["persons"] == pytest.approx(year["persons_under_way"], abs=1)
    assert later["yuan_under_way"] == later["persons_under_way"] == 0
    assert result.by_year[2010]["programmes"]["rural_works"]["under_way"] == 0
    (said,) = unfinished.of_run(Language("en"), summary_of(result), 2009)
    assert f"{works['under_way'] / 1e6:.1f} of {works['delivered'] / 1e6:.1f}" in said
    assert "in later years" in said


def test_what_is_under_way_is_what_was_paid_for_it() -> None:
    """Yuan under way fall to nought as works are finished, never below."""
    model = begin(plan(programmes=LATE_WORKS, horizon=2010))
    works = programme(model, "rural_works")
    seen = []
    while model.running:
        model.step()
        seen.append(sum(each.yuan for each in works._under_way))
    paid = int(model.ledger.delivered[works.index].sum())
    assert max(seen) == seen[11] == paid and seen[-1] == 0
    assert MONTHS_TO_BE_PLACED == 3
