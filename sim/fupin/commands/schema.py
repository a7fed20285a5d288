"""`fupin schema`: the JSON Schema of scenario files, or of sweep files."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.argument("kind", type=click.Choice(["scenario", "sweep"]), default="scenario")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Write to this file instead."
)
def command(kind: str, out: Path | None) -> None:
    """Print the JSON Schema of scenario files, or with `sweep` of sweep files.

    In an editor with the YAML language server, put this at the top of a scenario file:
    # yaml-language-server: $schema=scenario.schema.json
    """
    from fupin.files.targets import SCHEMA, require_place, write_there
    from fupin.scenario import json_schema as scenarios
    from fupin.sweeps import schema as sweeps

    if out is not None:
        require_place(out, "--out", SCHEMA)
    schema = sweeps.json_schema() if kind == "sweep" else scenarios.json_schema()
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    write_there(out, "--out", f"{text}\n")
    click.echo(f"Wrote {out}.", err=True)
