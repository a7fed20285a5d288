"""`fupin population`: the synthetic province beside census, yearbook and document."""

from __future__ import annotations

import json
from typing import Literal, cast

import click

from fupin.parameters.province import province


@click.command(name="population")
@click.option(
    "--sample", default="default", show_default=True, help="default, full, or a fraction (0.05)."
)
@click.option("--seed", type=int, default=None, help="Population seed [default: 20091231].")
@click.option("--people-only", is_flag=True, help="Leave out incomes, which take a while.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(sample: str, seed: int | None, people_only: bool, as_json: bool) -> None:
    """Show the synthetic province beside census, yearbook and document."""
    from fupin.population import compare
    from fupin.population.frame import DEFAULT_SEED, load_frame

    frame = load_frame(sample, DEFAULT_SEED if seed is None else seed)
    rows = compare.province_rows(frame)
    if not people_only:
        from fupin.livelihood.comparison import income_rows
        from fupin.livelihood.core import FIRST_YEAR
        from fupin.livelihood.moments import YEAR

        click.echo(f"Living {FIRST_YEAR} to {YEAR}, for incomes and the register ...", err=True)
        rows += income_rows(frame)
    prefectures = compare.prefecture_rows(frame)
    if as_json:
        content = {
            "sample": frame.sample,
            "seed": frame.seed,
            "fingerprint": frame.fingerprint,
            "province": [row.as_dict() for row in rows],
            "prefectures": prefectures,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return

    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(
        title=f"A synthetic {province().name}: sample {frame.sample}, seed {frame.seed}",
        box=box.SIMPLE_HEAD,
    )
    for heading in ("quantity", "source"):
        table.add_column(heading)
    for heading in ("reference", "model", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.quantity + ("" if row.unit in _PLAIN_UNITS else f" [dim]({row.unit})[/dim]"),
            row.source,
            _number(row.reference, row.decimals),
            _number(row.model, row.decimals),
            _number(row.difference, row.decimals, sign=True),
        )
    console.print(table)

    table = Table(title="By prefecture, weighted", box=box.SIMPLE_HEAD, padding=0)
    for heading, _, _, _ in _PREFECTURE_COLUMNS:
        justify: Literal["left", "right"] = "right" if table.columns else "left"
        table.add_column(heading, justify=justify, no_wrap=True)
    for one in prefectures:
        cells = [
            _number(cast(float, one[key]) / scale, decimals)
            for _, key, scale, decimals in _PREFECTURE_COLUMNS[1:]
        ]
        table.add_row(str(one["prefecture"]), *cells)
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"[dim]{row.quantity}: {row.note}.[/dim]", highlight=False)


# Units that need not be printed beside a count.
_PLAIN_UNITS = ("units", "persons", "households", "villages")
# Heading, key of `compare.prefecture_rows`, divisor, decimals.
_PREFECTURE_COLUMNS: tuple[tuple[str, str, float, int], ...] = (
    ("prefecture", "prefecture", 1, 0),
    ("key", "key_counties", 1, 0),
    ("vill.", "villages", 1, 0),
    ("listed", "listed_villages", 1, 0),
    ("people(M)", "people", 1e6, 3),
    ("off%", "people_difference_percent", 1, 2),
    ("size", "household_size", 1, 2),
    ("school", "schooling_years", 1, 1),
    ("water%", "water_percent", 1, 0),
    ("away%", "away_percent", 1, 1),
    ("frail%", "frail_percent", 1, 1),
)


def _number(value: float | None, decimals: int, sign: bool = False) -> str:
    if value is None:
        return ""
    text = f"{value:{'+' if sign else ''},.{decimals}f}"
    # A difference that rounds to nothing has no sign.
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text
