"""What briefs of a run and of a comparison share: money, certainty, drivers, the citation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fupin.report.brief.parts import Finding, Table
from fupin.report.html.drivers import FEWEST, found
from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES, record_of
from fupin.words import quantities
from fupin.words.language import Language
from fupin.words.numbers import NOTHING, rounded
from fupin.words.ten import Answer
from fupin.words.verdict import Kind, Verdict
from fupin.words.verdict_ground import Speech, assumed_programmes, language
from fupin.words.verdict_parts import joined

WORDS = Path(quantities.__file__).with_name("brief.yaml")
"""Words of a brief."""

SHOWN = 7
"""Programmes with a row of money; others are added up."""

HEADS = ("question", "findings", "where", "money", "certainty", "change", "cite", "also")

ANSWERED = ("cost", "whom", "where", "unspent", "cash", "after", "programmes")
"""Of the ten questions those that no other part of a brief answers."""


class Ground:
    """The languages of a brief, and what is said alike of all results."""

    def __init__(self, lang: str, run: Mapping[str, Any], folder: Path) -> None:
        self.sentences = language(lang)
        self.say = Speech(self.sentences.code, WORDS)
        self.titles = Language(self.sentences.code)
        self.run, self.folder = run, folder

    @property
    def heads(self) -> dict[str, str]:
        """Titles of the sections."""
        return {key: self.say(f"head.{key}") for key in HEADS}

    def finding(self, head: str, verdict: Verdict, *kinds: Kind) -> Finding:
        """The sentences of some kinds as one finding."""
        return self.finding_of(head, verdict.of(*kinds))

    def finding_of(self, head: str, texts: Sequence[str]) -> Finding:
        """Some sentences as one finding."""
        said = joined(texts, self.say.code) if texts else self.say("finding.none")
        return Finding(head, said)

    def answers(self, ten: Sequence[Answer]) -> list[Finding]:
        """Questions that a planner has besides."""
        return [Finding(one.question, one.text) for one in ten if one.key in ANSWERED]

    def yuan(self, yuan: float | None) -> str:
        """Money in a table: million yuan with a decimal, in Chinese whole 万元."""
        if yuan is None:
            return NOTHING
        return rounded(yuan / 1e4, 0) if self.say.chinese else rounded(yuan / 1e6, 1)

    def programme(self, key: str) -> str:
        """Title of a programme."""
        return self.titles.programme(record_of(key))

    def table(self, columns: Sequence[str], rows: Mapping[str, Sequence[float]],
              ends: Sequence[tuple[str, Sequence[float | None]]], note: str) -> Table:  # fmt: skip
        """Money of programmes, the largest first, of more than `SHOWN` the rest added up.

        Args:
            columns: keys of the heads.
            rows: programme -> yuan by column.
            ends: rows after them: key of the title, yuan by column.
        """
        order = sorted(rows, key=lambda key: -max(map(abs, rows[key]), default=0.0))
        lines = [[self.programme(key), *map(self.yuan, rows[key])] for key in order[:SHOWN]]
        if rest := order[SHOWN:]:
            sums = [sum(values) for values in zip(*(rows[key] for key in rest), strict=True)]
            lines.append([self.say("money.others", n=len(rest)), *map(self.yuan, sums)])
        lines += [[self.say(f"money.{key}"), *map(self.yuan, values)] for key, values in ends]
        head = [self.say("money.programme"), *(self.say(f"money.{key}") for key in columns)]
        full = [[*line, *[""] * (len(head) - len(line))] for line in lines]
        return Table(head, full, note)

    def drivers(self, outcome: str, by_draw: Sequence[float | None]) -> list[str]:
        """Which assumption the effect goes with over the draws."""
        draws = self.run["draws"]
        if len(draws) < FEWEST:
            return [self.say("change.few", n=len(draws), least=FEWEST)]
        values = [float("nan") if value is None else value for value in by_draw]
        told = found(draws, {outcome: values})
        strong = [one for d in told for one in d.found if abs(one.strength) > d.by_chance]
        if not strong:
            return [self.say("change.no_driver", n=len(draws))]
        return [
            self.say("change.driver", name=one.parameter.replace("_", " "),
                     grade=self.titles(f"grade.{one.grade}") if one.grade else "?",
                     strength=rounded(one.strength, 2))
            for one in strong[:2]
        ]  # fmt: skip

    def assumed(self, budgets: Mapping[str, float]) -> list[str]:
        """Programmes with money whose effect is an assumption, the largest three."""
        keys = [key for key in assumed_programmes() if budgets.get(key, 0.0) > 0]
        keys.sort(key=lambda key: -budgets[key])
        if not keys:
            return []
        return [self.say("change.assumed", names=self.say.join([
            self.sentences.programme(record_of(key))
            for key in keys[:3]
        ]))]  # fmt: skip

    def citation(self, check: int | None = None) -> list[str]:
        """How to cite the result, and how to check it.

        Args:
            check: pairs of draw and seed in the check of a search; None of other results.
        """
        run = self.run
        runs = len(run["draws"]) * len(run["seeds"])
        ran = self.say("cite.runs", n=self.say.number(runs))
        if check is not None:
            ran = self.say("cite.searched", search=self.say.number(runs),
                           check=self.say.number(check))  # fmt: skip
        name = self.folder.resolve().name
        if not run["created"]:
            told = {"version": run["versions"].get("fupin", "?"), "name": name}
            undated = self.say("cite.undated", runs=self.say.number(runs), **told)
            return [undated, self.say("cite.check", name=name)]
        return [
            self.say("cite.text", version=run["versions"].get("fupin", "?"), name=name,
                     date=str(run["created"])[:10], runs=ran,
                     hash=str(run["hashes"].get("parameters", "?"))[:8]),
            self.say("cite.check", name=name),
        ]  # fmt: skip


def gifts(programmes: Mapping[str, Any], of: str = "budget") -> dict[str, float]:
    """Mean yuan of programmes whose money is given."""
    return {
        key: float((entry[of]["mean"] if "mean" in entry[of] else entry[of]["plan"]) or 0.0)
        for key, entry in programmes.items()
        if CLASS_OF.get(key) in GIFT_CLASSES
    }


def means_by_draw(
    labels: Iterable[str], draws: Sequence[str], values: Sequence[float]
) -> list[float | None]:
    """Mean over seeds of each draw; None where it has no value."""
    found: dict[str, list[float]] = {}
    for draw, value in zip(draws, values, strict=True):
        found.setdefault(str(draw), []).append(float(value))
    return [sum(of) / len(of) if (of := found.get(label)) else None for label in labels]
