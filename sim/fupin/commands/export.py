"""`fupin export RESULT`: a result as a workbook, as CSV files, or for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from fupin.errors import InputError


@click.command("export")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--excel", metavar="FILE", type=click.Path(path_type=Path),
              help="Workbook to write, such as mine.xlsx.")  # fmt: skip
@click.option("--csv", "csv_folder", metavar="FOLDER", type=click.Path(path_type=Path),
              help="Folder for CSV files.")  # fmt: skip
@click.option("--xarray", "netcdf", metavar="FILE", type=click.Path(path_type=Path),
              help="netCDF of a sweep for xarray: point x draw x seed.")  # fmt: skip
@click.option("--ema", metavar="FILE", type=click.Path(path_type=Path),
              help="tar.gz of a sweep that the EMA workbench loads.")  # fmt: skip
def command(
    result: Path,
    excel: Path | None,
    csv_folder: Path | None,
    netcdf: Path | None,
    ema: Path | None,
) -> None:
    """Write the tables of RESULT, a folder of `fupin run` or `fupin sweep`, for other programs."""
    from fupin.report.exchange import write_ema, write_netcdf
    from fupin.report.export import sheets, write_csv, write_excel

    targets = (excel, csv_folder, netcdf, ema)
    if not any(targets):
        raise InputError(
            "Nothing to write.", "Add --excel FILE, --csv FOLDER, --xarray FILE or --ema FILE."
        )
    if not result.is_dir():
        raise InputError(f"There is no result folder {result}.", "Give a folder of fupin run.")
    for target in targets:
        if target is not None and target.exists() and (target.is_file() or any(target.iterdir())):
            raise InputError(f"{target} exists already.", "Name another.")
    for file, write, what in ((netcdf, write_netcdf, "netCDF"), (ema, write_ema, "EMA results")):
        if file is not None:
            write(result, file)
            click.echo(f"{what}: {file}")
    if excel is None and csv_folder is None:
        return
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
