"""Every command that the documentation shows is run here, small, or by the test that is named."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from documented import PAGES, ROOT, blocks, commands
from fupin import cli

SMALL = ["--sample", "0.005", "--seeds", "2", "--draws", "central", "--workers", "1"]

BY_NAME: dict[str, str] = {
    # commands that take long or wait for a visitor -> the tests that run them
    "calibrate": "tests/commands/test_calibration_commands.py",
    "validate": "tests/commands/test_calibration_commands.py",
    "view": "tests/commands/test_view_command.py",
    "allocate": "tests/commands/test_allocate_command.py",
    "attribute": "tests/commands/test_attribute_command.py",
    "merge": "tests/commands/test_sweep_command.py",
    "sensitivity": "tests/commands/test_uncertainty_commands.py",
    "discover": "tests/commands/test_uncertainty_commands.py",
    "import": "tests/docs/test_plans.py",
}
BY_WORD: dict[str, str] = {
    # what commands need that is not here
    "--rerun": "tests/verify/test_verify.py",
    "--plan": "tests/docs/test_plans.py",
    "from-table.yaml": "tests/docs/test_plans.py",
    "entries.yaml": "tests/docs/test_plans.py",
    "trees.yaml": "tests/programmes/test_outside.py",
    "--shard": "tests/commands/test_sweep_command.py",
    "--scheduler": "tests/engine/test_cluster.py",
    "--xarray": "tests/commands/test_uncertainty_commands.py",
    "--ema": "tests/commands/test_uncertainty_commands.py",
    "--extra bench": "tests/benchmarks/test_plan_and_table.py",
    "benchmarks.allocate": "tests/benchmarks/test_allocate.py",
    "benchmarks.gaming": "tests/benchmarks/test_gaming.py",
    "benchmarks.guard": "tests/benchmarks/test_guard.py",
    "benchmarks.page": "tests/benchmarks/test_page.py",
    "benchmarks.samples": "tests/benchmarks/test_samples.py",
    "benchmarks.twins": "tests/benchmarks/test_twins.py",
    "tests.golden.record": "tests/test_golden.py",
    "tests.mutation": "tests/mutation/test_mutation.py",
    "docs/make_licences.py": "tests/docs/test_licences.py",
    "docs/make_effects.py": "tests/docs/test_effects.py",
    "docs/make_attribution.py": "tests/docs/test_attribution.py",
    "docs/make_notebook.py": "tests/docs/test_python.py",
    "docs/make_examples.py": "tests/docs/test_examples.py",
}
ELSEWHERE = {**BY_NAME, **BY_WORD}


def elsewhere(command: str) -> bool:
    """Whether one of the tests named above runs it."""
    words = command.split()
    named = words[0] == "fupin" and words[1] in BY_NAME
    return named or any(word in command for word in BY_WORD)


NOT_RUN = re.compile(
    r"fupin --help( [\d. s]+)?|fupin (run|compare)( --[a-z]+ \S+)+"
    r"|\.ci/run|uv run pytest( -m slow)?( tests/\S+)*"
    r"|pip install (uv|fupin|'fupin\[[a-z,]+\]'|\S+\.whl)"
    r"|(FUPIN_\w+(=\S+)? ?)+(uv run( --with \w+)? pytest .*)?|NO_COLOR(=1)?"
    r'|eval "\$\(_FUPIN_COMPLETE=\w+_source fupin\)"|_FUPIN_COMPLETE=\w+_source fupin > \S+'
)
"""Running the tests, which is done already; installing, which tests/test_wheel.py does; options
that are shown without what the command works on; a row of the table of speed."""

PLACES = {
    "SCENARIO": "my-plan.yaml", "BASE": "my-plan.yaml", "PLAN...": "scenarios/2010-drought.yaml",
    "A": "my-plan.yaml", "B": "scenarios/2009-document.yaml", "RESULT": "run", "FOLDER": "run",
    "RESULT|SCENARIO": "run", "FILE": "out.json",
}  # fmt: skip
"""What stands for words that the reader replaces."""


def documented() -> dict[str, str]:
    """Command -> a page that shows it; `uv run fupin` and `fupin` are the same."""
    found = {}
    for page in PAGES:
        for command in commands(page):
            found[re.sub(r"^uv run (?=fupin )", "", command)] = page.name
    return found


def is_name(command: str) -> bool:
    """`fupin run` within a sentence names the command."""
    words = command.split()
    return len(words) == 2 and words[0] == "fupin" and words[1] in cli.COMMANDS


def quick(command: str) -> list[str]:
    """The words of a documented command after `fupin`, in a form that takes a second."""
    words = [PLACES.get(word, word) for word in shlex.split(command)[1:]]
    words = [word for word in words if word]
    name = words[0]
    if re.match(r"results/compare-", words[1] if len(words) > 1 else ""):
        words[1] = "comparison"
    elif re.match(r"results/", words[1] if len(words) > 1 else ""):
        words[1] = "run"
    if "scenarios/plans/*.yaml" in words:
        at = words.index("scenarios/plans/*.yaml")
        words[at : at + 1] = ["scenarios/plans/more-training.yaml"]
    if name == "compare" and words[1:2] == ["my-plan.yaml"] and "2010-drought" in words[2]:
        words[2] = "scenarios/plans/more-training.yaml"
    if name in ("run", "compare", "sweep"):
        out = words[words.index("--out") + 1] if "--out" in words else ""
        kept = _without(words, "--seeds", "--draws", "--sample", "--workers", "--out")
        if name == "sweep":
            words = [name, "tiny.yaml", *kept[2:], "--workers", "1"]
        else:
            words = [*kept, *SMALL]
        words += ["--out", out if out and out[0] != "/" else f"made-by-{name}"]
    if "--book" in words:
        words = [*_without(words, "--book"), "--book", "book.md"]
    return words


def _without(words: list[str], *options: str) -> list[str]:
    kept: list[str] = []
    skip = False
    for word in words:
        if not skip and word not in options:
            kept.append(word)
        skip = word in options
    return kept


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a checkout to somebody who types."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    (folder / "tiny.yaml").write_text(
        "scenario: fupin:2009-document\nsample: 0.005\ntwins: off\n"
        "factors: {register.review_probability: [0.3, 0.4]}\n"
    )
    return folder


def types(
    home: Path,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[int, str, str]:
    monkeypatch.chdir(home)
    monkeypatch.setattr(sys, "argv", ["fupin", *words])
    monkeypatch.setattr("fupin.paths.results", lambda: home / "results")
    try:
        cli.main()
    except SystemExit as done:
        code = int(done.code or 0)
    return code, *capsys.readouterr()


def test_every_documented_command_is_run_somewhere() -> None:
    for command, page in documented().items():
        if elsewhere(command) or NOT_RUN.fullmatch(command) or is_name(command):
            continue
        assert command.startswith("fupin "), f"{page} shows `{command}`, which no test runs"
        assert command.split()[1] in cli.COMMANDS, f"{page} shows `{command}`: no such command"


def test_the_tests_that_are_named_exist_and_do_what_is_said() -> None:
    for word, test in ELSEWHERE.items():
        text = (ROOT / test).read_text(encoding="utf-8")
        last = re.split(r"[ ./]", word.strip("-").removesuffix(".py"))[-1]
        assert last in text, (word, test)


def test_every_command_of_the_program_is_documented_with_its_options() -> None:
    import importlib

    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name, (module, _) in cli.COMMANDS.items():
        assert f"fupin {name}" in text or f"`{name}`" in text, name
        command = importlib.import_module(module).command
        for used in re.findall(rf"fupin {name}\b[^`\n]*", text):
            for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", used.split("#")[0].split("|")[0]):
                known = {o for p in command.params for o in [*p.opts, *p.secondary_opts]}
                assert option in known | {"--help"}, f"`{used}` uses {option}"


def test_documented_commands_work(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order in which a reader would come to them."""
    needs = {
        "run",
        "compare",
        "sweep",
        "report",
        "brief",
        "explain",
        "verify",
        "export",
        "diff",
        "check",
        "new",
    }
    shown = [
        command
        for command in documented()
        if command.startswith("fupin ")
        and not elsewhere(command)
        and not NOT_RUN.fullmatch(command)
        and not (is_name(command) and command.split()[1] in needs)
    ]
    order = ["new", "check", "run", "compare", "sweep"]
    shown.sort(key=lambda c: [*order, c.split()[1]].index(c.split()[1]))
    called = {"run": "run", "compare": "comparison", "sweep": "sweep"}
    for command in shown:
        words = quick(command)
        name = words[0]
        if "HOUSEHOLD" in words:
            _, listed, _ = types(home, ["explain", "run"], monkeypatch, capsys)
            words[words.index("HOUSEHOLD")] = listed.split()[0]
        if name in ("run", "compare") and (home / words[-1]).exists():
            words[-1] += f"-again-{len(list(home.iterdir()))}"
        code, _, err = types(home, words, monkeypatch, capsys)
        assert code == 0, f"`{command}` as fupin {' '.join(words)}: {err}"
        first = home / called.get(name, "-")
        if name in called and not first.exists():
            first.symlink_to(home / words[-1])


def test_files_that_a_reader_copies_load(tmp_path: Path) -> None:
    from fupin.scenario.load import load_scenario
    from fupin.sweeps.file import load_sweep

    for page, plans, sweeps in (
        ("README.md", 1, 0),
        ("docs/tutorial.md", 1, 1),
        ("docs/unspent.md", 2, 0),
        ("docs/switches.md", 1, 0),
    ):
        found = []
        for text in blocks(ROOT / page, "yaml"):
            file = tmp_path / "mine.yaml"
            file.write_text(text, encoding="utf-8")
            found.append("factors:" in text)
            (load_sweep if found[-1] else load_scenario)(file)
        assert (found.count(False), found.count(True)) == (plans, sweeps), page


def test_the_programme_of_the_engineers_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = blocks(ROOT / "docs" / "engineers.md", "python")
    names: dict[str, object] = {"__name__": "example"}
    exec(compile(program, "docs/engineers.md", "exec"), names)
    out = capsys.readouterr().out
    assert "0 yuan astray" in out
    counts = names["grants"].counts_by_year[2009]  # type: ignore[attr-defined]
    # 200 million yuan less a tenth that is lost is 180,000 grants of 1,000 yuan.
    assert 0.9 * 180_000 < counts["households"] <= 200_000
