"""Money among counties: searched, lived, checked, and written so that it comes back to the yuan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.allocation import lives
from fupin.allocation.county_plan import is_local, parts_of, with_county_money
from fupin.allocation.money import money_of
from fupin.api import allocation_result
from fupin.report.terminal.allocation import WHY
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.load import load_scenario
from fupin.scenario.places import county_index
from fupin.scenario.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st

SMALL: dict[str, Any] = {"workers": 1, "check_draws": 4, "progress": False}
DOCUMENT = load_scenario("fupin:2009-document")
CODES = sorted(county_index().records)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def searched(store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Searches whose worlds have a closed form (`toy_allocation`)."""
    monkeypatch.setattr(allocation_result, "store_name", lambda plan: store.absolute())
    monkeypatch.setattr(allocation_result, "compile_first", lambda display: None)
    monkeypatch.setattr(lives, "frame_fingerprint", lambda sample, seed: "toy")
    monkeypatch.setattr(lives, "WORLD", "toy_allocation:live_world")
    return lambda *args, **keys: fupin.allocate(*args, **{**SMALL, **keys})


def plan() -> fupin.Plan:
    nothing = fupin.load("2009-no-programmes")
    money = {
        "rural_works": {"budget": "90 million"},
        "practical_training": {"budget": "80 million"},
        "relocation": {"budget": "30 million"},
    }
    return nothing.with_(name="tiny", title="A tiny plan", horizon=2009, programmes=money)


def test_county_money_is_lived_checked_and_comes_back_from_its_table(
    searched: Callable[..., Any], tmp_path: Path
) -> None:
    found = searched(plan(), by="county", floors={"Zhangbei": "20 million"})
    said = found.summary["county_money"]
    assert said["rounds"] and said["adds"]["mean"] is not None and said["proposed"]
    frame = found.table("county_money")
    for key, rows in frame.groupby("programme"):
        assert rows.proposed.sum() == found.summary["proposed"][key]
    assert sum(found.summary["proposed"].values()) == 200_000_000
    assert set(frame.why) <= set(WHY)
    # Zhangbei's money does 2.5 times as much as Chicheng's; the plan knows it.
    got = frame.groupby("county")[["start", "proposed"]].sum()
    assert got.loc[130722, "proposed"] > got.loc[130722, "start"]
    assert got.loc[130732, "proposed"] < got.loc[130732, "start"]
    check = found.summary["check"]["person_years_out"]
    assert check["gain"]["low"] > 0
    assert found.plan is not None
    zhangbei = county_index().county("Zhangbei")
    budgets = [found.plan.scenario.programmes.of(key).by_county for key in found.programmes.index]
    amounts = [money.counties.get(zhangbei, 0) for money in budgets if money is not None]
    assert sum(yuan for yuan in amounts if isinstance(yuan, int)) >= 20_000_000
    folder = found.save(tmp_path / "found")
    assert fupin.read(folder) == found
    assert fupin.load(folder / "plan.yaml").scenario == found.plan.scenario
    for name in ("plan.csv", "plan.xlsx"):
        again = imported(folder / name, tmp_path / f"{name}.yaml", plan())
        assert money_of(again) == money_of(found.plan.scenario), name
        for key in money_of(again):
            both = (p.programmes.of(key).budget for p in (again, found.plan.scenario))
            assert len({str(b) for b in both}) == 1, key


