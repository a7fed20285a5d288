"""Switches of policy that act from a month of the plan on; history is never rewritten by them.

    switches:
      review:      {2010-01: off, 2011-01: on}   # no review of the register in 2010
      disclosure:  {2009-07: off}
      recognition: {2010-01: off}

`review`: the yearly review of the register in December; without it nobody enters or leaves the list
but by birth, death and departure. `recognition`: whether a household that a programme meets may be
re-assessed at that review; before the first month that is named it is what `recognition` of the
scenario says. `disclosure`: whether projects, amounts and recipients are posted and supervised;
off, openness is none at all, which raises losses and favours (`fupin.state.openness`).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked, Section
from fupin.scenario.months import PATTERN, Month, MonthError, parse_month
from fupin.yaml.words import shown

Times = dict[str, bool]
"""Month (2010-01) from which a switch is on or off -> which of them; in order."""

DECEMBER = ("review", "recognition")
"""Switches that are looked at in December alone, when the register is reviewed."""


def _read_times(value: Any) -> Times:
    if not isinstance(value, dict):
        raise fault(
            f"{shown(value)} does not say from which month on.", "Write {2010-01: off}, say."
        )
    found: Times = {}
    for time, state in value.items():
        if state is None:  # null takes an inherited month away
            continue
        try:
            month = str(parse_month(time))
        except MonthError as error:
            raise fault(str(error), error.instead, (str(time),), of_key=True) from None
        if not isinstance(state, bool):
            raise fault(f"{shown(state)} is not a switch.", "Write on or off.", (str(time),))
        if month in found:
            raise fault(f"{month} is there twice.", "Keep one.", (str(time),), of_key=True)
        found[month] = state
    return dict(sorted(found.items()))


SwitchTimes = Annotated[
    Times,
    Checked(
        _read_times,
        {
            "type": "object",
            "patternProperties": {PATTERN: {"enum": [True, False, "on", "off", "yes", "no", None]}},
            "additionalProperties": False,
        },
    ),
]


class Switches(Section):
    """What is on and off from which month."""

    review: SwitchTimes = Field(
        default={}, description="The yearly review of the register, in December."
    )
    disclosure: SwitchTimes = Field(
        default={}, description="Posting and supervision of projects, amounts and recipients."
    )
    recognition: SwitchTimes = Field(
        default={}, description="Re-assessment of households that a programme meets."
    )

    def state(self, name: str, month: Month, before: bool) -> bool:
        """Whether a switch is on in a month.

        Args:
            name: of the switch.
            month: the month.
            before: what it is before the first month that is named.
        """
        times: Times = getattr(self, name)
        on = before
        for time, state in times.items():
            if time <= str(month):
                on = state
        return on


def refuse_switches_outside(switches: Switches, first: Month, last: Month) -> None:
    """Raise a fault where a switch has a month that is not lived under the plan."""
    for name in type(switches).model_fields:
        times: Times = getattr(switches, name)
        for time in times:
            if not str(first) <= time <= str(last):
                raise fault(
                    f"{time} is outside the months that are simulated, {first} to {last}.",
                    f"Write a month from {first} to {last}; switches do not rewrite history.",
                    ("switches", name, time),
                )
