"""`fupin schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fupin.errors import InputError


@click.command("schema")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Write to this file instead."
)
def command(out: Path | None) -> None:
    """Print the JSON Schema of scenario files.

    In an editor with the YAML language server, put this at the top of a scenario file:
    # yaml-language-server: $schema=scenario.schema.json
    """
    from fupin.scenario.json_schema import json_schema

    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"The schema cannot be written: {error.strerror}.", None, out) from None
    click.echo(f"Wrote {out}.", err=True)
