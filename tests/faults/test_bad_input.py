"""Whatever stands in a file: it loads, or it is one clear message. Nothing else happens.

Input n of a kind is always the same, so that a failure is found again by its number. Small here;
in full: `FUPIN_FUZZ=20000 uv run pytest -m slow tests/faults/test_bad_input.py`.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from bad_scenarios import BAD
from broken_input import break_folder, broken_text
from fupin import cli, paths
from fupin.errors import InputError
from fupin.scenario.programmes import PROGRAMME_KEYS

INPUTS = int(os.environ.get("FUPIN_FUZZ", "2000"))
"""How many inputs of each kind the slow tests try."""

_WORDS = """
    name title description extends balance period population programmes shocks start end sample seed
    counting quota parameters drought from to months budget counties prefectures lottery villages
    unit_cost severity weather growth recognition scenario factors design points trajectories levels
    steps seeds draws twins range values distribution prior grid list sobol morris latin_hypercube
    moment value tolerance discrepancy unit role scale figure source note grade share uniform normal
    beta truncated persons A B held_out log logit 2009-06 2009 key Daming 魏县 fupin:2009-document
    programmes.skills_training.budget register.review_probability
"""
WORDS = (*_WORDS.split(), *PROGRAMME_KEYS, "5 million", "[1, 2]", "{range: [1, 2]}")

Load = Callable[[Path], object]


def _scenario(file: Path) -> object:
    from fupin.scenario.load import resolve

    return resolve(file)


def _sweep(file: Path) -> object:
    from fupin.engine.run_ids import scenario_of
    from fupin.sweeps.file import load_sweep

    sweep = load_sweep(file)
    few = range(0, len(sweep.points), max(len(sweep.points) // 3, 1))
    return [scenario_of(sweep.points[i]) for i in few]


def _targets(file: Path) -> object:
    from fupin.calibration.targets import load_targets

    return load_targets(file)


def _parameters(file: Path) -> object:
    from fupin.parameters.book import load_book

    return load_book(file.parent).values()


def _texts(folder: Path, pattern: str) -> list[str]:
    found = [file.read_text("utf-8") for file in sorted(folder.glob(pattern))]
    assert found
    return found


KINDS: dict[str, tuple[Load, Callable[[], Sequence[str]]]] = {
    "scenario": (_scenario, lambda: [*_texts(paths.scenarios(), "*.yaml"),
                                     *_texts(paths.scenarios(), "plans/*.yaml"),
                                     *(bad.text for bad in BAD)]),
    "sweep": (_sweep, lambda: _texts(paths.scenarios(), "sweeps/*.yaml")),
    "targets": (_targets, lambda: _texts(paths.calibration(), "targets.yaml")),
    "parameters": (_parameters, lambda: _texts(paths.parameters(), "[!d]*.yaml")),
}  # fmt: skip


def outcome(load: Callable[[], object]) -> str:
    """`loaded` or `refused`; anything else is raised."""
    try:
        load()
    except InputError as error:
        text = str(error)
        assert error.message
        assert text.isprintable(), ascii(text)  # one line, no half characters, no escapes
        assert len(text) < 900, text
        return "refused"
    return "loaded"


def try_inputs(kind: str, numbers: Sequence[int], folder: Path) -> Counter[str]:
    """Load broken files of a kind; how many were loaded and refused."""
    load, texts = KINDS[kind]
    right = texts()
    file = folder / "mine.yaml"
    if kind != "parameters":  # of which every file of a folder is read
        (folder / "2009-document.yaml").write_text("extends: fupin:2009-document\n")
    here = sorted([*folder.iterdir(), file])
    found: Counter[str] = Counter()
    for number in numbers:
        chance = random.Random(f"{kind} {number}")
        file.write_bytes(broken_text(chance.choice(right), WORDS, chance))
        try:
            found[outcome(lambda: load(file))] += 1
        except Exception as error:
            kept = Path(f"/tmp/fupin-fuzz-{kind}-{number}.yaml")
            shutil.copy(file, kept)
            raise AssertionError(f"input {number} of {kind}, kept as {kept}") from error
    assert sorted(folder.iterdir()) == here  # nothing was written
    return found


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, beside which nothing may appear."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_loads_or_is_one_message(kind: str, away: Path) -> None:
    found = try_inputs(kind, range(60), away)
    assert found["refused"] > 20  # they are broken
    assert found["loaded"] > 0  # and not only at their first line


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_files_load_or_are_one_message(kind: str, away: Path) -> None:
    found = try_inputs(kind, range(INPUTS), away)
    print(f"\n{kind}: {found['loaded']:,} loaded, {found['refused']:,} refused")


# -- result folders --------------------------------------------------------------------------------


REPORT = ["report", "it", "--output", "r.html"]
EXPORT = ["export", "it", "--csv", "t"]
RESULT_USES: dict[str, list[list[str]]] = {
    "run": [["verify", "it"], REPORT, EXPORT],
    "comparison": [["verify", "it"], REPORT],
    "sweep": [["verify", "it"], EXPORT, ["merge", "all", "it"]],
}


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, a comparison and a sweep of the real model, all very small."""
    from fupin.commands.compare import Options as CompareOptions
    from fupin.commands.compare import compare_scenarios
    from fupin.commands.run import Options as RunOptions
    from fupin.commands.run import run_scenario
    from fupin.commands.sweep import Options as SweepOptions
    from fupin.commands.sweep import run_sweep

    home = tmp_path_factory.mktemp("results")
    small = {"seeds": "2", "draws": "central", "sample": "0.005", "workers": 1, "quiet": True}
    document = "fupin:2009-document"
    run_scenario(RunOptions(scenario=document, out=home / "run", **small))  # type: ignore[arg-type]
    plans = ("fupin:plans/more-training",)
    compare_scenarios(
        CompareOptions(base=document, plans=plans, out=home / "comparison", **small),  # type: ignore[arg-type]
    )
    sweep = home / "tiny.yaml"
    sweep.write_text(
        "scenario: fupin:2009-document\nsample: 0.005\ntwins: off\nseeds: 2\n"
        "factors: {register.review_probability: [0.3, 0.4]}\n"
    )
    run_sweep(SweepOptions(sweep=sweep, out=home / "sweep", workers=1, quiet=True))
    return home


