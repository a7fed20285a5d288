"""What a user asks for, as text of the command line or as values of Python: seeds, draws, sample.

Texts mean the same in both. Python may also give numbers, of numpy too, and lists: of seeds, or of
single parameter vectors (a row of the posterior by its number, a label such as "prior:7", a Draw).
"""

from __future__ import annotations

import numbers
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from fupin.errors import COMMAND_LINE, PYTHON, InputError, Wording
from fupin.results.draws import (
    Draw,
    OwnLuck,
    draws_hint,
    parse_draws,
    parse_seeds,
    seeds_hint,
    usual,
)

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario

Seeds = str | int | Iterable[int] | None
Draws = str | int | Iterable[str | int | Draw] | None
Sample = str | float | None

SEARCHED = ("5", "1")
"""Draws and seeds that a search runs on if none are named.

One row knows each effect, right or wrong. In the posterior's middle row, for one, farm courses do
harm, which they do in one row of three; a search of that row alone would end them.
"""

MOST_PROCESSES = 1000
"""No machine has so many cores: the number is a slip."""


def seeds_of(asked: Seeds, say: Wording = PYTHON) -> list[int]:
    """Seeds: 5 or "5" is 1 to 5, "3,7-9" and [3, 7, 8, 9] are those; None is the usual number.

    Raises:
        InputError: none of these, a seed that is no whole number from 1, one twice, or too many.
    """
    if asked is None:
        asked = usual()[0]
    if isinstance(asked, str):
        return parse_seeds(asked, say)
    if _is_whole(asked):
        return parse_seeds(str(asked), say)
    if isinstance(asked, (numbers.Number, bytes, dict)) or not isinstance(asked, Iterable):
        raise InputError(f"{say.given('seeds', asked)} is not a list of seeds.", seeds_hint(say))
    found = list(asked)
    for seed in found:
        if not _is_whole(seed) or seed < 1:
            raise InputError(
                f"{seed!r} in {say('seeds')} is no seed.",
                "Seeds are whole numbers, counted from 1.",
            )
    if len(set(found)) < len(found):
        raise InputError(f"{say('seeds')} names a seed twice.", "Name each seed once.")
    return parse_seeds(",".join(map(str, found)) + ",", say)


def draws_of(asked: Draws, say: Wording = PYTHON) -> list[Draw]:
    """Parameter vectors.

    Args:
        asked: 10 or "10" for the first ten rows of the posterior, "central", "prior:20"; a list of
            single ones: 7 for the seventh row, a label such as "prior:7", a Draw. None is the
            usual choice.

    Raises:
        InputError: none of these, a row that is not there, or a label twice.
    """
    if asked is None:
        asked = usual()[1]
    if isinstance(asked, str):
        return parse_draws(asked, say)
    if _is_whole(asked):
        return parse_draws(str(asked), say)
    one = isinstance(asked, (numbers.Number, bytes, dict, Draw))
    if one or not isinstance(asked, Iterable):
        raise InputError(
            f"{say.given('draws', asked)} is not a choice of parameter vectors.", draws_hint(say)
        )
    found = [_one_draw(item, say) for item in asked]
    labels = [draw.label for draw in found]
    if not found or len(set(labels)) < len(labels):
        raise InputError(
            f"{say('draws')} names a vector twice." if found else f"{say('draws')} is empty.",
            draws_hint(say),
        )
    return found


def with_luck(draws: list[Draw], asked: object, say: Wording = PYTHON) -> list[Draw]:
    """Draws with the luck that is asked for.

    Args:
        draws: rows of the posterior and others.
        asked: "own" or None for the year that each row was lived with, "new" for another year
            2009 with the same parameters, places and history.

    Raises:
        InputError: neither, or new luck for draws that have none of their own.
    """
    if asked is None or asked == "own":
        return draws
    if asked != "new":
        raise InputError(
            f"{say.given('luck', asked)} is no luck.",
            f"Write {say('luck', 'own')} for the year as it was, or {say('luck', 'new')} for "
            "another year with the same parameters.",
        )
    if not all(draw.luck for draw in draws):
        raise InputError(
            f"{say('luck', 'new')} needs rows of the posterior: other draws have no year of their "
            "own.",
            f"Leave it out, and write {say('seeds', '2')} or more for other luck.",
        )
    return [
        replace(draw, luck=OwnLuck(draw.luck.history, None)) if draw.luck else draw
        for draw in draws
    ]


def _one_draw(item: object, say: Wording) -> Draw:
    """One vector of a list of them."""
    if isinstance(item, Draw):
        return item
    label = f"posterior:{item}" if _is_whole(item) else item
    if isinstance(label, str):
        if label.strip().lower() == "central":
            return parse_draws("central", say)[0]
        if re.fullmatch(r"(prior|posterior):[1-9][0-9]{0,8}", label):
            return parse_draws(label, say)[-1]  # the last of so many is the one
    raise InputError(
        f"{item!r} in {say('draws')} names no parameter vector.",
        'In a list 7 is the seventh row of the posterior; or write "central" or "prior:7".',
    )


def sample_of(asked: Sample, say: Wording = COMMAND_LINE) -> str | float:
    """The sample of the population: default, full, or a share as a number or text.

    Raises:
        InputError: none of these.
    """
    found: object = asked.strip().lower() if isinstance(asked, str) else asked
    if isinstance(found, str) and found in ("default", "full"):
        return found
    share = 0.0
    if isinstance(found, (str, numbers.Real)) and not isinstance(found, bool):
        try:
            share = float(found)
        except ValueError:
            share = 0.0
    if not 0 < share <= 1:
        raise InputError(
            f"{say('sample', asked)} is not a sample.",
            "Write default, full, or a share above 0 and up to 1, such as 0.05.",
        )
    return share


def with_sample[S: Scenario](scenario: S, asked: Sample, say: Wording = COMMAND_LINE) -> S:
    """The scenario with another sample of the population; with its own where None is asked for.

    Raises:
        InputError: not a sample.
    """
    if asked is None:
        return scenario
    population = scenario.population.model_copy(update={"sample": sample_of(asked, say)})
    return scenario.model_copy(update={"population": population})


def processes_of(asked: int | None, say: Wording = COMMAND_LINE) -> int | None:
    """How many processes work; None is one for each core.

    Raises:
        InputError: no whole number from 1.
    """
    if asked is None:
        return None
    if not _is_whole(asked):
        raise InputError(f"{say.given('workers', asked)} is not a number of processes.",
                         f"Write {say('workers', 1)}.")  # fmt: skip
    if asked < 1:
        raise InputError(
            f"{say('workers', int(asked))} leaves nobody to work.", f"Write {say('workers', 1)}."
        )
    if asked > MOST_PROCESSES:
        cores = os.cpu_count() or 1
        raise InputError(
            f"{say('workers', int(asked))} is more than {MOST_PROCESSES:,} processes.",
            f"This machine has {cores} cores: write {say('workers', cores)}, or leave it out.",
        )
    return int(asked)


def _is_whole(value: object) -> bool:
    """True for whole numbers of Python and numpy, and not for switches."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)
