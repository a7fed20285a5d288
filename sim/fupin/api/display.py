"""How far it is, while somebody waits: a bar on a terminal or in a notebook, else lines or nothing.

A use case says what goes on to a `Display` and knows nothing of terminals.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from fupin.engine.session import Notify, OnProgress, Progress
from fupin.words.phrases import phrase

MANY_POINTS = 2000
"""Fewer points are named and checked before anybody would look at a bar."""

LINE_SECONDS = 60.0
"""Without a terminal (a batch job's log) progress is a line so often."""

Asked = bool | OnProgress | None
"""What the user says of progress: None shows it where somebody looks, True also elsewhere in lines,
False nowhere; a function is called with every `Progress`."""


@dataclass(frozen=True)
class Display:
    """What a use case calls.

    Attributes:
        warn: with a line when something unusual happens.
        tell: with a line on what goes on.
        runs: gives what is called with the progress of runs, or None.
        points: gives, for so many points, what is called with how many are checked.
    """

    warn: Notify
    tell: Notify
    runs: Callable[[], AbstractContextManager[OnProgress | None]]
    points: Callable[[int], AbstractContextManager[Callable[[int], None]]]


def display_of(asked: Asked = None, warn: Notify | None = None) -> Display:
    """The display that a user asks for.

    Args:
        asked: as of `Asked`.
        warn: takes lines on what is unusual; they are Python's warnings if None.
    """
    notebook, terminal = in_notebook(), getattr(sys.stderr, "isatty", bool)()
    looked_at = asked is True or (asked is None and (notebook or terminal))
    if callable(asked):
        runs: Callable[[], AbstractContextManager[OnProgress | None]] = lambda: nullcontext(asked)  # noqa: E731
    elif not looked_at:
        runs = nullcontext
    elif notebook:
        runs = _notebook_bar
    else:
        runs = _terminal_bar if terminal else lambda: nullcontext(_lines())
    return Display(
        warn or _warned,
        _said if looked_at else _dropped,
        runs,
        _points_bar if looked_at and terminal else lambda total: nullcontext(_dropped),
    )


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    shell = sys.modules.get("IPython")
    return getattr(shell and shell.get_ipython(), "kernel", None) is not None


def _warned(line: str) -> None:
    warnings.warn(line, stacklevel=2)


def _said(line: str) -> None:
    line = phrase(line)
    print(line, file=sys.stderr, flush=True)


def _dropped(_: Any) -> None:
    """Nobody looks."""


@contextmanager
def _points_bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar while points are made and checked, where they are many."""
    if total < MANY_POINTS:
        yield _dropped
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    ticks = iter(track(range(total), phrase("checking points"), console=console, transient=True))

    def advance(_: int) -> None:
        next(ticks, None)

    yield advance


@contextmanager
def _terminal_bar() -> Iterator[OnProgress]:
    """A bar with rate and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn(phrase("runs")),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=None, rate="")
        yield lambda p: bar.update(task, completed=p.done, total=p.total, rate=rate_of(p))


@contextmanager
def _notebook_bar() -> Iterator[OnProgress]:
    """A bar under the cell; in the end it says how many runs there are.

    It is a plain element of the page and needs no widgets.
    """
    page: Any = import_module("IPython.display")  # it has no types
    shown = page.display(page.HTML(""), display_id=True)
    last = Progress(0, 0)

    def on_progress(progress: Progress) -> None:
        nonlocal last
        last = progress
        bar = f'<progress value="{progress.done}" max="{progress.total}"></progress>'
        shown.update(page.HTML(f"{bar} {_done(progress)} {rate_of(progress)}"))

    try:
        yield on_progress
    finally:
        shown.update(page.HTML(_done(last)))


def _lines() -> OnProgress:
    last = time.monotonic()

    def on_progress(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            _said(f"{_done(progress)}, {rate_of(progress)}")

    return on_progress


def _done(progress: Progress) -> str:
    return phrase(f"{progress.done:,} of {progress.total:,} runs")


def rate_of(progress: Progress) -> str:
    """Rate, time left and failures, as far as they are known."""
    if progress.rate is None or progress.seconds_left is None:
        return ""
    rate = f"{progress.rate:.2g}/s" if progress.rate < 10 else f"{progress.rate:.0f}/s"
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return phrase(f"{rate}, {time_left(progress.seconds_left)} left{failed}")


def time_left(seconds: float) -> str:
    """h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
