"""`fupin verify RESULT`: is it still what was written, and would it come out again?"""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("verify")
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--rerun", metavar="N", type=click.IntRange(min=0), default=0,
    help="Make N of its runs again, with nothing from the cache, and compare them bit by bit.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(result: Path, rerun: int, as_json: bool) -> None:
    """Check RESULT, a folder of `fupin run`, `fupin compare` or `fupin sweep`; trust nothing.

    Every hash is computed again, and summaries are made from their tables. Exit code 1 and a list
    where anything is not what was written; what was not looked at is said, too.
    """
    from fupin.commands.sessions import ending
    from fupin.verify.reruns import verify
    from fupin.words.phrases import phrase

    with ending("Give the command again."):
        found = verify(result, rerun, lambda line: click.echo(phrase(line), err=True))
    if as_json:
        click.echo(json.dumps(vars(found), indent=2, ensure_ascii=False))
    else:
        for line in found.looked_at:
            click.echo(phrase(line))
        for line in found.repaired:
            click.echo(phrase(f"repaired in the cache: {line}"))
        for line in found.not_checked:
            click.echo(phrase(f"not checked: {line}"))
        for line in found.wrong:
            click.echo(f"fupin: {phrase(line)}", err=True)
    if found.wrong:
        raise click.exceptions.Exit(1)
