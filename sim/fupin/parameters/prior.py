"""Parameter vectors from the priors: a Sobol design, shifted by a keyed word, then quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from pydantic import field_validator, model_validator

from fupin import paths
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.parameters.parameter import Parameter
from fupin.yaml.events import read_marked, read_text
from fupin.yaml.faults import fault, read_as
from fupin.yaml.fields import Names, Section
from fupin.yaml.words import guess_or_list

_BITS = 32
_DIGITS = 10
"""Significant digits kept, so that a machine's maths library cannot change a parameter."""


class Priors(Section):
    """`calibration/priors.yaml`: which parameters are drawn.

    Attributes:
        names: all uncertain parameters.
        calibrated: those that targets inform.
    """

    names: Names
    calibrated: Names

    @field_validator("names", "calibrated")
    @classmethod
    def _are_some(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names:
            raise fault("This list is empty.", "Name at least one parameter.")
        return names

    @field_validator("names")
    @classmethod
    def _have_priors(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        book = load_book()
        for place, name in enumerate(names):
            if name not in book:
                raise fault(f"There is no parameter {name}.", guess_or_list(name, book), (place,))
            if book[name].distribution is None:
                raise fault(f"{name} has no distribution.", "Leave it out.", (place,))
        return names

    @model_validator(mode="after")
    def _calibrated_are_among_the_names(self) -> Self:
        for place, name in enumerate(self.calibrated):
            if name not in self.names:
                raise fault(
                    f"{name} is calibrated and not among the names.",
                    guess_or_list(name, self.names),
                    ("calibrated", place),
                )
        return self


def load_priors(file: Path | None = None) -> Priors:
    """The names of a file; None is `calibration/priors.yaml`.

    Raises:
        InputError: no list of names, an unknown parameter or one without a distribution, a
            calibrated one that is not among the names, one twice; with file and line.
    """
    file = file or paths.calibration() / "priors.yaml"
    return read_as(Priors, read_marked(read_text(file), file))


def sample(parameters: Sequence[Parameter], n: int, seed: int) -> list[dict[str, float]]:
    """The first `n` vectors of a low-discrepancy design.

    The points of a Sobol sequence (Joe & Kuo 2008) are moved by a digital shift that is keyed by
    the seed and the parameter's name (exclusive or of the digits keeps what is good about the
    sequence), so no shared generator takes part and a longer design begins with a shorter one.

    Args:
        parameters: each with a distribution, each once.
        n: how many vectors.
        seed: of the shift.

    Returns:
        Vectors as name -> value, values within the distributions' supports.

    Raises:
        InputError: a parameter twice, one without a distribution, or none; n below 1.
    """
    _check(parameters, n)
    import numpy as np
    from scipy.stats import qmc

    from fupin.randomness import stream

    sequence = qmc.Sobol(len(parameters), scramble=False, bits=_BITS)
    words = (sequence.random_base2(max(n - 1, 1).bit_length())[:n] * 2.0**_BITS).astype(np.uint64)
    columns = []
    for k, parameter in enumerate(parameters):
        assert parameter.distribution is not None
        shift = stream(seed, f"prior/{parameter.name}") >> np.uint64(64 - _BITS)
        shares = ((words[:, k] ^ shift).astype(np.float64) + 0.5) * 2.0**-_BITS
        columns.append(parameter.distribution.quantile(shares))
    return [
        {
            parameter.name: _rounded(parameter, float(column[i]))
            for parameter, column in zip(parameters, columns, strict=True)
        }
        for i in range(n)
    ]


def _check(parameters: Sequence[Parameter], n: int) -> None:
    names = [parameter.name for parameter in parameters]
    if not names or n < 1:
        raise InputError("A sample of the priors needs at least one parameter and one vector.")
    for parameter in parameters:
        if names.count(parameter.name) > 1:
            raise InputError(f"{parameter.name} is named twice.", "Name it once.")
        if parameter.distribution is None:
            raise parameter.mark.error(
                f"{parameter.name} has no distribution to sample from.",
                "Add one, or leave it out of the priors.",
            )


def _rounded(parameter: Parameter, value: float) -> float:
    assert parameter.distribution is not None
    rounded = float(f"{value:.{_DIGITS}g}")
    return min(max(rounded, parameter.distribution.low), parameter.distribution.high)
