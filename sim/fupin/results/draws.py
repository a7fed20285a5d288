"""Which runs to make: `--seeds` and `--draws` to lists of seeds and parameter vectors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from fupin.errors import InputError

CALIBRATED, UNCALIBRATED = ("2", "10"), ("5", "central")
"""Seeds and draws where the user names none: with a posterior its ignorance is shown too."""

MOST_RUNS = 100_000
"""More than this in one command is a slip of the pen."""

_PRIOR_SEED = 20091231
"""Seed of the prior's design: `prior:20` is the same twenty vectors always."""

_SEEDS_HINT = "Write --seeds 5 for seeds 1 to 5, or --seeds 3,7-9 for those."
_DRAWS_HINT = (
    "Write --draws central, --draws 20 for 20 rows of the posterior, or --draws prior:20 for 20 "
    "vectors from the priors."
)


@dataclass(frozen=True)
class Draw:
    """One parameter vector: a label and the values that differ from the parameter files."""

    label: str
    overrides: Mapping[str, float] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Draw, (self.label, dict(self.overrides)))

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))


CENTRAL = Draw("central")


def chosen(seeds: str | None, draws: str | None) -> tuple[list[int], list[Draw]]:
    """Seeds and draws of a command, or the usual ones where an option is not given.

    Raises:
        InputError: as `parse_seeds` and `parse_draws`.
    """
    from fupin.results.posterior_table import is_calibrated

    usual = CALIBRATED if is_calibrated() else UNCALIBRATED
    return parse_seeds(seeds or usual[0]), parse_draws(draws or usual[1])


def parse_seeds(text: str) -> list[int]:
    """Seeds of `--seeds`: "5" is 1 to 5; "3,7-9" is 3, 7, 8, 9; "3," is 3 alone.

    Raises:
        InputError: not of this form, a seed twice, none, or too many.
    """
    cleaned = text.replace(" ", "")
    if re.fullmatch(r"[0-9]{1,9}", cleaned):
        count = int(cleaned)
        if count == 0:
            raise InputError("--seeds 0 asks for no run.", _SEEDS_HINT)
        _check_count(count, "--seeds")
        return list(range(1, count + 1))
    seeds: list[int] = []
    for part in cleaned.removesuffix(",").split(","):
        found = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", part)
        if not found:
            raise InputError(f"--seeds {text!r} is not a list of seeds.", _SEEDS_HINT)
        first = int(found[1])
        last = int(found[2] or found[1])
        if last < first:
            raise InputError(f"--seeds {part} runs backwards.", f"Write {last}-{first}.")
        _check_count(len(seeds) + last - first + 1, "--seeds")
        seeds.extend(range(first, last + 1))
    if len(set(seeds)) != len(seeds):
        twice = next(seed for seed in seeds if seeds.count(seed) > 1)
        raise InputError(f"--seeds {text} names seed {twice} twice.", "Name each seed once.")
    return seeds


def parse_draws(text: str) -> list[Draw]:
    """Draws of `--draws`: "central", "prior:N", or N for the first N rows of posterior B.

    Raises:
        InputError: another form; a number where the model is not calibrated, or of more rows than
            there are.
    """
    cleaned = text.strip().lower()
    if cleaned == "central":
        return [central_draw()]
    if re.fullmatch(r"[0-9]{1,9}", cleaned) and int(cleaned) > 0:
        return posterior_draws(int(cleaned))
    found = re.fullmatch(r"prior:([0-9]{1,9})", cleaned)
    if not found or int(found[1]) == 0:
        raise InputError(f"--draws {text!r} is not a choice of parameter vectors.", _DRAWS_HINT)
    count = int(found[1])
    _check_count(count, "--draws")
    return prior_draws(count)


def central_draw() -> Draw:
    """The medoid row of posterior B; the parameter values where the model is not calibrated.

    Parameters that no target informs keep their values.
    """
    from fupin.results.posterior_table import is_calibrated, medoid_values

    return Draw("central", medoid_values()) if is_calibrated() else CENTRAL


def posterior_draws(count: int) -> list[Draw]:
    """The first `count` rows of posterior B, labelled posterior:1 and so on.

    Raises:
        InputError: there is no posterior, or it has fewer rows.
    """
    from fupin.results.posterior_table import is_calibrated, read_posterior

    if not is_calibrated():
        raise InputError(
            f"--draws {count} asks for rows of the posterior, and the model is not calibrated yet.",
            f"Write --draws central for the parameter values, or --draws prior:{count} for "
            "vectors from the priors.",
        )
    rows = read_posterior("B")
    if count > len(rows):
        raise InputError(
            f"--draws {count} asks for more rows than the posterior has.",
            f"It has {len(rows)}. --draws prior:{count} takes vectors from the priors.",
        )
    return [Draw(f"posterior:{i}", row) for i, row in enumerate(rows[:count], start=1)]


def prior_draws(count: int) -> list[Draw]:
    """The first `count` vectors of a fixed design over the priors, labelled prior:1 and so on."""
    import yaml

    from fupin import paths
    from fupin.parameters.book import load_book

    file = paths.calibration() / "priors.yaml"
    names = _names_of(yaml.safe_load(file.read_text(encoding="utf-8")))
    vectors = load_book().sample_prior(names, count, _PRIOR_SEED)
    return [Draw(f"prior:{i}", vector) for i, vector in enumerate(vectors, start=1)]


def _names_of(content: Any) -> list[str]:
    names = content.get("names") if isinstance(content, dict) else content
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError("calibration/priors.yaml is not a list of parameter names.")
    return names


def _check_count(count: int, option: str) -> None:
    if count > MOST_RUNS:
        raise InputError(f"{option} asks for {count:,}; at most {MOST_RUNS:,} in one command.")
