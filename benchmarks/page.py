"""The page: how long a month takes with its redraw, and whether memory grows.

    uv run python -m benchmarks.page                 # the usual sample
    uv run python -m benchmarks.page --sample 0.05

Times are processor time of this process, so that a busy machine does not count; what the browser
does is not in them. Memory is resident, after a collection; growth is over the second half of the
resets, as the first fill caches.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim.browser.charts import headlines, series_charts
from sim.browser.map import base, coloured
from sim.browser.setup import Served, Setup
from sim.browser.words import Words
from sim.browser.world import PageModel


def resident_mb() -> float:
    """Resident memory of this process, megabytes (Linux)."""
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def redraw(model: PageModel) -> None:
    """All that the page makes anew after a month, as it shows at first."""
    say = Words("en")
    coloured(model, say, "registered", "plan", villages=False)
    series_charts(model, say)
    headlines(model, say)


def _seconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sample", default="default")
    options.add_argument("--resets", type=int, default=42, help="after twelve months each")
    given = options.parse_args()
    sample = given.sample if given.sample in ("default", "full") else float(given.sample)
    served = Served.of("fupin:2009-document", sample)
    setup = Setup.opened(served, "fupin:2009-document")
    living = _seconds(lambda: served.worlds.of(setup.plan, 1))
    drawing = _seconds(lambda: base(False))
    print(f"sample {sample}: years before the start {living:.2f} s, shapes {drawing:.2f} s")
    for beside in ("none", "no_programmes"):
        model, _ = replace(setup, beside=beside).model(served)
        redraw(model)
        steps, draws = [], []
        while model.running:
            steps.append(_seconds(model.step))
            draws.append(_seconds(lambda shown=model: redraw(shown)))  # type: ignore[misc]
        print(
            f"beside {beside}: a month {statistics.median(steps):.3f} s "
            f"(longest {max(steps):.3f}), redraw {statistics.median(draws):.3f} s"
        )
    model, parameters = setup.model(served)
    levels = []
    for _ in range(given.resets):
        while model.running:
            model.step()
            redraw(model)
        model = type(model)(**parameters)
        levels.append(resident_mb())
    if not levels:
        return
    half = len(levels) // 2
    growth = levels[-1] - levels[half]
    print(
        f"{given.resets} resets after 12 months each: {levels[half]:.0f} MB at half time, "
        f"{growth:+.1f} MB since"
    )


if __name__ == "__main__":
    main()
