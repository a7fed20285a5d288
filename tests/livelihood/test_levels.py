"""Levels: solved once per frame and draw, kept, and only ever a factor."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fupin.files import kept
from fupin.livelihood import year as year_kernel
from fupin.livelihood.core import FIRST_YEAR, LAST_YEAR
from fupin.livelihood.levels import REFERENCE_SEED, load_levels, solve_levels
from fupin.model import PovertyModel
from fupin.population.frame import with_county_incomes
from fupin.state import works
from small_worlds import central, copied, newborn, plan, province

TINY = 0.005


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder for levels."""
    province(TINY)  # the frame comes from the common cache
    monkeypatch.setenv("FUPIN_CACHE", str(tmp_path))
    return tmp_path / "levels"


def history(values=None):
    return works.history(province(TINY), values or central())


def load(values=None, frame=None, **options):
    values = values or central()
    return load_levels(frame or province(TINY), values, history(values), **options)


def test_the_reference_seed_has_the_official_mean_incomes():
    """To a tenth of a yuan: a year is solved at a guess of the level, which savings remember."""
    values = central()
    levels = solve_levels(province(TINY), values, history())
    assert list(levels) == list(range(FIRST_YEAR, LAST_YEAR + 1))
    core = newborn(province(TINY), values, REFERENCE_SEED)
    for moments in core.run(levels, until=LAST_YEAR):
        official = values.dated("official.mean_income", moments.year)
        assert moments.mean_income == pytest.approx(official, rel=2e-5)


def test_cached_levels_equal_solved_ones_to_the_last_bit(own_cache):
    first = load()
    assert len(list(own_cache.iterdir())) == 1
    again = load()
    solved = solve_levels(province(TINY), central(), history())
    assert first == again == solved
    assert [v.hex() for v in again.values()] == [v.hex() for v in solved.values()]


def test_a_cached_value_is_used_and_not_solved_again(own_cache, monkeypatch):
    first = load()
    monkeypatch.setattr("fupin.livelihood.levels.solve_levels", None)
    assert load() == first


@pytest.mark.parametrize(
    "damage", ["cut", "empty", "not json", "a list", "not numbers", "no hexadecimals"]
)
def test_a_torn_file_is_solved_again_and_repaired(own_cache, damage):
    first = load()
    (file,) = own_cache.iterdir()
    text = file.read_bytes()
    if damage == "cut":
        file.write_bytes(text[: len(text) // 2])
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        kept.write(file, kept.LEVELS, {
            "not json": b"{nonsense",
            "a list": b"[1, 2]",
            "not numbers": b'{"2001": "yuan"}',
            "no hexadecimals": b'{"2001": 3000.0}',
        }[damage])  # fmt: skip
    assert load() == first
    assert file.read_bytes() == text


def test_any_changed_digit_is_found(own_cache, capfd):
    """One hexadecimal digit of one year would change every later result."""
    first = load()
    (file,) = own_cache.iterdir()
    text = file.read_bytes()
    at = text.index(b"0x1.") + 6
    kept.forget()
    file.write_bytes(text[:at] + (b"1" if text[at : at + 1] != b"1" else b"2") + text[at + 1 :])
    assert load() == first
    assert file.read_bytes() == text
    assert capfd.readouterr().err.count("fupin: income levels were damaged") == 1


@pytest.mark.parametrize("damage", ["one year less", "no years", "infinite", "zero", "nan"])
def test_a_file_that_can_be_read_and_is_wrong_is_solved_again(own_cache, damage):
    first = load()
    (file,) = own_cache.iterdir()
    stored = json.loads(bytes(kept.read(file, kept.LEVELS)))
    if damage == "one year less":
        del stored["2008"]
    elif damage == "no years":
        stored.clear()
    else:
        stored["2008"] = {"infinite": "inf", "zero": "0x0p+0", "nan": "nan"}[damage]
    kept.write(file, kept.LEVELS, json.dumps(stored).encode())
    assert load() == first


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path, monkeypatch):
    expected = load()
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("FUPIN_CACHE", str(blocked))
    assert load() == expected


def test_another_draw_or_variant_has_levels_of_its_own(own_cache):
    central_levels = load()
    richer = load(central({"livelihood.crash_probability": 0.05}))
    assert all(richer[year] < central_levels[year] for year in central_levels)
    threshold = load(threshold=True)
    assert threshold != central_levels
    assert len(list(own_cache.iterdir())) == 3


def test_levels_are_kept_for_what_they_were_solved_for(own_cache):
    # The key holds the draw's places and what is known of counties; nothing is shared by mistake.
    known = with_county_incomes(province(TINY), {130732: 2000.0})
    found = [load(), load(places=1), load(places=2), load(frame=known)]
    assert len(list(own_cache.iterdir())) == 4
    assert len({tuple(levels.values()) for levels in found}) == 4
    assert (
        load(places=1) == found[1] == solve_levels(province(TINY), central(), history(), places=1)
    )


def test_two_seeds_and_two_plans_have_the_same_levels():
    drought = {
        "d": {"drought": {"counties": "all", "from": "2009-06", "months": 3, "severity": 1.0}}
    }
    one = PovertyModel(plan(), rng=1, sample=TINY)
    two = PovertyModel(plan(shocks=drought), rng=2, sample=TINY)
    assert one.world.levels == two.world.levels
    assert one.at_start.mean_income != two.at_start.mean_income


def test_doubling_the_level_doubles_every_income_and_nothing_else():
    core = newborn(province(TINY), central())
    core.live(FIRST_YEAR, 3000.0)
    once, twice = copied(core.households), copied(core.households)
    year_kernel.settle_income(once, np.float32(3000.0))
    year_kernel.settle_income(twice, np.float32(6000.0))
    assert once.income.min() > 0
    np.testing.assert_array_equal(twice.income, 2 * once.income)
    for name in once._fields:
        if name != "income":
            np.testing.assert_array_equal(getattr(once, name), getattr(twice, name))


def test_a_life_at_twice_the_level_and_twice_the_pay_is_the_same_life():
    # Laws of motion are free of units: only migrants' pay and the comparison with a line know yuan.
    lives = []
    for factor in (1.0, 2.0):
        core = newborn(province(TINY), central())
        core.values = central({"livelihood.migrant_wage": factor * 1417})  # the places stay
        level = factor * 3000.0
        core.burn_in(level)
        core.live(FIRST_YEAR, level)
        core.settle(FIRST_YEAR, level)
        core.live(FIRST_YEAR + 1, level)
        lives.append(core.households)
    for name in ("earned", "reserve", "assets", "migrants", "flow", "wages", "hit"):
        np.testing.assert_array_equal(getattr(lives[0], name), getattr(lives[1], name))


def test_who_lives_history_is_told_of_every_year():
    levels = dict.fromkeys(range(FIRST_YEAR, FIRST_YEAR + 3), 3000.0)
    core, incomes = newborn(province(TINY), central()), {}

    def keep(year):
        incomes[year] = core.households.income.copy()

    core.live_until(levels, FIRST_YEAR + 2, keep)
    assert list(incomes) == list(levels)
    alone = newborn(province(TINY), central())
    alone.live_until(levels, FIRST_YEAR + 1)
    np.testing.assert_array_equal(alone.households.income, incomes[FIRST_YEAR + 1])
    assert (incomes[FIRST_YEAR + 2] != incomes[FIRST_YEAR + 1]).mean() > 0.99
