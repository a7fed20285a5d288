"""By what rule a programme's money is split among counties: `share:` of a plan.

    share: equal
    share: {by: registered, floor: 0.5 million, cap: 8 million}
    share: {by: formula, weights: {registered: 0.6, rural_people: 0.2, listed_villages: 0.2}}

`floor` and `cap` are yuan a fiscal year of each county that is served, or amounts by place. What a
formula weighs are columns of counties: each county gets, of the part of a column's weight, its part
of that column's sum, as the "factor method" of the poverty funds does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import PydanticCustomError

from fupin.scenario import amounts, places
from fupin.scenario.amounts import format_yuan
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked, choice, number
from fupin.yaml.words import guess_or_list, shown

RULES: dict[str, str] = {
    "registered": "registered poor",
    "income_poor": "people with reported income under the line",
    "rural_people": "rural people",
    "equal": "equal parts",
    "need": "what is left to do",
    "formula": "a formula",
}
"""Rule -> what counties are split by, in words."""

COLUMNS: dict[str, str] = {
    **{name: words for name, words in RULES.items() if name != "formula"},
    "rural_households": "rural households",
    "rural_residents": "rural residents of the census",
    "residents": "residents of the census",
    "villages": "villages",
    "listed_villages": "listed villages",
    "migrants": "rural people away at least half a year",
    "area_km2": "area",
    "remoteness": "remoteness",
    "reachable_people": "rural people x (1 - remoteness)",
    "key": "key counties",
    "old_base": "old revolutionary bases",
    "minority": "minority counties",
    "border": "counties at the border of the capital region",
}
"""Columns of counties that a formula may weigh -> their meaning."""

OF_A_PROGRAMME: dict[str, str] = {
    "village_advancement": "need",
    "rural_works": "need",
    "relocation": "need",
    "mutual_funds": "need",
    "paired_assistance": "need",
    "project_management": "need",
    "works": "need",
    "integrated_funds": "equal",
    "enterprise_projects": "formula",
}
"""The rule of a programme's own where it is not `registered`; see the head of each module."""

OWN_FORMULA = (("reachable_people", 1.0),)
"""Weights of the one programme whose own rule is a formula, `enterprise_projects`."""

_EXAMPLE = "share: {by: formula, weights: {registered: 0.6, rural_people: 0.4}}"
_KEYS = ("by", "weights", "floor", "cap")

ByPlace = int | tuple[tuple[int, int], ...]
"""Yuan of every county, or pairs of a county's code and its yuan, by code."""


@dataclass(frozen=True)
class Share:
    """A rule that splits money among the counties that a programme serves.

    Attributes:
        by: one of RULES.
        weights: pairs of a column and its weight, above 0; those of a formula alone.
        floor: yuan that a county gets at least in a fiscal year, if the money goes so far.
        cap: yuan that a county gets at most; None where nothing is said.
    """

    by: str
    weights: tuple[tuple[str, float], ...] = ()
    floor: ByPlace = 0
    cap: ByPlace | None = None

    @property
    def bounded(self) -> bool:
        """Whether it has a floor or a cap."""
        return bool(self.floor) or self.cap is not None

    @property
    def words(self) -> str:
        """For people: `registered poor, at least 500,000 yuan a county`."""
        words = RULES[self.by]
        if self.by == "formula":
            total = sum(weight for _, weight in self.weights)
            words = " + ".join(
                f"{100 * weight / total:.4g}% {COLUMNS[name]}" if weight < total else COLUMNS[name]
                for name, weight in self.weights
            )
        if self.floor:
            words += f", at least {_bound_words(self.floor)}"
        if self.cap is not None:
            words += f", at most {_bound_words(self.cap)}"
        return words

    def least(self, code: int) -> int:
        """Floor of a county, yuan."""
        return self.floor if isinstance(self.floor, int) else dict(self.floor).get(code, 0)

    def most(self, code: int) -> int | None:
        """Cap of a county, yuan; None where it has none."""
        if self.cap is None or isinstance(self.cap, int):
            return self.cap
        return dict(self.cap).get(code)


