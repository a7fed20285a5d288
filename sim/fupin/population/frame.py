"""The frame: who lives where in a synthetic Hebei. Built once, cached, read-only.

    frame = load_frame("default")
    frame.households.size[frame.households.offsets[v] : frame.households.offsets[v + 1]]

Everything is a pure function of the county table, the sample and the population seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from fupin import paths
from fupin.files import kept
from fupin.files.sources import hash_of_sources, imported
from fupin.population import cache
from fupin.population.columns import I64, Communities, HouseholdColumns, Villages, freeze
from fupin.population.counties import CountyTable, county_table
from fupin.population.sample import Sample, parse_sample

DEFAULT_SEED = 20091231

_TABLES: dict[str, type] = {
    "villages": Villages,
    "households": HouseholdColumns,
    "communities": Communities,
}


@dataclass(frozen=True)
class Frame:
    """A synthetic province. All arrays are read-only.

    Attributes:
        counties: the county-level units.
        villages: V villages ordered by id, with weights.
        households: N households, sorted by village.
        communities: built communities and who is nominated to them.
        sample: canonical name of the sample: "default", "full" or a fraction such as "0.05".
        seed: population seed.
        fingerprint: hash of the content of all columns, the same on every machine.
    """

    counties: CountyTable
    villages: Villages
    households: HouseholdColumns
    communities: Communities
    sample: str
    seed: int
    fingerprint: str

    def household_ids(self) -> I64:
        """Permanent ids, shape (N,): village id x 10,000 + number within the village (from 0)."""
        from fupin.randomness import HOUSEHOLDS_PER_VILLAGE

        lengths = np.diff(self.households.offsets)
        number = np.arange(len(self.households)) - np.repeat(self.households.offsets[:-1], lengths)
        return np.repeat(self.villages.id, lengths) * HOUSEHOLDS_PER_VILLAGE + number

    def village_of_household(self) -> I64:
        """Row of each household's village, shape (N,)."""
        return np.repeat(np.arange(len(self.villages)), np.diff(self.households.offsets))


def load_frame(
    sample: str | float = "default", seed: int = DEFAULT_SEED, verify: bool = False
) -> Frame:
    """The frame of a sample and a population seed, from the cache or built and cached.

    Every byte that comes from the cache was found to be what was kept there. A frame that cannot be
    stored (no space, no permission) is returned from memory.

    Args:
        sample: "default", "full" or a fraction above 0 and at most 1.
        seed: population seed.
        verify: look at every file also where this process has done so before.

    Raises:
        InputError: an unknown sample.
    """
    return open_frame(sample, seed, verify).whole()


class Opened:
    """A frame whose large columns another thread still looks at: do something else meanwhile.

    Args:
        wanted, seed: which frame.
        again: look also at what this process has found whole before.
    """

    def __init__(self, wanted: Sample, seed: int, again: bool = False) -> None:
        self._wanted, self._seed = wanted, seed
        self._folder = frame_folder(wanted, seed)
        self._stored = _load_or_discard(self._folder, again)
        if self._stored is not None:
            self._look = cache.Look(self._stored.large)

    def whole(self) -> Frame:
        """The frame, once all of it is known to be what was kept; else it is built anew."""
        if self._stored is not None:
            try:
                self._look.end()
                return _frame(self._stored, self._wanted, self._seed)
            except cache.TornFrame as error:
                cache.discard(self._folder, str(error))
        frame = build_frame(self._wanted, self._seed)
        about = {"sample": self._wanted.name, "seed": self._seed}
        try:
            cache.store(self._folder, dict(_columns(frame)), about)
        except OSError as error:
            kept.not_kept(kept.FRAMES, error)
            return frame
        stored = _load_or_discard(self._folder)
        if stored is None or stored.fingerprint != frame.fingerprint:
            return frame
        try:
            cache.Look(stored.large).end()
        except cache.TornFrame:
            return frame  # a disk that does not hold what it is given
        return _frame(stored, self._wanted, self._seed)  # mapped: shared with other processes


