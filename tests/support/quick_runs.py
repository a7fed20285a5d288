"""Functions in the place of the simulator: quick, exact, and with every way to go wrong.

A scenario here is a plain mapping; `log` in it names a folder in which each call leaves a line.
"""

from __future__ import annotations

import math
import os
import signal
import time
from pathlib import Path
from typing import Any

from fupin.results.draws import Draw


def _note(scenario: Any, seed: int) -> None:
    log = scenario.get("log")
    if log is not None:
        with (Path(log) / f"{os.getpid()}.txt").open("a", encoding="utf-8") as file:
            file.write(f"{scenario['x']} {seed}\n")


def calls(log: Path) -> list[str]:
    """What was called, by all processes, sorted."""
    return sorted(line for file in log.glob("*.txt") for line in file.read_text().splitlines())


def numbers(scenario: Any, draw: Draw, seed: int, **settings: Any) -> dict[str, float | None]:
    """Numbers that depend on the arguments alone."""
    _note(scenario, seed)
    time.sleep(scenario.get("seconds", 0.0))
    x = scenario["x"]
    return {
        "poor": 1000.0 * math.sin(x) + seed + len(draw.label),
        "additional": None if seed % 3 == 0 else x / 7,
    }


def with_accidents(scenario: Any, draw: Draw, seed: int) -> dict[str, float | None]:
    """Goes wrong where x says so: 3 raises, 5 kills its process, 7 is NaN."""
    if scenario["x"] == 3:
        raise ZeroDivisionError("no eligible household")
    if scenario["x"] == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    found = numbers(scenario, draw, seed)
    return found | {"poor": math.nan} if scenario["x"] == 7 else found


def broken_until(scenario: Any, draw: Draw, seed: int) -> dict[str, float | None]:
    """Raises where x is 2, as long as the file that `switch` names does not exist."""
    found = numbers(scenario, draw, seed)
    if scenario["x"] == 2 and not Path(scenario["switch"]).exists():
        raise RuntimeError("the licence server does not answer")
    return found


def drops_an_interruption(scenario: Any, draw: Draw, seed: int) -> dict[str, float]:
    """The first run is interrupted, and some library of it drops what it does not know."""
    with (Path(scenario["log"]) / "runs.txt").open("a", encoding="utf-8") as log:
        log.write(f"{scenario['x']}\n")
    if scenario["x"] == 0:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1.0)
        except BaseException:
            pass
    time.sleep(0.2)
    return {"x": float(scenario["x"])}
