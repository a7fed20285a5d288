"""A whole search in a tiny province: found, checked, killed and resumed, saved, read, run."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.allocation.check import Checked
from fupin.allocation.lives import World
from fupin.allocation.money import money_of
from fupin.api import allocation_result
from fupin.engine.session import Progress
from fupin.report.terminal.allocation import print_allocation
from fupin.results.draws import Draw
from rich.console import Console

SMALL: dict[str, Any] = {"sample": 0.005, "workers": 1, "check_draws": 3, "progress": False}


def plan(name: str = "tiny", **programmes: Any) -> fupin.Plan:
    """Relocation does nothing in so few years, and cash does much: which is better is plain."""
    money = programmes or {
        "relocation": {"budget": "300 million"},
        "cash_transfer": {"budget": "300 million"},
        "practical_training": {"budget": "8 million"},
    }
    nothing = fupin.load("2009-no-programmes")
    return nothing.with_(name=name, title="A tiny plan", horizon=2009, programmes=money)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def searched(store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(allocation_result, "store_name", lambda plan: store.absolute())
    return lambda *args, **keys: fupin.allocate(*args, **{**SMALL, **keys})


def test_a_search_that_was_stopped_ends_with_the_same_bytes(
    searched: Callable[..., Any], tmp_path: Path
) -> None:
    def stop(progress: Progress) -> None:
        if progress.done >= 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched(plan(), progress=stop)
    after = searched(plan())
    whole = searched(plan(), fresh=True)
    assert after == whole
    one, other = after.save(tmp_path / "one"), whole.save(tmp_path / "other")
    for file in sorted(one.iterdir()):
        if file.name != "run.json":
            assert file.read_bytes() == (other / file.name).read_bytes(), file.name


def test_what_is_proposed_is_better_on_other_luck_and_runs_as_it_is(
    searched: Callable[..., Any], tmp_path: Path
) -> None:
    found = searched(plan())
    assert found.summary["better"] and found.plan is not None
    check = found.summary["check"]["person_years_out"]
    assert check["gain"]["low"] > 0 and check["pairs"] == 3
    assert not set(found.summary["draws"]) & set(found.summary["check_draws"])
    assert not set(found.summary["seeds"]) & set(found.summary["check_seeds"])
    money = money_of(found.plan.scenario)
    assert sum(money.values()) == sum(money_of(found.base.scenario).values())
    assert money["cash_transfer"] > 300_000_000 > money.get("relocation", 0)
    assert found.programmes.loc["cash_transfer", "proposed"] == money["cash_transfer"]
    folder = found.save(tmp_path / "found")
    assert fupin.read(folder) == found
    again = fupin.load(folder / "plan.yaml")
    assert again.scenario == found.plan.scenario
    verdict = found.verdict()
    assert "person-years out of poverty" in verdict.sentences[0].text
    assert verdict.judgements["tiny"].direction == "better"
    assert all(len(text.split()) <= 25 for text in verdict.texts)
    assert len(found.verdict("zh").texts) == len(verdict.texts)
    for picture in found.plots:
        found.plot(picture)


def test_names_change_no_number_and_nothing_is_lived_twice(searched: Callable[..., Any]) -> None:
    lived: list[Progress] = []
    other = searched(plan("another"), progress=lived.append)
    found = searched(plan())
    assert lived == []
    mine, others = dict(found.summary), dict(other.summary)
    assert (mine.pop("plan"), others.pop("plan")) == ("tiny", "another")
    assert mine == others


def test_limits_are_kept(searched: Callable[..., Any]) -> None:
    found = searched(plan(), most_change="30%", protect=["practical_training"])
    proposed = found.summary["proposed"]
    assert proposed["practical_training"] == 8_000_000
    assert proposed["cash_transfer"] == 390_000_000 and proposed["relocation"] == 210_000_000
    assert found.summary["programmes"]["practical_training"]["why"] == "protected"


def test_least_money_for_a_target(searched: Callable[..., Any]) -> None:
    today = searched(plan()).summary["level_at_start"]
    found = searched(plan(), target=0.8 * today)
    assert found.summary["target_reached"]
    assert sum(found.summary["proposed"].values()) < 0.8 * 608_000_000


def test_several_goals_packages_and_floors(searched: Callable[..., Any]) -> None:
    found = searched(
        plan(),
        ["person_years_out", "gap_closed"],
        packages={"farms": {"programmes": ["practical_training", "relocation"], "least": 10**8}},
        floors={"Baoding": 5_000_000},
    )
    proposed, front = found.summary["proposed"], found.summary["front"]
    assert proposed["practical_training"] + proposed["relocation"] >= 10**8
    assert front and set(front[0]["goals"]) == {"person_years_out", "gap_closed"}
    assert all(sum(one["money"].values()) == 608_000_000 for one in front)
    assert found.summary["check"]["gap_closed"]["gain"]["mean"] is not None
    text = StringIO()
    print_allocation(Console(file=text, width=80), found.summary)
    assert max(map(len, text.getvalue().splitlines())) <= 80
    assert "The front" in text.getvalue()


def test_a_goal_that_nothing_moves_is_one_message(searched: Callable[..., Any]) -> None:
    useless = plan("useless", relocation={"budget": 5_000_000}, mutual_funds={"budget": 1_000_000})
    with pytest.raises(fupin.InputError, match="beyond chance") as error:
        searched(useless, "additional_jobs")
    assert "relocation" in str(error.value)


def test_nothing_is_proposed_that_is_not_better_beyond_chance() -> None:
    """Gains of +5, -4, +1 are chance; of +5, +4, +6 they are not."""

    def world(values: list[float]) -> World:
        runs = tuple({"goal/g": v, "outcome/resource_cost": 1.0} for v in values)
        return World(runs, (len(values), 1))

    draws = tuple(Draw(f"prior:{k}") for k in range(3))
    nothing = world([0.0, 0.0, 0.0])

    def better(gains: list[float]) -> object:
        return Checked(draws, (9,), nothing, nothing, world(gains), nothing).content("g", 9.0)

    assert better([5.0, -4.0, 1.0])["better"] is False  # type: ignore[index]
    assert better([5.0, 4.0, 6.0])["better"] is True  # type: ignore[index]
    assert better([5.0, 4.0, 6.0])["winners_curse"] == 4.0  # type: ignore[index]


def test_any_outcome_is_bounded_and_the_limit_is_kept_where_it_is_lived(
    searched: Callable[..., Any],
) -> None:
    free = searched(plan()).summary
    limit = {"cash_transfer.delivered": "340 million"}
    found = searched(plan(), at_most=limit, at_least={"lifted": "10 persons"})
    lifted, cash = found.summary["bounds"]
    assert (lifted["outcome"], lifted["limit"]) == ("lifted", "at_least")
    assert cash["on_search"] <= 340e6 * 1.006
    proposed = found.summary["proposed"]["cash_transfer"]
    assert proposed < free["proposed"]["cash_transfer"]
    assert cash["share_kept"] == 1.0 or cash["proposed"]["mean"] <= 340e6 * 1.02
    said = " ".join(found.verdict().texts)
    assert "At most 340 million yuan was asked of: Direct cash" in said or "delivered" in said
    text = StringIO()
    print_allocation(Console(file=text, width=80), found.summary)
    assert "was asked of" in text.getvalue()


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"at_least": {"lifted": "30 million persons"}}, ["lifted at least 30,000,000", "reached"]),
        ({"at_most": {"fgt0": "0.01%"}}, ["fgt0 at most 0.01%", "held down to"]),
        ({"at_least": {"cash_transfer.delivered": "500 million"},
          "at_most": {"spent": "400 million"}},
         ["cash_transfer.delivered at least 500 million yuan", "spent at most 400 million yuan"]),
    ],
)  # fmt: skip
def test_limits_that_no_division_keeps_are_one_message(
    searched: Callable[..., Any], limits: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(fupin.InputError) as error:
        searched(plan(), **limits)
    for word in words:
        assert word in str(error.value), str(error.value)
    assert error.value.instead and "\n" not in str(error.value)
