"""Commands speak the reader's language: which it is, and that they have all words for it."""

from __future__ import annotations

import ast
import importlib
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from fupin import paths
from fupin.cli import COMMANDS, GROUPS, cli, grouped
from fupin.commands.help import help_of, words
from fupin.errors import InputError
from fupin.words import choice
from fupin.words.language import LANGUAGES, catalogue
from fupin.words.spoken import TERMINAL, said, spoken, translations


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    with choice.speaking("en"):
        yield


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN", "FUPIN_LANG": "en"}, "en"),
        ({"LC_ALL": "", "LANG": "ZH_cn"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_of_the_environment(environment: dict[str, str], code: str) -> None:
    assert choice.of_environment(environment) == code


def test_the_language_of_a_command_line() -> None:
    assert choice.of_words(["run", "a.yaml", "--lang", "zh"]) == "zh"
    assert choice.of_words(["--lang=en", "run"]) == "en"
    assert choice.of_words(["run", "--lang"]) is None and choice.of_words([]) is None


def test_speaking_ends() -> None:
    with choice.speaking("zh"):
        assert spoken().code == "zh" and said("Outcomes") == "结果指标"
    assert spoken().code == "en" and said("Outcomes") == "Outcomes"
    assert said("seed {n}", n=3) == "seed 3"


def test_texts_of_the_terminal_have_the_same_blanks_and_stand_once() -> None:
    entries = catalogue(TERMINAL)["texts"]
    assert len({entry["en"] for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry) == set(LANGUAGES)
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(entry[code]) if name}
            for code in LANGUAGES
        ]
        assert blanks[0] == blanks[1], entry
        lines = [entry[code].count("\n") for code in LANGUAGES]
        assert lines[0] == lines[1] or entry["en"].strip("\n") in (
            "depart-\nments",
            "guaran-\ntors",
        )


def asked() -> Iterator[tuple[str, str]]:
    """Texts that the code says in the reader's language, where they stand as they are."""
    for file in paths.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "said" or (
                node.func.id == "_heading" and file.parent.name == "terminal"
            ):
                for given in node.args:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield f"{file.name}:{node.lineno}", given.value


def test_whatever_is_said_has_chinese_words() -> None:
    found = list(asked())
    assert len(found) > 50
    assert not [(at, text) for at, text in found if text and text not in translations()]


# -- help ------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    for name, (module, _) in COMMANDS.items():
        yield name, importlib.import_module(module).command


def chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=list(COMMANDS))
def test_help_of_a_command_is_chinese_where_that_is_spoken(
    name: str, command: click.Command
) -> None:
    about = words()["commands"][name]
    assert chinese(about["line"]) and chinese(about["text"])
    options = [option for option in command.params if isinstance(option, click.Option)]
    lacking = [option.opts for option in options if not chinese(help_of(name, option))]
    assert not lacking, f"{name}: {lacking} have no help in fupin/words/help.yaml"
    known = {opt for option in options for opt in option.opts} | {choice.OPTION}
    assert set(about.get("options", {})) <= known  # none of an option that is no more
    with choice.speaking("zh"):
        shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0 and "用法：" in shown.output and "--lang" in shown.output
    assert "Options" not in shown.output


def test_help_lists_all_commands_by_what_a_user_wants_to_do() -> None:
    english = CliRunner().invoke(cli, ["--help"]).output
    with choice.speaking("zh"):
        other = CliRunner().invoke(cli, ["--help"]).output
    for text in (english, other):
        assert all(f"\n  {name} " in text for name in COMMANDS)
    assert sorted(name for names in grouped().values() for name in names) == sorted(COMMANDS)
    assert list(GROUPS) == ["Plan", "Compare", "Explore", "Audit"]
    assert set(GROUPS) < set(words()["groups"])
    assert all(line.endswith((".", "。")) for _, line in COMMANDS.values())


def test_the_option_is_taken_by_every_command_and_refused_for_other_languages() -> None:
    done = CliRunner().invoke(cli, ["list", "--lang", "zh"])
    assert done.exit_code == 0 and "年鉴口径" in done.output
    choice.speak("en")
    assert "年鉴口径" not in CliRunner().invoke(cli, ["list"]).output
    assert "年鉴口径" in CliRunner().invoke(cli, ["--lang", "zh", "list"]).output
    choice.speak("en")
    refused = CliRunner().invoke(cli, ["list", "--lang", "fr"])
    assert isinstance(refused.exception, InputError) and "en" in str(refused.exception)


def test_what_programs_read_is_english(tmp_path: Path) -> None:
    outputs = []
    for code in LANGUAGES:
        with choice.speaking(code):
            outputs.append(
                CliRunner().invoke(cli, ["check", "fupin:2009-document", "--json"]).output
            )
    assert outputs[0] == outputs[1]
