"""Subsidised and guaranteed bank loans: who gets them, who pays, what they do to incomes."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.scenario.lender_settings import LoanGuaranteeSettings
from pydantic import ValidationError
from small_runs import columns_differ, log_gain_of, model_of, money, programme_of

GUARANTEE, SUBSIDISED = "loan_guarantee", "subsidised_loans"
BOTH = (GUARANTEE, SUBSIDISED)
PLANS = {
    GUARANTEE: {"budget": "600 million", "rollout": True},
    SUBSIDISED: {"budget": "1 billion"},
}


def lived(programmes, end="2009-12", parameters=None):
    """A model at its end, and per bank: borrowers, their state at the first loan."""
    model = model_of(programmes, end, parameters, steps=0)
    seen = {}
    for programme in model.programmes:
        if programme.key in BOTH:
            seen[programme.key] = noted = {"rows": [], "registered": [], "collateral": []}
            programme.loans.hand_out = noting(programme, noted, programme.loans.hand_out)
    while model.running:
        model.step()
    return model, {k: {n: np.concatenate(v) for n, v in noted.items()} for k, noted in seen.items()}


def noting(programme, noted, hand_out):
    def noting_hand_out(rows, yuan):
        noted["rows"].append(rows)
        noted["registered"].append(programme.world.households.registered[rows].copy())
        noted["collateral"].append(programme.collateral(rows))
        hand_out(rows, yuan)

    return noting_hand_out


@pytest.fixture(scope="module")
def plain():
    return model_of({})


@pytest.fixture(scope="module")
def off():
    return model_of({}, "2011-12")


@pytest.fixture(scope="module", params=BOTH)
def bank(request):
    """Three years; the bank lends in 2009 alone."""
    key = request.param
    model, seen = lived({key: {**PLANS[key], "to": "2009-12"}}, "2011-12")
    return key, model, seen[key]


@pytest.mark.parametrize("key", BOTH)
def test_off_is_absent(key, plain) -> None:
    off = model_of({key: "off"})
    assert columns_differ(off, plain) == []
    assert key not in [p.key for p in off.programmes]


@pytest.mark.parametrize("key", BOTH)
def test_money_binds(key) -> None:
    lent = []
    for budget in (200_000_000, 400_000_000):
        model = model_of({key: {**PLANS[key], "budget": budget}})
        yuan, index = money(model, key), programme_of(model, key).index
        assert yuan["released"] == budget == yuan["delivered"] + yuan["returned"]
        assert yuan["delivered"] == model.ledger.totals("principal")[index]
        assert model.ledger.imbalance() == 0
        lent.append(programme_of(model, key).counts_by_year[2009]["yuan_lent"])
    assert lent[1] > 1.6 * lent[0] > 0


@pytest.mark.parametrize("key", BOTH)
def test_places_bind(key) -> None:
    # Places that are cut into shares of less than a village are lost: villages weigh about 50.
    plan = {**PLANS[key], "budget": "4 billion", "places_per_month": 10_000}
    if key == SUBSIDISED:  # few in listed villages own enough for a usual one
        plan["loan_size"] = 2_000
    model = model_of({key: plan})
    assert 40_000 < programme_of(model, key).counts_by_year[2009]["loans"] <= 120_000
    assert money(model, key)["returned"] > 0


def test_officers_bind_until_loans_are_repaid() -> None:
    """Officers x guarantees each, in every county, for loans that are out."""
    plan = {GUARANTEE: {"budget": "4 billion", "rollout": True}}
    model = model_of(plan, "2010-12", {f"{GUARANTEE}.guarantees_each": 2}, steps=0)
    programme, most = programme_of(model, GUARANTEE), 0
    while model.running:
        model.step()
        most = max(most, int(programme.guaranteed.max()))
        assert most <= 1600
    assert most > 1200
    counts = programme.counts_by_year
    assert counts[2010]["loans"] > 0.5 * counts[2009]["loans"]  # repaid loans free their surety


def test_pilots_and_rollout() -> None:
    model = model_of({GUARANTEE: {"budget": "100 million"}}, steps=1)
    names = np.array(model.frame.counties.name_en)[programme_of(model, GUARANTEE).serves]
    assert sorted(names) == ["Daming", "Julu", "Wuyi"]
    wide = model_of({GUARANTEE: {"budget": "100 million", "rollout": True}}, steps=1)
    assert programme_of(wide, GUARANTEE).serves.sum() == 52
    with pytest.raises(ValidationError, match="rollout"):
        LoanGuaranteeSettings.model_validate(
            {"budget": 1_000_000, "rollout": True, "counties": ["Daming"]}
        )


def test_a_guarantee_changes_who_gets_credit() -> None:
    """The same bank money, a part of it guaranteed: more registered and fewer assets."""
    _, alone = lived({SUBSIDISED: {"budget": "1 billion", "enterprise_share": 0}})
    _, mixed = lived({
        SUBSIDISED: {"budget": "500 million", "enterprise_share": 0},
        GUARANTEE: {"budget": "500 million", "rollout": True},
    })  # fmt: skip
    bar = 0.8 * 10_000
    assert np.all(alone[SUBSIDISED]["collateral"] >= bar)
    assert np.all(mixed[GUARANTEE]["collateral"] < 0.8 * 6_000)
    registered = [
        np.concatenate([noted["registered"] for noted in world.values()]).mean()
        for world in (alone, mixed)
    ]
    worth = [
        np.median(np.concatenate([noted["collateral"] for noted in world.values()]))
        for world in (alone, mixed)
    ]
    assert registered[1] > 1.5 * registered[0]
    assert worth[1] < worth[0]


def test_borrowers_pay_first_and_gain_within_the_prior(bank, off) -> None:
    """N(0.04, 0.04) of log income once assets yield; before, there is interest to pay."""
    _, model, noted = bank
    rows = noted["rows"]
    assert np.unique(rows).size == rows.size
    first, after, later = (log_gain_of(year, model, off)[rows] for year in (2009, 2010, 2011))
    poor = noted["registered"] > 0
    assert first.mean() < min(after.mean(), 0.01)
    for gain in (after, after[poor], later, later[poor]):
        assert 0.0 < gain.mean() < 0.04 + 1.64 * 0.04
    assert 0.02 < (later < 0).mean() < 0.4  # what assets bring differs, and some lose by them


def test_all_principal_goes_back_to_the_bank(bank) -> None:
    key, model, _ = bank
    programme = programme_of(model, key)
    assert programme.loans.borrower.size == 0
    ledger, index = model.ledger, programme.index
    counts = programme.counts_by_year.values()
    lost = sum(c["yuan_defaulted"] for c in counts)
    lent = int(ledger.totals("principal")[index])
    back = int(ledger.totals("received")[index])
    borne_by_the_bank = lost if key == SUBSIDISED else 0
    assert back == lent - borne_by_the_bank
    assert ledger.totals("defaults_borne")[index] == lost
    assert ledger.imbalance() == 0


@pytest.fixture(scope="module")
def bad():
    """Loans of 2009 far beyond what can be repaid, by bank and share of assets that are taken."""
    worlds = {}
    for key, share in ((GUARANTEE, 0.0), (SUBSIDISED, 0.0), (SUBSIDISED, 1.0)):
        worlds[key, share] = model_of(
            {key: {**PLANS[key], "loan_size": 15_000, "to": "2009-12"}},
            "2010-12",
            {f"{key}.income_multiple": 3.0, f"{key}.sale_share": share},
        )
    return worlds


@pytest.mark.parametrize("key", BOTH)
def test_who_pays_on_default(bad, key) -> None:
    """Guarantors pay for the one kind, the bank for the other; both are costs."""
    model = bad[key, 0.0]
    programme, ledger = programme_of(model, key), model.ledger
    counts = programme.counts_by_year[2010]
    lost = counts["yuan_defaulted"]
    assert lost > 0
    classes = dict.fromkeys(ledger.programmes, "credit")
    subsidy = ledger.totals("interest_subsidy")[programme.index]
    assert ledger.spent(classes)[programme.index] == lost + subsidy
    short = (ledger.totals("principal") - ledger.totals("received"))[programme.index]
    if key == GUARANTEE:
        assert counts["yuan_guarantors_paid"] == lost
        assert short == 0
    else:
        assert short == lost


def test_collateral_is_taken_before_the_bank_loses(bad) -> None:
    lost = [
        programme_of(bad[SUBSIDISED, share], SUBSIDISED).counts_by_year[2010]["yuan_defaulted"]
        for share in (0.0, 1.0)
    ]
    assert lost[1] < 0.5 * lost[0]


def test_enterprises_get_their_part_and_interest_is_subsidised(bank) -> None:
    key, model, _ = bank
    if key != SUBSIDISED:
        return
    programme = programme_of(model, key)
    counts = programme.counts_by_year
    # 70% of the money, less what rounding leaves in each county and month.
    assert counts[2009]["yuan_lent_to_enterprises"] == pytest.approx(700_000_000, rel=1e-5)
    assert counts[2011]["yuan_lent_to_enterprises"] == 0
    subsidy = int(model.ledger.totals("interest_subsidy")[programme.index])
    due = 0.03 * 700_000_000 + 0.05 * counts[2009]["yuan_lent"]
    assert subsidy == pytest.approx(due, rel=0.01)
    everything = model_of({SUBSIDISED: {"budget": "1 billion", "enterprise_share": 1.0}}, steps=6)
    assert programme_of(everything, SUBSIDISED).loans.borrower.size == 0
