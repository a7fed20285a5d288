"""`fupin view [SCENARIO]`: watch a plan in the browser."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from fupin.errors import InputError
from fupin.scenario import library

_NEEDED = ("solara", "uvicorn", "starlette", "altair")


@click.command("view")
@click.argument("scenario", metavar="[SCENARIO]", default=library.DOCUMENT)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
    help="Port to serve at; 0 takes a free one.",
)  # fmt: skip
@click.option(
    "--allow-host", "others", multiple=True, metavar="NAME",
    help="A further name of this machine by which browsers may call the page; may be repeated.",
)  # fmt: skip
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--sample", help="default, full or a share such as 0.05; overrides the scenario.")
def command(
    scenario: str, host: str, port: int, others: tuple[str, ...], no_open: bool, sample: str | None
) -> None:
    """Watch SCENARIO month by month in the browser, change it, and see the difference.

    SCENARIO is a file, or fupin:NAME for one that comes with fupin; the plan of 2009 if not given.
    """
    _check_extra()
    with _collecting_nothing():
        from fupin.browser.address import LOOPBACK, listen, names_of, open_browser, url_of
        from fupin.browser.setup import Served, Setup

        served = Served.of(scenario, None if sample is None else _sample(sample))
        first = Setup.opened(served, scenario)
        names_of(host, others)  # found to be right before anything is served
        listening = listen(host, port)
        # The years before are lived while the server is imported and the browser starts; compiled
        # history leaves the interpreter free for both, and every tab waits for the same one.
        lives = partial(served.worlds.of, first.plan, first.seed)
        threading.Thread(target=lives, daemon=True).start()
        url = url_of(listening, host)
        if host not in LOOPBACK:
            click.echo(
                f"fupin: warning: everyone who reaches {host} can use this page, start runs on "
                f"this machine and save scenarios in {served.folder.path}.",
                err=True,
            )
        click.echo(f"{first.plan.title}: {url} (Ctrl-C stops it)")
        if not no_open:
            open_browser(url)
        try:
            from fupin.browser.app import serve, server_of

            server = server_of(served, first, host, others)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            return
    try:
        serve(served, first, server, listening)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Without Python's collector, which would look at each new module an eighth of the time.

    Imports leave next to nothing for it (600 objects).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _check_extra() -> None:
    from importlib.util import find_spec

    if not all(find_spec(name) for name in _NEEDED):
        raise InputError(
            "The page needs packages that are not installed.",
            'Install them with `pip install "fupin[view]"`, in a checkout `uv sync --extra view`.',
        )


def _sample(text: str) -> str | float:
    from fupin.population.sample import parse_sample

    name = parse_sample(text.strip().lower()).name
    return name if name in ("default", "full") else float(name)
