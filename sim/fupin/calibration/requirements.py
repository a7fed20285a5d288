"""What a calibrated model has to do, and whether it does.

A figure that the calibration names as a conflict may be missed, and so may a count that has a
reason; both say so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin.calibration.counts import Count
from fupin.calibration.coverage import LEAST, MEAN, summary
from fupin.calibration.targets import Target, fitted

LIFTED_WITHIN, LIFTED_WIDTH = 0.03, 0.40
OWN_YEAR_WITHIN, OWN_YEAR_WIDTH = 0.025, 0.075
"""Of rows that were lived with their own year: 195,000 to 205,000, and 185,000 to 215,000."""

EMPLOYMENT = (0.985, 0.998)
COUNTS_WITHIN = 0.05


@dataclass(frozen=True)
class Requirement:
    """One thing that a calibrated model has to do, and whether it does."""

    what: str
    found: str
    passed: bool


def requirements(
    targets: Sequence[Target],
    predictive: Mapping[str, Mapping[str, Any]],
    errors: Mapping[str, float],
    named: Collection[str] = (),
    own_year: bool = False,
) -> list[Requirement]:
    """What posterior B has to do; targets that are absent are not asked for.

    Args:
        targets: with roles.
        predictive: statistics of each moment.
        errors: Monte Carlo standard error of each mean.
        named: targets that the calibration names as conflicts; such a one may be missed.
        own_year: every row was lived with the year as it was, so little is left open.
    """
    found = []
    by_name = {target.name: target for target in targets}
    if "lifted" in by_name:
        value, s = by_name["lifted"].value, predictive["lifted"]
        share, width = LIFTED_WITHIN, LIFTED_WIDTH
        if own_year:
            share, width = OWN_YEAR_WITHIN, OWN_YEAR_WIDTH
        allowed = share * value + (0.0 if own_year else 2 * errors["lifted"])
        beside = "" if own_year else " and two standard errors of it"
        found.append(
            Requirement(
                f"mean of people lifted within {100 * share:g}% of {value:,.0f}{beside}",
                f"{s['mean']:,.0f}, off by {s['mean'] - value:+,.0f} of {allowed:,.0f}",
                abs(s["mean"] - value) <= allowed,
            )
        )
        what = f"its 90% interval within ±{100 * width:g}%"
        if s["high"] is None:
            found.append(Requirement(what, "one run has no interval", False))
        else:
            widest = max(s["high"] - value, value - s["low"]) / value
            found.append(Requirement(what, f"{100 * widest:.1f}%", widest <= width))
    if "employment_rate" in by_name:
        mean = predictive["employment_rate"]["mean"]
        found.append(
            Requirement(
                f"mean employment rate within {EMPLOYMENT[0]} and {EMPLOYMENT[1]}",
                f"{mean:.4f}",
                EMPLOYMENT[0] <= mean <= EMPLOYMENT[1],
            )
        )
    for target in fitted(targets, "B"):
        s = predictive[target.moment]
        off = (s["mean"] - target.value) / target.tolerance
        allowed = 2 + 2 * errors.get(target.moment, 0.0) / target.tolerance
        within, excused = abs(off) <= allowed, target.name in named
        text = f"{off:+.1f}" if within or not excused else f"{off:+.1f}, named as a conflict"
        what = f"{target.name} within two tolerances (and two standard errors), or named"
        found.append(Requirement(what, text, within or excused))
    return found


def counted(
    counts: Sequence[Count], predictive: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What the document counts beside what the rows of B count."""
    return [
        {
            "figure": count.figure, "value": count.value, **predictive[count.figure],
            "off": round(predictive[count.figure]["mean"] / count.value - 1.0, 4),
            "reason": count.reason,
        }
        for count in counts
    ]  # fmt: skip


def required_coverage(found: Mapping[str, float]) -> list[Requirement]:
    """What intervals of default runs have to hold of further runs; nothing where it is unknown."""
    if not found:
        return []
    said, (low, high) = summary(found), MEAN
    mean, least = said["mean"], said["least_share"]
    return [
        Requirement(
            f"default runs hold {100 * low:.0f} to {100 * high:.0f}% of further rows, in the mean "
            f"of {said['outcomes']} outcomes",
            f"{100 * mean:.1f}%",
            low <= mean <= high,
        ),
        Requirement(
            f"and at least {100 * LEAST:.0f}% in each",
            f"{100 * least:.1f}%, {said['least'].replace('_', ' ')}",
            least >= LEAST,
        ),
    ]


def required_counts(
    counts: Sequence[Count], predictive: Mapping[str, Mapping[str, Any]]
) -> list[Requirement]:
    """Every count within COUNTS_WITHIN of the document's, or with a reason why it cannot be."""
    found = []
    for line in counted(counts, predictive):
        within = abs(line["off"]) <= COUNTS_WITHIN
        excused = bool(line["reason"])
        text = f"{100 * line['off']:+.1f}%" + ("" if within or not excused else ", named")
        what = f"{line['figure']} within {100 * COUNTS_WITHIN:.0f}% of the document, or named"
        found.append(Requirement(what, text, within or excused))
    return found
