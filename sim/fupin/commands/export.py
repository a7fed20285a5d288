"""`fupin export RESULT`: a result for other programs, or the table of a plan's money."""

from __future__ import annotations

from pathlib import Path

import click

from fupin.errors import InputError


@click.command("export")
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT")
@click.argument("table", type=click.Path(path_type=Path), required=False, metavar="[TABLE]")
@click.option("--plan", "of_plan", is_flag=True,
              help="Write the money of a plan, by county and programme, to TABLE.")  # fmt: skip
@click.option("-o", "--out", metavar="TABLE", type=click.Path(path_type=Path),
              help="With --plan: the .xlsx or .csv to write.")  # fmt: skip
@click.option("--unit", metavar="UNIT", default="万元", show_default=True,
              help="With --plan: of its numbers.")  # fmt: skip
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
    table: Path | None,
    of_plan: bool,
    out: Path | None,
    unit: str,
    excel: Path | None,
    csv_folder: Path | None,
    netcdf: Path | None,
    ema: Path | None,
) -> None:
    """Write the tables of RESULT, a folder of `fupin run` or `fupin sweep`, for other programs.

    With --plan, RESULT is a plan or a folder of `fupin run`. TABLE gets its money by county and
    programme, as `fupin import` reads it.
    """
    if of_plan:
        _export_plan(result, out or table or excel or csv_folder, unit)
        return
    if table is not None or out is not None:
        raise InputError("TABLE is for --plan.", "Add --plan, or write --excel FILE.")
    from fupin.files.targets import require_place
    from fupin.report.exchange import write_ema, write_netcdf
    from fupin.report.export import sheets, write_csv
    from fupin.report.workbook import write_excel
    from fupin.store.folder import check_target

    targets = (excel, csv_folder, netcdf, ema)
    if not any(targets):
        raise InputError(
            "Nothing to write.", "Add --excel FILE, --csv FOLDER, --xarray FILE or --ema FILE."
        )
    if not result.is_dir():
        raise InputError(f"There is no result folder {result}.", "Give the folder of a result.")
    if csv_folder is not None:
        check_target(csv_folder, "--csv")
    for option, target in (("--excel", excel), ("--xarray", netcdf), ("--ema", ema)):
        if target is not None:
            require_place(target, option)
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
            click.echo(f"fupin: {name} is larger than a sheet; it is in Parquet only.", err=True)
        click.echo(f"Workbook: {excel}")


def _export_plan(source: Path, target: Path | None, unit: str) -> None:
    """Write the money of a plan to a table."""
    from fupin.files.targets import require_place
    from fupin.files.whole import write_new
    from fupin.scenario.load import load_scenario
    from fupin.scenario.plan_table import csv_text, table_of_plan, write_workbook
    from fupin.scenario.stored import stored_scenario

    if target is None:
        raise InputError("It is not said where to write.", "Add `-o money.xlsx`.")
    kind = target.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise InputError(f"{target} is no name of a table.", "Let it end in .xlsx or .csv.")
    require_place(target, "--out")
    if source.is_dir():
        from fupin.store.folder import read_result

        plan = stored_scenario(read_result(source).run["scenario"])
    else:
        plan = load_scenario(str(source))
    table = table_of_plan(plan, unit)
    try:
        if kind == ".csv":
            write_new(target, csv_text(table).encode("utf-8-sig"))
        else:
            write_workbook(table, target)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from None
    click.echo(f"Table: {target} ({len(table.rows)} rows, {unit})")
