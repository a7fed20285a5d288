"""Interactions, with all programmes at work: places, cash, peers, guarantees, twins.

Each test says why agents are needed: what one household gets, another does not, or does sooner.
Worlds are twins, so differences are of the same households in the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from five_counties import (
    THIN,
    begin,
    changed,
    counts,
    differs,
    plan,
    programme,
    reached,
    village_of,
)
from fupin.model import PovertyModel
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, Programmes
from fupin.world.start import live_history

Flags = npt.NDArray[np.bool_]

MILLION = 10**6
PAIR = ["Daming", "Pingquan"]
ALL: dict[str, dict[str, Any]] = {
    "village_advancement": {"budget": 40 * MILLION},
    "rural_works": {"budget": 20 * MILLION, "to": "2009-06"},
    "relocation": {"budget": 4 * MILLION},
    "skills_training": {"budget": 4 * MILLION, "to": "2009-07"},
    "practical_training": {"budget": 1 * MILLION},
    "household_projects": {"budget": 12 * MILLION},
    "mutual_funds": {"budget": 6 * MILLION},
    "loan_guarantee": {"budget": 6 * MILLION, "counties": [*PAIR, "Zhangbei"]},
    "microfinance": {"budget": 8 * MILLION},
    "subsidised_loans": {"budget": 40 * MILLION},
    "minimum_living": {"budget": 2 * MILLION, "counties": PAIR},
    "integrated_funds": {"budget": 8 * MILLION, "counties": PAIR},
    "paired_assistance": {"budget": 20 * MILLION},
    "enterprise_projects": {"budget": 1000 * MILLION},
    "technology": {"budget": 300_000},
    "project_management": {"budget": 500_000},
}
TRAINING = "skills_training"
GROUPS = ("microfinance", "loan_guarantee")  # members pay for each other
LENDERS = ("mutual_funds", "loan_guarantee", "microfinance", "subsidised_loans")


def all_with(**changes: Any) -> dict[str, Any]:
    """All programmes, some of them with settings of their own or off."""
    return {k: {**v, **changes.get(k, {})} if changes.get(k) != "off" else "off"
            for k, v in ALL.items()}  # fmt: skip


def lived_with(parameters: dict[str, float] | None = None, **changes: Any) -> PovertyModel:
    """A year of the five counties with all programmes."""
    model = begin(plan(programmes=all_with(**changes), parameters=parameters or {}))
    while model.running:
        model.step()
    return model


# -- jobs ------------------------------------------------------------------------------------------


def finished(model: PovertyModel) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Trainees whose course is over, and those of them without a place (or who dropped out)."""
    training = programme(model, TRAINING)
    over = np.setdiff1d(reached(model, TRAINING), training.trainees)
    return over, training.seekers


def test_more_trainees_for_fixed_jobs_lower_the_placement_of_others() -> None:
    """The others are those who are trained in both worlds: their own chance falls."""
    jobs = {"jobs_per_month": 60}
    few, many = (
        lived_with(skills_training={**jobs, "budget": budget * MILLION}) for budget in (2, 6)
    )
    both = np.intersect1d(finished(few)[0], finished(many)[0])
    assert both.size > 500
    waiting = [np.isin(both, finished(model)[1]).mean() for model in (few, many)]
    assert waiting[1] > waiting[0] + 0.1
    for model in (few, many):  # jobs bind in both, and no job is filled twice
        assert counts(model, TRAINING)["placed"] <= 60 * 9
    # With jobs for everybody the number of others does not matter.
    jobs = {"jobs_per_month": 100_000}
    few, many = (
        lived_with(skills_training={**jobs, "budget": budget * MILLION}) for budget in (2, 6)
    )
    both = np.intersect1d(finished(few)[0], finished(many)[0])
    waiting = [np.isin(both, finished(model)[1]).mean() for model in (few, many)]
    assert waiting[1] == pytest.approx(waiting[0], abs=0.02)  # who is trained late still waits


# -- cash ------------------------------------------------------------------------------------------


