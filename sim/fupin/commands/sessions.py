"""What commands that simulate for long share: progress, and a good end whatever happens."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fupin.engine.session import OnProgress, Progress

MANY_POINTS = 2000
"""Fewer points are named and checked before anybody would look at a bar."""

LINE_SECONDS = 60.0
"""Without a terminal (a batch job's log) progress is a line so often."""


@contextmanager
def ending(how_to_go_on: str) -> Iterator[None]:
    """Turns an interruption, and workers that die, into a message and exit code 1.

    SIGTERM, which batch systems send before they kill, is an interruption like Ctrl-C.
    """
    from fupin import interruption
    from fupin.engine.workers import WorkersDie
    from fupin.store.journal import DiskFull

    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, interruption.ask) if main else None
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"fupin: stopped. {how_to_go_on}", err=True)
        raise click.exceptions.Exit(1) from None
    except WorkersDie as error:
        click.echo(f"fupin: {error} {how_to_go_on}", err=True)
        raise click.exceptions.Exit(1) from None
    except DiskFull as error:
        click.echo(f"fupin: the disk is full ({error}). {how_to_go_on}", err=True)
        raise click.exceptions.Exit(1) from None
    finally:
        if main:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


@contextmanager
def points_bar(total: int, silent: bool) -> Iterator[Callable[[int], None]]:
    """A bar while points are made and checked, where they are many."""
    if silent or total < MANY_POINTS:
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    ticks = iter(track(range(total), "checking points", console=console, transient=True))

    def advance(done: int) -> None:
        next(ticks, None)

    yield advance


@contextmanager
def runs_bar(silent: bool) -> Iterator[OnProgress | None]:
    """A bar with rate and time left on a terminal, a line a minute elsewhere."""
    if silent:
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("runs"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("runs", total=None, rate="")
        yield lambda p: bar.update(task, completed=p.done, total=p.total, rate=rate_of(p))


def rate_of(progress: Progress) -> str:
    """Rate, time left and failures, as far as they are known."""
    if progress.rate is None or progress.seconds_left is None:
        return ""
    rate = f"{progress.rate:.2g}/s" if progress.rate < 10 else f"{progress.rate:.0f}/s"
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return f"{rate}, {time_left(progress.seconds_left)} left{failed}"


def time_left(seconds: float) -> str:
    """h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _lines() -> OnProgress:
    last = time.monotonic()

    def on_progress(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            click.echo(
                f"{progress.done:,} of {progress.total:,} runs, {rate_of(progress)}", err=True
            )

    return on_progress