@pytest.mark.parametrize("by", ["programme", "county"])
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"floors": {"Zhangbei": "190 million"}}, ["floor of Zhangbei", "let it be"]),
        ({"floors": {"Tangshan": 5_000_000}}, ["floor of Tangshan", "no programme that may move"]),
        ({"at_least": {"gap_closed": 10**12}}, ["gap_closed at least 1,000,000 million yuan"]),
        ({"at_most": {"resource_cost": 10**6}}, ["resource_cost at most 1 million yuan", "held"]),
        (
            {"packages": {"a": {"programmes": ["rural_works"], "least": "170 million"},
                          "b": {"programmes": ["relocation"], "least": "50 million"}}},
            ["package a", "package b", "exclude one another"],
        ),
    ],
)  # fmt: skip
def test_limits_without_a_division_are_named_and_nothing_is_proposed(
    searched: Callable[..., Any], by: str, limits: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(fupin.InputError) as error:
        searched(plan(), by=by, **limits)
    for word in words:
        assert word in str(error.value), str(error.value)


def test_the_first_page_is_whole_in_both_languages(searched: Callable[..., Any]) -> None:
    found = searched(plan(), by="county", floors={"Zhangbei": "20 million"})
    english, chinese = found.sentences(), found.sentences("zh")
    assert len(english) == len(chinese)
    for key in found.summary["programmes"]:
        assert any(s.lower().startswith(key.replace("_", " ")) for s in english), key
    assert all("yuan" not in s and "{" not in s for s in chinese)
    for sentence in ". ".join(english).replace("? ", ". ").split(". "):
        assert len(sentence.split()) <= 32, sentence
    with pytest.raises(fupin.InputError):
        found.sentences("fr")


def imported(table: Path, out: Path, base: fupin.Plan) -> Scenario:
    """As `fupin import TABLE --extends BASE` reads it."""
    from click.testing import CliRunner
    from fupin.commands.import_table import command

    file = out.with_name("base.yaml")
    base.save(file, overwrite=True)
    done = CliRunner().invoke(command, [str(table), "-o", str(out), "--extends", str(file)])
    assert done.exit_code == 0, done.output
    return load_scenario(str(out))


def test_what_counties_cannot_be_asked_is_one_message(searched: Callable[..., Any]) -> None:
    with pytest.raises(fupin.InputError, match="gap_closed"):
        searched(plan(), "gap_closed", by="county")
    with pytest.raises(fupin.InputError, match="least money"):
        searched(plan(), by="county", target=100.0)
    with pytest.raises(fupin.InputError, match="by"):
        searched(plan(), by="village")
    villages = plan().with_(
        programmes={
            "village_advancement": {
                "budget": "90 million",
                "lottery": {"budget": "10 million", "villages": 3, "counties": ["Daming"]},
            }
        }
    )
    with pytest.raises(fupin.InputError, match="amounts of their own"):
        searched(villages, by="county", protect=["rural_works", "practical_training",
                                                 "relocation"])  # fmt: skip


@pytest.mark.parametrize(
    "budget", [30_000_001, {2009: 5_000_001, 2010: 7}, {"2009Q1": 4_000_000, "2010Q3": 3}]
)
@given(
    yuan=st.integers(1, 3_000_000_000),
    counties=st.lists(st.sampled_from(CODES), min_size=1, max_size=6, unique=True),
    weights=st.lists(st.integers(1, 1000), min_size=6, max_size=6),
)
@settings(max_examples=10, deadline=None)
def test_every_county_gets_its_yuan_however_the_plan_writes_money(
    budget: Any, yuan: int, counties: list[int], weights: list[int]
) -> None:
    base = Scenario.model_validate(
        {
            "name": "p",
            "period": {"start": "2009-01", "end": "2010-12"},
            "programmes": {"rural_works": {"budget": budget}},
        }
    )
    parts = parts_of(yuan, [float(w) for w in weights[: len(counties)]])
    assert sum(parts) == yuan
    by_county = {"rural_works": dict(zip(counties, parts, strict=True))}
    found = with_county_money(base, {"rural_works": yuan}, by_county)
    assert found.calendar("rural_works").total == yuan
    money = found.programmes.rural_works.budget
    assert isinstance(money, CountyMoney)
    for code, part in by_county["rural_works"].items():
        if part:
            own = found.calendar_with("rural_works", CountyMoney({code: money.counties[code]}))
            assert own.total == part


def test_counties_that_do_not_sum_to_their_programme_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum"):
        with_county_money(DOCUMENT, {"rural_works": 10}, {"rural_works": {CODES[0]: 9}})


def test_programmes_with_parts_of_their_own_stay_whole() -> None:
    local = {p.key for p in DOCUMENT.programmes.active() if is_local(DOCUMENT, p.key)}
    assert local.isdisjoint({"village_advancement", "paired_assistance", "integrated_funds"})
    assert {"rural_works", "household_projects", "minimum_living"} <= local
