"""Rows of `fupin population` that need incomes: the yearly core beside yearbook and literature."""

from __future__ import annotations

from fupin.livelihood.core import FIRST_YEAR
from fupin.livelihood.moments import YEAR, CoreMoments, core_moments
from fupin.parameters.book import load_book
from fupin.parameters.document import figure_of
from fupin.parameters.values import ParameterValues
from fupin.population.assumptions import figure, figures
from fupin.population.compare import Row
from fupin.population.frame import Frame

SURVEY = "rural household survey"
DOCUMENT = "document"
LITERATURE = "literature"
RECALLED = "yearbook (recalled)"


def income_rows(frame: Frame, seed: int = 1) -> list[Row]:
    """Live from the first listing to the document's year, with central parameters and one seed.

    About ten seconds.
    """
    values = load_book().values()
    m = core_moments(frame, values, seed)
    before = YEAR - 1
    rows = [
        Row(
            f"mean income {year}", "yuan", SURVEY,
            values.dated("official.mean_income", year), m.mean_income[year],
            note="an input: the level of the year is solved for it" if year == before else "",
        )
        for year in (FIRST_YEAR, before, YEAR)
    ]  # fmt: skip
    rows += _shares(m, values)
    rows += [
        _known("income of key counties / province", "ratio", "key_ratio", m.key_ratio, 2,
               "; no county incomes were found"),
        _known(f"Gini coefficient {before}", "index", "gini", m.gini, 3),
        _known(f"poor of {before} who are not poor in {YEAR}", "%", "exit_true", 100 * m.exit_true,
               0, ", true income; the national monitoring of reported income gives "
               f"{figure('compare.exit_reported'):g}"),
        _known("the same, reported income", "%", "exit_reported", 100 * m.exit_reported, 0),
        _known("transient part of squared poverty", "%", "transient", 100 * m.transient, 0,
               "true income over six years at a constant line; "
               "the literature measures consumption"),
        *_told(m, values),
        Row(f"income-poor {before}, true income", "persons", "", None, m.income_poor[before]),
        Row(f"registered {before} who are truly poor", "%", "", None,
            100 * m.registered_truly_poor, 0),
        _known("registered poor in listed villages", "%", "listed_share", 100 * m.listed_share, 1,
               f"; end of {before}, surveys and official figures of all China"),
        _known("registered poor in key counties", "%", "key_share", 100 * m.key_share, 1,
               f"; end of {before}, all China"),
        Row("income-poor without labour power in the household", "%", "", None,
            100 * m.frail_share, 1, f"end of {before}; no figure was found"),
        Row("registered poor in three prefectures", "%", DOCUMENT,
            100 * figure_of("named_prefectures/registered_share").value,
            100 * m.three_prefectures, 1,
            "held out; the recalled incomes of prefectures shape it"),
    ]  # fmt: skip
    rows += [
        Row(
            f"income of {name}, {YEAR}", "yuan", RECALLED,
            values[f"prefectures.{name.lower()}"], income,
            note="county offsets are drawn given these, each with an error of 8%"
            if name == next(iter(m.prefecture_income)) else "",
        )
        for name, income in m.prefecture_income.items()
    ]  # fmt: skip
    return rows


def _known(quantity: str, unit: str, name: str, model: float, decimals: int, note: str = "") -> Row:
    """A row beside the literature's figure `compare.<name>`; the note begins with its range."""
    known = figures()[f"compare.{name}"]
    if known.range:
        note = "between {:g} and {:g}".format(*known.range) + note
    return Row(quantity, unit, LITERATURE, known.value, model, decimals, note)


def _told(m: CoreMoments, values: ParameterValues) -> list[Row]:
    """Rows beside the document's counts of the poor at both ends of history."""
    first, deep = (figure_of(f"first_listing/{name}").value for name in ("poor", "absolute"))
    end, lifted = (figure_of(name).value for name in ("registered_poor_end", "lifted"))
    line = values.dated("official.absolute_line", FIRST_YEAR)
    return [
        Row(f"registered poor, end of {FIRST_YEAR}", "persons", DOCUMENT, first,
            m.registered[FIRST_YEAR]),
        Row(f"  of whom under {line:g} yuan", "%", DOCUMENT, 100 * deep / first, 100 * m.split, 1,
            f"perceived income, {deep / 1e6:.2f} of {first / 1e6:.2f} million"),
        Row(f"registered poor, end of {YEAR - 1}", "persons", DOCUMENT, end + lifted,
            m.registered[YEAR - 1], note=f"{end / 1e6:g} million at the end of {YEAR} and "
            f"{lifted:,.0f} lifted in {YEAR}"),
    ]  # fmt: skip


def _shares(m: CoreMoments, values: ParameterValues) -> list[Row]:
    mean = values.dated("official.mean_income", YEAR - 1)
    model = {
        "wages": ("wage", m.sources["wage"]),
        "farm and household business": ("business", m.sources["farm"] + m.sources["business"]),
        "property": ("property", m.sources["property"]),
        "transfers": ("transfer", m.sources["transfer"]),
    }
    return [
        Row(
            f"income from {name}, {YEAR - 1}", "%", SURVEY,
            100 * values.dated(f"official.{key}_income", YEAR - 1) / mean, 100 * share, 1,
        )
        for name, (key, share) in model.items()
    ]  # fmt: skip
