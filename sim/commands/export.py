"""`fupin export RESULT`: a result as a workbook or as CSV files."""

from __future__ import annotations

from pathlib import Path

import click

from sim.errors import InputError


@click.command("export")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--excel", metavar="FILE", type=click.Path(path_type=Path),
              help="Workbook to write, such as mine.xlsx.")  # fmt: skip
@click.option("--csv", "csv_folder", metavar="FOLDER", type=click.Path(path_type=Path),
              help="Folder for CSV files.")  # fmt: skip
def command(result: Path, excel: Path | None, csv_folder: Path | None) -> None:
    """Write the tables of RESULT, a folder of `fupin run` or `fupin sweep`, for spreadsheets."""
    from sim.report.export import sheets, write_csv, write_excel

    if excel is None and csv_folder is None:
        raise InputError("Nothing to write.", "Add --excel FILE or --csv FOLDER.")
    if not result.is_dir():
        raise InputError(f"There is no result folder {result}.", "Give a folder of fupin run.")
    for target in (excel, csv_folder):
        if target is not None and target.exists() and (target.is_file() or any(target.iterdir())):
            raise InputError(f"{target} exists already.", "Name another.")
    tables = sheets(result)
    if csv_folder is not None:
        write_csv(tables, csv_folder)
        click.echo(f"Tables: {csv_folder}")
    if excel is not None:
        for name in write_excel(tables, excel):
            click.echo(
                f"fupin: {name} has more rows than a sheet; it is in Parquet only.", err=True
            )
        click.echo(f"Workbook: {excel}")
