"""`fupin brief RESULT`: two A4 pages for somebody who decides, as HTML or PDF."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("brief")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--lang", "language", default="en", show_default=True, help="en or zh (中文).")
@click.option(
    "--out",
    "output",
    type=click.Path(path_type=Path),
    help="The file, .html or .pdf. [default: brief.html in RESULT, brief.zh.html in Chinese]",
)
def command(result: Path, language: str, output: Path | None) -> None:
    """Write two A4 pages on RESULT, of `run`, `compare`, `allocate`, `attribute` or `sweep`.

    A brief holds the question, three findings, a chart and the money, and of runs and comparisons
    a map. It says how certain this is, what would change the answer, and how to cite and check it.
    PDF needs no browser and has its Chinese font inside. An earlier brief there is replaced, and
    no other file.
    """
    from fupin.report.brief.write import write_brief
    from fupin.terminal import short

    click.echo(short(write_brief(result, language, output)))