def test_no_fund_and_no_lender_ever_lends_more_than_its_cash() -> None:
    """Village by village for funds, county by county for banks, in every month of two years."""
    model = begin(plan(end="2010-12", programmes=all_with()))
    funds = programme(model, "mutual_funds")
    lent_by_funds = 0
    while model.running:
        cash = funds.fund_cash.copy()
        model.step()
        month = model.ledger.month - 1
        # A fund lends what it has, what comes back this month, its seed and its deposits.
        assert funds.fund_cash.min() >= 0
        assert (funds.fund_cash + funds.outstanding() == funds.equity).all()
        lent_by_funds += int(np.maximum(cash - funds.fund_cash, 0).sum())
        for key in LENDERS:
            i = programme(model, key).index
            ledger = model.ledger
            here = (
                ledger.opening[i, :, month]
                + ledger.released[i, :, month]
                + ledger.received[i, :, month]
            )
            assert (ledger.principal[i, :, month] <= here).all(), key
            assert (ledger.closing[i, :, month] >= 0).all(), key
    assert lent_by_funds > MILLION
    for key in LENDERS:
        assert counts(model, key, 2010)["loans"] > 0, key


# -- peers -----------------------------------------------------------------------------------------


def test_peers_raise_migration() -> None:
    """In villages where trainees left, more of the untrained leave; without peers nobody does."""
    extra = {}
    for peer_effect in (None, 0.0):
        values = {} if peer_effect is None else {"livelihood.peer_effect": peer_effect}
        plenty = {"budget": 30 * MILLION}
        on = lived_with(values, skills_training=plenty)
        off = lived_with(values, skills_training="off")
        more = on.households.migrants.astype(int) - off.households.migrants
        others = np.ones(more.size, bool)
        others[reached(on, TRAINING)] = False
        extra[peer_effect] = int(more[others].sum())
    assert extra[None] > 20
    assert extra[0.0] == 0


def test_peers_raise_adoption() -> None:
    """The same villages with and without imitation: neighbours take up what neighbours have."""
    on = lived_with({"technology.imitation": 1.0})
    alone = lived_with({"technology.imitation": 0.0})
    villages = [programme(m, "technology").diffusion.seeded for m in (on, alone)]
    assert (villages[0] == villages[1]).all()
    adopted = [counts(m, "technology")["adopted"] for m in (on, alone)]
    assert adopted[0] > 1.2 * adopted[1]
    # Who started with the item is the same: the difference is the neighbours'.
    assert counts(on, "technology")["seeded"] == counts(alone, "technology")["seeded"]


# -- credit ----------------------------------------------------------------------------------------


def test_a_guarantee_changes_who_gets_credit() -> None:
    """The bank's money is the same; a guarantee takes it to households without collateral."""
    bank = {"subsidised_loans": {"budget": 12 * MILLION, "enterprise_share": 0, "counties": PAIR}}
    split = {
        "subsidised_loans": {**bank["subsidised_loans"], "budget": 6 * MILLION},
        "loan_guarantee": {"budget": 6 * MILLION, "counties": PAIR},
    }
    alone = lived_with(**bank, loan_guarantee="off")
    mixed = lived_with(**split)
    bits = programme(mixed, "subsidised_loans").bit | programme(mixed, "loan_guarantee").bit
    borrowers = [(m.households.reached & bits) > 0 for m in (alone, mixed)]
    start = begin(plan(programmes=all_with()))
    collateral = programme(start, "subsidised_loans").collateral(np.arange(borrowers[0].size))
    registered = start.households.registered
    assert (borrowers[1] & ~borrowers[0]).sum() > 0.3 * borrowers[1].sum()
    assert np.median(collateral[borrowers[1]]) < 0.7 * np.median(collateral[borrowers[0]])
    assert registered[borrowers[1]].mean() > 1.5 * registered[borrowers[0]].mean()


# -- twins with everything on ----------------------------------------------------------------------


