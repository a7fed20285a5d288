"""Results as data frames of pandas, with units and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.api.units import LONG, unit_of
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, Outcome, Table
from fupin.yaml.words import guess_or_list

if TYPE_CHECKING:
    import pandas

Row = dict[str, Any]

STATISTICS = ("mean", "low", "high", "sd_seeds", "sd_draws")


def outcome_rows(
    lead: Row, values: Mapping[str, Mapping[str, Any]], outcomes: Mapping[str, Outcome] = OUTCOMES
) -> list[Row]:
    """A row for each outcome: `lead`, its key, its numbers, its unit and what it counts."""
    return [
        {**lead, "outcome": key, **numbers, "unit": outcomes[key].unit,
         "description": outcomes[key].description}
        for key, numbers in values.items() if key in outcomes
    ]  # fmt: skip


def programme_rows(lead: Row, programmes: Mapping[str, Any]) -> list[Row]:
    """The same for every outcome of every programme."""
    return [
        row
        for name, values in programmes.items()
        for row in outcome_rows({**lead, "programme": name}, values, PROGRAMME_OUTCOMES)
    ]


def frame_of(rows: Iterable[Row], index: Sequence[str]) -> pandas.DataFrame:
    """Rows as a frame; numbers that are not known are NaN, and no column of numbers is of objects.

    Args:
        index: columns that name a row.
    """
    import pandas

    frame = pandas.DataFrame(list(rows))
    for name in frame.columns:
        if frame[name].dtype == object and not any(isinstance(v, str) for v in frame[name]):
            frame[name] = frame[name].astype(float)
    for name in STATISTICS:
        if name in frame:
            frame[name] = frame[name].astype(float)
    return frame.set_index(list(index))


def table_frame(table: Table) -> pandas.DataFrame:
    """A table of a result.

    `attrs["units"]` says the units of columns; where rows have units of their own, a column `unit`
    does.
    """
    import pandas

    frame = pandas.DataFrame(table)
    frame.attrs["units"] = {n: u for n in frame.columns if (u := unit_of(n)) and n not in LONG}
    long = next((name for name in LONG if name in frame), None)
    if long is not None and "unit" not in frame:
        frame["unit"] = frame[long].map(unit_of)
    return frame


def figures_frame(summary: Mapping[str, Any], period: tuple[str, str]) -> pandas.DataFrame:
    """Each figure of the document beside the model's own; docs/compare.md and README say how to
    read roles.

    Args:
        summary: with `figures` and `programmes`, as `summary.json` has them.
        period: first and last month of the plan, YYYY-MM.

    Returns:
        a row for each figure of the document (S27) and each part of one (S84.courses), in its
        order, with the columns programme, quantity, unit, role, document, bound ("about",
        "more than" or empty), mean, low, high, difference (model less document, as a share of
        the document's), within (whether the interval holds the document's figure), status ("",
        "off", "not modelled" or "other year") and remark.
    """
    import pandas

    from fupin.parameters.document import BOUNDS, load_document
    from fupin.report.terminal.document import NOT_MODELLED, OFF, OTHER_YEAR, compare

    document = load_document()
    bounds = {row.id: BOUNDS[row.bound] for row in document}
    rows: list[Row] = []
    above = ""
    for one in compare(document, summary, period=period):
        above = one.quantity if one.id else above
        found = summary.get("figures", {}).get(one.figure, {})
        status = one.model if one.model in (OFF, NOT_MODELLED, OTHER_YEAR) else ""
        rows.append(
            {
                "figure": one.figure,
                "programme": one.programme,
                "quantity": one.quantity if one.id else f"{above}: {one.quantity.strip()}",
                "unit": one.unit,
                "role": one.role,
                "document": one.value,
                "bound": bounds[one.figure.partition(".")[0]],
                **{key: None if status else found.get(key) for key in STATISTICS[:3]},
                "difference": one.deviation,
                "within": one.within,
                "status": status,
                "remark": one.remark,
            }
        )
    within = pandas.array([row.pop("within") for row in rows], dtype="boolean")
    frame = frame_of(rows, ["figure"])
    frame.insert(frame.columns.get_loc("status"), "within", within)
    return frame


USUAL = ("lifted", "income_poor_end")
"""Outcomes that are asked about where none is named."""


def means_by_draw(
    draws: Sequence[Draw], runs: pandas.DataFrame, outcomes: Sequence[str]
) -> dict[str, list[float]]:
    """Outcome -> its mean over the seeds of each draw.

    Args:
        runs: a row for each run and outcome: draw, outcome, value.

    Raises:
        InputError: an outcome that does not exist.
    """
    for name in outcomes:
        if name not in OUTCOMES:
            raise InputError(f"There is no outcome {name}.", guess_or_list(name, OUTCOMES))
    means = runs.groupby(["outcome", "draw"]).value.mean()
    labels = [draw.label for draw in draws]
    return {name: means.loc[name].reindex(labels).tolist() for name in outcomes or USUAL}


def drivers_frame(draws: Sequence[Draw], values: Mapping[str, Sequence[float]]) -> pandas.DataFrame:
    """Which uncertain parameters go with an outcome over the draws, the strongest first.

    Args:
        values: outcome -> a value for each draw.

    Returns:
        by outcome and parameter: correlation (of ranks), chance (what the largest of as many
            unrelated ones stays below in nine of ten cases) and grade (of the evidence).

    Raises:
        InputError: too few draws, or draws that differ in nothing.
    """
    from fupin.report.html.drivers import FEWEST, found

    plain = [draw.record() for draw in draws]
    rows = [
        {"outcome": one.outcome, "parameter": driver.parameter, "correlation": driver.strength,
         "chance": one.by_chance, "grade": driver.grade}
        for one in found(plain, values) for driver in one.found
    ]  # fmt: skip
    if not rows:
        raise InputError(
            f"{len(draws)} draws cannot tell what drives an outcome.",
            f"Run with draws={2 * FEWEST} or more; at least {FEWEST} are needed.",
        )
    return frame_of(rows, ["outcome", "parameter"])
