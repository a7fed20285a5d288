"""What the accounts have out on loan is what borrowers owe, however small the sample."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.month import live
from fupin.programmes.loans import LoanBook
from fupin.results.draws import CENTRAL
from fupin.scenario.load import load_scenario
from fupin.world.start import live_history

NOT_IN_THE_BOOK = ("subsidised_loans",)
"""Enterprises borrow too, and no household of the model stands for them."""


@pytest.mark.parametrize(("sample", "seed"), [(0.01, 1), (0.02, 1), (0.03, 2)])
def test_the_accounts_have_out_what_borrowers_owe(sample: float, seed: int) -> None:
    plan = load_scenario("fupin:2009-document")
    people = plan.population.model_copy(update={"sample": sample})
    plan = plan.model_copy(update={"population": people, "horizon": 2011})
    world = live(plan, live_history(plan, seed, CENTRAL), seed, ())
    looked_at = []
    for month in range(1, world.ledger.month + 1):
        assert (world.ledger.outstanding(month) >= 0).all(), month
    out = world.ledger.outstanding(world.ledger.month)
    for programme in world.programmes:
        loans = getattr(programme, "loans", None)
        if isinstance(loans, LoanBook) and programme.key not in NOT_IN_THE_BOOK:
            assert out[programme.index] == int(loans.owed @ loans.stands_for), programme.key
            looked_at.append(programme.key)
    assert {"microfinance", "mutual_funds", "loan_guarantee"} <= set(looked_at)
    # Two years after the last of them every loan of a year is back or written off.
    assert out[world.ledger.programmes.index("microfinance")] == 0
    assert np.any(out > 0)
