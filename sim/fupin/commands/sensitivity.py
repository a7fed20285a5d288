"""`fupin sensitivity RESULT`: what drives the answer of a sweep, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command("sensitivity")
@click.argument("result", metavar="RESULT", type=click.Path(path_type=Path))
@click.option("--outcome", "outcomes", multiple=True,
              help="An outcome to ask about; may be given again. [default: lifted, "
              "income_poor_end]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print sensitivity.json and nothing else.")
@click.option("--quiet", is_flag=True, help="Print only where the answer is.")
def command(result: Path, outcomes: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Say which assumptions drive the outcomes of RESULT, a folder of `fupin sweep`.

    A Morris design gives elementary effects, a Sobol design or Latin hypercube Sobol indices of an
    emulator, many draws rank associations. All but Morris split the variance into luck, parameters
    and the form of the model. docs/uncertainty.md says how to read it.
    """
    run_sensitivity(result, outcomes, as_json=as_json, quiet=quiet)


def run_sensitivity(
    result: Path, outcomes: tuple[str, ...] = (), *, as_json: bool = False, quiet: bool = False
) -> Path:
    """Everything that the command does; the file that was written.

    Raises:
        InputError: no sweep, runs that failed or are undefined (with the id of one), an unknown
            outcome, a missing package; nothing is written.
    """
    from fupin.commands.answers import show_answer
    from fupin.report.terminal.uncertainty import print_sensitivity
    from fupin.uncertainty.files import SENSITIVITY, write_answer
    from fupin.uncertainty.pictures import sensitivity_picture
    from fupin.uncertainty.sensitivity import sensitivity, usual_outcomes
    from fupin.uncertainty.worlds import read_worlds

    worlds = read_worlds(result)
    content = sensitivity(worlds, list(outcomes) or usual_outcomes(worlds))
    file = write_answer(result, SENSITIVITY, content, _tables(content))
    sensitivity_picture(file.with_suffix(".svg"), content)
    show_answer(
        result, file, content, print_sensitivity, "All assumptions and the picture",
        as_json=as_json, quiet=quiet,
    )  # fmt: skip
    return file


def _tables(content: dict[str, Any]) -> dict[str, Any]:
    import pyarrow

    assumptions = [
        {
            "outcome": answer["outcome"],
            "of": answer["of"],
            "minus": answer["minus"] or "",
            "method": answer["method"],
            **{
                key: one[key]
                for key in ("name", "kind", "grade", "importance", "low", "high", "matters",
                            "direction")
            },
            **{
                key: one["more"].get(key)
                for key in ("first", "first_low", "first_high", "mu", "sigma", "noise",
                            "correlation", "alone")
            },
        }
        for answer in content["answers"]
        for one in answer["assumptions"]
    ]  # fmt: skip
    variance = [
        {
            "outcome": answer["outcome"],
            "of": answer["of"],
            "minus": answer["minus"] or "",
            "component": part,
            "variance": answer["variance"]["parts"][part],
            "error": answer["variance"]["errors"][part],
            "share": share,
        }
        for answer in content["answers"]
        if answer["variance"]
        for part, share in answer["variance"]["shares"].items()
    ]
    tables = {"assumptions": assumptions, "variance": variance}
    return {name: _floats(pyarrow.Table.from_pylist(rows)) for name, rows in tables.items() if rows}


def _floats(table: Any) -> Any:
    """Columns that are empty everywhere as numbers: CSV knows no column of nothing."""
    import pyarrow

    fields = [
        pyarrow.field(f.name, pyarrow.float64()) if pyarrow.types.is_null(f.type) else f
        for f in table.schema
    ]
    return table.cast(pyarrow.schema(fields))
