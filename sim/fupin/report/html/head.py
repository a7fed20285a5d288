"""The head of a report: its title, which states the finding, and the sentences of its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin.report.html.shared import roughly
from fupin.words.language import Language, told
from fupin.words.titles import title as title_of


@dataclass(frozen=True)
class Head:
    """What a report says first.

    Attributes:
        title: the finding in one line.
        sentences: the verdict, in the order in which it is read.
    """

    title: str
    sentences: Sequence[str]


def of_run(say: Language, summary: Mapping[str, Any], scenario: Mapping[str, Any]) -> Head:
    """Of one run: true poverty first, then the register, then money.

    Args:
        summary: content of summary.json.
        scenario: of the record.
    """
    outcomes: Mapping[str, Any] = summary["outcomes"]
    year, plan = max(summary["by_year"]), title_of(say, scenario)
    out = outcomes.get("person_years_out", {"mean": None, "low": None, "high": None})
    sentences = []
    if out["mean"] is None:
        n = say.people(summary["by_year"][year]["outcomes"]["income_poor_end"]["mean"])
        title = say("head.title_world", plan=plan, n=n, year=year)
    else:
        n = say.estimate(out, most_digits=3)[0]
        sure = told(out)
        title = say("head.title_fewer" if sure else "head.title_none", plan=plan, n=n, year=year)
        sentences.append(say("head.years_out", year=year, n=n))
        if out["low"] is not None:
            low, high = (roughly(say, out[end])
                         for end in ("low", "high"))  # fmt: skip
            sentences.append(say("head.range", low=low, high=high))
            if not sure:
                sentences.append(say("head.not_told"))
    numbers = {
        name: roughly(say, outcomes[key]["mean"] or 0.0)
        for name, key in (("lifted", "lifted"), ("exits", "gross_exits"), ("entries", "entries"))
    }
    sentences.append(say("head.register", **numbers))
    channels = [
        outcomes[f"additional_{name}_channel"]["mean"] for name in ("income", "recognition")
    ]
    if None not in channels:
        income, paper = (roughly(say, value, 2) for value in channels)
        sentences.append(say("head.channels", income=income, paper=paper))
    spent, cost = (outcomes.get(key, {"mean": None})["mean"] for key in ("spent", "resource_cost"))
    if spent and cost:
        sentences.append(say("head.money", spent=roughly(say, spent), cost=roughly(say, cost)))
        if out["mean"] and told(out) and out["mean"] > 0:
            each = roughly(say, cost / out["mean"], 2)
            sentences.append(say("head.money_each", each=each))
    return Head(title, sentences)
