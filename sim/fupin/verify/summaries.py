"""Does a summary follow from the tables beside it?

It is made again by what made it, so only this version of fupin can tell; of a result of another
version it is said that nobody has looked.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.files.to_json import to_json
from fupin.results.outcome import RunResult, Table
from fupin.statistics.pairs import difference, mean_of
from fupin.store import tables
from fupin.store.folder import SUMMARY_FILE, StoredFolder, StoredResult

if TYPE_CHECKING:
    import numpy.typing as npt

_CLOSE = 1e-9
"""Two numbers of which one was rounded to twelve digits on the way differ by less than this."""


def wrong_copies(stored: StoredFolder) -> list[str]:
    """CSV files that are not what the Parquet file of their name says."""
    wrong = []
    with tempfile.TemporaryDirectory(prefix="fupin-") as made:
        for name in stored.table_names:
            file = stored.folder / f"{name}.csv"
            if not file.is_file():
                continue
            again = Path(made) / file.name
            for chinese_names in (True, False):  # an older fupin wrote none
                tables.write_csv(stored.table(name), again, chinese_names)
                if again.read_bytes() == file.read_bytes():
                    break
            else:
                wrong.append(f"{file.name} is not what {name}.parquet says")
    return wrong


def wrong_summary_of_run(stored: StoredResult) -> list[str]:
    """What is wrong with the summary of `fupin run`."""
    from fupin.lives.summary import summarise
    from fupin.scenario.programmes import PROGRAMME_KEYS

    try:
        runs = list(_runs_with_payers(stored))
        # What the plan adds stands in the tables behind the programmes of the document.
        again = summarise(runs, list(dict.fromkeys((*PROGRAMME_KEYS, *runs[0].programmes))))
    except (KeyError, ValueError, IndexError) as error:
        return [f"{SUMMARY_FILE} cannot be made from the tables again ({error})"]
    recorded = {draw["label"] for draw in stored.run["draws"]}, set(stored.run["seeds"])
    wrong = []
    if (set(again["draws"]), set(again["seeds"])) != recorded:
        wrong.append("runs.parquet holds other draws or seeds than run.json names")
    if to_json(again) != (stored.folder / SUMMARY_FILE).read_text("utf-8"):
        wrong.append(f"{SUMMARY_FILE} is not what the tables give")
    return wrong


def _runs_with_payers(stored: StoredResult) -> Iterator[RunResult]:
    """The runs with the tables that a summary is made from beside their outcomes."""
    names = ("costs_by_payer", "limits_by_programme", "unspent_by_county", "credit_by_year")
    whole = {name: stored.table(name) for name in names if name in stored.table_names}
    for run in stored.results:
        tables = {name: rows_of(table, run.draw, run.seed) for name, table in whole.items()}
        yield replace(run, tables=tables)


def rows_of(table: Table, draw: str, seed: int) -> Table:
    """The rows of one run, without the columns that name it."""
    rows = (table["draw"] == draw) & (table["seed"] == seed)
    return {c: values[rows] for c, values in table.items() if c not in ("draw", "seed")}


def wrong_comparison(comparison: Mapping[str, Any], pairs: Table) -> list[str]:
    """What is wrong with the differences in `comparison.json`, by the outcomes of all pairs."""
    grids = _grids(pairs, list(comparison["draws"]), list(comparison["seeds"]))
    wrong = []
    for plan in comparison["plans"]:
        parts = {"": comparison["outcomes"][plan], **comparison["programmes"][plan]}
        for programme, entries in parts.items():
            for key, entry in entries.items():
                here = grids.get((plan, programme, key))
                base = grids.get((comparison["base"], programme, key))
                what = " ".join(filter(None, (plan, programme, key)))
                if "/" in programme:  # what one plan alone has was nothing in the other
                    here = np.zeros_like(base) if here is None and base is not None else here
                    base = np.zeros_like(here) if base is None and here is not None else base
                if here is None or base is None:
                    wrong.append(f"pairs.parquet has no {what}")
                elif not _agrees(entry, here, base):
                    wrong.append(f"comparison.json: {what} is not what the pairs give")
    return wrong[:5]


def _grids(
    pairs: Table, draws: list[str], seeds: list[int]
) -> dict[tuple[str, str, str], npt.NDArray[np.float64]]:
    found: dict[tuple[str, str, str], npt.NDArray[np.float64]] = {}
    at = {(draw, seed): (d, s) for d, draw in enumerate(draws) for s, seed in enumerate(seeds)}
    names = ("draw", "seed", "world", "programme", "outcome", "value")
    for draw, seed, world, programme, outcome, value in zip(
        *(pairs[name].tolist() for name in names), strict=True
    ):
        key = (world, programme, outcome)
        if key not in found:
            found[key] = np.full((len(draws), len(seeds)), np.nan)
        if (draw, seed) in at:
            found[key][at[draw, seed]] = value
    return found


def _agrees(
    entry: Mapping[str, Any], here: npt.NDArray[np.float64], base: npt.NDArray[np.float64]
) -> bool:
    again = difference(here - base)
    size = max(1.0, float(np.nanmax(np.abs([here, base]), initial=0.0)))
    found = [
        (entry["base"], mean_of(base)),
        (entry["plan"], mean_of(here)),
        *((entry["difference"].get(key), again[key]) for key in ("mean", "low", "high")),
    ]
    return all(_close(a, b, size) for a, b in found)


def _close(one: float | None, other: float | None, size: float) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE * size)