def open_frame(
    sample: str | float = "default", seed: int = DEFAULT_SEED, verify: bool = False
) -> Opened:
    """As `load_frame`, which it begins; `whole` returns the frame."""
    return Opened(parse_sample(sample), seed, verify)


def with_county_incomes(frame: Frame, incomes: Mapping[int, float]) -> Frame:
    """The same people, with more known of their counties: net incomes of 2009 by county code.

    Args:
        frame: a frame; what it holds is shared.
        incomes: yuan per person, over those of the county table.
    """
    if not incomes:
        return frame
    table = frame.counties
    known = table.net_income.copy()
    for code, yuan in incomes.items():
        known[np.asarray(table.code) == code] = yuan
    known.setflags(write=False)
    text = f"{frame.fingerprint} {sorted(incomes.items())}"
    return replace(
        frame,
        counties=replace(table, net_income=known),
        fingerprint=hashlib.blake2b(text.encode(), digest_size=16).hexdigest(),
    )


def stored_fingerprint(sample: str | float, seed: int) -> str | None:
    """Fingerprint of a frame that is cached, without loading it; None where it is not cached.

    Raises:
        InputError: an unknown sample.
    """
    stored = _load_or_discard(frame_folder(parse_sample(sample), seed))
    return None if stored is None else stored.fingerprint


def frame_folder(sample: Sample, seed: int) -> Path:
    """Where the frame of these sources, data, sample and seed is cached."""
    sources = imported([paths.PACKAGE / "population" / "frame.py"], paths.PACKAGE)
    data = [file for file in paths.population_data().iterdir() if file.is_file()]
    data.append(paths.parameters() / "province.yaml")
    content = hash_of_sources([*sources, *data], paths.PACKAGE)
    return paths.cache() / "frames" / f"{sample.name}-{seed}-{content}"


@lru_cache(maxsize=1)
def every_village(seed: int) -> Villages:
    """All villages of the province (read-only), kept for the next sample of the same seed."""
    from fupin.population.villages import all_villages

    villages = all_villages(county_table(), seed)
    freeze(villages)
    return villages


def build_frame(sample: Sample, seed: int) -> Frame:
    """Build a frame in memory."""
    # The builders bring the compiler with them; a cached frame is read without it.
    from fupin.population.communities import build_communities
    from fupin.population.households import build_households
    from fupin.population.sample import choose_villages

    counties = county_table()
    everywhere = every_village(seed)
    villages = choose_villages(everywhere, counties, sample, seed)
    households = build_households(counties, villages, seed)
    communities = build_communities(counties, everywhere, villages, seed)
    for table in (villages, households, communities):
        freeze(table)
    frame = Frame(counties, villages, households, communities, sample.name, seed, "")
    return replace(frame, fingerprint=cache.fingerprint_of(dict(_columns(frame))))


def _columns(frame: Frame) -> Iterator[tuple[str, np.ndarray]]:
    """Named columns of a frame: what is stored and what the fingerprint covers."""
    for table in _TABLES:
        for field in fields(_TABLES[table]):
            yield f"{table}.{field.name}", getattr(getattr(frame, table), field.name)
    for name, column in vars(frame.counties).items():
        if isinstance(column, np.ndarray):
            yield f"counties.{name}", column


def _load_or_discard(folder: Path, verify: bool = False) -> cache.Stored | None:
    try:
        return cache.load(folder, verify)
    except cache.TornFrame as error:
        cache.discard(folder, str(error))
        return None


def _frame(stored: cache.Stored, sample: Sample, seed: int) -> Frame:
    tables = {
        table: kind(**{f.name: stored.columns[f"{table}.{f.name}"] for f in fields(kind)})
        for table, kind in _TABLES.items()
    }
    return Frame(
        counties=county_table(),
        villages=tables["villages"],
        households=tables["households"],
        communities=tables["communities"],
        sample=sample.name,
        seed=seed,
        fingerprint=stored.fingerprint,
    )
