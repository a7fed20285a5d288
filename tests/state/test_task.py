"""The register by task: numbers are handed down, and met by taking off who looks least poor."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from few_people import copied, hand_made
from five_counties import FOUR, live, lived, plan
from fupin import randomness
from fupin.kernels.words import f32
from fupin.parameters.province import province as facts
from fupin.state import register, task
from fupin.state.register import Service
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import central, levels_of, newborn, province

LINE = f32(7.0)
CAMPAIGNS = facts().listing_campaigns


# -- numbers ---------------------------------------------------------------------------------------


@given(before=st.lists(st.integers(0, 500_000), min_size=1, max_size=40), share=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_provinces_task_is_handed_down_by_what_counties_have(before, share):
    before = np.array(before, np.int64)
    numbers = task.handed_down(share, before)
    total = before.sum()
    assert total - numbers.sum() == round(share * int(total))
    assert (numbers >= 0).all() and (numbers <= before).all()
    assert (abs(before - numbers - share * before) < 1.0 + 1e-6).all()


@given(counties=st.lists(st.tuples(*(st.integers(0, 90_000),) * 3), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_campaign_hands_the_same_number_down_anew(counties):
    """By how many look poor; nobody gets more than stand on the list."""
    numbers, poor, listed = np.array(counties, np.int64).T
    anew = task.handed_down_anew(numbers, poor, listed)
    may_have = listed[poor > 0].sum()
    assert anew.sum() == min(numbers.sum(), may_have)
    assert (anew <= np.where(poor > 0, listed, 0)).all()
    short = (anew < listed) & (poor > 0)
    if short.sum() > 1:  # who is not at the limit has the same share of those who look poor
        shares = anew[short] / poor[short]
        assert np.ptp(shares) <= (2.0 / poor[short]).max() + 1e-9


# -- who leaves ------------------------------------------------------------------------------------


@st.composite
def lists(draw):
    """Households of some villages in three counties, and a number for each county."""
    lengths = draw(st.lists(st.integers(0, 6), min_size=3, max_size=8))
    n = sum(lengths)
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    h = hand_made(n, size=rng.integers(1, 9, n), registered=rng.integers(0, 2, n))
    county = np.sort(rng.integers(0, 3, len(lengths)))
    seen = rng.choice(np.linspace(6, 8, 9), n).astype(np.float32)
    numbers = rng.integers(0, 60, 3)
    return h, np.cumsum([0, *lengths]), rng.integers(1, 12, len(lengths)), county, seen, numbers


@given(case=lists(), luck=st.floats(0.001, 0.999))
@settings(max_examples=80, deadline=None)
def test_the_least_poor_leave_until_the_number_is_met(case, luck):
    h, offsets, weight, county, seen, numbers = case
    before, village = copied(h), np.repeat(np.arange(weight.size), np.diff(offsets))
    task.delist_to_numbers(h, offsets, weight, county, seen, numbers, np.full(3, luck, np.float32))
    for name in set(h._fields) - {"registered"}:
        assert (getattr(h, name) == getattr(before, name)).all()
    persons = h.size * weight[village]
    gone, kept = (before.registered > h.registered), h.registered > 0
    assert not (h.registered > before.registered).any()
    for c in range(3):
        here = county[village] == c
        start, end = (persons[here & (x.registered > 0)].sum() for x in (before, h))
        if start <= numbers[c]:
            assert end == start
            continue
        # Met to within the household at the margin, which leaves or stays by luck.
        largest = persons[here & (before.registered > 0)].max()
        assert abs(end - numbers[c]) < largest
        if (here & gone).any() and (here & kept).any():
            assert seen[here & gone].min() >= seen[here & kept].max()


def test_numbers_are_met_on_average_whatever_a_household_stands_for():
    """The kind of fault: units of heavy villages that are always rounded up, or always down."""
    offsets, weight = np.array([0, 3], np.int64), np.array([50], np.int64)
    left = []
    for luck in (np.arange(200) + 0.5) / 200:
        h = hand_made(3, size=[4, 4, 4], registered=1)
        seen = np.array([6.1, 6.3, 6.2], np.float32)
        task.delist_to_numbers(
            h, offsets, weight, np.array([0]), seen, np.array([350]), np.array([luck], np.float32)
        )
        left.append(200 * int(h.registered.sum()))
    assert set(left) == {200, 400}
    assert np.mean(left) == pytest.approx(350, abs=1)


# -- a December ------------------------------------------------------------------------------------

OFFSETS = np.array([0, 40, 75, 90, 160], np.int64)
VILLAGES = np.array([1_301_230_007, 1_301_230_008, 1_306_260_001, 1_308_270_500])
WEIGHT, COUNTY = np.array([1, 4, 1, 2], np.int64), np.array([0, 0, 1, 2])
PERCEPTION = register.Perception(*(f32(x) for x in (0.3, 0.4, -0.8, 0.5, 0.9, 0.1, 0.2, 0.3, 0.6)))


def offices(**values: float) -> task.TaskOffices:
    given = {"task_share": 0.1, "task_entry": 0.25, "campaign_entry": 0.75} | values
    return task.TaskOffices(
        {f"register.{k}": v for k, v in given.items()}, VILLAGES, OFFSETS, WEIGHT, COUNTY,
        np.array([130_123, 130_626, 130_827]),
    )  # fmt: skip


def some_people(seed: int):
    rng, n = np.random.default_rng(seed), int(OFFSETS[-1])
    h = hand_made(
        n, size=rng.integers(1, 7, n), registered=rng.integers(0, 2, n),
        served=rng.integers(0, 5, n),
    )  # fmt: skip
    h.listed_month[:] = 23
    return h, (LINE + rng.normal(0, 0.3, n)).astype(np.float32)


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("year", [2009, CAMPAIGNS[1]])
def test_a_december_by_hand(seed: int, year: int) -> None:
    """In plain Python: who enters, who is re-assessed, then who is cut."""
    h, seen = some_people(seed)
    before, today = copied(h), randomness.month_index(year, 12)
    office, flows = offices(), np.full((4, 2), -1, np.int64)
    had = office.registered(h)
    office.review(h, seen, LINE, PERCEPTION, had, today, seed, flows)
    village = np.repeat(np.arange(4), np.diff(OFFSETS))
    number_in = np.arange(village.size) - OFFSETS[village]
    u = randomness.uniforms(seed, "register/review", VILLAGES[village], number_in, today)
    entry = 0.75 if year in CAMPAIGNS else 0.25
    status = before.registered.copy()
    for i in range(village.size):
        met = (0.0, 0.1, 0.2, 0.3, 0.6)[before.served[i]]
        looked_at = u[i] < (met if status[i] else entry + (1 - entry) * met)
        if looked_at:
            status[i] = seen[i] < LINE
    persons = before.size * WEIGHT[village]
    where = COUNTY[village]
    listed = np.bincount(where, weights=persons * status, minlength=3).astype(int)
    numbers = task.handed_down(0.1, had)
    if year in CAMPAIGNS:
        poor = np.bincount(where, weights=persons * (seen < LINE), minlength=3).astype(int)
        numbers = task.handed_down_anew(numbers, poor, listed)
    luck = randomness.uniforms(seed, "register/task", office.county_id, 0, today)
    for c in range(3):
        too_many = listed[c] - numbers[c]
        for i in sorted(np.flatnonzero((where == c) & (status > 0)), key=lambda i: (-seen[i], i)):
            if luck[c] * persons[i] < too_many:
                status[i] = 0
            too_many -= persons[i]
    assert h.registered.tolist() == status.tolist()
    changed = status != before.registered
    assert h.listed_month.tolist() == np.where(changed, today - 24_000, 23).tolist()
    expected = np.zeros((4, 2), int)
    for i in np.flatnonzero(changed):
        expected[village[i], status[i]] += before.size[i]
    assert flows.tolist() == expected.tolist()


def test_who_was_never_poor_to_the_office_and_who_always_was_by_hand() -> None:
    """Nobody enters who does not look poor; the poorest-looking of a county leave last."""
    h, seen = some_people(1)
    h.served[:] = 0
    before, flows = copied(h), np.zeros((4, 2), np.int64)
    office = offices(task_share=0.5, task_entry=0.0)
    had = office.registered(h)
    office.review(h, seen, LINE, PERCEPTION, had, 24_119, 1, flows)
    assert (h.registered <= before.registered).all()
    assert flows[:, 1].sum() == 0
    assert (abs(office.registered(h) - had / 2) <= 6 * WEIGHT.max()).all()
    where = COUNTY[np.repeat(np.arange(4), np.diff(OFFSETS))]
    for county in range(3):
        gone, kept = (
            seen[(where == county) & (before.registered > 0) & (h.registered == status)]
            for status in (0, 1)
        )
        assert gone.min() >= kept.max()


# -- the province ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history() -> list:
    frame, values = province(0.05), central()
    core = newborn(frame, values, by_task=True)
    return core.run(levels_of(frame, values), until=2010)


def test_history_goes_down_by_its_tasks_and_not_by_incomes(history: list) -> None:
    """5.7 million of 2001 become 3.9 of 2008 and 3.7 of 2009, 0.2 fewer (S09, S17, S27)."""
    share = central()["register.task_share"]
    for before, after in itertools.pairwise(history):
        assert after.registered == before.registered - after.delisted + after.listed
        fall = 1 - after.registered / before.registered
        assert fall == pytest.approx(share, abs=0.003), after.year
    by_year = {one.year: one.registered / history[0].registered for one in history}
    assert by_year[2008] == pytest.approx(3.9 / 5.7, abs=0.02)
    assert by_year[2009] == pytest.approx(3.7 / 5.7, abs=0.02)
    assert 5.7 * (by_year[2008] - by_year[2009]) == pytest.approx(0.2, abs=0.02)


def test_people_enter_in_campaigns_and_hardly_ever_between(history: list) -> None:
    entered = {one.year: one.listed / one.registered for one in history[1:]}
    for year, share in entered.items():
        if year in CAMPAIGNS:
            assert share > 0.2, year
        else:
            assert 0 < share < 0.03, year


def test_the_register_by_review_is_another_past() -> None:
    """The kind of fault: a counting rule that only the plan's own Decembers know."""
    frame, values = province(0.05), central()
    by_review, by_task = (
        newborn(frame, values, by_task=form).run(levels_of(frame, values), until=2003)
        for form in (False, True)
    )
    assert by_review[0] == by_task[0]  # the listing of 2001 is the same
    assert by_task[1].listed < 0.2 * by_review[1].listed
    assert [m.mean_income for m in by_task] == [m.mean_income for m in by_review]


