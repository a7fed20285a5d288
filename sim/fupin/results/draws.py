"""Which runs to make: texts for seeds and draws to lists of seeds and parameter vectors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fupin.errors import COMMAND_LINE, InputError, Wording

CALIBRATED, UNCALIBRATED = ("1", "20"), ("5", "central")
"""Seeds and draws where the user names none: with a posterior its ignorance is shown too."""

MOST_RUNS = 100_000
"""More than this in one command is a slip of the pen."""

_PRIOR_SEED = 20091231
"""Seed of the prior's design: `prior:20` is the same twenty vectors always."""


@dataclass(frozen=True)
class OwnLuck:
    """The luck that a row of the posterior was lived with.

    Attributes:
        history: key of the years before the document's, and of lasting traits.
        year: key of the document's year and all later; None: another year, by the run seed.
    """

    history: int
    year: int | None


@dataclass(frozen=True)
class Draw:
    """One world of many that nobody can tell apart: parameter values, places, luck.

    Attributes:
        label: names it in tables; runs do not depend on it.
        overrides: values that differ from the parameter files.
        places: keys what counties and villages are where no table says it (`livelihood.places`);
            0 for central values, k for the k-th vector of the priors; a row of the posterior has
            those that it was lived with.
        luck: that of a row of the posterior; None: the run seed is all the luck there is.
    """

    label: str
    overrides: Mapping[str, float] = field(default_factory=dict)
    places: int = 0
    luck: OwnLuck | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return (Draw, (self.label, dict(self.overrides), self.places, self.luck))

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))

    def record(self) -> dict[str, Any]:
        """What a result's record says about it."""
        luck = None if self.luck is None else asdict(self.luck)
        overrides = dict(self.overrides)
        return {"label": self.label, "overrides": overrides, "places": self.places, "luck": luck}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Draw:
        """The draw that a result's record tells of; an old one has places 0 and no luck."""
        luck = record.get("luck")
        return cls(
            record["label"],
            record["overrides"],
            int(record.get("places", 0)),
            None if luck is None else OwnLuck(luck["history"], luck["year"]),
        )


CENTRAL = Draw("central")


def chosen(
    seeds: str | None, draws: str | None, say: Wording = COMMAND_LINE
) -> tuple[list[int], list[Draw]]:
    """Seeds and draws of a command, or the usual ones where an option is not given.

    Raises:
        InputError: as `parse_seeds` and `parse_draws`.
    """
    usual_seeds, usual_draws = usual()
    return (
        parse_seeds(usual_seeds if seeds is None else seeds, say),
        parse_draws(usual_draws if draws is None else draws, say),
    )


def usual() -> tuple[str, str]:
    """Seeds and draws where the user names none."""
    from fupin.results.posterior_table import is_calibrated

    return CALIBRATED if is_calibrated() else UNCALIBRATED


def seeds_hint(say: Wording) -> str:
    """What may be written for seeds."""
    return f"Write {say('seeds', '5')} for seeds 1 to 5, or {say('seeds', '3,7-9')} for those."


def draws_hint(say: Wording) -> str:
    """What may be written for draws."""
    return (
        f"Write {say('draws', 'central')}, {say('draws', '20')} for 20 rows of the posterior, or "
        f"{say('draws', 'prior:20')} for 20 vectors from the priors."
    )


def parse_seeds(text: str, say: Wording = COMMAND_LINE) -> list[int]:
    """Seeds of a text: "5" is 1 to 5; "3,7-9" is 3, 7, 8, 9; "3," is 3 alone.

    Args:
        say: how messages name the option.

    Raises:
        InputError: not of this form, a seed below 1 or twice, none, or too many.
    """
    # Spaces beside a comma or a dash only: "3 7" is a slip, and 37 seeds are not what it meant.
    cleaned = re.sub(r" *([,-]) *", r"\1", text.strip())
    if re.fullmatch(r"[0-9]{1,9}", cleaned):
        count = int(cleaned)
        if count == 0:
            raise InputError(f"{say('seeds', '0')} asks for no run.", seeds_hint(say))
        _check_count(count, say("seeds"))
        return list(range(1, count + 1))
    seeds: list[int] = []
    for part in cleaned.removesuffix(",").split(","):
        found = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", part)
        if not found:
            raise InputError(f"{say.given('seeds', text)} is not a list of seeds.", seeds_hint(say))
        first = int(found[1])
        last = int(found[2] or found[1])
        if last < first:
            raise InputError(f"{say('seeds', part)} runs backwards.", f"Write {last}-{first}.")
        if first < 1:
            raise InputError(f"{say('seeds', text)} names seed 0.", "Seeds are counted from 1.")
        _check_count(len(seeds) + last - first + 1, say("seeds"))
        seeds.extend(range(first, last + 1))
    if len(set(seeds)) != len(seeds):
        twice = next(seed for seed in seeds if seeds.count(seed) > 1)
        raise InputError(f"{say('seeds', text)} names seed {twice} twice.", "Name each seed once.")
    return seeds


