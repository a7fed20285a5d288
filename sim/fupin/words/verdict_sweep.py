"""The verdict of a sweep: where along a factor true poverty is least, and from where it is flat.

Levels of a factor are compared as twins: runs with the same draw, seed and other factors. A design
whose points share no such runs has no comparison of points; it is for `fupin sensitivity`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.statistics.pairs import Grid, difference
from fupin.words import quantities
from fupin.words.judging import PRACTICAL, Estimate, Judged, judged
from fupin.words.quantities import bracketed
from fupin.words.verdict_ground import Luck, Speech, in_order, language, of_sample
from fupin.words.verdict_parts import Sentence, Verdict, fitting

POVERTY = "income_poor_years"
READ = (POVERTY, "lifted", "registered_poor_start", "spent")
"""Outcomes of the runs that a verdict needs; each may be missing."""

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class _Levels:
    """The levels of one factor, in order, and what runs under them found.

    Attributes:
        factor: its key.
        levels: numbers from low to high, or names as they come.
        grids: outcome -> level -> draws x (other factors and seeds); the same pairs under each.
    """

    factor: str
    levels: Sequence[Any]
    grids: Mapping[str, Mapping[Any, Grid]]

    @property
    def ordered(self) -> bool:
        """Whether levels are numbers."""
        return all(isinstance(level, (int, float)) for level in self.levels)

    def gain(self, level: Any, reference: Any, outcome: str = POVERTY) -> Estimate | None:
        """Less of an outcome at a level than at another; of `lifted` and `spent`, more."""
        grids = self.grids.get(outcome)
        if grids is None:
            return None
        sign = -1.0 if outcome == POVERTY else 1.0
        return Estimate.of(difference(sign * (grids[level] - grids[reference])))

    def judged(self, level: Any, reference: Any) -> Judged:
        """What is known of the difference in true poverty."""
        whole = float(np.nanmean(self.grids[POVERTY][reference]))
        return judged(self.gain(level, reference), whole)


def sweep_verdict(
    summary: Mapping[str, Any], factors: Sequence[str], runs: Columns, lang: str = "en"
) -> Verdict:
    """What a sweep says.

    Args:
        summary: content of its `summary.json`.
        factors: keys of what is varied.
        runs: columns of its runs: point, draw, seed, the factors, and those of `READ` that it has.
        lang: en or zh.

    Raises:
        InputError: there is no such language.
    """
    say = language(lang)
    names = [factor_name(say, key) for key in factors]
    shown = say.join(names) if len(names) <= 2 else say("sweep.many", n=len(names))
    counts = {"runs": say.number(summary["runs"]), "points": say.number(summary["points"])}
    vary = Sentence("effect", say("sweep.vary", factors=shown, **counts))
    found = next((one for key in factors if (one := _levels(key, factors, runs))), None)
    ends = [of_sample(say, summary.get("sample"))]
    if found is None:
        groups = [[vary], [Sentence("effect", say("sweep.unpaired"))], *ends]
        return Verdict(say.code, say("sweep.title.unpaired", **counts), fitting(in_order(groups)))
    year = str((summary.get("lived") or {}).get("horizon", ""))
    effects, title, best = _effect(say, found, year)
    luck = Luck(tuple(map(str, summary["draws"])), len(summary["seeds"]))
    certain = [one for one in luck.sentences(say) if one.kind == "warning"]
    groups = [[vary], effects, _rest(say, found, best), certain, *ends]
    judgement = found.judged(best, found.levels[0]) if best != found.levels[0] else None
    known = {} if judgement is None else {str(best): judgement}
    return Verdict(say.code, title, fitting(in_order(groups)), known)


def factor_name(say: Speech, key: str) -> str:
    """A factor in words: `the budget of skills training`, `register review probability`."""
    for programme in PROGRAMMES:
        if key == f"programmes.{programme.key}.budget":
            return say("sweep.factor.budget", programme=say.programme(programme))
    if key == "plan":
        return say("sweep.factor.plan")
    return key.removeprefix("programmes.").replace(".", " ").replace("_", " ")


def level_text(say: Speech, factor: str, level: Any) -> str:
    """A level in words; budgets are money."""
    if isinstance(level, (int, float)) and not isinstance(level, bool):
        if factor.endswith(".budget"):
            return quantities.exact_yuan(say, float(level))
        return f"{level:,.6g}"
    return str(level)


def _levels(factor: str, factors: Sequence[str], runs: Columns) -> _Levels | None:
    """The levels of a factor whose runs are twins; None where there are none."""
    if POVERTY not in runs or factor not in runs:
        return None
    others = [key for key in factors if key != factor and key in runs]
    draws = list(dict.fromkeys(runs["draw"]))
    lucks: dict[tuple[Any, ...], int] = {}
    places: dict[Any, list[tuple[int, int, int]]] = {}
    columns = (runs[factor], runs["draw"], runs["seed"], *(runs[key] for key in others))
    number_of_draw = {draw: i for i, draw in enumerate(draws)}
    for row, (level, draw, *luck) in enumerate(zip(*columns, strict=True)):
        place = lucks.setdefault(tuple(luck), len(lucks))
        places.setdefault(level, []).append((row, number_of_draw[draw], place))
    levels = list(places)
    if len(levels) < 2:
        return None
    shape = (len(draws), len(lucks))
    if any(len(rows) != shape[0] * shape[1] for rows in places.values()):
        return None
    if all(isinstance(level, (int, float)) for level in levels):
        levels.sort()
    grids: dict[str, dict[Any, Grid]] = {}
    for outcome in READ:
        if outcome not in runs:
            continue
        values: npt.NDArray[np.float64] = np.array(
            [np.nan if v is None else v for v in runs[outcome]], np.float64
        )
        grids[outcome] = {}
        for level, rows in places.items():
            grid = np.full(shape, np.nan)
            for row, draw, place in rows:
                grid[draw, place] = values[row]
            grids[outcome][level] = grid
    return _Levels(factor, levels, grids)


def _effect(say: Speech, found: _Levels, year: str) -> tuple[list[Sentence], str, Any]:
    """Where true poverty is least, from where on it is flat; the title, and that level."""
    name, first = factor_name(say, found.factor), found.levels[0]
    means = {level: float(np.nanmean(found.grids[POVERTY][level])) for level in found.levels}
    best = min(found.levels, key=lambda level: means[level])
    flat = _flat_from(found, best) if found.ordered else None
    best = best if flat is None else flat
    reference = first if best != first else max(found.levels, key=lambda level: means[level])
    judgement = found.judged(best, reference)
    if judgement.direction != "better" or judgement.gain is None:
        title = say("sweep.title.none", factor=_capital(name))
        return [Sentence("effect", say("sweep.none", factor=name, year=year))], title, first
    level = level_text(say, found.factor, best)
    values = {"level": level, "year": year,
              "reference": level_text(say, found.factor, reference),
              "amount": quantities.amount(say, judgement.gain),
              "range": quantities.span(say, judgement.gain)}  # fmt: skip
    sentences = [Sentence("effect", say("sweep.best", **values))]
    if len(found.levels) > 2 and (flat is not None or (found.ordered and best == found.levels[-1])):
        text = say("sweep.rises" if flat is None else "sweep.flat", level=level)
        sentences.append(Sentence("effect", text))
    title = say("sweep.title.best", factor=_capital(name), level=level)
    return sentences, title, best


def _flat_from(found: _Levels, best: Any) -> Any | None:
    """The lowest level that is better than the first and that no higher one measurably exceeds.

    None where there is none up to the best one, or only the last, which nothing is above. A level
    that cannot be told from the first either is no place to stop: small steps that no runs can
    tell apart may together make a difference that they can.
    """
    first = found.levels[0]
    for number, level in enumerate(found.levels[1:-1], start=1):
        higher = found.levels[number + 1 :]
        if (
            level <= best
            and found.judged(level, first).direction == "better"
            and not any(found.judged(one, level).told for one in higher)
        ):
            return level
    return None


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _rest(say: Speech, found: _Levels, best: Any) -> list[Sentence]:
    """Register and money at the best level beside the first one."""
    first = found.levels[0]
    if best == first:
        return []
    reference, sentences = level_text(say, found.factor, first), []
    lifted = found.gain(best, first, "lifted")
    if lifted is not None and not lifted.nothing:
        register = found.grids.get("registered_poor_start", {}).get(first)
        told = judged(lifted, None if register is None else float(np.nanmean(register))).told
        shown = lifted if lifted.mean >= 0 or not told else -lifted
        key = "register_unclear" if not told else (
            "register" if lifted.mean > 0 else "register_less")  # fmt: skip
        text = say(f"sweep.{key}", reference=reference, amount=quantities.amount(say, shown),
                   range=bracketed(say, shown))  # fmt: skip
        sentences.append(Sentence("register", text))
    spent = found.gain(best, first, "spent")
    if spent is not None:
        all_money = float(np.nanmean(found.grids["spent"][first]))
        if abs(spent.mean) > PRACTICAL * abs(all_money):
            way = say("plan.more" if spent.mean > 0 else "plan.less")
            yuan = quantities.yuan_of(say, spent if spent.mean > 0 else -spent)
            text = say("sweep.money", reference=reference, yuan=yuan, way=way)
            sentences.append(Sentence("money", text))
    return sentences
