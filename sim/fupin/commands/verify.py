"""`fupin verify RESULT`: is it still what was written, and would it come out again?"""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("verify")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--rerun", metavar="N", type=click.IntRange(min=0), default=0,
              help="Make N of its runs again and compare them bit by bit.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(result: Path, rerun: int, as_json: bool) -> None:
    """Recompute every hash of RESULT, a folder of `fupin run` or `fupin sweep`.

    Exit code 1 and a list where anything is not what was written.
    """
    from fupin.verify.reruns import verify

    found = verify(result, rerun)
    if as_json:
        content = {"looked_at": found.looked_at, "wrong": found.wrong}
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        for line in found.looked_at:
            click.echo(line)
        for line in found.wrong:
            click.echo(f"fupin: {line}", err=True)
    if found.wrong:
        raise click.exceptions.Exit(1)
