"""`fupin list`: the scenarios that come with fupin."""

from __future__ import annotations

import json

import click

from fupin.errors import InputError


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(as_json: bool) -> None:
    """List the scenarios that come with fupin, with what each extends."""
    from fupin.scenario import library
    from fupin.scenario.load import resolve
    from fupin.words.spoken import said, spoken
    from fupin.words.titles import title

    rows = []
    for path in library.scenario_files():
        row = {"name": library.OURS + library.our_name(path), "title": "", "extends": ""}
        try:
            resolved = resolve(path)
            row["title"] = title(spoken(), resolved.scenario)
            if len(resolved.files) > 1:
                row["extends"] = library.OURS + library.our_name(resolved.files[1].resolve())
        except InputError as error:
            row["title"] = f"(not valid: {error.message})"
        rows.append(row)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['name']:<{width}}  {row['title']}")
        if row["extends"]:
            click.echo(f"{'':<{width}}  {said('extends {name}', name=row['extends'])}")
    use = "Use a name or the path of a file: fupin check {name}"
    click.echo("\n" + said(use, name=library.DOCUMENT))
