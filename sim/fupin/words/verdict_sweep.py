"""The verdict of a sweep: where along a factor true poverty is least, and from where it is flat.

Levels of a factor are compared as twins: runs with the same draw, seed and other factors, of which
the mean counts (`fupin.statistics.levels`). A level is called the best only where it is told from
every other one, when all pairs of levels are tried. A design whose points share no such runs has no
comparison of points; it is for `fupin sensitivity`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.statistics.levels import grid_of, rows_of_levels, told_apart
from fupin.statistics.pairs import Grid, difference
from fupin.words import quantities
from fupin.words.judging import PRACTICAL, Estimate, Judged, judged
from fupin.words.quantities import bracketed
from fupin.words.verdict_ground import Luck, Speech, in_order, language, of_sample
from fupin.words.verdict_parts import Sentence, Verdict, fitting

POVERTY = "income_poor_years"
READ = (POVERTY, "lifted", "registered_poor_start", "spent")
"""Outcomes of the runs that a verdict needs; each may be missing."""

SHOWN = 2
"""Factors that a verdict tells of; the report has a curve of each."""

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class _Levels:
    """The levels of one factor, in order, and what runs under them found.

    Attributes:
        factor: its key.
        levels: numbers from low to high, or names as they come.
        grids: outcome -> level -> draws x seeds, mean over other factors; the same pairs each.
        apart: pairs of levels whose poverty is told apart, whichever stands first.
    """

    factor: str
    levels: Sequence[Any]
    grids: Mapping[str, Mapping[Any, Grid]]
    apart: frozenset[frozenset[Any]]

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
        found = judged(self.gain(level, reference), whole)
        if found.told and frozenset((level, reference)) not in self.apart:
            return replace(found, direction="unclear")  # of so many pairs some look so by chance
        return found

    def better(self, level: Any, reference: Any) -> bool:
        """Whether true poverty is less at a level than at another, beyond chance."""
        return self.judged(level, reference).direction == "better"


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
    every = [one for key in factors if (one := _levels(key, factors, runs))]
    ends = [of_sample(say, summary.get("sample"))]
    if not every:
        groups = [[vary], [Sentence("effect", say("sweep.unpaired"))], *ends]
        return Verdict(say.code, say("sweep.title.unpaired", **counts), fitting(in_order(groups)))
    year = str((summary.get("lived") or {}).get("horizon", ""))
    findings = [_find(one) for one in every]
    findings.sort(key=lambda one: one.told is None)  # what the runs can tell stands first
    first = findings[0]
    effects = [_sentences(say, one, year, named=len(every) > 1) for one in findings[:SHOWN]]
    luck = Luck(tuple(map(str, summary["draws"])), len(summary["seeds"]), points=True)
    certain = [one for one in luck.sentences(say) if one.kind == "warning"]
    groups = [[vary], *effects, _rest(say, first.of, first.level), certain, *ends]
    title = _title(say, first)
    known = {}
    if first.told is not None:
        known[str(first.level)] = first.of.judged(first.level, first.reference)
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
    names = [key for key in factors if key != factor and key in runs]
    others = list(zip(*(runs[key] for key in names), strict=True)) or [()] * len(runs[factor])
    found = rows_of_levels(runs[factor], runs["draw"], runs["seed"], others)
    if found is None:
        return None
    levels = list(found)
    if all(isinstance(level, (int, float)) for level in levels):
        levels.sort()
    grids: dict[str, dict[Any, Grid]] = {}
    for outcome in READ:
        if outcome in runs:
            values: npt.NDArray[np.float64] = np.array(
                [np.nan if v is None else v for v in runs[outcome]], np.float64
            )
            grids[outcome] = {level: grid_of(values, found[level]) for level in levels}
    pairs = told_apart([grids[POVERTY][level] for level in levels])
    apart = frozenset(frozenset((levels[i], levels[j])) for i, j in pairs)
    return _Levels(factor, levels, grids, apart)


@dataclass(frozen=True)
class _Finding:
    """Where along a factor there is less true poverty.

    Attributes:
        of: the levels.
        level: there; the first level where no runs tell any other from it.
        reference: what it is told from.
        told: how much less; None where no two levels are told apart.
        kind: best where it is told from every other level; falls where more than this level makes
            no measurable difference; lower where neither can be said.
    """

    of: _Levels
    level: Any
    reference: Any
    told: Estimate | None
    kind: Literal["best", "falls", "lower"] = "lower"


def _find(found: _Levels) -> _Finding:
    first = found.levels[0]
    means = {level: float(np.nanmean(found.grids[POVERTY][level])) for level in found.levels}
    order = sorted(found.levels, key=lambda level: means[level])
    flat = _flat_from(found) if found.ordered else None
    if flat is not None:
        return _Finding(found, flat, first, found.judged(flat, first).gain, "falls")
    for level in order:
        others = [one for one in (first, *reversed(order)) if one != level]
        reference = next((one for one in others if found.better(level, one)), None)
        if reference is not None:
            best = all(found.better(level, one) for one in others)
            gain = found.judged(level, reference).gain
            return _Finding(found, level, reference, gain, "best" if best else "lower")
    return _Finding(found, first, first, None)


def _flat_from(found: _Levels) -> Any | None:
    """The lowest level that is better than the first and that no higher one is told from.

    None where there is none, or only the last, which nothing is above. A level that cannot be told
    from the first either is no place to stop: small steps that no runs can tell apart may together
    make a difference that they can.
    """
    first, *rest = found.levels
    for number, level in enumerate(rest[:-1], start=1):
        higher = rest[number:]
        if found.better(level, first) and not any(found.judged(h, level).told for h in higher):
            return level
    return None


def _title(say: Speech, found: _Finding) -> str:
    name = _capital(factor_name(say, found.of.factor))
    if found.told is None:
        return say("sweep.title.none", factor=name)
    return say(f"sweep.title.{found.kind}", factor=name,
               level=level_text(say, found.of.factor, found.level),
               reference=level_text(say, found.of.factor, found.reference))  # fmt: skip


def _sentences(say: Speech, found: _Finding, year: str, named: bool) -> list[Sentence]:
    """Where there is less true poverty, and from where on more makes no difference.

    Args:
        named: with the name of the factor, where several are told of.
    """
    of, name = found.of, factor_name(say, found.of.factor)
    if found.told is None:
        return [Sentence("effect", say("sweep.none", factor=name, year=year))]
    level = level_text(say, of.factor, found.level)
    values = {"level": level, "year": year, "factor": name,
              "reference": level_text(say, of.factor, found.reference),
              "amount": quantities.amount(say, found.told),
              "range": bracketed(say, found.told)}  # fmt: skip
    if found.kind == "lower":
        texts = [say("sweep.lower", **values), say("sweep.lower_by", **values)]
    elif named:
        texts = [say(f"sweep.{found.kind}_of", **values), say("sweep.less_by", **values)]
    else:
        texts = [say(f"sweep.{found.kind}", **values)]
    if found.kind == "falls":
        texts.append(say("sweep.flat", level=level))
    elif of.ordered and found.kind == "best" and found.level == of.levels[-1] != of.levels[1]:
        steps = pairwise(of.levels)
        rises = all(of.better(after, before) for before, after in steps)
        texts += [say("sweep.rises", level=level)] if rises else []
    return [Sentence("effect", text) for text in texts]


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
