"""`fupin allocate` that is killed in any of its phases goes on and ends with the same bytes.

Everything is real but the worlds, which have a closed form (`toy_allocation`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_commands import done, files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")

ALLOCATE = """\
import os, signal, sys
sys.path.insert(0, {support!r})

if __name__ == "__main__":
    from fupin import cli
    from fupin.allocation import lives
    from fupin.api import allocation_result
    import toy_allocation

    allocation_result.compile_first = lambda display: None

    lives.WORLD = "toy_allocation:live_world"
    kill = sys.argv.pop(1)  # at which world that it lives, or when the folder is written
    live, count = toy_allocation.live_world, 0

    def counted(*args):
        global count
        count += 1
        if str(count) == kill:
            os.kill(os.getpid(), signal.SIGKILL)
        return live(*args)

    toy_allocation.live_world = counted
    if kill == "writing":
        def dies(*args, **keys):
            os.kill(os.getpid(), signal.SIGKILL)

        os.replace = os.rename = dies
    sys.argv = ["fupin", "allocate", *sys.argv[1:]]
    cli.main()
"""

PLAN = """\
extends: fupin:2009-no-programmes
title: A toy plan
programmes:
  rural_works: {budget: 90 million}
  household_projects: {budget: 60 million}
  minimum_living: {budget: 30 million}
  practical_training: {budget: 20 million}
allocate: {by: county, floors: {Zhangbei: 40 million}}
"""


class Allocations:
    """`fupin allocate` in processes of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home / "worlds.txt"
        support = Path(__file__).parents[1] / "support"
        self.script = home / "allocation.py"
        self.script.write_text(ALLOCATE.format(support=str(support)), "utf-8")
        (home / "toy.yaml").write_text(PLAN, "utf-8")

    def run(self, folder: str, kill: str = "never", cache: str = "cache") -> int:
        """Exit code; below 0 where a signal ended it."""
        known = {
            **os.environ, "FUPIN_CACHE": str(self.home / cache), "FUPIN_TOY_LOG": str(self.log),
            "COLUMNS": "100",
        }  # fmt: skip
        words = ["toy.yaml", "--out", folder, "--workers", "1", "--check-draws", "3", "--quiet"]
        process = subprocess.Popen(
            [sys.executable, str(self.script), kill, *words], cwd=self.home, env=known, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        code, _, err = done(process)
        assert code <= 0, err
        return code

    def worlds(self) -> int:
        return len(self.log.read_text().split()) if self.log.exists() else 0


def test_killed_in_every_phase_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    toy = Allocations(tmp_path)
    assert toy.run("whole", cache="other") == 0
    needed = toy.worlds()
    toy.log.unlink()
    # Curves, the twin of the proposal, counties, county money, the check: each has its worlds, and
    # what was lived before a kill is not lived again; so kills at a few worlds reach all phases.
    step = max(needed // 6, 2)
    kills = 0
    while toy.run("it", kill=str(step)) != 0:
        assert not (tmp_path / "it").exists()
        kills += 1
    assert kills >= 4
    assert files(tmp_path / "it") == files(tmp_path / "whole")
    # All but the world at which it was killed was kept.
    assert toy.worlds() <= needed + kills * step
    toy.log.unlink(missing_ok=True)
    assert toy.run("writing", kill="writing") < 0
    assert not (tmp_path / "writing").exists()
    assert toy.run("writing") == 0
    assert toy.worlds() == 0
    assert files(tmp_path / "writing") == files(tmp_path / "whole")


def test_killed_at_a_moment_of_the_clock(tmp_path: Path) -> None:
    """No seam of the program decides when: the moment is anywhere in its life."""
    toy = Allocations(tmp_path)
    begun = time.monotonic()
    assert toy.run("whole", cache="other") == 0
    whole = time.monotonic() - begun
    known = {**os.environ, "FUPIN_CACHE": str(tmp_path / "cache")}
    for part in (0.5, 0.8):
        process = subprocess.Popen(
            [sys.executable, str(toy.script), "never", "toy.yaml", "--out", "it", "--workers", "1",
             "--check-draws", "3", "--quiet"],
            cwd=tmp_path, env=known, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(part * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            assert not (tmp_path / "it").exists()
    if not (tmp_path / "it").exists():
        assert toy.run("it") == 0
    assert files(tmp_path / "it") == files(tmp_path / "whole")
