"""PovertyModel as users of Mesa know models, and its calendar."""

from __future__ import annotations

import inspect
import pickle

import mesa
import numpy as np
import pytest
from five_counties import (
    FOUR,
    THIN,
    begin,
    changed,
    fresh_start,
    lived,
    plan,
    programme,
    reached,
)
from fupin import paths
from fupin.agents.county import County
from fupin.agents.village import Village
from fupin.lives.one_run import simulate
from fupin.model import MONTHLY_REPORTERS, PovertyModel
from fupin.results import draws
from fupin.scenario import library
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Period
from fupin.state import register


@pytest.fixture(scope="module")
def province() -> PovertyModel:
    """The document's 2009 in a thin sample, at its end."""
    model = PovertyModel(sample=THIN)
    while model.running:
        model.step()
    return model


# -- Mesa ------------------------------------------------------------------------------------------


def test_agents_are_all_counties_and_villages(province: PovertyModel) -> None:
    by_type = province.agents_by_type
    assert len(by_type[County]) == 172
    assert len(by_type[Village]) == province.villages.id.size > 900
    assert len(province.agents) == 172 + province.villages.id.size
    assert {v.row for v in by_type[Village]} == set(range(province.villages.id.size))


def test_all_agents_can_be_removed_before_anybody_asked_for_them() -> None:
    model, twin = (begin(plan("2009-01", "2009-02", programmes=FOUR)) for _ in range(2))
    model.remove_all_agents()
    assert len(model.agents) == 0
    for each in (model, twin):
        each.step()
    assert not changed(model, twin).any()


def test_data_collector_has_the_start_and_every_month(province: PovertyModel) -> None:
    frame = province.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(MONTHLY_REPORTERS)
    months = [f"2009-{m:02d}" for m in range(1, 13)]
    assert frame["calendar"].tolist() == ["2008-12", *months]
    assert frame["registered_poor"].iloc[0] == province.at_start.registered
    assert frame["registered_poor"].iloc[-1] == province.measured[2009].registered
    assert frame["income_poor"].iloc[0] == province.at_start.income_poor
    assert frame["income_poor"].iloc[-1] == province.measured[2009].income_poor
    assert frame["yuan_delivered"].is_monotonic_increasing
    assert frame["yuan_delivered"].iloc[-1] == province.ledger.delivered.sum() > 0


def test_running_stops_at_the_horizon(province: PovertyModel) -> None:
    assert not province.running
    assert province.time == 12
    model = PovertyModel(plan("2009-03", "2009-05"), sample=THIN)
    steps = 0
    while model.running:
        model.step()
        steps += 1
    assert steps == 10  # from March to the December of the year
    assert model.calendar == "2009-12"


def test_no_arguments_mean_the_documents_2009() -> None:
    defaults = {k: p.default for k, p in inspect.signature(PovertyModel).parameters.items()}
    assert (defaults["scenario"], defaults["rng"], defaults["sample"]) == (None, 1, None)
    model = PovertyModel()
    assert model.plan.name == "2009-document"
    assert (model.run_seed, model.frame.sample, model.calendar) == (1, "default", "2008-12")
    listed = np.asarray(model.frame.villages.listed)
    assert listed.sum() == 7_102
    assert (model.villages.weight[listed] == 1).all()
    assert len(model.plan.period.months) == 12
    of_document = [p.key for p in PROGRAMMES if p.of_document]
    assert [p.key for p in model.programmes] == of_document
    assert model.registered_poor > 3_000_000


def test_mesas_batch_run_works() -> None:
    rows = mesa.batch_run(
        PovertyModel,
        {
            "sample": THIN,
            "scenario": [
                str(paths.scenarios() / f"2009-{n}.yaml") for n in ("document", "no-programmes")
            ],
        },
        rng=[1, 2],
        number_processes=1,
        display_progress=False,
    )
    assert len(rows) == 4
    assert {(r["rng"], "no-prog" in r["scenario"], r["calendar"]) for r in rows} == {
        (seed, off, "2009-12") for seed in (1, 2) for off in (False, True)
    }
    for row in rows:
        bare = "no-prog" in row["scenario"]  # village funds of earlier years lend on
        assert (row["yuan_delivered"] < 100_000_000) == bare


def test_a_batch_run_takes_seeds_and_without_them_new_ones(province: PovertyModel) -> None:
    rows = mesa.batch_run(
        PovertyModel, {"sample": THIN}, rng=[1, None, None], number_processes=1,
        display_progress=False,
    )  # fmt: skip
    assert rows[0]["registered_poor"] == province.registered_poor
    assert len({row["registered_poor"] for row in rows}) == 3


