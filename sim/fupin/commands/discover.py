"""`fupin discover RESULT --fails CONDITION`: where plans fail, and how robust they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fupin.errors import InputError

MOST_RESTRICTIONS = 10


@click.command("discover")
@click.argument("result", metavar="RESULT", type=click.Path(path_type=Path))
@click.option("--fails", required=True, metavar="CONDITION",
              help='When a run fails: "lifted < 150000 and spent > 1.2 billion".')  # fmt: skip
@click.option("--plan", "plans", multiple=True, help="Only this plan's box; may be given again.")
@click.option("--outcome", "outcomes", multiple=True,
              help="Of the robustness table; those of the condition if not given.")  # fmt: skip
@click.option("--over", multiple=True, metavar="INPUT",
              help="What may restrict a box; everything that varies if not given.")  # fmt: skip
@click.option("--most", type=int, default=3, show_default=True,
              help="How many inputs may restrict a box.")  # fmt: skip
@click.option("--density", type=float, metavar="SHARE",
              help="A box in which at least this part fails, such as 0.6.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print discover.json and nothing else.")
@click.option("--quiet", is_flag=True, help="Print only where the answer is.")
def command(result: Path, fails: str, **options: Any) -> None:
    """Find where the plans of RESULT, a folder of `fupin sweep`, fail, in plain words.

    CONDITION compares outcomes, factors or parameters with numbers, joined by and, or and brackets.
    OUTCOME.regret is how far a plan is behind the best in the same world, OUTCOME.gain how much it
    has more than the first plan. docs/uncertainty.md says how to read it.
    """
    run_discover(result, fails, **options)


def run_discover(
    result: Path,
    fails: str,
    plans: tuple[str, ...] = (),
    outcomes: tuple[str, ...] = (),
    over: tuple[str, ...] = (),
    most: int = 3,
    density: float | None = None,
    as_json: bool = False,
    quiet: bool = False,
) -> Path:
    """Everything that the command does; the file that was written.

    Raises:
        InputError: no sweep, runs that failed or are undefined (with the id of one), a condition,
            plan, outcome or input that is wrong; nothing is written.
    """
    from fupin.commands.answers import show_answer
    from fupin.report.terminal.uncertainty import print_discovery
    from fupin.uncertainty.discovery import discover
    from fupin.uncertainty.files import DISCOVERY, write_answer
    from fupin.uncertainty.pictures import discovery_picture
    from fupin.uncertainty.worlds import read_worlds

    if not 1 <= most <= MOST_RESTRICTIONS:
        raise InputError(f"--most {most} is not from 1 to {MOST_RESTRICTIONS}.", "Write --most 3.")
    if density is not None and not 0 < density <= 1:
        raise InputError(f"--density {density:g} is no share.", "Write --density 0.6, say.")
    worlds = read_worlds(result)
    found = discover(worlds, fails, plans, outcomes, most, over, density)
    file = write_answer(result, DISCOVERY, found.content, _tables(found.content))
    discovery_picture(file.with_suffix(".svg"), found, worlds)
    show_answer(
        result, file, found.content, print_discovery, "Tables and the picture",
        as_json=as_json, quiet=quiet,
    )  # fmt: skip
    return file


def _tables(content: dict[str, Any]) -> dict[str, Any]:
    import pyarrow

    from fupin.uncertainty.boxes import Restriction
    from fupin.uncertainty.discovery import restriction_words

    trajectory = [
        {
            "plan": one["plan"],
            "box": k,
            "coverage": box["coverage"],
            "density": box["density"],
            "mass": box["mass"],
            "inputs": len(box["restrictions"]),
            "restrictions": " and ".join(
                restriction_words(Restriction(**{**r, "words": tuple(r["words"])}))
                for r in box["restrictions"]
            ),
        }
        for one in content["boxes"]
        for k, box in enumerate(one["trajectory"])
    ]
    robust = [
        {"outcome": table["outcome"], "unit": table["unit"], **row}
        for table in content["robustness"]
        for row in table["plans"]
    ]
    made = {"boxes": trajectory, "robustness": robust}
    return {name: pyarrow.Table.from_pylist(rows) for name, rows in made.items() if rows}
