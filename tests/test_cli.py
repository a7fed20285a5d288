"""Words of a command line that say nothing are refused, and what was not tried is said at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from fupin.cli import TESTED, check_compiler, check_words, cli, say_untested
from fupin.errors import InputError


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["run", "plan.yaml", "--seeds", ""], "--seeds"),
        (["run", "plan.yaml", "--seeds="], "--seeds"),
        (["run", "plan.yaml", "--draws", "  "], "--draws"),
        (["run", "plan.yaml", "--sample= "], "--sample"),
        (["run", "plan.yaml", "--out", ""], "--out"),
        (["sweep", "s.yaml", "--detail", ""], "--detail"),
        (["run", ""], "An argument"),
    ],
)
def test_an_empty_word_is_not_the_same_as_none(words: list[str], names: str) -> None:
    with pytest.raises(InputError, match="is empty") as caught:
        check_words(words)
    assert str(caught.value).startswith(names)
    done = CliRunner().invoke(cli, words)
    assert isinstance(done.exception, InputError)


@pytest.mark.parametrize(
    "words", [["run", "计划.yaml", "--seeds", "3"], ["list"], ["x", "--a=b=c"]]
)
def test_words_that_say_something_pass(words: list[str]) -> None:
    check_words(words)


def test_a_path_that_is_no_text_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = os.fsdecode(b"plan-\xff.yaml")
    with pytest.raises(InputError, match="not UTF-8") as caught:
        check_words(["run", odd])
    assert str(caught.value).isprintable()
    here = tmp_path / os.fsdecode(b"\xfe")
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(InputError, match="folder's name is not UTF-8"):
        check_words(["list"])


def test_a_python_that_was_not_tried_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    say_untested(TESTED[0])
    assert capsys.readouterr().err == ""
    say_untested((3, 99))
    assert capsys.readouterr().err.startswith("fupin: Python 3.99 was not tested")


@pytest.mark.parametrize(
    ("name", "text"),
    [("NUMBA_NUM_THREADS", t) for t in ("0", "-1", "x", "", "1.5", "２")]
    + [("NUMBA_DISABLE_JIT", t) for t in ("yes", "", "true")],
)
def test_a_setting_that_the_compiler_does_not_take_is_one_message(name: str, text: str) -> None:
    with pytest.raises(InputError, match=name):
        check_compiler({name: text})


def test_settings_that_the_compiler_takes_are_taken() -> None:
    check_compiler({})
    check_compiler({"NUMBA_NUM_THREADS": "2", "NUMBA_DISABLE_JIT": "1"})
