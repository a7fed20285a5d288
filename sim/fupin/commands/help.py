"""Help of commands in the reader's language, and the option that every command has for it."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import click

from fupin.words import choice

CHINESE = Path(choice.__file__).with_name("help.yaml")
"""Chinese help; English stands with the commands."""

_WIDTH = 80
_LONGEST_NAME = 26  # columns of options; the help of a longer one begins on the next line


def speak(_context: click.Context, _option: click.Parameter, code: str | None) -> None:
    """What `--lang` does. Raises InputError for a language that fupin does not speak."""
    if code is not None:
        from fupin.words.language import Language

        choice.speak(Language.of(code).code)


def language_option() -> click.Option:
    """The option `--lang` of a command."""
    return click.Option(
        [choice.OPTION], metavar="en|zh", expose_value=False, callback=speak,
        help="Language of tables, messages and help. [default: that of the environment]",
    )  # fmt: skip


def with_language(name: str, command: click.Command) -> click.Command:
    """A command with `--lang`, and with Chinese help where that is spoken.

    Args:
        name: of the command.
        command: as its module has it; it stays as it is.
    """
    own = copy.copy(command)
    if not any(choice.OPTION in option.opts for option in command.params):
        own.params = [*command.params, language_option()]
    if choice.language() != "zh":
        return own
    return ChineseCommand(
        name, own.context_settings, own.callback, own.params, no_args_is_help=own.no_args_is_help
    )


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    def get_help(self, ctx: click.Context) -> str:
        """What `--help` prints."""
        about = words()["commands"].get(self.name, {})
        lines = [_usage(self, ctx), ""]
        lines += [f"  {line}" for line in _wrapped(about.get("text", self.help or ""), _WIDTH - 2)]
        return "\n".join([*lines, "", _heading("Options"), *_options(self, ctx)])


def help_of(command: str, option: click.Option) -> str:
    """Chinese help of an option: that of the command, else that of all, else English."""
    about, name = words(), option.opts[-1]
    if "--help" in option.opts:
        return str(about["help"])
    if "--version" in option.opts:
        return str(about["version"])
    own = about["commands"].get(command, {}).get("options", {})
    text = own.get(name) or (about["lang"] if name == choice.OPTION else about["options"].get(name))
    if text is None:
        return option.help or ""
    default = option.default if option.show_default else None
    return f"{text}[默认：{default}]" if default is not None and "默认" not in text else str(text)


def group_help(group: click.Group, ctx: click.Context, groups: dict[str, list[str]]) -> str:
    """What `fupin --help` prints in Chinese.

    Args:
        group: the command line.
        ctx: of the call.
        groups: heading in English -> commands under it.
    """
    about = words()
    lines = [_usage(group, ctx), "", f"  {about['page']}", f"  {about['start']}{START}", ""]
    lines += [_heading("Options"), *_options(group, ctx)]
    for heading, names in groups.items():
        rows = [(name, about["commands"].get(name, {}).get("line", "")) for name in names]
        lines += ["", f"{about['groups'].get(heading, heading)}：", *_columns(rows)]
    return "\n".join(lines)


def tell(error: click.ClickException) -> None:
    """Say in the reader's language what is wrong with an option or an argument."""
    ctx = getattr(error, "ctx", None)
    if choice.language() != "zh" or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    wrong = words()["wrong"]
    if ctx is not None:
        click.echo(_usage(ctx.command, ctx), err=True)
        click.echo(wrong["try"].format(command=ctx.command_path) + "\n", err=True)
    click.echo(wrong["error"] + _in_chinese(error.format_message()), err=True)


def _in_chinese(text: str) -> str:
    """A message of click, and what stands within it; as it is where help.yaml has none."""
    from fupin.words.messages import patterns_of

    for pattern, chinese in patterns_of(words()["wrong"]["messages"]):
        if found := pattern.fullmatch(text):
            inner = {name: _in_chinese(part) for name, part in found.groupdict().items()}
            return chinese.format(**inner)
    return text


START = "fupin run fupin:2009-document"
"""What help proposes first."""


@cache
def words() -> Any:
    """The Chinese help."""
    from fupin.words.language import catalogue

    return catalogue(CHINESE)


def _usage(command: click.Command, ctx: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    return f"{_heading('Usage')}{ctx.command_path} {pieces}"


def _options(command: click.Command, ctx: click.Context) -> list[str]:
    return _columns(
        [
            (record[0], help_of(command.name or "", option))
            for option in command.get_params(ctx)
            if isinstance(option, click.Option) and (record := option.get_help_record(ctx))
        ]
    )


def _heading(english: str) -> str:
    return f"{words()['headings'][english]}："


def _wrapped(text: str, width: int) -> list[str]:
    from fupin.report.terminal.wrapping import wrapped

    return wrapped(" ".join(text.split()), width)


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    """Names and what they mean, in two columns."""
    room = min(max((len(name) for name, _ in rows), default=0), _LONGEST_NAME)
    lines = []
    for name, text in rows:
        parts = _wrapped(text, _WIDTH - room - 4) or [""]
        if len(name) > room:
            lines.append(f"  {name}")
            name = ""
        lines.append(f"  {name:<{room}}  {parts[0]}".rstrip())
        lines += [f"  {'':<{room}}  {part}" for part in parts[1:]]
    return lines
