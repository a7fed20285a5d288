"""What makes the page start quickly: nothing is loaded that it does not draw, and the first tab
finds its model built. Neither may be seen by anybody."""

from __future__ import annotations

import os
import pickle
import queue
import socket
import subprocess
import sys
import threading
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fupin import paths
from fupin.browser import address, map
from fupin.browser.life import Life
from fupin.browser.setup import Ahead, Served, Setup


def _says(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(paths.PACKAGE.parents[1])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=environment, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_page_loads_no_library_that_it_does_not_draw_with() -> None:
    heavy = "{'altair', 'pandas', 'matplotlib', 'networkx', 'mesa.visualization'}"
    assert (
        _says(f"import sys, fupin.browser.app; print(sorted({heavy} & set(sys.modules)))") == "[]"
    )


def test_mesas_own_page_is_whole_before_and_after() -> None:
    after = (
        "import fupin.browser.controller as ours, mesa.visualization as theirs\n"
        "from mesa.visualization import solara_viz, space_renderer, utils\n"
        "print(theirs.SolaraViz is solara_viz.SolaraViz, solara_viz.SpaceRenderer is "
        "space_renderer.SpaceRenderer, solara_viz.alt.__name__, theirs.utils is utils, "
        "ours.ModelController is solara_viz.ModelController)"
    )
    assert _says(after) == "True True altair True False"
    before = (
        "import sys, mesa.visualization as theirs; names = set(sys.modules)\n"
        "import fupin.browser.controller\n"
        "mesas = {name for name in names if name.startswith('mesa.visualization')}\n"
        "print(sys.modules['mesa.visualization'] is theirs, mesas <= set(sys.modules))"
    )
    assert _says(before) == "True True"


def test_the_maps_colours_run_from_light_to_dark() -> None:
    def lightness(colour: str) -> float:
        return float(np.dot(mpl.colors.to_rgb(colour), (0.2126, 0.7152, 0.0722)))

    levels = [lightness(colour) for colour in map.LEVELS]
    assert levels == sorted(levels, reverse=True) and np.all(-np.diff(levels) > 0.05)


def test_a_life_begun_ahead_goes_to_one_tab(served: Served, first: Setup) -> None:
    shared = Served(served.folder, served.sample, served.worlds, served.runs, Ahead())
    other = Setup.opened(shared, first.choice)
    assert not shared.ahead.ready(first)
    shared.ahead.begin(first, shared)
    assert shared.ahead.ready(first) and not shared.ahead.ready(other)
    another = other.life(shared)
    one = first.life(shared)
    two = first.life(shared)
    assert not shared.ahead.ready(first)
    assert len({id(one), id(two), id(another)}) == 3
    assert (one.lived, two.lived, another.lived) == (one.last, 0, 0)
    two.live()
    mine, theirs = (life.model.measured[2009] for life in (one, two))
    assert pickle.dumps(mine) == pickle.dumps(theirs)


def test_a_tab_that_comes_too_early_waits_for_the_life(served: Served, first: Setup) -> None:
    shared = Served(served.folder, served.sample, served.worlds, served.runs, Ahead())
    began, go_on = threading.Event(), threading.Event()

    class Slow(Setup):
        def begin(self, served: Served) -> Life:
            began.set()
            go_on.wait(30)
            return super().begin(served)

    slow = Slow(first.choice, first.base, first.changes, first.plan, sample=first.sample)
    builder = threading.Thread(target=shared.ahead.begin, args=(slow, shared))
    builder.start()
    assert began.wait(30) and not shared.ahead.ready(slow)
    taken: list[object] = []
    tab = threading.Thread(target=lambda: taken.append(shared.ahead.take(slow)))
    tab.start()
    tab.join(0.2)
    assert taken == []
    go_on.set()
    tab.join(60)
    builder.join(60)
    assert len(taken) == 1 and taken[0] is not None


def test_the_collector_works_again_after_bad_input(tmp_path: Path) -> None:
    said = _says(
        "import gc, fupin.commands.view as view\n"
        "from fupin.errors import InputError\n"
        "try: view.command.callback('nowhere.yaml', '127.0.0.1', 0, (), True, None)\n"
        "except InputError as error: print(gc.isenabled(), error.message)"
    )
    assert said.startswith("True There is no file 'nowhere.yaml'")


def test_the_browser_opens_the_address_that_is_listened_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(address.webbrowser, "open", asked.put)
    with address.listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        assert address.url_of(listening, "127.0.0.1") == f"http://127.0.0.1:{port}"
        assert address.url_of(listening, "::1") == f"http://[::1]:{port}"
        address.open_browser("http://127.0.0.1:1")
        # Who asks before there is a server waits instead of being refused.
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    assert asked.get(timeout=10) == "http://127.0.0.1:1"
