"""The sentence that says of an effect on the register that it is no effect on poverty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.results.reassessment import INCOME, REASSESSED, Channels, channels, switched
from fupin.scenario.programme_catalogue import record_of
from fupin.words.language import Language


def warning(say: Language, subject: str, found: Channels | None) -> str | None:
    """The sentence about a plan or programme; None where there is nothing to warn of.

    Args:
        say: the language.
        subject: whose effect it is.
        found: its two effects; None where they were not measured.
    """
    if found is None or not found.outweighed:
        return None
    sizes = {
        name: say.estimate({"mean": float(round(mean)), "low": None, "high": None})[0]
        for name, mean in found._asdict().items()
    }
    return say("reassessment.warning", subject=subject, **sizes)


def of_run(say: Language, subject: str, summary: Mapping[str, Any]) -> list[str]:
    """Of the content of a run's `summary.json`: at most one sentence."""
    said = warning(say, subject, channels(summary["outcomes"]))
    return [said] if said else []


def of_comparison(say: Language, comparison: Mapping[str, Any]) -> list[str]:
    """Of the content of `comparison.json`: the base, each plan, and programmes that only one has.

    Where a plan brings programmes and drops others, nobody can tell which did what: no sentence.
    """
    base, plans, outcomes = (comparison[name] for name in ("base", "plans", "outcomes"))
    said = [warning(say, base, _side(outcomes[plan], "base")) for plan in plans[:1]]
    for plan in plans:
        said.append(warning(say, plan, _side(outcomes[plan], "plan")))
        found = _side(outcomes[plan], "difference")
        more, fewer = switched(comparison["programmes"][plan])
        if found is None or bool(more) == bool(fewer):
            continue
        names = say.join([say.programme(record_of(key)) for key in more or fewer])
        subject = say("reassessment.switched", programmes=names, plan=plan)
        said.append(warning(say, subject, found if more else -found))
    return [sentence for sentence in said if sentence]


def of_sweep(say: Language, summary: Mapping[str, Any]) -> list[str]:
    """Of the content of a sweep's `summary.json`: at most one sentence."""
    found = summary.get("reassessed")
    if not found or not found["points"]:
        return []
    return [say("reassessment.sweep", points=f"{found['points']:,}", all=f"{summary['points']:,}",
                first=f"{found['first']:,}")]  # fmt: skip


def _side(outcomes: Mapping[str, Mapping[str, Any]], side: str) -> Channels | None:
    entries = {name: outcomes[name][side] for name in (INCOME, REASSESSED) if name in outcomes}
    return channels({
        name: entry if isinstance(entry, Mapping) else {"mean": entry}
        for name, entry in entries.items()
    })  # fmt: skip
