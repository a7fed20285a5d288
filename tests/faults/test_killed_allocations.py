"""`fupin allocate` that is killed in any of its phases goes on and ends with the same bytes.

Everything is real but the worlds, which have a closed form (`toy_allocation`). One process imports
fupin and forks every attempt, so that ten of them cost little.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from real_commands import files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")

ALLOCATE = """\
import json, os, signal, sys, time
sys.path.insert(0, {support!r})

import scipy.optimize
import toy_allocation
from fupin import cli
from fupin.allocation import allocating, content, lives, plan_money
from fupin.api import allocation_result
from fupin.commands import allocate
from fupin.engine import session

lives.WORLD = "toy_allocation:live_world"
lives.frame_fingerprint = lambda sample, seed: "toy"
session.BATCH_SECONDS = 0.0  # a batch takes a world, as with worlds that take seconds
allocation_result.compile_first = lambda display: None
live = toy_allocation.live_world


def die(*args, **keys):
    os.kill(os.getpid(), signal.SIGKILL)


def attempt(folder, cache, kill):
    # Kill: a number, at that world; "writing", when a whole folder takes its place; or None.
    count = 0

    def counted(*args):
        nonlocal count
        count += 1
        return die() if count == kill else live(*args)

    toy_allocation.live_world = counted
    if kill == "writing":
        os.replace = os.rename = die
    os.environ["FUPIN_CACHE"] = cache
    sys.argv = ["fupin", "allocate", "toy.yaml", "--out", folder, "--workers", "1",
                "--check-draws", "3", "--quiet"]
    cli.main()


def worlds():
    log = os.environ["FUPIN_TOY_LOG"]
    return len(open(log).read().split()) if os.path.exists(log) else 0


def forked(folder, cache, kill, after=None):
    # Exit code, below 0 where it was killed; by this process `after` so many seconds.
    before, child = worlds(), os.fork()
    if child == 0:
        try:
            attempt(folder, cache, kill)
        except SystemExit as done:
            os._exit(int(done.code or 0))
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    late, ended, status = time.monotonic() + (after or 1e9), 0, 0
    while not ended:
        ended, status = os.waitpid(child, os.WNOHANG)
        if not ended and time.monotonic() > late:
            os.kill(child, signal.SIGKILL)
            ended, status = os.waitpid(child, 0)
        time.sleep(0.01)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps([folder, code, worlds() - before, os.path.exists(folder)]), flush=True)
    return code


begun = time.monotonic()
forked("whole", "other", None)
whole, step = time.monotonic() - begun, max(worlds() // 6, 2)
for _ in range(20):
    if forked("phases", "cache", step) >= 0:
        break
forked("written", "cache", "writing")
forked("written", "cache", None)
for part in (0.3, 0.6, 0.8):
    forked("clock", "third", None, part * whole)
if not os.path.exists("clock"):
    forked("clock", "third", None)
"""

PLAN = """\
extends: fupin:2009-no-programmes
title: A toy plan
horizon: 2009
programmes:
  rural_works: {budget: 90 million}
  household_projects: {budget: 60 million}
  minimum_living: {budget: 30 million}
  practical_training: {budget: 20 million}
allocate: {by: county, floors: {Zhangbei: 40 million}}
"""


def test_killed_at_any_moment_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """At every sixth of its worlds, when it writes, and at moments of the clock."""
    script = tmp_path / "allocation.py"
    support = Path(__file__).parents[1] / "support"
    script.write_text(ALLOCATE.format(support=str(support)), "utf-8")
    (tmp_path / "toy.yaml").write_text(PLAN, "utf-8")
    known = {**os.environ, "FUPIN_TOY_LOG": str(tmp_path / "worlds.txt"), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env=known, capture_output=True, text=True,
        timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    attempts = [json.loads(line) for line in done.stdout.splitlines() if line[0] == "["]
    of = {
        name: [(code, worlds, there) for folder, code, worlds, there in attempts if folder == name]
        for name in ("whole", "phases", "written", "clock")
    }
    ((code, needed, _),) = of["whole"]
    assert code == 0 and needed > 30, done.stderr
    *killed, last = of["phases"]
    # Curves, the twin, counties, county money and the check have worlds of their own: kills at
    # every sixth of all worlds find each of them, and nothing stands in the folder's place.
    assert len(killed) >= 4 and all(code < 0 and not there for code, _, there in killed)
    assert last[0] == 0, done.stderr
    # What was lived is kept: all but the worlds of an unfinished batch, which is one world here.
    assert sum(worlds for _, worlds, _ in of["phases"]) <= needed + 2 * len(killed)
    assert of["written"][0][0] < 0 and not of["written"][0][2]
    assert of["written"][1][:2] == (0, 0)
    assert of["clock"][-1][2]
    for name in ("phases", "written", "clock"):
        assert files(tmp_path / name) == files(tmp_path / "whole"), name