def _bound_words(bound: ByPlace) -> str:
    if isinstance(bound, int):
        return f"{format_yuan(bound)} a county"
    index = places.county_index()
    by_yuan: dict[int, list[int]] = {}
    for code, yuan in bound:
        by_yuan.setdefault(yuan, []).append(code)
    return " and ".join(
        f"{format_yuan(yuan)} in {index.describe(codes)}" for yuan, codes in by_yuan.items()
    )


def own_rule(key: str, who: str | None = None, perfect: bool | None = None) -> Share:
    """The rule that a programme follows where a plan says none.

    Args:
        key: of the programme.
        who, perfect: of cash alone, whose money follows its list.
    """
    key = key.partition("/")[0]
    by = OF_A_PROGRAMME.get(key, "registered")
    if key == "cash_transfer":
        by = {"poorest": "need", "all": "rural_people"}.get(who or "", by)
        by = "need" if perfect else by
    return Share(by, OWN_FORMULA if by == "formula" else ())


# -- reading and writing -------------------------------------------------------------------------


def read_share(value: Any) -> Share:
    """A rule as it is written in a plan; a fault says what is wrong and what to write instead."""
    if isinstance(value, Share):
        return value
    if isinstance(value, str):
        by = _read_at(choice(*RULES), value, ())
        if by == "formula":
            raise fault("A formula needs weights.", f"Write `{_EXAMPLE}`, say.")
        return Share(by)
    if not isinstance(value, Mapping):
        raise fault(
            f"{shown(value)} is no rule to split money by.",
            f"Write {', '.join(r for r in RULES if r != 'formula')}, or `{_EXAMPLE}`.",
        )
    for key in value:
        if key not in _KEYS:
            raise fault("unknown key.", guess_or_list(str(key), _KEYS), (str(key),), of_key=True)
    said = {key: item for key, item in value.items() if item is not None}
    if "by" not in said and "weights" not in said:
        raise fault(
            "It is not said by what the money is split.",
            "Add `by: registered`, say; floor and cap only bound it.",
        )
    by = _read_at(choice(*RULES), said.get("by", "formula"), ("by",))
    weights = _read_weights(by, said.get("weights"))
    floor = 0 if "floor" not in said else _read_bound(said["floor"], "floor")
    cap = None if "cap" not in said else _read_bound(said["cap"], "cap")
    share = Share(by, weights, floor, cap)
    _floors_fit_caps(share)
    return share


def _read_at(checked: Checked, value: Any, at: tuple[str, ...]) -> Any:
    """A value by a check of a field, with its place in the rule."""
    try:
        return checked.read(value)
    except PydanticCustomError as error:
        context = error.context or {}
        raise fault(context["text"], context["instead"], at) from None


def _read_weights(by: str, value: Any) -> tuple[tuple[str, float], ...]:
    if by != "formula":
        if value is not None:
            raise fault(
                f"Only a formula has weights; the money is split by {by}.",
                "Write `by: formula`, or delete `weights`.",
                ("weights",),
                of_key=True,
            )
        return ()
    if not isinstance(value, Mapping) or not value:
        raise fault("A formula needs weights.", f"Write `{_EXAMPLE}`, say.", ("weights",))
    found: dict[str, float] = {}
    for name, weight in value.items():
        if name not in COLUMNS:
            raise fault(
                f"{shown(name)} is no column of counties.",
                guess_or_list(str(name), COLUMNS),
                ("weights", str(name)),
                of_key=True,
            )
        if weight is None:  # null takes away one that is inherited
            continue
        found[str(name)] = _read_at(number(0, 1e6), weight, ("weights", str(name)))
    kept = tuple((name, weight) for name, weight in found.items() if weight > 0)
    if not kept:
        raise fault("All weights are 0.", "Give one column a weight above 0.", ("weights",))
    return kept


