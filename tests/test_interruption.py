"""Ctrl-C is never lost, whoever drops it, and whoever asks twice does not wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

LOST = """\
import sys
sys.path[:0] = {path!r}
from pathlib import Path
import click
from fupin import interruption
from fupin.commands.sessions import ending
from fupin.engine.many import run_many
from fupin.engine.run_ids import Point
interruption.listen()
try:
    with ending("Go on."):
        run_many([Point({{"x": x, "log": {log!r}}}) for x in range(50)], [1],
                 function="quick_runs:drops_an_interruption", workers=1)
except click.exceptions.Exit as done:
    sys.exit(done.exit_code)
"""

LATE = """\
import signal, sys, time
sys.path[:0] = {path!r}
from fupin import interruption
interruption.listen()
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("first", flush=True)
    time.sleep(60)  # what takes so long at the end
"""


def _hear() -> None:
    """Ctrl-C is heard also where the tests were started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_what_a_library_drops_still_ends_the_work(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOST.format(path=sys.path, log=str(tmp_path))],
        capture_output=True, text=True, timeout=120, check=False, preexec_fn=_hear,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert done.stderr == "fupin: stopped. Go on.\n"
    assert len((tmp_path / "runs.txt").read_text().split()) < 10  # of 50


def test_a_second_signal_ends_it_at_once_but_not_one_that_follows_on_its_heels() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LATE.format(path=sys.path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=_hear,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    os.kill(process.pid, signal.SIGINT)
    assert process.stdout.readline() == "first\n"
    os.kill(process.pid, signal.SIGINT)
    time.sleep(1.2)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "fupin: stopped at once.\n")


def test_where_it_is_ignored_it_stays_ignored() -> None:
    code = (
        "import signal; from fupin import interruption; interruption.listen();"
        "assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN), check=False,
    )  # fmt: skip
    assert done.returncode == 0


def test_even_while_the_command_line_is_imported_it_is_calm() -> None:
    code = (
        "import sys, builtins; real = builtins.__import__\n"
        "def late(name, *rest):\n"
        "    if name == 'click': raise KeyboardInterrupt\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = late\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from fupin.__main__ import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "fupin: stopped.\n")
