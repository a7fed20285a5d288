"""What is mutated, and by which tests each module has to be caught.

The tests run with the compiler off (a mutant of a kernel would else be compiled for seconds, and
reads beyond a column would go unseen), so those that need crowds are left out: whoever catches a
mutant here does it with a few households.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_INDICES = "tests/measures/test_poverty_and_inequality.py"
_PANELS = "tests/measures/test_dynamics.py"
_TWINS = "tests/measures/test_two_worlds.py"
_FIFTHS = "tests/measures/test_fifths.py"


@dataclass(frozen=True)
class Target:
    """A module and the tests that guard it.

    Attributes:
        module: its file, from the root of the project.
        tests: files of tests.
        only: pytest's `-k`, to leave out what is slow in plain Python.
    """

    module: str
    tests: tuple[str, ...]
    only: str = ""

    @property
    def name(self) -> str:
        """As it is typed: "ledger", "measures/poverty"."""
        return self.module.removeprefix("sim/fupin/").removeprefix("state/").removesuffix(".py")

    @property
    def arguments(self) -> list[str]:
        """What pytest gets."""
        return [*self.tests, *(["-k", self.only] if self.only else [])]


TARGETS = (
    Target("sim/fupin/state/ledger.py", ("tests/state/test_ledger.py",)),
    Target("sim/fupin/state/register.py", ("tests/state/test_register_by_hand.py",)),
    Target(
        "sim/fupin/randomness.py",
        ("tests/test_randomness.py",),
        "exact_words or plain_integers or zeros or company or month_index or one_household",
    ),
    Target("sim/fupin/measures/additionality.py", (_TWINS,), "kind or whole"),
    Target("sim/fupin/statistics/ratios.py", ("tests/statistics/test_ratios.py",)),
    Target("sim/fupin/measures/inequality.py", (_INDICES,), "gini or that_many_people"),
    Target(
        "sim/fupin/measures/mobility.py",
        (_PANELS, _INDICES),
        "spells or years_poor or falling or line_groups or mobility or groups_have",
    ),
    Target(
        "sim/fupin/measures/poverty.py",
        (_INDICES, _PANELS),
        "fgt or the_line_itself or transient or exits or lifted or line_groups",
    ),
    Target("sim/fupin/measures/fifths.py", (_FIFTHS,), "sums"),
    Target("sim/fupin/measures/targeting.py", (_TWINS, _INDICES), "audit or exits or poorest"),
    Target(
        "sim/fupin/measures/weighted.py",
        (_INDICES,),
        "not three_million and not lognormal and not transient and not currency",
    ),
)


def chosen(names: list[str]) -> list[Target]:
    """Targets by name or by the folder they are in; all where no name is given.

    Raises:
        ValueError: a name that is none; the message has those that are.
    """
    found = []
    for name in names:
        these = [t for t in TARGETS if t.name == name or t.name.startswith(f"{name}/")]
        if not these:
            known = ", ".join(t.name for t in TARGETS)
            raise ValueError(f"nothing to mutate is called {name}; there are {known}")
        found += these
    return found or list(TARGETS)
