"""Calibrations that are killed go on where they were.

Few faults here, many with
`FUPIN_FAULTS=40 uv run pytest -m slow tests/faults`.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_commands import FAULTS, done, files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux")

CALIBRATE = """\
import sys, time
sys.path.insert(0, {support!r})

if __name__ == "__main__":  # worker processes import this file too
    import toy_calibration as toy
    from test_calibration_commands import TINY, _about, _plan
    from fupin import cli
    from fupin.calibration import waves
    from fupin.commands import calibrate

    waves.QUICK = TINY
    calibrate._parts = lambda: calibrate.Parts(
        toy.register_toy_in_its_time, _plan, lambda: toy.REGISTER_SPACE,
        lambda: toy.REGISTER_TARGETS, _about,
    )
    sys.argv = ["fupin", "calibrate", "--quick", *sys.argv[1:]]
    cli.main()
"""


class Calibrations:
    """`fupin calibrate` in processes of its own: everything real but the model, which is a toy."""

    def __init__(self, home: Path) -> None:
        tests = Path(__file__).parents[1]
        self.home = home
        self.runs = home / "runs.txt"
        self.script = home / "calibration.py"
        self.script.write_text(CALIBRATE.format(support=str(tests / "support")), "utf-8")
        self.known = {
            **os.environ, "FUPIN_CACHE": str(home.parent / "calibrations"),
            "FUPIN_TOY_LOG": str(self.runs), "COLUMNS": "100",
            "PYTHONPATH": f"{tests / 'support'}:{tests / 'commands'}",
        }  # fmt: skip

    def start(self, folder: str, workers: int) -> subprocess.Popen[str]:
        words = ["--folder", folder, "--workers", str(workers), "--quiet"]
        return subprocess.Popen(
            [sys.executable, str(self.script), *words], cwd=self.home, env=self.known, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip

    def runs_done(self) -> list[str]:
        return self.runs.read_text().split() if self.runs.exists() else []


def orphans(script: Path) -> list[int]:
    """Processes that still run on behalf of a script."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                environment = (entry / "environ").read_bytes()
                zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                if str(script.parent / "runs.txt").encode() in environment and not zombie:
                    found.append(int(entry.name))
    return found


def nobody_left(script: Path) -> bool:
    """True as soon as no process works for the script; those of a killed one end by themselves."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not orphans(script):
            return True
        time.sleep(0.05)
    return False


def kill_calibrations(home: Path, kills: int, chance: random.Random, most: int = 2) -> int:
    """Kill a calibration at random moments; compare with one that was left in peace.

    Args:
        most: processes; half of the kills find one alone. What is left in peace is one alone, so
            the comparison also says that results do not depend on how many there are.

    Returns:
        how many of the kills found it at work.
    """
    toy = Calibrations(home)
    begun = time.monotonic()
    code, _, err = done(toy.start("whole", 1))
    whole = time.monotonic() - begun
    assert code == 0, err
    needed = len(toy.runs_done())
    assert needed == len(set(toy.runs_done())) > 60
    cache, found = Path(toy.known["FUPIN_CACHE"]), 0
    shutil.rmtree(cache)
    for kill in range(kills):
        toy.runs.unlink(missing_ok=True)
        if kill % 4 == 0:  # begin anew: else only the end would be left to kill
            shutil.rmtree(cache, ignore_errors=True)
            shutil.rmtree(home / "it", ignore_errors=True)
        process = toy.start("it", chance.choice((1, most)))
        try:
            process.communicate(timeout=chance.uniform(0.2, 1.1) * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            found += 1
        assert nobody_left(toy.script)
        for file in files(home / "it") if (home / "it").exists() else ():
            if not file.startswith("."):  # whole files only, of which a set may be incomplete
                assert files(home / "it")[file] == files(home / "whole")[file], file
        if kill % 4 == 3:
            code, _, err = done(toy.start("it", 1))
            assert code == 0, err
            assert files(home / "it") == files(home / "whole")
    code, _, err = done(toy.start("it", 1))
    assert code == 0, err
    assert files(home / "it") == files(home / "whole")
    toy.runs.unlink(missing_ok=True)
    assert done(toy.start("again", 1))[0] == 0
    assert toy.runs_done() == []  # all was recorded
    assert files(home / "again") == files(home / "whole")
    return found


def test_a_calibration_that_is_killed_goes_on_where_it_was(home: Path) -> None:
    kill_calibrations(home, 1, random.Random(5), most=1)


@pytest.mark.slow
def test_calibrations_that_are_killed_many_times(home: Path) -> None:
    found = kill_calibrations(home, FAULTS, random.Random("calibrate"))
    print(f"\ncalibrate: killed {found} times at work, nothing lost, no process left behind")
    assert found > FAULTS / 3


def test_what_an_interrupted_calibration_says(home: Path) -> None:
    toy = Calibrations(home)
    process = toy.start("it", 2)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(toy.runs_done()) < 5:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    code, _, err = done(process)
    assert code == 143
    assert err == (
        "fupin: stopped. Runs that are done are kept; the same command goes on with them.\n"
    )
    assert nobody_left(toy.script) and not (home / "it").exists()
