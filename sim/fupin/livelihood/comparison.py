"""Rows of `fupin population` that need incomes: the yearly core beside yearbook and literature."""

from __future__ import annotations

from fupin.livelihood.moments import CoreMoments, core_moments
from fupin.parameters.book import ParameterValues, load_book
from fupin.population.compare import Row
from fupin.population.frame import Frame

SURVEY = "rural household survey"
DOCUMENT = "document"
LITERATURE = "literature"


def income_rows(frame: Frame, seed: int = 1) -> list[Row]:
    """Live 2001-2009 on the frame with the central parameters and one seed; about ten seconds."""
    values = load_book().values()
    m = core_moments(frame, values, seed)
    rows = [
        Row(
            f"mean income {year}", "yuan", SURVEY,
            values.dated("official.mean_income", year), m.mean_income[year],
            note="an input: the level of the year is solved for it" if year == 2008 else "",
        )
        for year in (2001, 2008, 2009)
    ]  # fmt: skip
    rows += _shares(m, values)
    rows += [
        Row("income of key counties / province", "ratio", LITERATURE, 0.58, m.key_ratio, 2,
            "between 0.50 and 0.66; no county incomes were found"),
        Row("Gini coefficient 2008", "index", LITERATURE, 0.34, m.gini, 3, "between 0.30 and 0.38"),
        Row("poor of 2008 who are not poor in 2009", "%", LITERATURE, 56, 100 * m.exit_true, 0,
            "true income, between 45 and 66; the national monitoring of reported income gives 66"),
        Row("the same, reported income", "%", LITERATURE, 66, 100 * m.exit_reported, 0),
        Row("transient part of squared poverty", "%", LITERATURE, 50, 100 * m.transient, 0,
            "true income over six years at a constant line; the literature measures consumption"),
        Row("registered poor, end of 2001", "persons", DOCUMENT, 5_700_000, m.registered[2001]),
        Row("  of whom under 630 yuan", "%", DOCUMENT, 57.4, 100 * m.split, 1,
            "perceived income, 3.27 of 5.70 million"),
        Row("registered poor, end of 2008", "persons", DOCUMENT, 3_900_000, m.registered[2008],
            note="3.7 million at the end of 2009 and 200,000 lifted in 2009"),
        Row("income-poor 2008, true income", "persons", "", None, m.income_poor[2008]),
        Row("registered 2008 who are truly poor", "%", "", None, 100 * m.registered_truly_poor, 0),
        Row("registered poor in three prefectures", "%", DOCUMENT, 41.6,
            100 * m.three_prefectures, 1,
            "held out: the county table alone, no prefecture has an offset of its own"),
    ]  # fmt: skip
    return rows


def _shares(m: CoreMoments, values: ParameterValues) -> list[Row]:
    mean = values.dated("official.mean_income", 2008)
    model = {
        "wages": ("wage", m.sources["wage"]),
        "farm and household business": ("business", m.sources["farm"] + m.sources["business"]),
        "property": ("property", m.sources["property"]),
        "transfers": ("transfer", m.sources["transfer"]),
    }
    return [
        Row(
            f"income from {name}, 2008", "%", SURVEY,
            100 * values.dated(f"official.{key}_income", 2008) / mean, 100 * share, 1,
        )
        for name, (key, share) in model.items()
    ]  # fmt: skip
