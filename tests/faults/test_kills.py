"""Runs, sweeps, comparisons and reports that are killed or interrupted, and two at once.

Few faults here, many with
`FUPIN_FAULTS=40 uv run pytest -m slow tests/faults`.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fupin.files.integrity import altered
from real_commands import COMPARE, FAULTS, RUN, done, files, fupin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux")

KILLED = {
    "run": [*RUN, "--out", "it"],
    "compare": [*COMPARE, "--out", "it"],
    "sweep": ["sweep", "tiny.yaml", "--workers", "2", "--out", "it"],
}


def kill_again_and_again(home: Path, words: list[str], kills: int, chance: random.Random) -> int:
    """Kill a command at random moments, let it end, compare with one that was left in peace.

    Returns:
        how many of the kills found it at work.
    """
    for name in ("warm", "whole"):  # the first may have to compile
        shutil.rmtree(home.parent / "cache" / "runs", ignore_errors=True)
        begun = time.monotonic()
        code, _, err = done(fupin(home, *[w if w != "it" else name for w in words]))
        assert code == 0, err
    whole = time.monotonic() - begun
    found = 0
    for _ in range(kills):
        for cache in ("runs", "worlds"):  # else all that is left to kill is reading
            if chance.random() < 0.5:
                shutil.rmtree(home.parent / "cache" / cache, ignore_errors=True)
        process = fupin(home, *words)
        try:
            process.communicate(timeout=chance.uniform(0.1, 1.1) * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            found += 1
        if words[0] != "sweep" and (home / "it").exists():  # there: whole
            assert altered(home / "it") == []
            assert files(home / "it") == files(home / "whole")
            shutil.rmtree(home / "it")
    code, _, err = done(fupin(home, *words))
    assert code == 0, err
    assert altered(home / "it") == []
    assert files(home / "it") == files(home / "whole")
    return found


def test_a_run_that_is_killed_leaves_a_whole_result_or_none(home: Path) -> None:
    kill_again_and_again(home, KILLED["run"], 1, random.Random(1))


@pytest.mark.slow
@pytest.mark.parametrize("command", KILLED)
def test_commands_that_are_killed_many_times(command: str, home: Path) -> None:
    found = kill_again_and_again(home, KILLED[command], FAULTS, random.Random(command))
    print(f"\n{command}: killed {found} times at work, nothing lost")
    assert found > FAULTS / 3


@pytest.mark.slow
def test_a_report_that_is_killed_is_the_old_one_or_the_new(home: Path) -> None:
    code, _, err = done(fupin(home, *RUN, "--out", "it"))
    assert code == 0, err
    report = home / "it" / "report.html"
    chance, found = random.Random(3), 0
    for _ in range(FAULTS):
        report.write_text("old")
        process = fupin(home, "report", "it")
        try:
            process.communicate(timeout=chance.uniform(0.1, 1.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            found += 1
        text = report.read_text("utf-8")
        assert text == "old" or text.rstrip().endswith("</html>")
    print(f"\nreport: killed {found} times at work, nothing lost")


# -- Ctrl-C ----------------------------------------------------------------------------------------


def worked_by(process: int) -> float:
    """Seconds of a processor that a process has had so far."""
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(
    "words", [RUN, pytest.param(COMPARE, marks=pytest.mark.slow)], ids=["run", "compare"]
)
def test_an_interruption_ends_it_soon_and_says_how_to_go_on(words: list[str], home: Path) -> None:
    many = [w if w != "3" else "2000" for w in words]
    process = fupin(home, *many, "--out", "it")
    cache = home.parent / "cache"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not [
        f for name in ("runs", "worlds") for f in cache.glob(f"{name}/**/*") if f.is_file()
    ]:
        time.sleep(0.05)
    time.sleep(0.5)
    assert process.poll() is None
    begun, worked = time.monotonic(), worked_by(process.pid)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process.send_signal(signal.SIGINT)
    code, _, err = done(process)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    still = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime - worked
    took = time.monotonic() - begun
    print(f"\ninterrupted: {took:.2f} s, of which {still:.2f} s at work")
    assert still < 1  # a tenth of a second; a machine that others use takes longer by the clock
    assert took < 10
    assert code == 130
    assert err.splitlines()[-1].startswith("fupin: stopped. ")
    assert "Traceback" not in err
    assert not (home / "it").exists()


# -- two at once -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_runs_with_one_target_make_one_result(home: Path) -> None:
    two = [fupin(home, *RUN, "--out", "it", "--quiet") for _ in range(2)]
    ends = sorted(done(process) for process in two)
    assert ends[0][0] == 0
    assert ends[1][0] in (1, 2), ends  # or 0 would be said of a result that is not there
    assert "Traceback" not in ends[1][2] and "it" in ends[1][2]
    assert altered(home / "it") == []
    assert sorted(f.name for f in home.iterdir()) == ["it", "tiny.yaml"]
