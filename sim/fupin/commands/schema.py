"""`fupin schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Write to this file instead."
)
def command(out: Path | None) -> None:
    """Print the JSON Schema of scenario files.

    In an editor with the YAML language server, put this at the top of a scenario file:
    # yaml-language-server: $schema=scenario.schema.json
    """
    from fupin.files.targets import SCHEMA, require_place
    from fupin.scenario.json_schema import json_schema
    from fupin.sweeps.folder import write_text

    if out is not None:
        require_place(out, "--out", SCHEMA)
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    write_text(out, f"{text}\n")
    click.echo(f"Wrote {out}.", err=True)
