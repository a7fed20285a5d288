"""Money of a year split among counties by the rule of a plan (`fupin.scenario.shares`).

Where a plan says nothing a programme follows a rule of its own and nothing here acts. Floors and
caps hold to the yuan; floors that come to more than the money are cut in proportion, and money
above all caps reaches no county and stays unspent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.population.apportion import apportion
from fupin.scenario.shares import Share

if TYPE_CHECKING:
    from fupin.programmes.office import Office
    from fupin.world.world import World

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_LEAST_WEIGHT = 1e-9
"""Of the largest: below, money that the caps of all others keep back could not be shared out."""


def split(programme: Office[Any], yuan: int, own: npt.ArrayLike | None = None) -> Ints:
    """Yuan of each county, (counties,), by the plan's rule for a programme.

    Args:
        programme: whose money it is; its settings have a `share`.
        yuan: to be split.
        own: what the programme itself would split by, (counties,), for the rule `need` where that
            is its own; `Office.need_by_county` if not given.

    What caps keep back is noted with the programme (`kept_by_caps`), for the reason why it stays.
    """
    share = programme.settings.share
    assert share is not None
    weights = weights_of(programme, share, own)
    found = within_bounds(weights, yuan, *bounds(share, np.asarray(_codes(programme))))
    if share.cap is not None and bool((weights > 0).any()):
        programme.kept_by_caps = yuan - int(found.sum())
    return found


def split_part(programme: Office[Any], yuan: int, own: npt.ArrayLike) -> Ints:
    """The same for a part of the year's money that has weights of its own, (counties,).

    Floors and caps bound all money of a county: each part has its part of them. What caps keep back
    adds up over the parts of a year.
    """
    share = programme.settings.share
    assert share is not None
    floors, caps = bounds(share, np.asarray(_codes(programme)))
    part = yuan / programme.budget
    floors = np.floor(floors * part).astype(np.int64)
    if caps is not None:
        caps = np.floor(np.minimum(caps, programme.budget) * part).astype(np.int64)
    found = within_bounds(weights_of(programme, share, own), yuan, floors, caps)
    programme.kept_by_caps += 0 if caps is None else yuan - int(found.sum())
    return found


def weights_of(programme: Office[Any], share: Share, own: npt.ArrayLike | None = None) -> Floats:
    """Weights of counties by a rule, (counties,); `own` as of `split`.

    0 outside the counties served, and in a county without any village, where nobody could be met.
    """
    served = programme.serves & programme.counties_of(
        np.ones(len(programme.world.villages.id), bool)
    )
    if share.by != "formula":
        return np.where(served, column(programme, share.by, own), 0.0)
    out = np.zeros(served.size)
    total = sum(weight for _, weight in share.weights)
    for name, weight in share.weights:
        values = np.where(served, column(programme, name, own), 0.0)
        if (everything := values.sum()) > 0:  # a column that is 0 everywhere splits nothing
            out += weight / total * values / everything
    return out


def column(programme: Office[Any], name: str, own: npt.ArrayLike | None = None) -> Floats:
    """A column of counties, one of `fupin.scenario.shares.COLUMNS`, (counties,)."""
    world = programme.world
    table = world.frame.counties
    if name == "need":
        return np.asarray(programme.need_by_county() if own is None else own, np.float64)
    if name == "registered":
        return programme.registered_by_county().astype(np.float64)
    if name == "income_poor":
        return reported_poor(world)
    if name == "equal":
        return np.ones(len(table))
    rural = np.asarray(table.registered_rural, np.float64)
    known: dict[str, Any] = {
        "rural_people": rural,
        "rural_households": table.registered_households,
        "migrants": rural * table.migrant_share,
        "reachable_people": rural * (1.0 - np.asarray(table.remoteness, np.float64)),
        "key": np.asarray(table.key) > 0,
    }
    return np.asarray(known[name] if name in known else getattr(table, name), np.float64)


def reported_poor(world: World) -> Floats:
    """Persons whose income, as they report it to a survey this month, is under the line.

    True incomes no office knows. The incomes are those of the year last settled. (counties,)
    """
    below = world.perceive("survey") < columns.log_of(world.last_december.line)
    persons = np.where(below, world.households.size.astype(np.int64), 0)
    by_village = np.add.reduceat(persons, world.villages.offsets[:-1])
    return world.sum_by_county(by_village * world.villages.weight).astype(np.float64)


def bounds(share: Share, codes: npt.NDArray[np.integer]) -> tuple[Ints, Ints | None]:
    """Floor and cap of counties by their codes, yuan, (counties,); no cap is None."""
    floors = np.array([share.least(int(code)) for code in codes], np.int64)
    if share.cap is None:
        return floors, None
    free = np.iinfo(np.int64).max // 2
    caps = [share.most(int(code)) for code in codes]
    return floors, np.array([free if cap is None else cap for cap in caps], np.int64)


def within_bounds(weights: Floats, yuan: int, floors: Ints, caps: Ints | None) -> Ints:
    """Whole yuan in proportion to weights within bounds, (counties,).

    A county without weight gets nothing. The sum is `yuan`, or what the caps let through.
    """
    served = weights > 0
    out = np.zeros(weights.size, np.int64)
    if yuan == 0 or not served.any():
        return out
    weights = np.where(served, np.maximum(weights, _LEAST_WEIGHT * weights.max()), 0.0)
    least = np.where(served, floors, 0)
    most = np.where(served, yuan if caps is None else np.minimum(caps, yuan), 0)
    if least.sum() > yuan:
        least = apportion(least, yuan)
        most = np.maximum(most, least)
    given = min(yuan, _sum(most))
    bounded = caps is not None or bool(least.any())
    return (
        apportion(weights, given, lower=least, upper=most) if bounded else apportion(weights, given)
    )


def _sum(amounts: Ints) -> int:
    return sum(amounts.tolist())  # caps together may pass what an int64 holds


def _codes(programme: Office[Any]) -> npt.NDArray[np.integer]:
    return np.asarray(programme.world.frame.counties.code)
