"""Calls that are wrong, progress, and scripts as people write them."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.api.display import display_of
from fupin.engine.session import Progress
from fupin.errors import InputError

SMALL: dict[str, Any] = {"sample": 0.005, "seeds": 1, "draws": "central", "workers": 1}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fupin.run("2009-document", seed=3), "no argument seed. Did you mean seeds?"),
        (lambda: fupin.compare("2009-document", "more-training", drws=3), "Did you mean draws?"),
        (lambda: fupin.sweep("x.yaml", out="y"), "sweep() has no argument out"),
        (lambda: fupin.run("2009-document", seeds=1.7), "seeds=1.7 is not a list of seeds"),
        (lambda: fupin.run("2009-document", seeds=[0]), "0 in seeds= is no seed"),
        (lambda: fupin.run("2009-document", draws=999), 'draws="prior:999" takes vectors'),
        (lambda: fupin.run("2009-document", sample=2), "sample=2 is not a sample"),
        (lambda: fupin.run("2009-document", workers=0), "Write workers=1."),
        (lambda: fupin.run("2009-document", **{**SMALL, "scheduler": "x"}), "workers= and sched"),
        (lambda: fupin.run("2009-document", **{**SMALL, "workers": None, "scheduler": "x"}),
         'scheduler="x" is neither'),
        (lambda: fupin.compare("2009-document"), "compare(base, plan)"),
        (lambda: fupin.compare("2009-document", "2009-document"), 'plan.with_(name="other")'),
        (lambda: fupin.compare("2009-document", "2002-2009-history"), "the same months"),
        (lambda: fupin.sweep("nowhere.yaml"), "nowhere.yaml"),
        (lambda: fupin.sweep({"scenario": "fupin:2009-document"}), "has no name"),
        (lambda: fupin.sweep({"name": "x", "scenario": "fupin:2009-document", "factors": {}}),
         "nothing is varied"),
        (lambda: fupin.sweep({"name": "x", "scenario": 7, "factors": {"assets": ["smooth"]}}),
         "names no scenario"),
        (lambda: fupin.sweep({"name": "x", "scenario": "fupin:2009-document", "desing": "grid",
                              "factors": {"assets": ["smooth"]}}), "Did you mean design?"),
        (lambda: fupin.sweep({"name": "x", "scenario": "fupin:2009-document",
                              "factors": {"assets": ["smooth"]}}, shard="3"), 'shard="3/8"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_the_words_of_python(
    call: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    with pytest.raises(InputError) as caught:
        call()
    assert message in str(caught.value) and " --" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_arguments_have_the_defaults_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from fupin.results.draws import chosen

    asked: list[Any] = []
    monkeypatch.setattr("fupin.api.run_plan", lambda *what: asked.extend(what))
    fupin.run("2009-document")
    plan, work, _ = asked
    seeds, draws = chosen(None, None)
    assert (list(work.seeds), list(work.draws)) == (seeds, draws)
    assert plan == fupin.load("2009-document")
    assert (work.workers, work.scheduler, work.fresh) == (None, None, False)


def test_progress_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[Progress] = []
    fupin.run("2009-document", progress=seen.append, **SMALL)
    assert (seen[-1].done, seen[-1].total) == (1, 1)
    fupin.run("2009-document", **SMALL)  # nobody looks
    fupin.run("2009-document", progress=False, **SMALL)
    assert capsys.readouterr() == ("", "")


def test_progress_in_lines_a_bar_or_a_notebook(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fupin.api.display.LINE_SECONDS", 0.0)
    with display_of(True).runs() as on_progress:
        assert on_progress is not None
        on_progress(Progress(3, 8, 0, 2.0, 2.5))
    assert capsys.readouterr().err == "3 of 8 runs, 2/s, 0:00:02 left\n"
    with display_of(None).runs() as on_progress:
        assert on_progress is None
    shown: list[str] = []

    class Handle:
        def update(self, page: Any) -> None:
            shown.append(page.data)

    monkeypatch.setattr("fupin.api.display.in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda *_, **__: Handle())
    with display_of(None).runs() as on_progress:
        assert on_progress is not None
        on_progress(Progress(3, 8, 1, 20.0, 70.0))
    assert '<progress value="3" max="8">' in shown[0]
    assert "20/s, 0:01:10 left, 1 failed" in shown[0]
    assert shown[-1] == "3 of 8 runs"


def test_what_is_unusual_is_a_warning() -> None:
    with pytest.warns(UserWarning, match="The disk is full"):
        display_of(False).warn("The disk is full")


def test_a_mistake_in_a_notebook_is_its_message() -> None:
    assert InputError("No.", "Write yes.")._render_traceback_() == ["fupin: No. Write yes."]


def test_a_script_without_a_guard_runs_once(tmp_path: Path) -> None:
    """Two processes work for it, and neither runs the script again."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            import fupin

            print("begun")
            result = fupin.run("2009-document", sample=0.005, seeds=2, draws="central", workers=2,
                               fresh=True)
            print(round(result.outcomes.loc["lifted", "mean"]))
            """
        )
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=300, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    begun, lifted = done.stdout.split()
    assert begun == "begun" and done.stderr == ""
    here = fupin.run("2009-document", sample=0.005, seeds=2, draws="central", workers=1)
    assert int(lifted) == round(here.outcomes.loc["lifted", "mean"])


def test_importing_fupin_loads_nothing_heavy() -> None:
    code = (
        "import sys, fupin\n"
        "heavy = {'numpy', 'pandas', 'pydantic', 'yaml', 'click', 'rich', 'fupin.api'}\n"
        "print(sorted(heavy & set(sys.modules)), 'run' in dir(fupin), fupin.__version__)\n"
        "assert fupin.run.__module__ == 'fupin.api' and fupin.Plan.__name__ == 'Plan'\n"
        "print(sorted({'pandas', 'pyarrow', 'matplotlib', 'numba', 'rich'} & set(sys.modules)))\n"
        "try: fupin.rum\n"
        "except AttributeError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second, third = done.stdout.splitlines()
    assert first.startswith("[] True ")
    assert second == "[]"
    assert third == "module 'fupin' has no attribute 'rum'"


def test_every_name_is_there() -> None:
    from fupin import api

    assert set(fupin.__all__) == set(api.__all__)
    for name in fupin.__all__:
        assert getattr(fupin, name) is getattr(api, name)
