"""With `--lang zh` no command speaks English: neither on standard output nor on standard error.

What may stay in English is what is typed or read as it is written: names of files and plans, keys
as in YAML, options, commands, and labels of parameter sets.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fupin.words.phrases import chinese

PLAN = """
extends: fupin:2009-no-programmes
name: tiny
title: A tiny plan
title_zh: 小方案
horizon: 2009
population: {sample: 0.01}
shocks:
  dry: {drought: {counties: [赤城县], from: 2009-06, months: 3, severity: 0.5}}
programmes:
  relocation: {budget: 300 million, places_per_month: 200}
  cash_transfer: {budget: 300 million}
  microfinance:
    budget: {2009-01: 10 million, 2009-06: 12 million}
    counties: [赤城县, 丰宁满族自治县]
"""
OTHER = """
extends: tiny.yaml
name: other
title: Another plan
title_zh: 另一方案
programmes:
  cash_transfer: {budget: 200 million, from: 2009-03}
  relocation: off
  skills_training: {budget: 20 million, share: registered, places_per_month: 500}
"""
COUNTED = """
extends: tiny.yaml
name: counted
title: A survey
title_zh: 按调查
counting: survey
population: {sample: 0.02}
"""
SWEEP = """
name: how-much
scenario: tiny.yaml
factors:
  programmes.cash_transfer.budget: [100 million, 300 million]
sample: 0.01
draws: 2
seeds: 2
"""
SMALL = ("--draws", "2", "--workers", "1")
COMMANDS = (
    ("check", "tiny.yaml", "other.yaml"),
    ("check", "fupin:2009-document"),
    ("diff", "tiny.yaml", "other.yaml"),
    ("diff", "fupin:2009-document", "fupin:plans/training-doubled"),
    ("diff", "fupin:2009-document", "fupin:plans/poorest-counties-first"),
    ("diff", "tiny.yaml", "tiny.yaml"),
    ("diff", "tiny.yaml", "counted.yaml"),
    ("run", "tiny.yaml", *SMALL, "--out", "r"),
    ("run", "tiny.yaml", *SMALL, "--out", "r-full", "--full"),
    ("verify", "r"),
    ("compare", "tiny.yaml", "other.yaml", *SMALL, "--out", "c"),
    ("verify", "c"),
    ("attribute", "tiny.yaml", "--workers", "1", "--out", "a"),
    ("attribute", "tiny.yaml", "--workers", "1", "--out", "a-full", "--full"),
    ("explain", "tiny.yaml"),
    ("explain", "tiny.yaml", "HOUSEHOLD"),
    ("allocate", "tiny.yaml", "--workers", "1", "--check-draws", "3", "--out", "p"),
    ("allocate", "tiny.yaml", "--workers", "1", "--check-draws", "3", "--out", "p-full", "--full"),
    ("sweep", "how-much.yaml", "--workers", "1", "--out", "s"),
    ("sweep", "how-much.yaml", "--workers", "1", "--out", "s", "--full"),
    ("verify", "s"),
)

_MAY_STAY = re.compile(
    r"`[^`]*`"  # what is typed
    r"|\bfupin(?::[\w/-]+| [a-z]+(?: (?:--?[\w-]+|[A-Z]+|[\w./:-]*[\w/]))*)?"
    r"|--[\w-]+(?: [\w.=]+)?"
    r"|[\w./-]+\.(?:yaml|html|csv|parquet|json|py|md)(?::\d+)*"
    r"|\w+(?:_\w+)+|\w+(?:\.\w+)+|[\w-]+(?:-[\w]+)+"  # keys and names of plans
    r"|https?://\S+"
)
_RUN = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[ ,:;]+[A-Za-z][A-Za-z'’]*){3,}")


def english(text: str) -> list[str]:
    """Runs of more than three English words."""
    joined = "\n".join(line.rstrip() for line in text.splitlines())
    return [run for run in _RUN.findall(_MAY_STAY.sub("·", joined)) if "\n" not in run]


def test_the_search_itself_finds_sentences_and_leaves_what_is_typed() -> None:
    assert english("结果 there are four words here")
    assert english("fupin: 方案：6,800 households are nominated to move。")
    assert not english("请用 fupin run fupin:2009-document --draws 20，见 docs/plans.md。")
    assert not english("programmes.skills_training.budget 为 3,054 万元")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], str]:
    """All commands once, one after the other: command -> what it said."""
    import contextlib
    import io
    import sys

    from fupin import cli

    home = tmp_path_factory.mktemp("chinese")
    for name, content in (
        ("tiny", PLAN),
        ("other", OTHER),
        ("counted", COUNTED),
        ("how-much", SWEEP),
    ):
        (home / f"{name}.yaml").write_text(content, encoding="utf-8")
    found: dict[tuple[str, ...], str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("COLUMNS", "100")
        patch.setattr("fupin.paths.results", lambda: home / "results")
        household = ""
        for words in COMMANDS:
            typed = [household if word == "HOUSEHOLD" else word for word in words]
            patch.setattr(sys, "argv", ["fupin", "--lang", "zh", *typed])
            text = io.StringIO()
            with (
                contextlib.redirect_stdout(text),
                contextlib.redirect_stderr(text),
                pytest.raises(SystemExit),
            ):
                cli.main()
            found[words] = text.getvalue()
            if words == ("explain", "tiny.yaml"):
                household = text.getvalue().split()[0]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: "-".join(words[:2]))
def test_no_command_speaks_english(
    words: tuple[str, ...], said: dict[tuple[str, ...], str]
) -> None:
    text = said[words]
    assert re.search(r"[\u4e00-\u9fff]{2}", text), text
    assert not english(text), "\n".join(english(text))


@pytest.mark.parametrize("english_text, expected", [
    ("30.54 million yuan a year", "每年 3,054 万元"),
    ("in Zanhuang 赞皇县, Daming 大名县", "在赞皇县、大名县"),
    ("Skills training for jobs away: places per month", "贫困劳动力转移培训：每月名额"),
    ("from January 2009", "自 2009 年 1 月 起"),
    ("run `fupin check plan.yaml` first", "run `fupin check plan.yaml` first"),
    ("programmes.own.budget", "programmes.own.budget"),
    ("", ""),
])  # fmt: skip
def test_what_is_put_together_is_said_by_its_parts(english_text: str, expected: str) -> None:
    assert chinese(english_text) == expected


def test_a_household_that_is_not_there_is_said_in_chinese(tmp_path: Path) -> None:
    from fupin.words.messages import translated

    assert re.search(r"[\u4e00-\u9fff]", translated("There is no file plan.yaml."))
