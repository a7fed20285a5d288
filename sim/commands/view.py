"""`fupin view [SCENARIO]`: watch a plan in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

_NEEDED = ("solara", "uvicorn", "starlette", "altair")


@click.command("view")
@click.argument("scenario", metavar="[SCENARIO]", default="fupin:2009-document")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
    help="Port to serve at; 0 takes a free one.",
)  # fmt: skip
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--sample", help="default, full or a share such as 0.05; overrides the scenario.")
def command(scenario: str, host: str, port: int, no_open: bool, sample: str | None) -> None:
    """Watch SCENARIO month by month in the browser, and move its budgets.

    SCENARIO is a file, or fupin:NAME for one that comes with fupin; the plan of 2009 if not given.
    """
    _check_extra()
    from sim.scenario.load import load_scenario

    plan = load_scenario(scenario)
    if sample is not None:
        plan = _with_sample(plan, sample)
    from sim.browser.app import listen, serve

    listening = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listening.getsockname()[1]}"
    click.echo(f"Living the years before {plan.period.start.words} ...", err=True)
    from sim.browser.world import World

    world = World.of(plan)
    click.echo(f"{plan.title}: {url} (Ctrl-C stops it)")
    try:
        serve(world, listening, url, open_browser=not no_open)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _check_extra() -> None:
    from importlib.util import find_spec

    if not all(find_spec(name) for name in _NEEDED):
        raise InputError(
            "The page needs packages that are not installed.",
            "Install them with `pip install 'fupin[view]'`, in a checkout `uv sync --extra view`.",
        )


def _with_sample(plan: Scenario, text: str) -> Scenario:
    from sim.population.sample import parse_sample

    name = parse_sample(text.strip().lower()).name
    sample = name if name in ("default", "full") else float(name)
    population = plan.population.model_copy(update={"sample": sample})
    return plan.model_copy(update={"population": population})
