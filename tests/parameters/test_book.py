"""The parameter book that comes with fupin: complete, consistent, used."""

from __future__ import annotations

import math
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from fupin import paths
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.parameters.parameter import GRADES, UNITS
from fupin.parameters.values import ParameterValues

BOOK = load_book()
VALUES = BOOK.values()


# -- what the files say ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(BOOK))
def test_every_value_has_a_unit_a_source_and_a_grade(name: str) -> None:
    parameter = BOOK[name]
    assert parameter.unit in UNITS
    if isinstance(parameter.value, tuple):
        held = [(one.source, one.grade, one.value) for one in parameter.value]
    else:
        held = [(parameter.source, parameter.grade, parameter.value)]
    for source, grade, value in held:
        assert len(source) > 3 and grade in GRADES and math.isfinite(value)
        assert "EVIDENCE" not in source, "cite the paper or the statistic"
        assert parameter.low <= value <= parameter.high


def test_every_undated_parameter_has_bounds_that_leave_room() -> None:
    for name in VALUES:
        parameter = BOOK[name]
        assert math.isfinite(parameter.low) and math.isfinite(parameter.high)
        assert parameter.low < parameter.high
        if parameter.distribution:
            assert parameter.low <= parameter.distribution.low
            assert parameter.distribution.high <= parameter.high


def _sources() -> dict[Path, str]:
    files = [f for f in paths.PACKAGE.rglob("*.py") if f.parent != paths.parameters()]
    return {file: file.read_text("utf-8") for file in files}


def test_every_parameter_is_read_by_the_model() -> None:
    """A parameter that nothing reads would let a planner change it in vain."""
    words = set(re.findall(r"[a-z_0-9]+", "\n".join(_sources().values())))
    unread = []
    for name in BOOK:
        short = name.partition(".")[2]
        numbered = re.sub(r"[0-9]+$", "", short)  # season_{m:02d}
        if name.startswith("official."):
            continue  # statistics also stand beside results and in calibration targets
        if name.startswith("prefectures."):
            continue  # read by the names of the county table (test_county_incomes.py)
        if short not in words and not (numbered != short and numbered in words):
            unread.append(name)
    assert not unread


def test_every_parameter_that_the_model_names_exists() -> None:
    files = "|".join(BOOK.files())
    named = set()
    said = set()  # keys of the catalogues of words have dots too
    for file in (paths.PACKAGE / "words").glob("*.yaml"):
        said |= set(re.findall(r"^ +([a-z]+\.[a-z_]+):", file.read_text("utf-8"), re.MULTILINE))
    for file, text in _sources().items():
        named |= set(re.findall(rf"[\"']((?:{files})\.[a-z][a-z0-9_]*)[\"']", text))
        if file.parent.name == "programmes":
            short = re.findall(r"self\.(?:value|price|places|log_odds)\(\s*[\"'](\w+)[\"']", text)
            named |= {f"programmes.{one}" for one in short}
    assert len(named) > 40, "the search itself is broken"
    assert sorted(name for name in named - said if name not in BOOK) == []


# -- figures that must agree with each other -------------------------------------------------------


def test_lines_and_incomes_cover_the_years_of_the_model() -> None:
    years = range(2001, 2011)
    lines = VALUES.series("official.low_income_line", years)
    incomes = VALUES.series("official.mean_income", years)
    assert all(line < income for line, income in zip(lines, incomes, strict=True))
    assert list(incomes) == sorted(incomes)
    assert VALUES.dated("official.low_income_line", 2009) == 1196
    assert VALUES.dated("official.low_income_line", 2001) == 872
    for year in range(2000, 2008):
        assert VALUES.dated("official.absolute_line", year) < VALUES.dated(
            "official.low_income_line", year
        )


@pytest.mark.parametrize("year", [2007, 2008])
def test_income_by_source_sums_to_income(year: int) -> None:
    parts = [f"official.{part}_income" for part in ("wage", "business", "property", "transfer")]
    total = math.fsum(VALUES.dated(part, year) for part in parts)
    assert total == pytest.approx(VALUES.dated("official.mean_income", year), abs=0.011)


