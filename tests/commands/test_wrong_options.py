"""What is wrong with an option or an argument is said in the reader's language."""

from __future__ import annotations

import re

import click
import pytest
from fupin.cli import cli
from fupin.commands.help import tell
from fupin.words import choice

WRONG = {
    "run --nope": "没有选项 '--nope'。",
    "run --seed 3": "没有选项 '--seed'。是否指 '--seeds'？",
    "sweep x --design y": "没有选项 '--design'。（是否指其中之一：",
    "nonsense": "没有命令 'nonsense'。",
    "run": "缺少 'SCENARIO'。",
    "run a --workers two": "'--workers' 的值不对：'two' 不是整数。",
    "view --port 99999999": "'--port' 的值不对：99999999 不在范围 0<=x<=65535 之内。",
    "schema plan": "的值不对：'plan' 不是 'scenario', 'sweep' 之一。",
    "run a --quiet=3": "选项 '--quiet' 后不带值。",
    "run a b c": "多出的参数：b c",
    "run a --seeds": "选项 '--seeds' 后要有值。",
}


def said(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(click.ClickException) as wrong:
        cli.main(words.split(), prog_name="fupin", standalone_mode=False)
    tell(wrong.value)
    return capsys.readouterr().err


@pytest.mark.parametrize("words", WRONG)
def test_it_is_said_in_chinese_and_in_english(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with choice.speaking("zh"):
        chinese = said(words, capsys)
    last = chinese.splitlines()[-1]
    assert WRONG[words] in last and last.startswith("错误：")
    own_words = re.sub(r"'[^']*'", "", last)
    assert not re.search(r"[A-Za-z]{4,}", own_words)
    english = said(words, capsys)
    assert english.splitlines()[-1].startswith("Error: ")
    if "Usage: fupin" in english:
        assert "用法：fupin" in chinese and "--help' 显示说明。" in chinese
