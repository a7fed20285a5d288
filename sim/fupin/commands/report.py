"""`fupin report RESULT`: any result as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--lang", "language", default="en", show_default=True, help="en or zh (中文).")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The file. [default: report.html in RESULT, report.zh.html in Chinese; of a sweep in its "
    "uncertainty/]",
)
def command(result: Path, language: str, output: Path | None) -> None:
    """Write the report of RESULT, a folder of `run`, `compare`, `allocate`, `attribute` or `sweep`.

    The report is one file with tables and charts. Runs and comparisons have a map by county, and a
    sweep has the answers of `fupin sensitivity` and `fupin discover`. The file needs no network and
    opens from disk; print it from the browser. An earlier report there is
    replaced, and no other file.
    """
    from fupin.report.html.page import write_report
    from fupin.terminal import short

    click.echo(short(write_report(result, language, output)))
