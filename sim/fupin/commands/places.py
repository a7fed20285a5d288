"""`fupin places [NAME...]`: what counties are called, and what a name means."""

from __future__ import annotations

import click

from fupin.errors import InputError


@click.command("places")
@click.argument("names", nargs=-1, metavar="[NAME...]")
def command(names: tuple[str, ...]) -> None:
    """Say which counties each NAME means; without one, list all counties and groups.

    A NAME is English or Chinese, a code, a later name, or a group such as "key", 山区 or "all of
    Chengde".
    """
    from fupin.scenario.places import PlaceError, county_index

    index = county_index()
    if not names:
        for prefecture in index.prefectures:
            inside = [c for c in index.records.values() if c.prefecture_en == prefecture]
            click.echo(f"{prefecture} {inside[0].prefecture_zh}")
            for county in inside:
                key = "" if county.key_status == "none" else f"{county.key_status} key county"
                click.echo(
                    f"  {county.code}  {index.canonical(county.code):<30} "
                    f"{county.name_zh}  {key}".rstrip()
                )
        click.echo("Groups")
        for group in index.groups.whole:
            click.echo(f"  {group.written:<22} {group.words}")
        click.echo("A group of a prefecture: `all of Chengde`, `key of Zhangjiakou`.")
        return
    for name in names:
        try:
            codes = index.counties(name)
        except PlaceError as error:
            raise InputError(str(error), error.instead) from None
        unit = index.later_unit(name)
        later = "" if unit is None else f" ({unit.name_zh} is of {unit.year})"
        click.echo(f"{name}: {index.describe(codes, 200)}{later}")
