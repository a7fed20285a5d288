"""What a sweep file may say: its keys, their meaning and their defaults."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, TypeAdapter, WithJsonSchema, model_validator
from pydantic.json_schema import GenerateJsonSchema

from fupin.errors import IN_FILE, InputError
from fupin.parameters.distribution import WrittenDistribution
from fupin.results.draws import Draw, parse_draws, parse_seeds
from fupin.scenario import amounts, library
from fupin.scenario.fields import Checked, ScenarioName, Section, Switch, choice, whole
from fupin.scenario.json_schema import allow_null
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import SampleField
from fupin.sweeps.designs import DESIGNS
from fupin.yaml.faults import fault
from fupin.yaml.fields import Line
from fupin.yaml.words import shown

MOST_POINTS = 1_000_000
MOST_STEPS = 10_000
SPEC_KEYS = ("values", "range", "distribution", "steps")

_FITS = {
    "points": ("sobol", "latin_hypercube"),
    "trajectories": ("morris",),
    "levels": ("morris",),
    "steps": ("grid",),
}
"""Key -> designs that it belongs to."""

_NEEDS = {"sobol": "points", "latin_hypercube": "points", "morris": "trajectories"}
"""Design -> the key that says how many points it has."""


def in_table(value: Any) -> Any:
    """A factor's value as it stands in a table: an amount such as `30.54 million` is its yuan."""
    if isinstance(value, str):
        try:
            return amounts.parse_yuan(value, a_year=True)
        except amounts.AmountError:
            return value
    return value


