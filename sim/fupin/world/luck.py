"""Whose luck a run has: a row of the posterior carries its own, and the run seed replaces it.

A row was lived with a history and a year. Seed 1 is that life; other seeds of the row are other
years after the same history. Without luck of its own a draw has that of the run seed alone, which
it then shares with all other such draws.
"""

from __future__ import annotations

from fupin.parameters.province import province
from fupin.randomness import Luck, key_of
from fupin.results.draws import Draw


def luck_of(draw: Draw, seed: int, first_year: int) -> Luck:
    """The luck of a run.

    Seed 1 of a row of the posterior is the row's own history and year. Seed k replaces the year,
    and the plan's earlier years where it begins before the document's, by the row's k-th other
    luck; it is the same under every plan that begins in the same year.

    Args:
        draw: parameters, places, and luck if it is a row of the posterior.
        seed: run seed, from 1.
        first_year: the plan's first.
    """
    own, document = draw.luck, province().document_year
    if own is None:
        return Luck(seed)
    if seed == 1 and own.year is not None:
        return Luck(own.history, ((document, own.year),))
    name = f"luck/{own.history}/{own.year or 0}"
    since = [(document, key_of(f"{name}/year", seed))]
    if first_year < document:
        since.insert(0, (first_year, key_of(f"{name}/history", seed)))
    return Luck(own.history, tuple(since))
