"""`fupin report RESULT`: a run, a comparison or a sweep as one HTML file."""

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
    """Write the report of RESULT, a folder of `fupin run`, `fupin compare` or `fupin sweep`.

    One file with tables and charts, of runs and comparisons with a map by county, of a sweep with
    the answers of `fupin sensitivity` and `fupin discover`. It needs no network and opens from
    disk; print it from the browser. A file that is there already is replaced.
    """
    from fupin.commands.running import short
    from fupin.report.html.page import write_report

    click.echo(short(write_report(result, language, output)))


def add_report(folder: Path, silent: bool) -> None:
    """Write the report into a result folder, and say where it is.

    The result stands without it: what keeps it from being written is a line on standard error.
    Reports in other languages that lie there are written again too, or they would tell what was.

    Args:
        silent: say nothing where it was written.
    """
    from fupin.commands.running import short
    from fupin.errors import InputError
    from fupin.report.html.page import default_file, write_report
    from fupin.words.language import LANGUAGES

    for language in LANGUAGES:
        if language != "en" and not default_file(folder, language).is_file():
            continue
        try:
            file = write_report(folder, language)
        except InputError as error:
            if not silent:
                click.echo(f"fupin: no report: {error}", err=True)
            return
        if not silent:
            click.echo(f"Report: {short(file)}")
