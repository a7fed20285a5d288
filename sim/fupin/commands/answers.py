"""What commands that ask a sweep a question print of the answer, and the report that holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console


def show_answer(
    result: Path,
    file: Path,
    content: Mapping[str, Any],
    page: Callable[[Console, Mapping[str, Any]], None],
    beside: str,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print an answer as its options wish, and write the sweep's report anew.

    Args:
        result: folder of the sweep.
        file: of the answer.
        content: of it.
        page: prints it for people.
        beside: what else lies beside the file, for the last line.
        as_json: print the file and nothing else.
        quiet: print where the file is and nothing else.
    """
    from fupin.commands.running import add_report

    if as_json:
        click.echo(file.read_text(encoding="utf-8"), nl=False)
    elif quiet:
        click.echo(str(file))
    else:
        from fupin.report.terminal.spoken_console import SpokenConsole
        from fupin.words.phrases import phrase

        page(SpokenConsole(highlight=False), content)
        click.echo(phrase(f"{beside}: {file.parent}"))
    add_report(result, silent=as_json or quiet)
