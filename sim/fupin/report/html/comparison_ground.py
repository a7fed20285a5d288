"""What every section of a comparison's report stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fupin.comparison.folder import StoredComparison
from fupin.report.html.comparison_plans import titles_of
from fupin.report.html.geometry import Shapes
from fupin.words.language import Language


class ComparisonGround:
    """A stored comparison in a language: names of worlds, costs in words.

    Attributes:
        say: the language.
        result: the folder; `run` and `comparison` are its files.
        shapes: of counties.
        titles: name of base and plans -> title for people.
        base, plans, contenders: names; the base is the first contender.
        bare, bare_names: contender -> its world without programmes; these worlds, each once.
        pairs: runs under each contender.
        freedom: degrees of freedom that mean differences of pairs have at least.
    """

    def __init__(self, say: Language, result: StoredComparison, shapes: Shapes) -> None:
        self.say, self.result, self.shapes = say, result, shapes
        self.run, self.comparison = result.run, result.comparison
        self.base: str = self.comparison["base"]
        self.plans: list[str] = self.comparison["plans"]
        self.titles = titles_of(say, self.run)
        self.contenders = [self.base, *self.plans]
        self.bare: Mapping[str, str] = self.comparison["without_programmes"]
        self.bare_names = list(dict.fromkeys(self.bare.values()))
        draws, seeds = len(self.comparison["draws"]), len(self.comparison["seeds"])
        self.pairs, self.freedom = draws * seeds, result.freedom

    def world(self, name: str) -> str:
        """Name of a world for people."""
        if name in self.titles:
            return self.titles[name]
        plan = name.partition(":")[2]
        say = self.say
        return say("world.none_of", plan=plan) if plan else say("world.none")

    def yuan(self, entry: Mapping[str, Any]) -> str:
        """A cost with its interval, or what there is to say where it is none."""
        say, mean, fewer = self.say, entry["mean"], entry["direction"] == "fewer"
        if mean is None:
            return say("cost.undefined")
        if mean < 0:  # worse and dearer, or better and cheaper
            return say("cost.dearer" if fewer else "cost.cheaper")
        text = say.with_interval(say.estimate(entry, most_digits=4))
        return say("cost.saved", yuan=text) if fewer else text


def moves(found: Mapping[str, Any]) -> bool:
    """Is a difference anything but 0 in every pair?"""
    return found["mean"] is not None and (found["mean"] != 0 or bool(found["low"]))


def times(value: float | None, factor: float) -> float | None:
    """A number in another unit; None stays None."""
    return None if value is None else value * factor


def none(value: float) -> float | None:
    """None for NaN, as tables have it."""
    return None if np.isnan(value) else value
