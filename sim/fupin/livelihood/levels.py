"""Provincial income levels: one intercept a year, solved before any run and never after.

The level of year t is the factor that makes the mean income of the yearly core equal the official
rural net income of that year, mean losses to shocks and weather included. It is solved once per
frame and draw (its parameters and its places) with a reference seed of its own, in the document's
own history; every plan, twin and seed reuses it unchanged, so no programme effect is solved away
and nothing is rescaled afterwards. Income is linear in the level (`Core.solve_level`), so one pass
a year is exact but for what a year lived at a guess does to savings (0.1 yuan at most, tested): the
guess follows the year before and is off by a hundredth or two.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

from fupin import paths
from fupin.files import kept
from fupin.files.sources import hash_of_sources, imported
from fupin.kernels.jit import sources_hash
from fupin.livelihood.core import BURN_IN, FIRST_YEAR, LAST_YEAR, Core, WorksOfYear
from fupin.livelihood.year import mean_base
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame

REFERENCE_SEED = 0
"""Run seeds start at 1; the levels' own chance is nobody's run."""


def levels_sources(package: Path = paths.PACKAGE) -> list[Path]:
    """Every source that levels depend on besides frame and values.

    The core with all that it imports, the works of history, and who hands these in.
    """
    own = package / "livelihood" / "levels.py"
    works = [package / "state" / name for name in ("roster.py", "works.py")]
    start = package / "world" / "start.py"
    facts = package / "parameters" / "province.yaml"
    return sorted({*imported([own, *works], package), start, facts})


def levels_hash(package: Path = paths.PACKAGE) -> str:
    """Hash of names and contents of the sources of levels, those of compiled code among them."""
    return f"{sources_hash(package)}|{hash_of_sources(levels_sources(package), package)}"


_SOURCES = levels_hash()  # of the code that is loaded, whatever is edited while it runs


def solve_levels(
    frame: Frame,
    values: ParameterValues,
    works: WorksOfYear,
    threshold: bool = False,
    places: int = 0,
    until: int = LAST_YEAR,
) -> dict[int, float]:
    """Levels of FIRST_YEAR to `until` in yuan, by the yearly core under the reference seed."""
    core = Core(frame, values, REFERENCE_SEED, works, threshold=threshold, places=places)
    mean = values.series("official.mean_income", range(FIRST_YEAR, until + 1))
    level = mean[0] / mean_base(core.households, core.villages.offsets, core.villages.weight)
    levels: dict[int, float] = {}
    for year in range(FIRST_YEAR - BURN_IN, until + 1):
        at = year - FIRST_YEAR
        guess = level * (mean[at] / mean[at - 1] if at > 0 else 1.0)
        levels[year] = level = core.solve_level(year, guess)
        core.settle_accounts(level)  # all of December that the next year's incomes depend on
    return {year: levels[year] for year in range(FIRST_YEAR, until + 1)}


def _cache_file(
    frame: Frame, values: ParameterValues, threshold: bool, places: int, until: int
) -> Path:
    # The fingerprint holds the columns of villages and counties and not what keys their luck.
    people = f"{frame.fingerprint}|{frame.seed}|{places}"
    text = f"{people}|{values.fingerprint()}|{threshold}|{until}|{_SOURCES}"
    return (
        paths.cache()
        / "levels"
        / (hashlib.blake2b(text.encode(), digest_size=12).hexdigest() + ".levels")
    )


def _read(file: Path, until: int) -> dict[int, float] | None:
    """Levels of a file; None where it is missing, not what was kept, or lacks a year."""
    content = kept.read(file, kept.LEVELS)
    if content is None:
        return None
    try:
        stored = json.loads(bytes(content))
        levels = {int(year): float.fromhex(level) for year, level in stored.items()}
    except (ValueError, AttributeError, TypeError):
        levels = {}
    whole = list(levels) == list(range(FIRST_YEAR, until + 1))
    if whole and all(0 < v < math.inf for v in levels.values()):
        return levels
    kept.mend(file, kept.LEVELS, "no levels of all years")
    return None


def load_levels(
    frame: Frame,
    values: ParameterValues,
    works: WorksOfYear,
    threshold: bool = False,
    places: int = 0,
    until: int = LAST_YEAR,
) -> dict[int, float]:
    """Levels to the end of `until` from the cache, solved on first use.

    A file that is not what was kept is solved again. Years that nobody lives are not solved: a year
    costs as much as in a run's history.
    """
    file = _cache_file(frame, values, threshold, places, until)
    stored = _read(file, until)
    if stored is not None:
        return stored
    levels = solve_levels(frame, values, works, threshold, places, until)
    text = json.dumps({str(year): level.hex() for year, level in levels.items()})
    kept.write(file, kept.LEVELS, text.encode())
    return levels