def _types(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    before, sys.argv = sys.argv, ["fupin", *words]
    code = 0
    try:
        cli.main()
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        sys.argv = before
    return code, *capsys.readouterr()


def try_results(
    kind: str,
    numbers: Sequence[int],
    results: Path,
    away: Path,
    capsys: pytest.CaptureFixture[str],
) -> Counter[str]:
    """Break a result, then use it; how often it was of use, and refused."""
    found: Counter[str] = Counter()
    for number in numbers:
        chance = random.Random(f"{kind} result {number}")
        shutil.rmtree(away)
        away.mkdir()
        os.chdir(away)
        shutil.copytree(results / kind, away / "it")
        what = break_folder(away / "it", chance)
        words = chance.choice(RESULT_USES[kind])
        label = f"input {number} of {kind}: {what} broken, then {' '.join(words)}"
        try:
            code, _, err = _types(words, capsys)
        except Exception as error:
            raise AssertionError(label) from error
        assert "Traceback" not in err, label
        assert len(err) < 2000, label
        assert (code == 0) == (err == "") or code == 0, label
        if words[0] == "verify":
            assert code in (0, 1, 2), label
            if code == 1:
                assert Path(what).name in err or "store" in err, (label, err)
        else:
            assert code in (0, 2), (label, err)
            if code == 2:
                assert not (away / "r.html").exists() and not (away / "t").exists(), label
        assert not list(away.glob(".*")), label
        assert {f.name for f in away.parent.iterdir()} == {away.name}, label
        found["used" if code == 0 else "refused"] += 1
    return found


@pytest.mark.parametrize("kind", RESULT_USES)
def test_a_broken_result_is_used_or_is_one_message(
    kind: str, results: Path, away: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = try_results(kind, range(16), results, away, capsys)
    assert found["refused"] > 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", RESULT_USES)
def test_many_broken_results_are_used_or_are_one_message(
    kind: str, results: Path, away: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = try_results(kind, range(INPUTS // 10), results, away, capsys)
    print(f"\n{kind} results: {found['used']:,} used, {found['refused']:,} refused")


# -- bombs: files made to exhaust a machine --------------------------------------------------------

BOMBS: dict[str, str] = {
    "brackets": "a: " + "[" * 150_000,
    "braces": "a: " + "{a: " * 100_000,
    "dashes": "- " * 150_000,
    "question marks": "? " * 150_000,
    "stairs": "".join(" " * i + "a:\n" for i in range(900)),
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{new}: &{new} [" + ",".join([f"*{old}"] * 9) + "]\n"
        for old, new in zip("abcdefghijk", "bcdefghijkl", strict=True)
    ),
    "digits": "a: " + "9" * 300_000,
    "an exponent": "a: 1e999999999",
    "a key": "a" * 300_000 + ": 1",
    "keys": "".join(f"k{i}: 1\n" for i in range(30_000)),
    "anchors": "".join(f"k{i}: &a{i} 1\n" for i in range(15_000)),
    "escapes": 'a: "' + "\\x41" * 60_000 + '"',
    "comments": "#" * 300_000,
    "colons": "a:" * 100_000,
    "documents": "%YAML 1.1\n---\n" * 50_000,
    "a block": "a: |\n" + " x\n" * 100_000,
}

_IN_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_bad_input import KINDS, outcome
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
for file in map(Path, sys.argv[3:]):
    for kind in KINDS:
        print(file.stem, kind, outcome(lambda: KINDS[kind][0](file)), flush=True)
"""
MEMORY = 3 * 2**30
"""Address space, of which libraries take two thirds without using it."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
def test_bombs_of_every_kind_in_little_memory(away: Path) -> None:
    """In a process of their own: what they did once was to end it."""
    folders = []
    for name, text in BOMBS.items():
        folder = away / name
        folder.mkdir()
        (folder / "bomb.yaml").write_text(text)
        folders.append(folder / "bomb.yaml")
    large = away / "large" / "bomb.yaml"
    large.parent.mkdir()
    with large.open("wb") as file:
        file.truncate(200 * 2**20)  # of which nothing is on the disk
    here = str(Path(__file__).parent)
    support = str(Path(__file__).parents[1] / "support")
    done = subprocess.run(
        [sys.executable, "-c", _IN_LITTLE_MEMORY, here, str(MEMORY), *map(str, [*folders, large])],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": support},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0, (lines[-1:], done.stderr[-2000:])
    assert len(lines) == len(KINDS) * (len(BOMBS) + 1)
    assert all(line.endswith(" refused") for line in lines), lines


# -- nobody is let in ------------------------------------------------------------------------------


def test_no_file_outside_is_quoted(away: Path) -> None:
    """A plan from elsewhere cannot make fupin show what stands in the reader's other files."""
    secret = away.parent / "id_rsa"
    secret.write_text("open sesame\n")
    for way in ("../id_rsa", str(secret), "fupin:../../../id_rsa"):
        for text in (f"extends: {way}\n", f"scenario: {way}\nfactors: {{quota: [1, 2]}}\n"):
            file = away / "plan.yaml"
            file.write_text(text)
            load = _scenario if text.startswith("extends") else _sweep
            with pytest.raises(InputError) as caught:
                load(file)
            assert "sesame" not in str(caught.value)
            assert caught.value.file == file


def test_a_folder_cannot_name_the_program_that_verify_runs(
    results: Path, away: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from fupin.files.integrity import sealed

    shutil.copytree(results / "sweep", away / "it")
    (away / "intruder.py").write_text("open('pwned', 'w')\ndef go(*a, **k): open('pwned', 'w')\n")
    record = json.loads((away / "it" / "sweep.json").read_text("utf-8"))
    record["function"] = "intruder:go"
    (away / "it" / "sweep.json").write_text(json.dumps(sealed(record)), "utf-8")
    sys.path.insert(0, str(away))
    try:
        code, _, err = _types(["verify", "it", "--rerun", "2"], capsys)
    finally:
        sys.path.remove(str(away))
    assert code == 2 and "intruder:go" in err
    assert not (away / "pwned").exists()


def test_hashes_do_not_reach_out_of_the_folder(results: Path, away: Path) -> None:
    import json

    from fupin.files.integrity import altered, hash_of, sealed

    shutil.copytree(results / "run", away / "it")
    assert altered(away / "it") == []
    outside = away / "outside.txt"
    outside.write_text("x")
    record = json.loads((away / "it" / "run.json").read_text("utf-8"))
    record["hashes"]["files"] |= {"../outside.txt": hash_of(outside), str(outside): "0"}
    (away / "it" / "run.json").write_text(json.dumps(sealed(record)), "utf-8")
    assert altered(away / "it") == sorted(["../outside.txt", str(outside)])


def test_a_message_cannot_move_the_cursor(away: Path) -> None:
    """Names of keys and files are the sender's; \\x1b would let them write over a terminal."""
    error = InputError("k\ney\x1b[2J\ufeff: unknown key." + "x" * 5000, None, away / "a\nb.yaml", 1)
    assert str(error).isprintable()
    assert len(str(error)) < 1000