def parse_draws(text: str, say: Wording = COMMAND_LINE) -> list[Draw]:
    """Draws of a text: "central", "prior:N", or N (or "posterior:N") for N rows of posterior B.

    Args:
        say: how messages name the option.

    Raises:
        InputError: another form; a number where the model is not calibrated, or of more rows than
            there are.
    """
    cleaned = text.strip().lower()
    if cleaned == "central":
        return [central_draw()]
    found = re.fullmatch(r"(?:(prior|posterior):)?([0-9]{1,9})", cleaned)
    if not found or int(found[2]) == 0:
        raise InputError(
            f"{say.given('draws', text)} is not a choice of parameter vectors.", draws_hint(say)
        )
    count = int(found[2])
    if found[1] != "prior":
        return posterior_draws(count, say)
    _check_count(count, say("draws"))
    return prior_draws(count)


def central_draw() -> Draw:
    """The middle row of posterior B with its luck; parameter values where there is no posterior."""
    from fupin.results.posterior_table import central_row, is_calibrated

    return (
        replace(_rows_of_posterior()[central_row()], label="central")
        if is_calibrated()
        else CENTRAL
    )


def posterior_draws(count: int, say: Wording = COMMAND_LINE) -> list[Draw]:
    """The first `count` rows of posterior B, labelled posterior:1 and so on.

    Raises:
        InputError: there is no posterior, or it has fewer rows.
    """
    from fupin.results.posterior_table import is_calibrated

    if not is_calibrated():
        raise InputError(
            f"{say('draws', count)} asks for rows of the posterior, and the model is not "
            "calibrated yet.",
            f"Write {say('draws', 'central')} for the parameter values, or "
            f"{say('draws', f'prior:{count}')} for vectors from the priors.",
        )
    rows = _rows_of_posterior()
    if count > len(rows):
        raise InputError(
            f"{say('draws', count)} asks for more rows than the posterior has.",
            f"It has {len(rows)}. {say('draws', f'prior:{count}')} takes vectors from the priors.",
        )
    return rows[:count]


def lived_rows(posterior: str = "B", folder: Path | None = None) -> list[Draw]:
    """Rows of a posterior with places and luck; empty where its rows were not lived."""
    draws = _rows_of_posterior(posterior, folder)
    return draws if all(draw.luck for draw in draws) else []


def _rows_of_posterior(posterior: str = "B", folder: Path | None = None) -> list[Draw]:
    from fupin.results.posterior_table import read_luck, read_posterior

    draws = []
    rows, lucks = read_posterior(posterior, folder), read_luck(posterior, folder)
    for i, (row, luck) in enumerate(zip(rows, lucks, strict=True), 1):
        own = None if luck is None else OwnLuck(luck[1], luck[2])
        draws.append(Draw(f"posterior:{i}", row, i if luck is None else luck[0], own))
    return draws


def prior_draws(count: int) -> list[Draw]:
    """The first `count` vectors of a fixed design over the priors, labelled prior:1 and so on."""
    from fupin.parameters.book import load_book
    from fupin.parameters.prior import load_priors

    vectors = load_book().sample_prior(load_priors().names, count, _PRIOR_SEED)
    return [Draw(f"prior:{i}", vector, i) for i, vector in enumerate(vectors, start=1)]


def _check_count(count: int, option: str) -> None:
    if count > MOST_RUNS:
        raise InputError(f"{option} asks for {count:,}; at most {MOST_RUNS:,} in one command.")
