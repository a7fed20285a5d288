"""`fupin parameters`: parameters and figures of the document, with source and grade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from fupin.parameters.book import ParameterBook
    from fupin.parameters.document import DocumentRow
    from fupin.parameters.parameter import Parameter

_WIDE = 100
"""Columns of a terminal from which the grade has room; a card shows it always."""


@click.command(name="parameters")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="Write the parameter book (Markdown) to this file.",
)
def command(names: tuple[str, ...], as_json: bool, book: Path | None) -> None:
    """List parameters and figures of the document.

    NAME is a parameter (livelihood.persistence), a file (livelihood), a figure of the document
    (S39) or `document` for all its figures; none is all parameters. One parameter or figure is
    shown with its source.
    """
    from fupin.parameters.book import load_book
    from fupin.parameters.document import load_document

    if book is not None:
        _write_book(book)
        return
    parameters, rows = _chosen(names, load_book())
    if as_json:
        chosen = {p.name: _as_dict(p) for p in parameters}
        if rows or not names:
            figures = rows if names else list(load_document())
            chosen |= {row.id: _row_as_dict(row) for row in figures}
        click.echo(json.dumps(chosen, ensure_ascii=False, indent=2, allow_nan=False))
    elif names and len(parameters) + len(rows) <= max(len(names), 3):
        _print_cards(parameters, rows)
    else:
        _print_tables(parameters, rows)


def _write_book(file: Path) -> None:
    from fupin.files.targets import BOOK, require_place, write_there
    from fupin.parameters.book import load_book
    from fupin.parameters.document import load_document
    from fupin.report.parameter_book import render

    require_place(file, "--book", BOOK)
    write_there(file, "--book", render(load_book(), load_document()))
    click.echo(f"Wrote {file}", err=True)


def _chosen(
    names: tuple[str, ...], book: ParameterBook
) -> tuple[list[Parameter], list[DocumentRow]]:
    from fupin.parameters.document import find_row, load_document

    files = book.files()
    parameters: dict[str, Parameter] = {}
    rows: dict[str, DocumentRow] = {}
    for name in names or files:
        if name in files:
            parameters |= {p.name: p for p in files[name]}
        elif name == "document":
            rows |= {row.id: row for row in load_document()}
        elif len(name) == 3 and name[0] in "Ss" and name[1:].isdigit():
            row = find_row(name)
            rows[row.id] = row
        else:
            alike = [full for full in book if full.partition(".")[2] == name]
            full = alike[0] if len(alike) == 1 else name
            parameters[full] = book.find(full)
    return list(parameters.values()), list(rows.values())


def _as_dict(p: Parameter) -> dict[str, Any]:
    value: Any = p.value
    if isinstance(value, tuple):
        value = {
            str(one.year): {
                "value": one.value, "source": one.source, "grade": one.grade, "note": one.note,
            }
            for one in value
        }  # fmt: skip
    return {
        "value": value,
        "unit": p.unit,
        "bounds": [p.low, p.high] if p.bounds else None,
        "prior": str(p.distribution) if p.distribution else None,
        "grade": p.grade or None,
        "source": p.source or None,
        "note": p.note,
    }


def _row_as_dict(row: DocumentRow) -> dict[str, Any]:
    import dataclasses

    return {key: value for key, value in dataclasses.asdict(row).items() if key != "id"}


def _print_cards(parameters: list[Parameter], rows: list[DocumentRow]) -> None:
    from fupin.parameters.document import KINDS, ROLES
    from fupin.parameters.parameter import number
    from fupin.report import parameter_book

    for p in parameters:
        lines = [("value", f"{parameter_book.central(p)} {p.unit}"), ("bounds", p.bounds)]
        lines += [("prior", parameter_book.prior(p)), ("grade", p.grade), ("source", p.source)]
        _print_card(p.name, [*lines, ("note", p.note)])
        if isinstance(p.value, tuple):
            for one in p.value:
                extra = f"; {one.note}" if one.note else ""
                text = f"{number(one.value)}  ({one.grade}: {one.source}{extra})"
                _print_card("", [(str(one.year), text)])
    for row in rows:
        _print_card(
            f"{row.id}  {row.quantity}",
            [
                ("value", f"{parameter_book.document_value(row)} {row.unit}"),
                ("when", row.when),
                ("where", row.scope),
                ("programme", row.programme),
                ("kind", KINDS[row.kind]),
                ("role", f"{row.role}: {ROLES[row.role]}"),
                ("in a run", row.counterpart),
                ("not in it", row.not_modelled),
                ("note", row.note),
            ],
        )


def _print_card(title: str, lines: list[tuple[str, str]]) -> None:
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    if title:
        click.echo(title)
    for name, text in lines:
        if text:
            indent = " " * 13
            body = textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)
            click.echo(f"  {name:<11}{body.strip()}")


def _print_tables(parameters: list[Parameter], rows: list[DocumentRow]) -> None:
    from rich.console import Console

    console = Console()
    for file in dict.fromkeys(p.file for p in parameters):
        here = [p for p in parameters if p.file == file]
        console.print(_parameter_table(file, here, wide=console.width >= _WIDE))
    if rows:
        console.print(_document_table(rows))
    console.print(
        "`fupin parameters NAME` shows grade, source and note.", highlight=False, style="dim"
    )


def _parameter_table(file: str, parameters: list[Parameter], wide: bool) -> Table:
    from rich import box
    from rich.table import Table

    from fupin.report import parameter_book

    table = Table(
        title=f"{file}.*", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column("parameter", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("prior, else bounds")
    if wide:
        table.add_column("grade", no_wrap=True)
    for p in parameters:
        spread = parameter_book.prior(p) or f"[dim]{p.bounds}[/dim]"
        if isinstance(p.value, tuple):
            spread = f"[dim]by year from {p.value[0].year}[/dim]"
        short = p.name.removeprefix(f"{file}.")
        cells = [short, parameter_book.central(p), p.unit, spread]
        table.add_row(*cells, *([p.grade] if wide else []))
    return table


def _document_table(rows: list[DocumentRow]) -> Table:
    from rich import box
    from rich.table import Table

    from fupin.report import parameter_book

    table = Table(
        title="Figures of the document", title_justify="left", box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )  # fmt: skip
    table.add_column("id", no_wrap=True)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for heading in ("unit", "when", "role"):
        table.add_column(heading)
    for title, keys in parameter_book.paragraphs():
        here = [row for row in rows if row.programme in keys]
        if here:
            table.add_section()
            table.add_row("", f"[bold]{title}[/bold]")
        for row in here:
            value = parameter_book.document_value(row)
            table.add_row(row.id, row.quantity, value, row.unit, row.when, row.role)
    return table