def test_prices_carry_the_line_of_2001_to_1051_yuan() -> None:
    """The real line: 1,196 yuan of 2009 are about 14% above 872 yuan of 2001."""
    carried = 872.0
    for index in VALUES.series("official.consumer_prices", range(2002, 2010)):
        carried *= index / 100
    assert carried == pytest.approx(1051, abs=1)
    assert 1196 / carried == pytest.approx(1.138, abs=0.001)


def test_the_registered_base_is_that_of_the_synthetic_province() -> None:
    frame = yaml.safe_load((paths.population_data() / "frame.yaml").read_text("utf-8"))
    persons = VALUES.dated("official.registered_persons", 2009)
    households = VALUES.dated("official.registered_households", 2009)
    assert persons == frame["province.registered_rural"]["value"]
    assert households == frame["province.registered_households"]["value"]


def test_births_deaths_and_departures_explain_the_fall_of_the_register_base() -> None:
    start = VALUES.dated("official.registered_persons", 2001)
    end = VALUES.dated("official.registered_persons", 2009)
    yearly = (
        VALUES["livelihood.birth_rate"]
        - VALUES["livelihood.death_rate"]
        - VALUES["livelihood.departure_rate"]
    )
    assert start * (1 + yearly) ** 8 == pytest.approx(end, rel=0.003)


def test_the_reference_dose_is_all_fiscal_money_of_a_listed_village() -> None:
    growth = 1 + VALUES["programmes.advancement_spending_growth"]
    path = [743 / growth**back for back in range(8)]
    assert sum(path) == pytest.approx(3110, rel=0.01)  # this rate leads on to 2009
    reaches_a_village = 3.11e9 / 7102 * (1 - VALUES["programmes.financial_loss"])
    assert VALUES["programmes.advancement_dose"] == pytest.approx(reaches_a_village, rel=0.001)


def test_unit_costs_are_not_those_of_the_document() -> None:
    """Otherwise `delivered` counts would repeat the document by construction."""
    assert abs(VALUES["programmes.training_unit_cost"] / (30.54e6 / 16184) - 1) > 0.005
    assert abs(VALUES["programmes.loan_size"] / (69.83e6 / 13700) - 1) > 0.2
    for name in ("programmes.training_unit_cost", "programmes.loan_size"):
        prior = BOOK[name].distribution
        assert prior is not None and prior.kind == "uniform"
        assert prior.high / prior.low >= 2


def test_months_share_out_the_year_with_the_first_quarter_at_three_tenths() -> None:
    months = [VALUES[f"livelihood.season_{m:02d}"] for m in range(1, 13)]
    assert math.fsum(months) == pytest.approx(1, abs=1e-12)
    assert math.fsum(months[:3]) == pytest.approx(1532 / 5149.67, abs=0.01)


def test_shares_of_what_strikes_leave_room_for_disasters() -> None:
    assert BOOK["livelihood.illness_share"].high + BOOK["livelihood.death_share"].high <= 1


# -- values of a draw ------------------------------------------------------------------------------


def test_overrides_change_what_they_name_and_nothing_else() -> None:
    changed = BOOK.values({"livelihood.persistence": 0.5})
    assert changed["livelihood.persistence"] == 0.5
    assert {n for n in VALUES if changed[n] != VALUES[n]} == {"livelihood.persistence"}
    assert changed.by_year == VALUES.by_year
    assert BOOK.values({}) is VALUES


@pytest.mark.parametrize(
    ("overrides", "message", "instead"),
    [
        (
            {"livelihood.persistance": 0.5},
            "no parameter 'livelihood.persistance'",
            "Did you mean livelihood.persistence?",
        ),
        (
            {"persistence": 0.5},
            "no parameter 'persistence'",
            "Did you mean livelihood.persistence?",
        ),
        ({"xyzzy": 0.5}, "no parameter 'xyzzy'", "`fupin parameters` lists them."),
        ({"livelihood.persistence": 1.5}, "1.5 is outside 0 to 0.99", "central value is 0.66"),
        ({"livelihood.persistence": math.nan}, "nan is not a number", ""),
        ({"livelihood.persistence": True}, "true is not a number", ""),
        ({"livelihood.persistence": "0.5"}, "'0.5' is not a number", ""),
        ({"official.mean_income": 5000}, "a value for each year", "Change official.yaml."),
        ({"livelihood.season_01": 0.2}, "sum to 1.07, not to 1", "Change the 12 shares together."),
    ],
)
def test_a_wrong_override_says_what_to_do(
    overrides: dict[str, float], message: str, instead: str
) -> None:
    with pytest.raises(InputError) as error:
        BOOK.values(overrides)
    assert message in error.value.message
    assert instead in (error.value.instead or "")


