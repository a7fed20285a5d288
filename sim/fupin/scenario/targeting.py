"""How households are chosen for a programme: `who:` of a plan.

Whoever chooses knows something and pays for knowing it: how well, and how much, are parameters
(`choosing.*`), each with its source. Nobody knows true incomes.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from fupin.scenario.fields import Checked, choice
from fupin.scenario.programme_settings import ProgrammeSettings

WAYS: dict[str, str] = {
    "registered": "those on the register, as committees prefer",
    "listed_village": "households of listed villages, as committees prefer",
    "poorest_by_card": "those on the register whose card says the lowest income",
    "proxy_test": "the poorest by a test of what can be seen of a household",
    "community": "the poorest as a meeting of their village ranks them",
    "all": "everybody, by lot",
}
"""Way of choosing -> in words."""

ON_CARDS = ("registered", "poorest_by_card")
"""Ways that choose among those on the register alone."""

RANKED = ("poorest_by_card", "proxy_test", "community")
"""Ways that rank households by what is seen of their incomes."""

CASH_WORDS = {"listed_village": "listed_villages"}
"""Cash had a word of its own for listed villages first, and keeps it."""

CASH = ("listed_villages", "registered", "poorest", "all", "poorest_by_card", "proxy_test",
        "community")  # fmt: skip
"""Whom cash may go to; `poorest` is the ranking of the minimum living allowance."""

WhoField = Annotated[str, choice(*WAYS)]


def _read_cash(value: Any) -> str:
    words = (*CASH, *CASH_WORDS)
    found: str = choice(*words).read(value)
    return CASH_WORDS.get(found, found)


CashWhoField = Annotated[str, Checked(_read_cash, {"enum": [*CASH, *CASH_WORDS]})]


class ChoosesHouseholds(ProgrammeSettings):
    """What a plan may say of every programme that chooses households."""

    who: WhoField | None = Field(
        default=None,
        description="How households are chosen: registered, listed_village, poorest_by_card, "
        "proxy_test, community or all; as the programme does it if not given.",
    )
