"""How many mutants were caught, module by module."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.bench import NO_TEST, Found
from tests.mutation.mutants import Mutant

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True)
class Equivalent:
    """A mutant that no test could catch, because nothing that it changes can be seen.

    Attributes:
        before: the line, without indentation.
        after: the mutated lines, each a fault by itself.
        why: what makes them the same.
    """

    before: str
    after: tuple[str, ...]
    why: str


def equivalents() -> dict[str, list[Equivalent]]:
    """Those that were looked at one by one, by name of the module."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {
        module: [Equivalent(e["before"], tuple(e["after"]), e["why"]) for e in entries]
        for module, entries in listed.items()
    }


def is_equivalent(listed: Sequence[Equivalent], mutant: Mutant) -> bool:
    """Whether a mutant is one of those listed for its module."""
    return any(e.before == mutant.before and mutant.after in e.after for e in listed)


def not_equivalent(name: str, found: Sequence[Found]) -> list[str]:
    """Lines that are listed for a module and were caught, or are no mutants of it any more."""
    left = {(f.mutant.before, f.mutant.after) for f in found if f.outcome in ("survived", NO_TEST)}
    return [
        after
        for one in equivalents().get(name, [])
        for after in one.after
        if (one.before, after) not in left
    ]


@dataclass(frozen=True)
class Row:
    """Counts of a module, or of all."""

    name: str
    killed: int
    timeout: int
    survived: int
    no_test: int
    equivalent: int

    @property
    def mutants(self) -> int:
        """All that were made."""
        return self.killed + self.timeout + self.survived + self.no_test

    @property
    def rate(self) -> float:
        """Share that was caught; a mutant that never ends is caught."""
        return (self.killed + self.timeout) / self.mutants if self.mutants else 1.0

    @property
    def rate_of_real(self) -> float:
        """The same among those that could be caught."""
        real = self.mutants - self.equivalent
        return (self.killed + self.timeout) / real if real else 1.0


def row(name: str, found: Sequence[Found]) -> Row:
    """Counts of what was found."""
    listed = equivalents()
    outcomes = [f.outcome for f in found]
    return Row(
        name,
        *(outcomes.count(kind) for kind in ("killed", "timeout", "survived", NO_TEST)),
        sum(
            f.outcome in ("survived", NO_TEST) and is_equivalent(listed.get(f.target, []), f.mutant)
            for f in found
        ),
    )


def text(rows: Sequence[Row]) -> str:
    """The table, in Markdown."""
    head = ("module", "mutants", "killed", "timeout", "survived", "no test", "killed, %",
            "of these equivalent", "killed of the others, %")  # fmt: skip
    rule = ("---",) * len(head)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *map(_cells, rows)))


def _cells(r: Row) -> tuple[str, ...]:
    counts = (r.mutants, r.killed, r.timeout, r.survived, r.no_test)
    rates = (f"{100 * r.rate:.1f}", str(r.equivalent), f"{100 * r.rate_of_real:.1f}")
    return (r.name, *map(str, counts), *rates)