def test_without_a_draw_it_is_the_central_row_with_its_luck(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Commands, Python and Mesa's model mean the same by central and a seed."""
    monkeypatch.setattr("fupin.model.central_draw", draws.central_draw)
    document = load_scenario(library.find(library.DOCUMENT))
    model = PovertyModel(document, sample=THIN)
    while model.running:
        model.step()
    thin = document.model_copy(
        update={"population": document.population.model_copy(update={"sample": THIN})}
    )
    (central,) = draws.parse_draws("central")
    assert central.luck is not None
    found = simulate(thin, central, 1, twins=False).outcomes
    assert model.registered_poor == found["registered_poor_end"]


def test_a_model_that_was_put_away_in_june_goes_on_the_same() -> None:
    model = begin(plan(programmes=FOUR))
    for _ in range(6):
        model.step()
    twin: PovertyModel = pickle.loads(pickle.dumps(model))
    for m in (model, twin):
        while m.running:
            m.step()
    assert not changed(model, twin).any()
    assert model.measured[2009].registered == twin.measured[2009].registered
    frames = [m.datacollector.get_model_vars_dataframe() for m in (model, twin)]
    assert frames[0].equals(frames[1])
    assert [p.counts_by_year for p in model.programmes] == [
        p.counts_by_year for p in twin.programmes
    ]
    for column in ("released", "delivered", "lost", "returned", "received"):
        assert (getattr(model.ledger, column) == getattr(twin.ledger, column)).all()


def test_nothing_draws_from_mesas_generators(province: PovertyModel) -> None:
    untouched = PovertyModel(sample=THIN)
    assert province.random.getstate() == untouched.random.getstate()
    assert province.rng.bit_generator.state == untouched.rng.bit_generator.state


def test_what_agents_say_is_the_sum_over_their_households(province: PovertyModel) -> None:
    h, v = province.households, province.villages
    for village in province.village_agents[::101]:
        rows = slice(v.offsets[village.row], v.offsets[village.row + 1])
        assert (village.first, village.last) == (rows.start, rows.stop)
        listed = h.registered[rows] != 0
        assert village.registered == int(h.size[rows][listed].sum())
        assert village.registered_share == pytest.approx(
            h.size[rows][listed].sum() / h.size[rows].sum()
        )
        assert village.migrants == int(h.migrants[rows].sum())
        size, income = h.size[rows].astype(float), h.income[rows].astype(float)
        assert village.mean_income == pytest.approx((size * income).sum() / size.sum(), rel=1e-6)
        assert village.id == province.frame.villages.id[village.row]
        assert village.works_index == province.world.works.index[village.row]
    by_county = np.zeros(172)
    for village in province.village_agents:
        by_county[province.frame.villages.county[village.row]] += (
            village.registered * village.weight
        )
    assert [c.registered for c in province.counties] == by_county.tolist()
    assert province.registered_poor == by_county.sum()
    assert province.measured[2009].registered == province.registered_poor
    weight = np.repeat(v.weight, np.diff(v.offsets))
    assert province.migrants == int((h.migrants * weight).sum())
    assert sum(c.villages.size for c in province.counties) == v.id.size


# -- the calendar ----------------------------------------------------------------------------------


def test_a_july_start_is_a_january_start_whose_first_half_year_passes() -> None:
    """The months before the start are lived without programmes, to the byte."""
    july, january = begin(plan("2009-07", "2010-12")), begin(plan("2009-01", "2010-12"))
    assert july.calendar == "2009-06"
    for _ in range(6):
        january.step()
    assert not changed(july, january).any()
    while july.running:
        july.step()
        january.step()
        assert not changed(july, january).any()
        assert july.calendar == january.calendar
    for year in (2009, 2010):  # a full year's income in the first December
        assert july.measured[year].mean_income == january.measured[year].mean_income
        assert july.measured[year].registered == january.measured[year].registered
    assert july.at_start.income_poor == january.at_start.income_poor


def test_programmes_of_a_july_start_begin_in_july() -> None:
    on = begin(plan("2009-07", "2009-12", programmes=FOUR))
    off = begin(plan("2009-07", "2009-12"))
    assert not changed(on, off).any()
    while on.running:
        on.step()
        off.step()
        assert on.ledger.imbalance() == 0
    released = on.ledger.released.sum(axis=1)
    for key, settings in FOUR.items():
        index = programme(on, key).index
        assert (
            released[index].sum() == settings["budget"] // 2
        )  # half of the calendar year's money in half of it
        assert released.shape[1] == 6
        assert (released[index] > 0).all()
    for key in ("relocation", "skills_training", "microfinance"):
        assert reached(on, key).size > 100


def test_no_month_goes_through_all_months_of_the_period(monkeypatch) -> None:
    """Else a month of a long plan would cost more than the same month of a short one."""
    model = begin(plan("2009-01", "2010-12", programmes=FOUR))

    def all_months(period: Period) -> None:
        raise AssertionError(f"{period.start} to {period.end}")

    monkeypatch.setattr(Period, "months", property(all_months))
    for _ in range(13):
        model.step()


def test_after_an_end_before_december_nobody_is_given_anything() -> None:
    model = lived(end="2009-11", programmes=FOUR)
    assert list(model.measured) == [2009]
    assert (model.ledger.released[:, :, 11] == 0).all()
    grants = [p.index for p in model.programmes if not p.revolving]
    assert (model.ledger.delivered[grants, :, 11] == 0).all()
    assert model.ledger.closing[:, :, -1].sum() > 0  # the stock of loans
    assert (model.ledger.closing[grants, :, -1] == 0).all()


def test_registered_counts_are_as_of_the_month() -> None:
    """The cached count is thrown away when people are born, die or are reviewed."""
    model = begin(plan("2009-10", "2010-01", programmes=FOUR))
    while model.running:
        model.step()
        out = np.zeros(model.villages.id.size, np.int64)
        h = model.households
        register.count_persons(model.villages.offsets, h.size, h.registered, out)
        assert (out == model.registered_by_village).all()
    assert fresh_start(plan()).core.households.income is not model.households.income
