"""The figures that the model is held against: value, tolerance, source and role of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import model_validator

from fupin import paths
from fupin.errors import InputError
from fupin.yaml.events import read_marked, read_text
from fupin.yaml.faults import fault, read_as
from fupin.yaml.fields import Line, Number, Section, choice
from fupin.yaml.tree import mark_at
from fupin.yaml.words import guess_or_list, shown

Role = Literal["A", "B", "held_out", "shown"]
Scale = Literal["plain", "log", "logit"]
Posterior = Literal["A", "B"]

ROLES: dict[str, str] = {
    "A": "fitted in both posteriors",
    "B": "fitted in posterior B, held out for A",
    "held_out": "fitted in neither posterior",
    "shown": "neither fitted nor scored",
}
SCALES: tuple[str, ...] = ("plain", "log", "logit")
UNITS: tuple[str, ...] = (
    "persons", "share", "index", "ratio", "log points", "yuan/person", "jobs", "dimensionless",
)  # fmt: skip
POSTERIORS: dict[Posterior, tuple[Role, ...]] = {"A": ("A",), "B": ("A", "B")}
"""Posterior -> roles of the targets that it is fitted to."""


@dataclass(frozen=True)
class Target:
    """One figure.

    Attributes:
        name: its key in the file.
        moment: name of the moment of a run that it is compared with.
        value: the figure, in `unit`.
        tolerance: standard deviation with which it is known, in `unit`.
        unit: one of UNITS.
        role: key of ROLES.
        source: who found it, where.
        scale: on which the moment is emulated and the likelihood is normal.
        discrepancy: standard deviation that the model's form is allowed besides, in `unit`.
        figure: id of the document's figure that the value repeats, or "".
        note: anything a reader should know.
    """

    name: str
    moment: str
    value: float
    tolerance: float
    unit: str
    role: Role
    source: str
    scale: Scale = "plain"
    discrepancy: float = 0.0
    figure: str = ""
    note: str = ""


def load_targets(file: Path | None = None, moments: Iterable[str] | None = None) -> list[Target]:
    """All targets in the order of the file.

    Args:
        file: None is `calibration/targets.yaml`.
        moments: names that a target may refer to; None are those of the model.

    Raises:
        InputError: an unknown key, role, unit, scale or moment, a missing value or source, a
            tolerance that is not positive, a value that its scale cannot have, one moment fitted
            twice, or no target of role A; with file and line.
    """
    file = file or paths.calibration() / "targets.yaml"
    if moments is None:
        from fupin.calibration.moment_names import MOMENTS

        moments = MOMENTS
    tree = read_marked(read_text(file), file)
    known = list(moments)
    targets: dict[str, Target] = {}
    for name, written in read_as(dict[str, _Written], tree).items():
        target = Target(name, **dict(written))
        if target.moment not in known:
            raise mark_at(tree, (name, "moment")).error(
                f"{name}.moment: no run measures {shown(target.moment)}.",
                guess_or_list(target.moment, known),
            )
        if target.role in ("A", "B"):
            for other in targets.values():
                if other.moment == target.moment and other.role in ("A", "B"):
                    raise tree.entries[name].key_mark.error(
                        f"{name} and {other.name} are both fitted to {target.moment}.",
                        "Give one of them the role shown.",
                    )
        targets[name] = target
    if not any(target.role == "A" for target in targets.values()):
        raise InputError("No target has the role A, so nothing can be fitted.", None, file)
    return list(targets.values())


def fitted(targets: Iterable[Target], posterior: Posterior) -> list[Target]:
    """Targets that a posterior is fitted to."""
    return [target for target in targets if target.role in POSTERIORS[posterior]]


def held_out(targets: Iterable[Target], posterior: Posterior) -> list[Target]:
    """Targets that a posterior has not seen and is scored on."""
    scored = {"A", "B", "held_out"} - set(POSTERIORS[posterior])
    return [target for target in targets if target.role in scored]


class _Written(Section):
    """What the file says of a target; see `Target`."""

    moment: Line
    value: Number
    tolerance: Number
    unit: Annotated[str, choice(*UNITS)]
    role: Annotated[Role, choice(*ROLES)]
    source: Line
    scale: Annotated[Scale, choice(*SCALES)] = "plain"
    discrepancy: Number = 0.0
    figure: Line = ""
    note: Line = ""

    @model_validator(mode="after")
    def _can_be_held_against_a_run(self) -> Self:
        if not self.tolerance > 0:
            raise fault(
                f"A tolerance of {self.tolerance:g} is no standard deviation.",
                "Write a number above 0.",
                ("tolerance",),
            )
        if self.discrepancy < 0:
            raise fault(
                f"A discrepancy of {self.discrepancy:g} is negative.",
                "Write 0 or more.",
                ("discrepancy",),
            )
        wrong = self.value <= 0 if self.scale == "log" else not 0 < self.value < 1
        if self.scale != "plain" and wrong:
            raise fault(f"{self.value:g} has no {self.scale}.", "Write `scale: plain`.", ("value",))
        return self
