"""The page: how soon it is up, how long a month takes with its redraw, and whether memory grows.

    uv run python -m benchmarks.page                 # the usual sample: five minutes
    uv run python -m benchmarks.page --sample 0.05

The first rows are processor time of what the server does, so that a busy machine does not count;
the others are wall time in headless Chromium, as a visitor waits. See docs/page.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from fupin.browser.answer import strip
from fupin.browser.charts import poverty_charts
from fupin.browser.life import Life
from fupin.browser.map import base, coloured
from fupin.browser.scene import Scene
from fupin.browser.setup import Served, Setup
from fupin.words.language import Language

from benchmarks import page_in_browser, timing
from benchmarks.table import Row, listed
from benchmarks.timing import Spread, processor_seconds
from tests.support import headless_chromium as chromium

SCENARIO = "fupin:2009-document"


def redraw(life: Life) -> None:
    """All that the page makes anew after a month, as it shows at first."""
    scene = Scene(Language.of_page("en"), life, life.lived)
    coloured(scene, "income_poor", "plan", villages=False)
    poverty_charts(scene)
    strip(scene)


def work_of_the_server(sample: str | float) -> list[Row]:
    """Processor time of what a tab makes the server do, without solara and the browser."""
    group = "work of the server, processor time"
    served = Served.of(SCENARIO, sample)
    setup = Setup.opened(served, SCENARIO)
    found = [
        _once(group, "years before the start", lambda: served.worlds.of(setup.lived, 1)),
        _once(group, "shapes of the map", lambda: base(False)),
    ]
    for beside, title in (("none", ""), ("no_programmes", ", with the world beside")):
        life = replace(setup, beside=beside).life(served)
        redraw(life)
        steps, draws = [], []
        while life.going:
            steps.append(processor_seconds(life.model.step))
            draws.append(processor_seconds(lambda shown=life: redraw(shown)))  # type: ignore[misc]
        found += [
            Row(group, f"a month{title}", "s", Spread.of(steps)),
            Row(group, f"its redraw{title}", "s", Spread.of(draws)),
        ]
    return found


def _once(group: str, name: str, work: Callable[[], object]) -> Row:
    return Row(group, name, "s", Spread.of([processor_seconds(work)]))


def in_browser(sample: str, rounds: int, resets: int) -> list[Row]:
    """Wall time in a browser: each round starts a server of its own, in turns with and without
    a browser that runs already. One more goes before them, which fills caches."""
    page_in_browser.up(sample, browser_runs=True)
    running, cold = [], []
    for turn in range(1, rounds + 1):
        _say(f"turn {turn}: the page comes up")
        running.append(page_in_browser.up(sample, browser_runs=True))
        cold.append(page_in_browser.up(sample, browser_runs=False))
    played = None
    if resets:
        _say(f"{resets} resets after twelve months each")
        played = page_in_browser.play(sample, resets)
    return page_in_browser.rows(running, cold, played)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.page", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--sample", default="default", help="as of `fupin view`")
    parser.add_argument("--rounds", type=int, default=7, help="how often the page comes up")
    parser.add_argument("--resets", type=int, default=42, help="after twelve months each; 0: none")
    chosen = parser.parse_args(arguments)
    if chosen.rounds < 1 or chosen.resets < 0 or chosen.resets == 1:
        parser.error("--rounds must be at least 1, --resets 0 or at least 2")
    sample = chosen.sample if chosen.sample in ("default", "full") else float(chosen.sample)
    rows = work_of_the_server(sample)
    if chromium.PROGRAM is None:
        print("chromium is not installed: nothing is measured in a browser", file=sys.stderr)
    else:
        rows += in_browser(str(sample), chosen.rounds, chosen.resets)
    about = timing.machine()
    print(
        f"{about['processor']}, {about['cores']} cores; Python {about['python']}, Mesa "
        f"{about['mesa']}; sample {sample}; load of the machine over the last minutes "
        f"{about['load']}\n"
    )
    print("\n".join(listed(rows)))
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