def _read_bound(value: Any, key: str) -> ByPlace:
    if not isinstance(value, Mapping):
        return _yuan(value, (key,))
    index, found = places.county_index(), dict[int, int]()
    for name, amount in value.items():
        if amount is None:
            continue
        try:
            codes = index.counties(name)
        except places.PlaceError as error:
            raise fault(str(error), error.instead, (key, str(name)), of_key=True) from None
        for code in codes:
            if code in found:
                raise fault(
                    f"{index.title(code)} has two amounts.",
                    "Name each county once.",
                    (key, str(name)),
                    of_key=True,
                )
            found[code] = _yuan(amount, (key, str(name)))
    if not found:
        raise fault("No county has an amount.", f"Name one, or delete `{key}`.", (key,))
    return tuple(sorted(found.items()))


def _yuan(value: Any, at: tuple[str, ...]) -> int:
    try:
        return amounts.parse_yuan(value)
    except amounts.AmountError as error:
        raise fault(str(error), error.instead, at) from None


def _floors_fit_caps(share: Share) -> None:
    # A county that neither names has the plain amounts.
    named = [dict(bound) for bound in (share.floor, share.cap) if isinstance(bound, tuple)]
    for code in [*sorted({code for bound in named for code in bound}), 0]:
        most = share.most(code)
        if most is not None and share.least(code) > most:
            least, cap = format_yuan(share.least(code)), format_yuan(most)
            raise fault(
                f"The floor of {places.county_index().title(code)}, {least}, is more than the cap, "
                f"{cap}."
                if code
                else f"The floor, {least}, is more than the cap, {cap}.",
                "Lower the floor or raise the cap.",
                ("floor",),
            )


def write_share(share: Share | None) -> Any:
    """A rule as plain data, which `read_share` takes back."""
    if share is None:
        return None
    if share.by != "formula" and not share.bounded:
        return share.by
    written: dict[str, Any] = {"by": share.by}
    if share.weights:
        written["weights"] = dict(share.weights)
    for key, bound in (("floor", share.floor), ("cap", share.cap)):
        if isinstance(bound, tuple):
            written[key] = {str(code): yuan for code, yuan in bound}
        elif bound:
            written[key] = bound
    if share.cap == 0:
        written["cap"] = 0
    return written


def refuse_floors(
    path: tuple[str, ...],
    share: Share | None,
    codes: tuple[int, ...] | None,
    budgets: Mapping[int, int],
) -> None:
    """Raise a fault where floors of named counties come to more than the money of a year.

    Args:
        path: where the programme stands in the file.
        share: its rule.
        codes: counties that the plan names; None where the programme chooses them itself.
        budgets: yuan by fiscal year.
    """
    if share is None or not share.floor:
        return
    by_place = () if isinstance(share.floor, int) else tuple(dict(share.floor))
    named = by_place if codes is None else codes
    total = sum(share.least(code) for code in named)
    for year, yuan in budgets.items():
        if 0 < yuan < total:
            raise fault(
                f"The floors of its counties come to {format_yuan(total)}, more than the "
                f"{format_yuan(yuan)} of {year}.",
                "Lower the floors, or raise the budget.",
                (*path, "share", "floor"),
            )


def refuse_two_splits(path: tuple[str, ...], share: Share | None, by_county: bool) -> None:
    """Raise a fault where a plan says a rule for money that it gives county by county.

    Args:
        path: where the programme stands in the file.
        share: its rule.
        by_county: whether its budget says the money of each county.
    """
    if share is not None and by_county:
        raise fault(
            "The budget says the money of each county, so there is nothing left to split.",
            "Write `share: null`, or one budget for all counties.",
            (*path, "share"),
            of_key=True,
        )


_AMOUNT = {"type": ["integer", "string"]}
_BOUND = {"anyOf": [_AMOUNT, {"type": "object", "additionalProperties": _AMOUNT}]}
ShareField = Annotated[
    Share,
    Checked(
        read_share,
        {
            "anyOf": [
                {"enum": [rule for rule in RULES if rule != "formula"]},
                {
                    "type": "object",
                    "properties": {
                        "by": {"enum": list(RULES)},
                        "weights": {
                            "type": "object",
                            "properties": {
                                name: {"type": "number", "minimum": 0} for name in COLUMNS
                            },
                            "additionalProperties": False,
                        },
                        "floor": _BOUND,
                        "cap": _BOUND,
                    },
                    "additionalProperties": False,
                },
            ]
        },
        write_share,
    ),
]