def test_shares_can_be_changed_together() -> None:
    values = BOOK.values({"livelihood.season_01": 0.2, "livelihood.season_02": 0.03})
    assert math.fsum(values[f"livelihood.season_{m:02d}"] for m in range(1, 13)) == pytest.approx(1)


def test_dated_values_are_never_filled_in() -> None:
    with pytest.raises(KeyError, match="no value for 1999, only 2000 to 2015"):
        VALUES.dated("official.mean_income", 1999)
    with pytest.raises(KeyError, match="use dated"):
        VALUES["official.mean_income"]
    with pytest.raises(KeyError, match="not dated"):
        VALUES.dated("livelihood.persistence", 2009)
    with pytest.raises(KeyError, match="Did you mean livelihood"):
        VALUES["livelihood.persistense"]


def test_values_are_read_only_and_hash_by_content() -> None:
    with pytest.raises(TypeError):
        VALUES["livelihood.persistence"] = 0.1  # type: ignore[index]
    VALUES.by_year["official.mean_income"] = {}  # type: ignore[index]  # a copy
    assert VALUES.dated("official.mean_income", 2009) == 5149.67
    backwards = ParameterValues(
        {name: VALUES[name] for name in reversed(list(VALUES))}, VALUES.by_year
    )
    assert backwards == VALUES
    assert hash(backwards) == hash(VALUES)
    assert backwards.fingerprint() == VALUES.fingerprint()
    other = BOOK.values({"livelihood.persistence": 0.5})
    assert other != VALUES and other.fingerprint() != VALUES.fingerprint()


def test_a_dated_value_enters_the_fingerprint() -> None:
    by_year = {name: dict(years) for name, years in VALUES.by_year.items()}
    by_year["weather.plain"][2009] += 0.01
    assert ParameterValues(dict(VALUES), by_year).fingerprint() != VALUES.fingerprint()


def test_values_and_book_survive_pickling() -> None:
    assert pickle.loads(pickle.dumps(VALUES)) == VALUES
    book = pickle.loads(pickle.dumps(BOOK))
    assert list(book) == list(BOOK) and book.values() == VALUES


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    code = "from fupin.parameters.book import load_book; print(load_book().values().fingerprint())"
    run = [sys.executable, "-c", code]
    for seed in ("1", "2"):
        done = subprocess.run(
            run,
            capture_output=True,
            text=True,
            check=True,
            cwd=paths.PACKAGE.parents[1],
            env={"PYTHONHASHSEED": seed},
        )
        assert done.stdout.strip() == VALUES.fingerprint()


def test_the_book_is_read_again_only_when_its_content_changes(tmp_path: Path) -> None:
    assert load_book() is BOOK
    file = tmp_path / "trial.yaml"
    text = "a: {value: 1, unit: share, range: [0, 2], grade: assumption, source: a test}\n"
    file.write_text(text)
    first = load_book(tmp_path)
    assert load_book(tmp_path) is first
    file.write_text(text.replace("value: 1", "value: 2"))
    assert load_book(tmp_path).values()["trial.a"] == 2


def test_notes_and_sources_do_not_change_the_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "trial.yaml"
    text = "a: {value: 1, unit: share, range: [0, 2], grade: assumption, source: a test}\n"
    file.write_text(text)
    before = load_book(tmp_path).values().fingerprint()
    file.write_text(text.replace("a test", "another test"))
    assert load_book(tmp_path).values().fingerprint() == before


def test_loading_imports_neither_scipy_nor_numba() -> None:
    """The book is read by every command; heavy modules would be felt at each start."""
    code = (
        "import sys; from fupin.parameters.book import load_book; load_book().values(); "
        "print([m for m in ('scipy', 'numba', 'numpy', 'mesa') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=paths.PACKAGE.parents[1],
    )
    assert done.stdout.strip() == "[]"