# -- plans -----------------------------------------------------------------------------------------


def test_a_task_is_met_whatever_programmes_do_and_lifts_nobody_by_decree() -> None:
    nothing, plans = lived(counting="task"), lived(counting="task", programmes=FOUR)
    for model in (nothing, plans):
        end, start = model.measured[2009], model.at_start
        number = start.registered - round(0.053 * start.registered)
        assert abs(end.registered - number) < 5 * 12  # at most one household in each county
        assert end.listed < 0.05 * end.registered
    by_review = lived(programmes=FOUR)
    assert plans.measured[2009].income_poor == pytest.approx(
        by_review.measured[2009].income_poor, rel=0.01
    )
    assert plans.at_start.income_poor == by_review.at_start.income_poor


def test_re_assessment_is_kept_apart_and_counts_towards_the_task() -> None:
    on, off = (lived(counting="task", programmes=FOUR, recognition=r) for r in (True, False))
    served = on.households.served == Service.VISIT
    left = [m.households.registered[served].sum() for m in (on, off)]
    assert left[0] < left[1]  # who is visited and no longer poor is taken off
    # ... in place of others: the county's number is the same
    assert abs(on.measured[2009].registered - off.measured[2009].registered) < 5 * 12
    nobody = lived(counting="task"), lived(counting="task", recognition=False)
    assert (nobody[0].households.registered == nobody[1].households.registered).all()


