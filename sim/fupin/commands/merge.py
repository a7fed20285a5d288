"""`fupin merge OUT [SHARD...]`: one sweep from shards that were run apart."""

from __future__ import annotations

from pathlib import Path

import click

from fupin.errors import InputError


@click.command("merge")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("shards", metavar="[SHARD]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
def command(out: Path, shards: tuple[Path, ...], as_json: bool) -> None:
    """Put the runs of shards together in OUT, and write the tables of the whole sweep.

    Without SHARD, the folders shard-I-of-N that lie in OUT. Shards that are not complete yet may be
    merged, and merged again later.
    """
    from fupin.commands.sessions import ending
    from fupin.commands.sweep import print_sweep
    from fupin.sweeps.merge import merge, shards_in
    from fupin.sweeps.results import summary_text

    for shard in shards:
        if not shard.is_dir():
            raise InputError(f"There is no folder {shard}.", "Name folders of fupin sweep --shard.")
    with ending("The same command goes on with it."):
        summary = merge(
            out,
            shards or shards_in(out),
            lambda line: click.echo(f"fupin: {line}", err=True),
        )
    if as_json:
        click.echo(summary_text(summary), nl=False)
    else:
        print_sweep(summary, out)