def is_number(value: Any) -> bool:
    """True for numbers, and not for switches."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _known_as(value: Any) -> Any:
    """What two ways of writing one value have in common: 2000万 and 20 million."""
    found = in_table(value)
    return ("number", float(found)) if is_number(found) else (type(found).__name__, repr(found))


def _read_values(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise fault("Values are a list.", "Write [...], or `- ` lines.")
    if not value:
        raise fault("This is an empty list.", "Name at least one value.")
    seen: dict[Any, Any] = {}
    for place, item in enumerate(value):
        known = _known_as(item)
        if known in seen:
            before = shown(seen[known])
            raise fault(
                f"{shown(item)} stands twice."
                if shown(item) == before
                else f"{shown(item)} stands twice (it is {before}).",
                "Keep one.",
                (place,),
            )
        seen[known] = item
    return value


def _read_range(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise fault(f"{shown(value)} is not a list of 2 numbers.", "Write [0.2, 0.6], say.")
    ends = []
    for place, item in enumerate(value):
        found = in_table(item)
        if not is_number(found) or not math.isfinite(found):
            raise fault(f"{shown(item)} is not a number.", "Write one such as 0.4.", (place,))
        ends.append(float(found))
    if not ends[0] < ends[1]:
        raise fault(
            f"[{ends[0]:g}, {ends[1]:g}] does not rise.", "Write the lower number first."
            if ends[0] > ends[1] else "Write two different numbers, or one value without `range`."
        )  # fmt: skip
    return ends[0], ends[1]


_ENDS = {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 2, "maxItems": 2}
_LAW = TypeAdapter(WrittenDistribution)

_Values = Annotated[list[Any], Checked(_read_values, {"type": "array", "minItems": 1})]
_Range = Annotated[tuple[float, float], Checked(_read_range, _ENDS)]
_Law = Annotated[
    WrittenDistribution | Literal["prior"],
    Checked(lambda said: said if said == "prior" else _LAW.validate_python(said)),
]


class FactorSpec(Section):
    """What a factor can be: one of values, a range and a distribution."""

    values: _Values | None = Field(
        default=None, description="A list; one value is the same at every point."
    )
    range: _Range | None = Field(
        default=None, description="Least and largest value: [15 million, 90 million]."
    )
    distribution: _Law | None = Field(
        default=None, description="prior, or {uniform: [0.5, 0.7]} and the like."
    )
    steps: Annotated[int, whole(1, MOST_STEPS, "")] = Field(
        default=0, description="Into how many values a grid divides a range or a distribution."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        said = (self.values, self.range, self.distribution)
        if sum(one is not None for one in said) != 1:
            raise fault(
                "A factor needs one of values, range and distribution.",
                "Write {range: [0.2, 0.6]}, say.",
            )
        if self.steps and self.values is not None:
            raise fault(
                "Steps divide a range, not a list of values.", "Delete it.", ("steps",), of_key=True
            )
        return self


def _read_spec(value: Any) -> FactorSpec:
    if isinstance(value, dict) and set(value) & set(SPEC_KEYS):
        return FactorSpec.model_validate(value)
    return FactorSpec(values=_read_values(value) if isinstance(value, list) else [value])


def _read_factors(value: Any) -> Any:
    if not isinstance(value, (dict, list)) or not value:
        raise fault(
            "nothing is varied.", "Write lines such as `register.review_probability: [0.3, 0.4]`."
        )
    if isinstance(value, dict):
        return _SPECS.validate_python(value)
    for place, point in enumerate(value):
        if not isinstance(point, dict) or not point:
            raise fault(
                "a point of a list is a mapping.", "Write `- {PATH: VALUE, ...}`.", (place,)
            )
    return value


_SOME = Field(min_length=1)
_Whole = Annotated[
    dict[str, Any],
    WithJsonSchema({"type": "object", "propertyNames": {"not": {"enum": list(SPEC_KEYS)}}}),
]
_Spec = Annotated[
    FactorSpec | Annotated[list[Any], _SOME] | _Whole | str | float | bool | None,
    Checked(_read_spec),
]
_Point = Annotated[dict[str, Any], _SOME]
_SPECS = TypeAdapter(dict[str, _Spec])
_Factors = Annotated[
    Annotated[dict[str, _Spec], _SOME] | Annotated[list[_Point], _SOME],
    Checked(_read_factors),
]


def _read_file(value: Any) -> str:
    if not isinstance(value, str):
        raise fault(f"{shown(value)} names no scenario.", "Write a file's name.")
    return value


def _read_plans(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) < 2:
        raise fault(
            "This is not a list of two or more scenarios.",
            f"Write [{library.DOCUMENT}, my-plan.yaml]; one alone is `scenario`.",
        )
    return value


def _read_seeds(value: Any) -> list[int]:
    text = ",".join(map(str, value)) + "," if isinstance(value, list) else str(value)
    try:
        return parse_seeds(text, IN_FILE)
    except InputError as error:
        raise fault(error.message, "Write 5, '3,7-9' or [3, 7].") from None


def _read_draws(value: Any) -> list[Draw]:
    try:
        return parse_draws(str(value), IN_FILE)
    except InputError as error:
        raise fault(error.message, error.instead) from None


def _read_name(value: Any) -> str:
    """A name such as 2009 needs no quotes."""
    return _NAME.validate_python(str(value) if is_number(value) else value)


_NAME: TypeAdapter[str] = TypeAdapter(ScenarioName)
_Name = Annotated[str, Checked(_read_name, {"type": ["string", "number"]})]
_File = Annotated[str, Checked(_read_file, {"type": "string"})]
_Seeds = Annotated[list[int], Checked(_read_seeds, {"type": ["integer", "string", "array"]})]
_Draws = Annotated[list[Draw], Checked(_read_draws, {"type": ["integer", "string"]})]


class SweepFile(Section):
    """A sweep: many runs of a scenario in which some values are varied."""

    name: _Name | None = Field(
        default=None, description="Names the results; the file's own name if absent."
    )
    title: Line | None = Field(default=None, description="One line for people.")
    title_zh: Line = Field(default="", description="The title in Chinese.")
    description: Line = Field(default="", description="What the sweep is about.")
    description_zh: Line = Field(default="", description="The same in Chinese.")
    scenario: _File | None = Field(
        default=None, description="The scenario that is varied: a file beside it, or fupin:NAME."
    )
    plans: Annotated[list[_File], BeforeValidator(_read_plans)] | None = Field(
        default=None, description="In the place of a scenario: two or more, under the same points."
    )
    balance: Annotated[str, choice(*PROGRAMME_KEYS)] | None = Field(
        default=None, description="This programme gives what the factors take, as in a plan."
    )
    factors: _Factors = Field(
        description="What is varied: paths of a scenario or parameters, with values; or a list of "
        "points, each a mapping of paths to values."
    )
    design: Annotated[str, choice(*DESIGNS)] | None = Field(
        default=None, description="Which combinations are run; grid, or list for a list of points."
    )
    points: Annotated[int, whole(1, MOST_POINTS, "")] | None = Field(
        default=None, description="How many points, of the designs sobol and latin_hypercube."
    )
    trajectories: Annotated[int, whole(1, 10_000, "")] | None = Field(
        default=None, description="How many trajectories, of the design morris."
    )
    levels: Annotated[int, whole(2, 1000, "")] | None = Field(
        default=None, description="Into how many values the design morris divides a range: 4."
    )
    steps: Annotated[int, whole(2, MOST_STEPS, "")] | None = Field(
        default=None, description="Into how many values a grid divides every range."
    )
    seeds: _Seeds | None = Field(
        default=None, description="As --seeds: 5, '3,7-9' or [3, 7]; 1 if absent."
    )
    draws: _Draws | None = Field(
        default=None, description="As --draws: central, 20 or prior:20; central if absent."
    )
    sample: SampleField | None = Field(
        default=None, description="Replaces the sample of the scenario's population."
    )
    twins: Switch = Field(
        default=True, description="Whether each run lives its twins; off takes half the time."
    )

    @property
    def kind(self) -> str:
        """The design: what the file says, or what its factors look like."""
        return self.design or ("list" if isinstance(self.factors, list) else "grid")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.scenario is None and self.plans is None:
            raise fault("`scenario` is missing.", f"Add `scenario: {library.DOCUMENT}`, say.")
        if self.scenario is not None and self.plans is not None:
            raise fault(
                "A sweep has a scenario or plans, not both.", "Keep one.", ("plans",), of_key=True
            )
        if isinstance(self.factors, list) and self.kind != "list":
            raise fault(
                f"A list of points is `design: list`, not {self.kind}.",
                "Write `design: list`, or delete the line.",
                ("design",),
            )
        for key, designs in _FITS.items():
            if getattr(self, key) is not None and self.kind not in designs:
                raise fault(
                    f"{key} belongs to {' and '.join(designs)}, not to {self.kind}.",
                    f"Delete it, or write `design: {designs[0]}`.",
                    (key,),
                )
        needed = _NEEDS.get(self.kind)
        if needed is not None and getattr(self, needed) is None:
            raise fault(f"`{needed}` is missing.", f"Add `{needed}: 64`, say.")
        return self


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of one sweep file, for editors."""
    schema = SweepFile.model_json_schema(by_alias=True)
    for section in (schema, *schema["$defs"].values()):
        for key, field in section["properties"].items():
            if key not in section.get("required", ()):
                allow_null(field)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "fupin sweep"}
