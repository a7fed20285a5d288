"""Programmes of a plan's own: who gets what, how much, when, and with what effect.

    programmes:
      bee_keeping:
        kind: asset
        title: Two hives for each poor household
        budget: 20 million
        unit_cost: 1,500 yuan
        who: poorest_by_card
        counties: [Laiyuan, 涞源县]
        effect: {value: 1.1, after: 8, risk: 0.15, source: "county bureau, 40 households in 2007"}

An effect is the word of whoever wrote the plan: it needs a source, has a grade, and is shown as the
plan's own. Where money itself is what helps (`transfer`, `subsidy`, `loan`) there is none to say.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from fupin.parameters.parameter import GRADES
from fupin.scenario.faults import fault
from fupin.scenario.fields import Section, choice, number, text, whole
from fupin.scenario.programme_catalogue import KINDS
from fupin.scenario.targeting import ChoosesHouseholds

MOST = 15
"""Programmes of its own that a plan can have: `reached` has no room for more."""

WITH_EFFECT = {"course": (-0.5, 0.5), "asset": (0.0, 10.0), "works": (-0.5, 0.5)}
"""Kinds whose effect the plan says -> least and most."""

MEANING = {
    "course": "log points of what the home's farm yields",
    "asset": "worth in use of a yuan of assets",
    "works": "log points of income of the village's households",
}
"""What the effect of a kind is, in words."""

UNIT = {
    "transfer": "yuan a month for a person (or household)",
    "subsidy": "yuan a year for a mu of land (or a person, or a household)",
    "course": "yuan for a person taught",
    "asset": "yuan of assets for a household",
    "loan": "yuan of a loan",
    "works": "yuan for a village",
}
"""What `unit_cost` is of each kind."""

_ONLY = {
    "per": ("transfer", "subsidy"),
    "months": ("transfer", "loan"),
    "interest": ("loan",),
}
"""Keys that some kinds alone have."""


class Effect(Section):
    """What a programme of the plan's own does, and how that is known."""

    value: Annotated[float, number(-0.5, 10)] = Field(
        description="Of a course or works: log points of income; of an asset: worth of a yuan."
    )
    source: Annotated[str, text(500)] = Field(description="Where the number is from, in words.")
    grade: Annotated[str, choice(*GRADES)] = Field(
        default="assumption", description="How well it is known: assumption if nothing is said."
    )
    after: Annotated[int, whole(0, 60, "months")] = Field(
        default=0, description="Months from the payment to the effect (assets, works)."
    )
    fades: Annotated[float, number(0, 1)] = Field(
        default=0.0, description="Part that is gone after each year (courses, works)."
    )
    risk: Annotated[float, number(0, 0.95)] = Field(
        default=0.0, description="Probability in a year that an asset fails."
    )

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if len(self.source.strip()) < 3:
            raise fault(
                "An effect without a source is a number from nowhere.",
                'Say where it is from: source: "our survey of 2008", or "a guess".',
                ("source",),
            )
        return self


class OwnProgramme(ChoosesHouseholds):
    """A programme that the plan makes up, of one of a few kinds."""

    kind: Annotated[str, choice(*KINDS)] = Field(description="What it gives: " + ", ".join(KINDS))
    title: Annotated[str, text(200)] = Field(default="", description="One line for people.")
    effect: Effect | None = Field(
        default=None, description="What it does, of a course, an asset or works."
    )
    per: Annotated[str, choice("person", "household", "mu")] | None = Field(
        default=None, description="What `unit_cost` is paid for (transfer, subsidy)."
    )
    months: Annotated[int, whole(1, 60, "months")] | None = Field(
        default=None, description="Payments in a year (transfer), or months of a loan."
    )
    interest: Annotated[float, number(0, 1)] | None = Field(
        default=None, description="Interest of a loan in a year."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        kind = self.kind
        if self.unit_cost is None:
            raise fault("How much it is, is not said.", f"Add `unit_cost`, {UNIT[kind]}.")
        for name, kinds in _ONLY.items():
            if getattr(self, name) is not None and kind not in kinds:
                raise fault(
                    f"A programme of kind {kind} has no `{name}`.", f"Delete `{name}`.", (name,),
                    of_key=True,
                )  # fmt: skip
        if self.per == "mu" and kind != "subsidy":
            raise fault("Land is paid for by a subsidy.", "Write `kind: subsidy`.", ("per",))
        if kind == "transfer" and (self.months or 0) > 12:
            raise fault("A year has 12 payments.", "Write 1 to 12.", ("months",))
        if kind == "works" and self.who not in (None, "listed_village", "all"):
            raise fault(
                "Works are for whole villages.", "Write `who: all`, or delete it.", ("who",)
            )
        self._check_effect()
        return self

    def _check_effect(self) -> None:
        kind = self.kind
        if kind not in WITH_EFFECT:
            if self.effect is not None:
                raise fault(
                    f"What a {kind} does is the money itself.", "Delete `effect`.", ("effect",),
                    of_key=True,
                )  # fmt: skip
            return
        if self.effect is None:
            raise fault(
                f"What a programme of kind {kind} does is not said.",
                f"Add `effect: {{value: ..., source: ...}}`, {MEANING[kind]}.",
            )
        least, most = WITH_EFFECT[kind]
        if not least <= self.effect.value <= most:
            raise fault(
                f"{self.effect.value:g} {MEANING[kind]} is out of range.",
                f"Write {least:g} to {most:g}.",
                ("effect", "value"),
            )
        for name, kinds in (("after", ("asset", "works")), ("fades", ("course", "works")),
                            ("risk", ("asset",))):  # fmt: skip
            if getattr(self.effect, name) and kind not in kinds:
                raise fault(
                    f"The effect of a {kind} has no `{name}`.", f"Delete `{name}`.",
                    ("effect", name), of_key=True,
                )  # fmt: skip

    @property
    def words(self) -> str:
        """For people: what it gives, what that does, and who says so."""
        said = f"{self.unit_cost:,} {UNIT[self.kind]}"
        if self.effect is None:
            return said
        return (
            f"{said}; effect {self.effect.value:g}, {MEANING[self.kind]} "
            f"({self.effect.grade}: {' '.join(self.effect.source.split())})"
        )
