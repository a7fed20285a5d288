"""A whole attribution in a tiny province: it sums, resumes, shares its worlds, and can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import fupin
import numpy as np
import pytest
from fupin.allocation import attribution_game, attribution_households
from fupin.allocation.attributing import ATTRIBUTED
from fupin.allocation.attribution_rounding import nearest
from fupin.allocation.attribution_told import examples, parts_of, sentences
from fupin.allocation.lives import Lives, engine
from fupin.allocation.money import with_money
from fupin.api import allocation_result
from fupin.engine.session import Progress
from fupin.report.html.attribution_section import attribution_page
from fupin.report.html.page import rendered
from fupin.report.terminal.attribution import print_attribution
from fupin.results.draws import parse_draws
from fupin.scenario.variants import without_programmes
from fupin.store import runs
from fupin.words.language import Language
from rich.console import Console

SMALL: dict[str, Any] = {"sample": 0.005, "workers": 1, "progress": False}
MONEY = {
    "household_projects": {"budget": "300 million"},
    "cash_transfer": {"budget": "100 million"},
    "relocation": {"budget": "10 million", "from": "2009-12"},  # too late to do anything
    "subsidised_loans": {"budget": "500 million"},
}


def plan(name: str = "tiny", **programmes: Any) -> fupin.Plan:
    nothing = fupin.load("2009-no-programmes")
    return nothing.with_(
        name=name, title="A tiny plan", horizon=2009, programmes=programmes or MONEY
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def attributed(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    monkeypatch.setattr(allocation_result, "store_name", lambda plan: store.absolute())
    return lambda *args, **keys: fupin.attribute(*args, **{**SMALL, "seeds": 2, **keys})


def test_one_that_was_stopped_ends_with_the_same_bytes(
    attributed: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(progress: Progress) -> None:
        if progress.done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attributed(plan(), progress=stop)
    after = attributed(plan(), seeds=1)
    monkeypatch.setattr(runs, "RUNS_PER_SHARD", 5)  # and from files of many worlds the same
    whole = attributed(plan(), seeds=1, fresh=True)
    assert after == whole
    one, other = after.save(tmp_path / "one"), whole.save(tmp_path / "other")
    for file in sorted(one.iterdir()):
        if file.name != "run.json":
            assert file.read_bytes() == (other / file.name).read_bytes(), file.name
    assert fupin.read(one) == after


def test_every_table_sums_to_what_a_run_finds(attributed: Callable[..., Any]) -> None:
    found = attributed(plan())
    said = found.summary
    run = fupin.run(plan(), sample=0.005, draws="central", seeds=2, workers=1, progress=False)
    whole = said["whole"]["mean"]
    assert whole == nearest(run.summary["outcomes"]["person_years_out"]["mean"]) != 0
    assert sum(row["mean"] for row in said["programmes"].values()) == whole
    assert sum(row["mean"] for row in said["classes"].values()) == whole
    for row in said["classes"].values():
        assert sum(said["programmes"][k]["in_class"] for k in row["programmes"]) == row["mean"]
    for name in ("counties", "fifths"):
        table = found.table(name)
        assert table["total"].sum() == whole
        assert (table[list(said["programmes"])].sum(axis=1) == table["total"]).all()
        for key, row in said["programmes"].items():
            assert table[key].sum() == row["mean"]
    assert [one["mean"] for one in said["by_fifth"]] == found.table("fifths")["total"].tolist()
    pairs = found.table("pairs_of_worlds")
    for _, rows in pairs.groupby(["draw", "seed"]):
        assert rows["share"].sum() == pytest.approx(rows["whole"].iloc[0])
        assert rows["in_class"].sum() == pytest.approx(rows["whole"].iloc[0])


def test_who_changes_no_world_has_nothing(attributed: Callable[..., Any]) -> None:
    found = attributed(plan())
    rows = found.table("coalitions")
    worth = {
        (frozenset(row.programmes.split()), row.seed): row.worth
        for row in rows.fillna("").itertuples()
    }
    idle = [
        key
        for key in MONEY
        if all(worth[s - {key}, seed] == v for (s, seed), v in worth.items() if key in s)
    ]
    assert "relocation" in idle and len(idle) < len(MONEY)
    for key in idle:
        row = found.programmes.loc[key]
        assert (row["mean"], row["in_class"], row["low"], row["high"]) == (0, 0, 0, 0)


def test_shares_add_up_over_outcomes(attributed: Callable[..., Any]) -> None:
    """Lifted is by income, or by being looked at; a second question lives no world anew."""
    lived: list[Progress] = []
    parts = [
        attributed(plan(), f"additional_{kind}_channel", progress=lived.append)
        for kind in ("income", "recognition")
    ]
    lifted = attributed(plan(), "lifted", progress=lived.append)
    assert lived == []
    of_parts = [p.table("pairs_of_worlds")["share"].to_numpy() for p in parts]
    assert np.allclose(sum(of_parts), lifted.table("pairs_of_worlds")["share"], atol=1e-6)
    assert "counties" in lifted.tables and "counties" not in parts[1].tables


def test_outcomes_of_any_unit_sum(attributed: Callable[..., Any]) -> None:
    for outcome in ("gap_closed", "gini", "mean_income", "income_poor_end", "npv_income_poor_5"):
        found = attributed(plan(), outcome, households=False)
        said = found.summary
        total = sum(row["mean"] for row in said["programmes"].values())
        assert total == pytest.approx(said["whole"]["mean"], abs=said["finest"] / 2), outcome
        assert said["households"] is None
        text = StringIO()
        print_attribution(Console(file=text, width=80), said)
    assert set(ATTRIBUTED) >= {"person_years_out", "lifted", "gini", "additional_jobs"}


def test_searches_find_the_worlds(attributed: Callable[..., Any], store: Path) -> None:
    """Nobody, everybody and everybody but one, as `fupin allocate` asks for them."""
    attributed(plan())
    base = plan().sampled(0.005).scenario
    with engine(store, 1) as live:
        lives = Lives(base, parse_draws("central"), [1, 2], ("person_years_out",), live)
        start = {"household_projects": 300_000_000, "cash_transfer": 100_000_000}
        lives.worlds([without_programmes(base), with_money(base, start)])
        lives.divisions([{**start, key: 0} for key in start])
        assert live.lived == 0 and live.read == 8


def test_pairs_say_nearly_what_all_coalitions_say(
    attributed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = attributed(plan())
    for module in (attribution_game, attribution_households):
        monkeypatch.setattr(module, "EXACT", 2)
    found = attributed(plan())
    said = found.summary
    assert exact.summary["exact"] and exact.summary["residual"] is None and not said["exact"]
    assert said["whole"] == exact.summary["whole"]
    assert sum(row["mean"] for row in said["programmes"].values()) == said["whole"]["mean"]
    left = abs(said["residual"]["left"]["mean"])
    gap = found.programmes["mean"] - exact.programmes["mean"]
    assert gap.abs().max() <= left + 1
    assert found.summary["households"] == exact.summary["households"]
    assert found.table("counties")["total"].tolist() == exact.table("counties")["total"].tolist()
    assert any("Singles and pairs" in sentence for sentence in found.verdict().texts)


def test_households_say_which_programmes_took_them_over_the_line(
    attributed: Callable[..., Any], tmp_path: Path
) -> None:
    found = attributed(plan())
    table = found.table("households")
    assert np.allclose(table[list(MONEY)].sum(axis=1), 1.0)
    assert (table["relocation"] == 0).all()
    said = found.summary["households"]
    for what in ("out", "into"):
        here = table[table["what"] == what]
        assert said[what]["person_years"] == here["person_years"].sum()
        assert sum(said[what]["programmes"].values()) == said[what]["person_years"]
        assert sum(said[what]["by_how_many"].values()) == said[what]["person_years"]
    stored = fupin.read(found.save(tmp_path / "found")).stored
    listed = examples(stored)
    assert listed and any("out of poverty" in why for _, why in listed)
    one = listed[0][0]
    (first, *_) = parts_of(stored, one)
    assert sum(first["programmes"].values()) == pytest.approx(1.0, abs=0.03)
    assert "because of the plan" in sentences(stored, one)[0]
    assert "In no year" in sentences(stored, 1)[0]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_it_is_read_in_both_languages(
    attributed: Callable[..., Any], tmp_path: Path, code: str
) -> None:
    stored = fupin.read(attributed(plan()).save(tmp_path / "found")).stored
    say = Language(code)
    page = attribution_page(say, stored)
    ids = [section.id for section in page.sections]
    assert ids[:2] == ["headline", "shares"] and {"whom", "households", "manifest"} <= set(ids)
    text = rendered(page, say)
    assert "{" not in "".join(section.title + section.lead for section in page.sections)
    assert ("Shapley" in text) and ("脱贫" in text or code == "en")
    out = stored.attribution["households"]["out"]
    years = f"{out['person_years']:,}"  # of all that the few households of the sample stand for
    said = {"en": f"; that stands for {years} person-years", "zh": f"，代表 {years} 人年"}
    assert said[code] in unescape(text).replace("\N{NO-BREAK SPACE}", " ")


def test_what_is_printed_fits_and_adds_up(attributed: Callable[..., Any]) -> None:
    found = attributed(plan())
    text = StringIO()
    print_attribution(Console(file=text, width=80), found.summary)
    assert max(map(len, text.getvalue().splitlines())) <= 80
    out = found.summary["households"]["out"]
    told = " ".join(text.getvalue().split())
    assert (
        f"in the sample {out['households']} households live out of poverty by the plan; "
        f"that stands for {out['person_years']:,} person-years." in told
    )
    assert all(len(sentence.split()) <= 32 for sentence in found.verdict().texts)
    for picture in found.plots:
        found.plot(picture)
    assert "Shares" not in found._repr_html_() and "household_projects" in found._repr_html_()


def test_questions_without_an_answer_are_one_message(attributed: Callable[..., Any]) -> None:
    for outcome, said in (
        ("person_years", "person_years_out"), ("employment_rate", "ratio"),
        ("income_poor_start", "before the plan"),
    ):  # fmt: skip
        with pytest.raises(fupin.InputError, match="outcome") as error:
            attributed(plan(), outcome)
        assert said in str(error.value)
    with pytest.raises(fupin.InputError, match="nothing to attribute"):
        attributed("2009-no-programmes")
