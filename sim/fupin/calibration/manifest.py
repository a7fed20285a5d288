"""The manifest of a calibration: what it was made from, and how good it is, as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fupin.calibration.diagnostics import fits, learned, medoid, ridge
from fupin.calibration.shipped import Shipped
from fupin.calibration.targets import POSTERIORS, fitted, held_out
from fupin.calibration.waves import Calibration

_DIGITS = 6


def manifest_of(
    calibration: Calibration, about: Mapping[str, Any], shipped: Shipped | None = None
) -> dict[str, Any]:
    """Everything but the hashes of the tables.

    Args:
        calibration: at its end.
        about: plan, sample, versions and hashes, as plain data.
        shipped: rows of posterior B that were lived; None: those of the emulators.
    """
    space, settings = calibration.space, calibration.settings
    medoids = {
        posterior: medoid(space.normals(rows)) for posterior, rows in calibration.rows.items()
    }
    if shipped is not None:
        medoids["B"] = shipped.central
    content = {
        **about,
        "settings": asdict(settings),
        "runs": len(calibration.runs.seeds),
        "failed": [asdict(failure) for failure in calibration.failures],
        "targets": [asdict(target) for target in calibration.targets],
        "fitted": {p: [t.name for t in fitted(calibration.targets, p)] for p in POSTERIORS},
        "held_out": {p: [t.name for t in held_out(calibration.targets, p)] for p in POSTERIORS},
        "calibrated": list(space.names),
        "not_calibrated": list(space.others),
        "medoid": medoids,
        "emulators": {
            moment: asdict(check) | {"passed": check.passed}
            for moment, check in calibration.checks.items()
        },
        "chains": {p: calibration.chains[p].diagnostics() for p in POSTERIORS},
        "fits": {
            p: [asdict(fit) | {"conflict": fit.conflict} for fit in fits(calibration, p)]
            for p in POSTERIORS
        },
        "learned": {
            p: [
                asdict(one) | {"learned": one.learned}
                for one in learned(space, calibration.chains[p].z)
            ]
            for p in POSTERIORS
        },
        "year_as_it_was": None if shipped is None else shipped.about,
        "ridge": [asdict(step) for step in ridge(calibration)],
    }
    plain: dict[str, Any] = _plain(content)
    return plain


def _plain(value: Any) -> Any:
    """JSON has no NaN, and nobody needs sixteen digits."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    number = float(value)
    return float(f"{number:.{_DIGITS}g}") if math.isfinite(number) else None
