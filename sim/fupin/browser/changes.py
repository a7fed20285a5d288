"""What a user of the page has changed in a scenario, and the scenario file that says so.

The page lives exactly what the file would say: changes become the text of a file that extends the
scenario, and the scenario loader reads that text. So a plan that is saved is the plan that was
seen, and a mistake has the loader's one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fupin.scenario.county_money import CountyMoney
from fupin.scenario.dump import to_yaml
from fupin.scenario.load import Resolved, resolve_text
from fupin.scenario.programme_settings import amount_in
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import fiscal_year_of, span_of
from fupin.scenario.starter import reference

UNSAVED = "changed-plan"
"""Name of a plan that has not been saved."""

DROUGHT = "drought_of_the_page"
"""Name of the drought that the page adds to the scenario's own shocks."""


@dataclass(frozen=True)
class DroughtChange:
    """A drought in one prefecture.

    Attributes:
        prefecture: its English name.
        start: first month, YYYY-MM.
        months: how many.
        severity: 0 to 1.
    """

    prefecture: str
    start: str
    months: int = 4
    severity: float = 0.4


@dataclass(frozen=True)
class Changes:
    """What differs from the scenario file; None and empty: nothing.

    Attributes:
        budgets: programme -> yuan a fiscal year; 0 switches it off. Of a budget that differs by
            year the largest is given, and all amounts scale alike.
        switches: `counting`, `weather`, `growth`, `household_shocks`, `recognition` -> value.
        shocks_off: names of the scenario's own shocks that do not happen.
        drought: one that is added.
        balance: the programme that keeps its class's total; at first the file's own.
    """

    budgets: Mapping[str, int] = field(default_factory=dict)
    switches: Mapping[str, Any] = field(default_factory=dict)
    shocks_off: frozenset[str] = frozenset()
    drought: DroughtChange | None = None
    balance: str | None = None

    @classmethod
    def none_of(cls, base: Resolved) -> Changes:
        """No changes: a budget that is changed is balanced as the file itself balances."""
        return cls(balance=base.balance.programme if base.balance else None)

    def with_budget(self, base: Scenario, key: str, yuan: int) -> Changes:
        """The same with another budget; the scenario's own amount is no change."""
        budgets = {k: v for k, v in self.budgets.items() if k != key}
        if yuan != largest_budget(base, key):
            budgets[key] = yuan
        return replace(self, budgets=budgets)

    def with_switch(self, base: Scenario, name: str, value: Any) -> Changes:
        """The same with another value of a switch; the scenario's own value is no change."""
        switches = {k: v for k, v in self.switches.items() if k != name}
        if value != getattr(base, name):
            switches[name] = value
        return replace(self, switches=switches)

    @property
    def any(self) -> bool:
        """Whether the plan is another one; who absorbs changes makes none where there are none."""
        return replace(self, balance=None) != Changes()


def largest_budget(plan: Scenario, key: str) -> int:
    """Yuan of a fiscal year; of a budget that differs by year, the largest."""
    budget, starts = plan.programmes.of(key).budget, plan.fiscal_year_start
    if isinstance(budget, CountyMoney):
        budget = budget.total
    if not isinstance(budget, dict):
        return budget
    years = {fiscal_year_of(span_of(time, starts).first, starts) for time in budget}
    return max(amount_in(budget, year, starts) for year in years)


def scenario_text(
    base: Resolved, changes: Changes, file: Path, title: str = "", description: str = ""
) -> str:
    """The text of a scenario file that extends `base` and says the changes.

    Args:
        base: the scenario with the file that it comes from.
        file: where the text lies or will lie; its stem is the scenario's name.
        title: one line for people; the base's title if empty.
        description: what the plan is about.
    """
    plan = base.scenario
    own: dict[str, Any] = {
        "name": file.stem,
        "extends": reference(base.files[0], file),
        "title": title or plan.title,
    }
    if plan.title_zh and title in ("", plan.title):
        own["title_zh"] = plan.title_zh
    if description:
        own["description"] = description
    own |= changes.switches
    programmes = {
        key: _money(plan, key, changes.budgets[key])
        for key in PROGRAMME_KEYS
        if key in changes.budgets
    }
    if programmes:
        own["programmes"] = programmes
    # An absorbing programme with an amount of its own, or with nothing to absorb, says nothing.
    if changes.balance and programmes and changes.balance not in programmes:
        own["balance"] = changes.balance
    shocks: dict[str, Any] = dict.fromkeys(sorted(changes.shocks_off))
    if (drought := changes.drought) is not None:
        where: dict[str, Any] = {"prefectures": [drought.prefecture], "from": drought.start}
        shocks[DROUGHT] = {
            "drought": where | {"months": drought.months, "severity": drought.severity}
        }
    if shocks:
        own["shocks"] = shocks
    return to_yaml(own)


def _money(plan: Scenario, key: str, yuan: int) -> Any:
    budget = plan.programmes.of(key).budget
    if yuan == 0:
        return "off"
    if isinstance(budget, CountyMoney):
        if budget.by_time or not budget.total:
            return {"budget": yuan}
        return {"budget": budget.scaled(yuan).written()}
    if isinstance(budget, dict) and any(budget.values()):
        scale = yuan / largest_budget(plan, key)
        return {"budget": {time: round(amount * scale) for time, amount in budget.items()}}
    return {"budget": yuan}


def changed(base: Resolved, changes: Changes, folder: Path) -> Scenario:
    """The scenario with the changes.

    Args:
        folder: where it would be saved.

    Raises:
        InputError: the loader does not take it.
    """
    if not changes.any:
        return base.scenario
    file = folder / f"{UNSAVED}.yaml"
    text = scenario_text(base, changes, file, description=base.scenario.description)
    return resolve_text(text, file).scenario
