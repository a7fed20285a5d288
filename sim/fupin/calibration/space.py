"""The space of a calibration: calibrated parameters as independent standard normals.

Every prior becomes N(0, 1): z = ndtri(F(value)), with F the cumulative distribution of the prior.
So the density of the prior is the same simple one whatever the parameters' own distributions,
steps of a sampler have the same size in every direction, and prior and posterior compare in prior
standard deviations.

The other uncertain parameters (no target can inform them) are drawn from their priors
independently of everything: their spread is part of the noise of every run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fupin.calibration.inputs import Inputs
from fupin.parameters.book import load_book
from fupin.parameters.distribution import Distribution
from fupin.parameters.prior import load_priors

F64 = npt.NDArray[np.float64]

DIGITS = 8
"""Significant digits of a parameter in a design or a posterior table."""

_EDGE = 1e-9
"""Shares are kept this far from 0 and 1, where a normal deviate is infinite."""


@dataclass(frozen=True)
class Space:
    """Uncertain parameters with their priors.

    Attributes:
        names: calibrated parameters; column k of an array of normals is names[k].
        laws: their priors.
        others: uncertain parameters that are drawn from their priors whatever the targets say.
        other_laws: their priors.
    """

    names: tuple[str, ...]
    laws: tuple[Distribution, ...]
    others: tuple[str, ...] = ()
    other_laws: tuple[Distribution, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def fingerprint(self) -> str:
        """Hash of all names and priors: another one, and a posterior is of another question."""
        laws = zip((*self.names, *self.others), (*self.laws, *self.other_laws), strict=True)
        text = "\n".join([str(len(self.names)), *(f"{name} {law}" for name, law in laws)])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def values(self, normals: F64) -> list[dict[str, float]]:
        """Parameter vectors of rows of normals, shape (n, len(names) + len(others))."""
        laws, names = (*self.laws, *self.other_laws), (*self.names, *self.others)
        return [
            {
                name: min(max(float(f"{value:.{DIGITS}g}"), law.low), law.high)
                for name, law, value in zip(names, laws, row, strict=True)
            }
            for row in self.exact(normals)
        ]

    def exact(self, normals: F64) -> F64:
        """The same as an array, not rounded to the digits of a table, shape of `normals`."""
        from scipy.special import ndtr

        laws = (*self.laws, *self.other_laws)
        columns = [
            law.quantile(np.clip(ndtr(normals[:, k]), _EDGE, 1 - _EDGE))
            for k, law in enumerate(laws)
        ]
        return np.stack(columns, axis=1) if columns else np.zeros((len(normals), 0))

    def normals(self, vectors: Sequence[Mapping[str, float]]) -> F64:
        """Normals of the calibrated parameters of vectors, shape (n, len(names))."""
        from scipy.special import ndtri

        columns = []
        for name, law in zip(self.names, self.laws, strict=True):
            share = law.share(np.array([vector[name] for vector in vectors], np.float64))
            columns.append(ndtri(np.clip(share, _EDGE, 1 - _EDGE)))
        return np.stack(columns, axis=1) if columns else np.zeros((len(vectors), 0))

    def inputs(self) -> Inputs:
        """What emulators see of the calibrated parameters."""
        return Inputs.of_laws(self.laws)

    def prior_design(self, count: int, seed: int) -> F64:
        """Normals of a space-filling design over all priors, (count, all parameters).

        Calibrated parameters follow a scrambled Sobol sequence, the others a Latin hypercube:
        a Sobol sequence of more than a hundred dimensions has pairs of columns that hardly differ
        until thousands of points are there.
        """
        from scipy.special import ndtri
        from scipy.stats import qmc

        rng = np.random.default_rng([seed, 1])
        sobol = qmc.Sobol(len(self), scramble=True, rng=rng)
        shares = sobol.random_base2(max(count - 1, 1).bit_length())[:count]
        return np.hstack([ndtri(np.clip(shares, _EDGE, 1 - _EDGE)), self.others_of(count, seed)])

    def others_of(self, count: int, seed: int) -> F64:
        """Normals of the parameters that are not calibrated: a Latin hypercube, (count, others)."""
        from scipy.special import ndtri
        from scipy.stats import qmc

        if not self.others:
            return np.zeros((count, 0))
        rng = np.random.default_rng([seed, 2])
        shares = qmc.LatinHypercube(len(self.others), rng=rng).random(count)
        return np.asarray(ndtri(np.clip(shares, _EDGE, 1 - _EDGE)))


def load_space(file: Path | None = None) -> Space:
    """The space of `calibration/priors.yaml`.

    Raises:
        InputError: as `fupin.parameters.prior.load_priors`.
    """
    priors, book = load_priors(file), load_book()
    laws = {name: law for name in priors.names if (law := book[name].distribution) is not None}
    others = tuple(name for name in priors.names if name not in priors.calibrated)
    return Space(
        names=priors.calibrated,
        laws=tuple(laws[name] for name in priors.calibrated),
        others=others,
        other_laws=tuple(laws[name] for name in others),
    )
