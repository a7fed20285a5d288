"""What `fupin calibrate --self-test` prints: coverage of the truth by posterior intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fupin.calibration.self_test import off_by_more_than_chance
from fupin.report.terminal.calibration import heading, narrow, note, plain_table

if TYPE_CHECKING:
    from rich.console import Console

    from fupin.calibration.self_test import SelfTest


def print_self_test(console: Console, test: SelfTest) -> None:
    """Print the table and the verdict."""
    narrow(console)
    heading(console, f"Simulation-based calibration, targets of posterior {test.posterior}")
    table = plain_table()
    table.add_column("parameter", no_wrap=True)
    for name in ("50% intervals", "90% intervals", "width", "ranks"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in test.parameters:
        table.add_row(
            one.name.partition(".")[2] or one.name,
            f"{100 * one.half:.0f} ± {100 * one.error(0.5):.0f}%",
            f"{100 * one.ninety:.0f} ± {100 * one.error(0.9):.0f}%",
            f"{one.width:.2f}",
            f"p {one.uniform:.2f}",
        )
    table.add_row(
        "[bold]all[/bold]",
        f"{100 * test.half:.1f} ± {100 * test.half_error:.1f}%",
        f"{100 * test.ninety:.1f} ± {100 * test.ninety_error:.1f}%",
        "",
        "",
    )
    console.print(table)
    off = [one.name.partition(".")[2] for one in off_by_more_than_chance(test)]
    verdict = "passed" if test.passed and not off else "NOT PASSED"
    note(
        console,
        f"{test.sets} data sets: {verdict}. "
        "A data set is a run that the emulators had not seen, with an error of the tolerances. "
        "±: binomial standard error. width: mean posterior sd / prior sd; near 1 coverage is right "
        "by itself. ranks: p value of their uniformity."
        + (f" Off by more than chance: {', '.join(off)}." if off else ""),
    )
    console.print()
