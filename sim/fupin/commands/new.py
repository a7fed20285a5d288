"""`fupin new NAME`: a scenario file to start from."""

from __future__ import annotations

from pathlib import Path

import click

from fupin.errors import InputError
from fupin.scenario import library


@click.command("new")
@click.argument("name")
@click.option(
    "--extends",
    default=library.DOCUMENT,
    show_default=True,
    help="The scenario to change: a path, or fupin:NAME.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="The file to write; NAME.yaml in the working folder by default.",
)
def command(name: str, extends: str, out: Path | None) -> None:
    """Write a new scenario file NAME.yaml that extends another, with comments to start from."""
    from fupin.files.whole import write_new
    from fupin.scenario.fields import is_scenario_name
    from fupin.scenario.load import resolve, resolve_text
    from fupin.scenario.starter import starter_text
    from fupin.yaml.words import shown

    name = name.removesuffix(".yaml").removesuffix(".yml")  # as it is typed for other commands
    if not is_scenario_name(name):
        raise InputError(
            f"{shown(name)} cannot be the name of a scenario.",
            "Use up to 64 letters, digits, - and _, beginning with a letter or a digit.",
        )
    file = out if out is not None else Path(f"{name}.yaml")
    text = starter_text(name, resolve(extends), file)
    resolve_text(text, file)  # never write a file that does not load
    try:
        write_new(file, text.encode())
    except FileExistsError:
        raise InputError(
            "This file exists already and is left as it is.", "Choose another name.", file
        ) from None
    except OSError as error:
        raise InputError(f"This file cannot be written: {error.strerror}.", None, file) from None
    click.echo(f"Wrote {file}. Edit it, then: fupin check {file}")
