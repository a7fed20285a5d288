"""A household's two lives: what the recorder tells is what the model did."""

from __future__ import annotations

import pytest
from fupin.errors import InputError
from fupin.lives.household import Watch, examples, two_lives
from fupin.model import PovertyModel
from fupin.population.frame import load_frame
from fupin.population.household_ids import household_id, row_of
from fupin.results.draws import CENTRAL
from fupin.scenario.schema import Scenario
from fupin.state.households import bit_of

SAMPLE = 0.02
PLAN = Scenario.model_validate(
    {
        "name": "test",
        "population": {"sample": SAMPLE},
        "programmes": {
            "skills_training": {"budget": 300_000_000},
            "microfinance": {"budget": 100_000_000},
            "household_projects": {"budget": 400_000_000},
            "minimum_living": {"budget": 20_000_000},
        },
    }
)


@pytest.fixture(scope="module")
def found() -> dict[str, int]:
    return {why: household for household, why in examples(PLAN, CENTRAL, 1)}


def test_ids_name_rows() -> None:
    frame = load_frame(SAMPLE)
    last = int(frame.households.size.size) - 1
    for row in (0, 1, 500, last):
        assert row_of(frame, household_id(frame, row)) == row
    first = household_id(frame, 0)
    with pytest.raises(InputError, match="no village 7"):
        row_of(frame, 70000)
    with pytest.raises(InputError, match="Name one from"):
        row_of(frame, first + 9_999)


def test_watching_changes_nothing(found: dict[str, int]) -> None:
    watch = Watch(row_of(load_frame(SAMPLE), next(iter(found.values()))))
    plain, watched = PovertyModel(PLAN, rng=1), PovertyModel(PLAN, rng=1, watchers=(watch,))
    while plain.running:
        plain.step()
        watched.step()
    assert watch.life.months and watch.life.events
    for a, b in zip(plain.households, watched.households, strict=True):
        assert a.tobytes() == b.tobytes()


def test_the_month_sum_to_the_year_and_the_end_is_the_models(found: dict[str, int]) -> None:
    household = found["reached by Household (cell) projects"]
    plan, bare = two_lives(PLAN, CENTRAL, 1, household)
    model = PovertyModel(PLAN, rng=1)
    row = row_of(model.frame, household)
    while model.running:
        model.step()
    for life in (plan, bare):
        assert [str(m.month) for m in life.months] == [f"2009-{m:02}" for m in range(1, 13)]
        (before, _, _), (year, income, line) = life.years
        assert (before, year, line) == (2008, 2009, 1196.0)
        assert sum(m.income for m in life.months) == pytest.approx(income, rel=1e-4)
    assert plan.years[-1][1] == float(model.households.income[row])
    assert plan.months[-1].registered == bool(model.households.registered[row])
    assert plan.years[0] == bare.years[0] and plan.about == bare.about


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Household (cell) projects", "a project"),
        ("Skills training for jobs away", "yuan for a course"),
        ("Microfinance", "borrows"),
        ("Link to the minimum living allowance", "income +"),
    ],
)
def test_what_reaches_a_household_is_told(found: dict[str, int], title: str, words: str) -> None:
    plan, bare = two_lives(PLAN, CENTRAL, 1, found[f"reached by {title}"])
    (first, *_) = [e for e in plan.events if e.text.startswith(f"reached by {title}")]
    assert words in first.text
    assert not [e for e in bare.events if title in e.text]
    # Before anything reached it, both lives are the same.
    earlier = [m for m in plan.months if m.month < min(e.month for e in plan.events
               if e.source in PLAN.programmes.model_dump())]  # fmt: skip
    assert earlier == bare.months[: len(earlier)]


def test_luck_is_the_same_in_both_lives(found: dict[str, int]) -> None:
    plan, bare = two_lives(PLAN, CENTRAL, 1, found["out of poverty because of the plan"])
    luck = [[e for e in life.events if e.source == "luck"] for life in (plan, bare)]
    assert luck[0] and luck[0] == luck[1]
    assert plan.years[-1][1] >= plan.years[-1][2] > bare.years[-1][1]


def test_examples_are_what_they_say(found: dict[str, int]) -> None:
    model = PovertyModel(PLAN, rng=1)
    while model.running:
        model.step()
    row = row_of(model.frame, found["reached by Microfinance"])
    assert model.households.reached[row] & bit_of(8)
    poor = row_of(model.frame, found["poor in both worlds and reached"])
    assert model.households.income[poor] < 1196