def test_the_year_of_a_campaign_in_a_plan_lists_anew() -> None:
    year = next(y for y in CAMPAIGNS if y > 2009)
    model = live(plan(end=f"{year}-12", counting="task"))
    entries = {y: m.listed / m.registered for y, m in model.measured.items()}
    assert entries[year] > 0.15 > 5 * entries[2009]
    assert model.measured[year].registered == pytest.approx(
        model.measured[2009].registered * (1 - 0.053), abs=5 * 12
    )
    # counties are given their numbers by how many look poor there
    county = np.asarray(model.frame.villages.county)
    fell = [
        np.bincount(county, m.village_registered)[np.unique(county)]
        for m in (model.measured[2009], model.measured[year])
    ]
    assert np.ptp(fell[1] / fell[0]) > 0.01


def test_a_plan_by_task_needs_a_past_by_task() -> None:
    """Twins of two pasts would differ before the plan begins."""
    from fupin.comparison.contest import require_twins
    from fupin.errors import InputError

    with pytest.raises(InputError, match="kept by task has another past"):
        require_twins(plan(counting="task"), plan())
    require_twins(plan(counting="quota"), plan(counting="survey"))


def test_pages_do_not_share_a_start_between_pasts(monkeypatch: pytest.MonkeyPatch) -> None:
    from fupin.browser import page_model

    asked = []

    def of(scenario, seed):  # type: ignore[no-untyped-def]
        asked.append(scenario.counting)
        return SimpleNamespace()

    monkeypatch.setattr(page_model.SharedStart, "of", of)
    starts = page_model.SharedStarts()
    for counting in ("register", "survey", "task", "quota", "task"):
        starts.of(plan(counting=counting), 1)
    assert asked == ["register", "task"]


def test_offices_count_whom_their_villages_stand_for() -> None:
    core = newborn(province(0.05), central(), by_task=True)
    assert core.offices is not None
    core.households.registered[:] = 1
    persons = core.households.size * np.repeat(core.villages.weight, np.diff(core.villages.offsets))
    assert core.offices.registered(core.households).sum() == persons.sum()
    assert newborn(province(0.05), central()).offices is None