class Trace:
    """What a programme caused, household by household, while its world and the twin are lived.

    Attributes:
        ever: households of which any byte ever differed.
        moved: households whose migrants ever differed.
        placed: households whose place, job or loan of another programme ever differed.
        partners: households that stood surety in a group with one that differed by then.
    """

    def __init__(self, on: PovertyModel, off: PovertyModel, key: str) -> None:
        size = on.households.size.size
        self.on, self.off, self.key = on, off, key
        self.ever, self.moved, self.placed, self.mine = (np.zeros(size, bool) for _ in range(4))
        self.partners = np.zeros(size, bool)

    def live(self) -> Iterator[int]:
        """Month by month; yields the month index."""
        while self.on.running:
            self._note_partners()
            self.on.step()
            self.off.step()
            self.ever |= changed(self.on, self.off)
            self.moved |= differs(self.on, self.off, "migrants")
            self._note_places()
            yield self.on.today

    def _note_partners(self) -> None:
        for lender in GROUPS:
            for loans in (programme(m, lender).loans for m in (self.on, self.off)):
                touched = np.unique(loans.group[self.ever[loans.borrower]])
                self.partners[loans.borrower[np.isin(loans.group, touched)]] = True

    def _note_places(self) -> None:
        bit = programme(self.on, self.key).bit
        mine = self.on.households.reached & bit
        self.mine |= mine > 0
        self.placed |= (self.on.households.reached & ~bit) != self.off.households.reached
        for lender in LENDERS:
            books = [
                {
                    (int(row), int(month)): int(yuan)
                    for row, month, yuan in zip(
                        loans.borrower, loans.issued, loans.principal, strict=True
                    )
                }
                for loans in (programme(m, lender).loans for m in (self.on, self.off))
            ]
            for row, _ in {loan for loan, _ in books[0].items() ^ books[1].items()}:
                self.placed[row] = True


def assert_training_changes_only_what_it_causes(on: PovertyModel, off: PovertyModel) -> Trace:
    """Every changed household is a trainee, has a peer who moved, competed for a place or job, or
    stands surety with one who did.

    Month by month: a cause is never later than what it causes. Competition is within a county,
    peers are within a village.
    """
    trace = Trace(on, off, TRAINING)
    village = village_of(on)
    county = np.asarray(on.frame.villages.county)[village]
    for month in trace.live():
        peers = np.bincount(village, weights=trace.moved) > 0
        # a mover is a trainee or follows one of the village
        followers = trace.moved & ~trace.mine
        led = np.bincount(village, weights=trace.mine & trace.moved) > 0
        assert led[village[followers]].all(), month
        competitors = trace.placed & ~trace.mine
        with_cause = np.bincount(county, weights=trace.mine) > 0
        assert with_cause[county[competitors]].all(), month
        unexplained = trace.ever & ~trace.mine & ~peers[village]
        unexplained &= ~trace.placed & ~trace.partners
        assert not unexplained.any(), month
    return trace


def test_training_off_changes_no_household_without_a_cause() -> None:
    """All programmes at weight 1; the twin has one fewer."""
    trace = assert_training_changes_only_what_it_causes(
        begin(plan(programmes=all_with())),
        begin(plan(programmes=all_with(skills_training="off"))),
    )
    assert trace.mine.sum() > 1_000
    assert trace.ever[trace.mine].all()
    assert (trace.moved & ~trace.mine).any()
    assert (trace.placed & ~trace.mine).any()
    # Most households have none of these causes, and not a byte of theirs differs.
    assert trace.ever[~trace.mine].mean() < 0.05


@cache
def document_with_and_without() -> Trace:
    whole = load_scenario("fupin:2009-document")
    rest = whole.programmes.model_copy(
        update={TRAINING: Programmes.model_validate({TRAINING: "off"}).of(TRAINING)}
    )
    without = whole.model_copy(update={"programmes": rest})
    start = live_history(whole, 1, sample=THIN)
    return assert_training_changes_only_what_it_causes(
        PovertyModel(whole, rng=1, start=start.copy()), PovertyModel(without, rng=1, start=start)
    )


def test_the_documents_training_changes_no_household_without_a_cause() -> None:
    """The document's own plan in a thin sample: one village stands for about fifty."""
    trace = document_with_and_without()
    assert len(trace.on.programmes) == len(load_scenario("fupin:2009-document").programmes.active())
    assert len(trace.off.programmes) == len(trace.on.programmes) - 1
    assert trace.mine.any()
    village = village_of(trace.on)
    touched = np.bincount(village, weights=trace.mine | trace.placed) > 0
    assert not trace.ever[~touched[village]].any()
    assert trace.ever[~trace.mine].mean() < 0.01
    other_money = np.arange(len(PROGRAMME_KEYS)) != programme(trace.on, TRAINING).index
    assert (trace.on.ledger.released[other_money] == trace.off.ledger.released[other_money]).all()
