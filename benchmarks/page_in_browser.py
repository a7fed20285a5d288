"""The page as a visitor has it, in headless Chromium: how soon it is up, a month, memory.

Everything is wall time, as a visitor waits; `fupin view` is a process of its own, as always.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fupin.scenario.programme_catalogue import PROGRAMMES

from benchmarks.table import Row
from benchmarks.timing import Spread
from tests.support import headless_chromium as chromium
from tests.support.served_page import served

LOOK = 0.01
"""Seconds between two looks at the page."""

_SHOWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
"""Until what stands in the document has been painted: a frame begins after it, and another."""

MAP = "document.querySelectorAll('.province .u').length > 160"
ALL = (
    "document.querySelectorAll('.charts .chart').length === 3 "
    "&& !document.querySelector('.living') "
    "&& document.querySelectorAll('.budget input[type=range]').length "
    f"=== {len(PROGRAMMES)} "
    "&& document.querySelectorAll('.fupin.ready').length === 1 "
    "&& [...document.querySelectorAll('button')].some(b => b.textContent.trim() === 'Step')"
)
"""Charts, sliders and Mesa's buttons, with the plan lived to its horizon."""

_PRESS = """(async () => {
  const button = [...document.querySelectorAll('button')].find(
    b => b.textContent.trim() === LABEL && !b.disabled);
  const look = () => [document.querySelector('.scrub .month')?.innerText,
                      document.querySelector('.charts')?.innerHTML];
  const frame = () => new Promise(done => requestAnimationFrame(done));
  if (!button) return null;
  const before = look(), began = performance.now();
  button.click();
  for (let now = look(); !now[1] || now.some((part, k) => part === before[k]); now = look()) {
    if (performance.now() - began > 60000) throw new Error('nothing is drawn anew');
    await frame();
  }
  await frame();
  await frame();
  return (performance.now() - began) / 1000;
})()"""
"""Presses a button; seconds until the month and the charts, which are drawn last, are painted."""


@dataclass(frozen=True)
class Up:
    """Seconds from the start of `fupin view`.

    Attributes:
        answered: the server has answered the browser's request.
        map: the counties are painted.
        all: also charts, panel and buttons.
    """

    answered: float
    map: float
    all: float


def up(sample: str, browser_runs: bool) -> Up:
    """Start `fupin view` and wait for the page.

    Args:
        sample: as on the command line.
        browser_runs: a browser runs already and has an empty page; else it is started as
            `fupin view` does it, when the server listens.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(_folder()))
        tab = None
        if browser_runs:
            tab = stack.enter_context(chromium.opened("about:blank", folder / "profile"))
            tab.run(_SHOWN)
            time.sleep(1.0)  # what a browser does after its start is not the page's
        began = time.perf_counter()
        address, _ = stack.enter_context(served(folder, "--sample", sample, quiet=True))
        if tab is None:
            tab = stack.enter_context(chromium.opened(address, folder / "profile"))
        else:
            tab.call("Page.navigate", url=address)
        answered = time.perf_counter() - began
        tab.wait(MAP, every=LOOK)
        tab.run(_SHOWN)
        drawn = time.perf_counter() - began
        tab.wait(ALL, every=LOOK)
        tab.run(_SHOWN)
        return Up(answered, drawn, time.perf_counter() - began)


@dataclass(frozen=True)
class Played:
    """What one tab has lived.

    Attributes:
        months: seconds of each step with its redraw.
        resets: seconds of each reset with its redraw.
        server, heap: megabytes of the server process and of the page's scripts, after each reset.
        nodes: elements of the page and what scripts hold of them, after each reset.
    """

    months: list[float]
    resets: list[float]
    server: list[float]
    heap: list[float]
    nodes: list[float]


def play(sample: str, resets: int, months: int = 12) -> Played:
    """Live the plan of 2009 again and again in one tab by Mesa's buttons.

    Args:
        resets: how often it begins anew, at least twice.
        months: lived before each reset, up to 12.
    """
    found = Played([], [], [], [], [])
    with (
        _folder() as name,
        served(Path(name), "--sample", sample, quiet=True) as (address, server),
        chromium.opened(address, Path(name) / "profile") as tab,
    ):
        tab.wait(ALL)
        for _ in range(resets):
            found.months.extend(_press(tab, "Step") for _ in range(months))
            found.resets.append(_press(tab, "Reset"))
            tab.call("HeapProfiler.collectGarbage")
            tab.events.clear()  # of the protocol; the page does not know of them
            found.server.append(_resident_mb(server))
            found.heap.append(tab.call("Runtime.getHeapUsage")["usedSize"] / 2**20)
            found.nodes.append(tab.call("Memory.getDOMCounters")["nodes"])
    return found


def growth(levels: list[float]) -> float:
    """By how much a level has risen over the second half of the resets: as the first fills caches.

    The median of the last quarter less that of the quarter before it, so that the moment of one
    collection does not count.
    """
    quarter = max(1, len(levels) // 4)
    return statistics.median(levels[-quarter:]) - statistics.median(levels[-2 * quarter : -quarter])


def rows(running: list[Up], cold: list[Up], played: Played | None) -> list[Row]:
    """The table, of what was measured."""
    found = []
    for group, rounds in (("page up, the browser runs already", running),
                          ("page up, the browser is started too", cold)):  # fmt: skip
        if not rounds:
            continue
        found += [
            Row(group, "server answers", "s", Spread.of(one.answered for one in rounds),
                "from the start of `fupin view`"),
            Row(group, "map drawn", "s", Spread.of(one.map for one in rounds)),
            Row(group, "charts, panel and buttons too", "s", Spread.of(one.all for one in rounds)),
        ]  # fmt: skip
    if played is None:
        return found
    count = f"{len(played.months)} months, {len(played.resets)} resets"
    found += [
        Row(count, "a month with its redraw", "s", Spread.of(played.months)),
        Row(count, "a reset with its redraw", "s", Spread.of(played.resets)),
    ]
    for name, levels, unit in (
        ("server", played.server, "MB"), ("scripts of the page", played.heap, "MB"),
        ("nodes of the document", played.nodes, ""),
    ):  # fmt: skip
        note = f"{growth(levels):+,.1f} in the last quarter of the resets"
        found.append(Row(count, f"{name}, after a reset", unit, Spread.of(levels), note))
    return found


def _press(tab: chromium.Tab, label: str) -> float:
    script = _PRESS.replace("LABEL", json.dumps(label))
    while (seconds := tab.run(script)) is None:  # the button rests until a step is lived
        time.sleep(LOOK)
    return float(seconds)


def _resident_mb(process: int) -> float:
    """Resident memory of a process, megabytes (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@contextmanager
def _folder() -> Iterator[str]:
    # Chromium's helpers may still write into their profile when it is removed.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield name
