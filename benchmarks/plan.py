"""Which measurements the benchmark makes, in its quick, its usual and its full form."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks.runner import Task

GROWTH = (1, 2, 5, 10)
"""Multiples of the work at which its cost is measured."""

PEERS = {"starsim": "starsim", "laser": "laser.core"}
"""Peers of the extra `bench`: job -> module."""


def has_peer(name: str) -> bool:
    """True if the extra's package is installed (what an uninstaller left of it does not count)."""
    try:
        found = find_spec(PEERS[name])
    except ModuleNotFoundError:  # the parent of laser.core
        return False
    return found is not None and found.origin is not None


def tasks(quick: bool = False, full: bool = False) -> list[Task]:
    """Everything to measure, in the order of a turn.

    Args:
        quick: small samples and peers, so that it takes a minute or two.
        full: also the full province, 2009 and the eight years since 2002.
    """
    sample: str | float = 0.02 if quick else "default"
    wanted = [
        Task("help", "help"),
        Task("ready", "ready", {"sample": sample}),
        Task("first run, nothing cached", "first_run", rounds=2, empty_cache=True),
        Task("first run, all cached", "first_run", rounds=2),
        Task("frame build", "frame_build", {"sample": sample}),
        Task("frame load", "frame_load", {"sample": sample}),
        Task("months", "months", {"sample": sample}),
        *_peers(quick),
        Task("2009", "whole", {"scenario": "2009-document", "sample": sample, "again": True}),
        Task(
            "2009 with twins", "whole",
            {"scenario": "2009-document", "sample": sample, "twins": True},
        ),
        *_growth(quick),
    ]  # fmt: skip
    if full:
        wanted += [
            Task("full months", "months", {"sample": "full"}),
            Task("full 2009", "whole", {"scenario": "2009-document", "sample": "full"}),
            Task(
                "full 2002-2009", "whole", {"scenario": "2002-2009-history", "sample": "full"},
                rounds=3,
            ),
        ]  # fmt: skip
    return wanted


def _peers(quick: bool) -> list[Task]:
    few, many = (1_000, 10_000) if quick else (10_000, 100_000)
    found = [
        Task("objects, few", "objects", {"households": few}),
        Task("objects, many", "objects", {"households": many}, rounds=3),
    ]
    if has_peer("starsim"):
        found += [
            Task("starsim, few", "starsim", {"households": 10 * few}),
            Task("starsim, many", "starsim", {"households": 10 * many}),
        ]
    if has_peer("laser"):
        found.append(Task("laser", "laser", {"households": 10 * many}))
    return found


def _growth(quick: bool) -> list[Task]:
    # A tenth of the largest must still be large beside what a month costs without households.
    sample = 0.004 if quick else 0.04
    by_households = [
        Task(
            f"households x{times}", "grown",
            {"scenario": "2009-document", "sample": round(sample * times, 6), "run_months": 12},
            rounds=3,
        )
        for times in GROWTH
    ]  # fmt: skip
    by_months = [
        Task(
            f"months x{times}", "grown",
            {"scenario": "many-years", "sample": sample, "run_months": 12 * times, "run_in": 12},
            rounds=3,
        )
        for times in GROWTH
    ]  # fmt: skip
    return by_households + by_months


def prepared(wanted: list[Task]) -> list[Task]:
    """What has to be in the cache before anything is measured: frames and levels."""
    worlds: set[tuple[str, str | float]] = {("2009-document", 0.002)}
    for task in wanted:
        if task.job in ("months", "frame_load", "ready"):
            worlds.add(("2009-document", task.options["sample"]))
        elif task.job in ("whole", "grown"):
            worlds.add((task.options["scenario"], task.options["sample"]))
        elif task.job == "objects":
            worlds.add(("2009-document", 0.01))
    return [
        Task(f"prepare {scenario} {sample}", "prepare", {"scenario": scenario, "sample": sample})
        for scenario, sample in sorted(worlds, key=str)
    ]
