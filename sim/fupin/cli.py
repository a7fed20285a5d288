"""The command `fupin`: a table of commands, each in its own module, imported when it is called.

Exit codes: 0 done, 2 bad input (one message, nothing written), 1 anything else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from fupin import interruption, paths
from fupin.errors import InputError
from fupin.terminal import write_what_can_be_written

# command -> (module that holds `command`, one line for `fupin --help`). The line stands here so
# that `--help` imports none of the modules.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("fupin.commands.run", "Run a scenario; print a verdict; write a result."),
    "sweep": ("fupin.commands.sweep", "Run a design of many points; goes on after a stop."),
    "calibrate": (
        "fupin.commands.calibrate",
        "Fit uncertain parameters to the targets; self-test.",
    ),
    "validate": ("fupin.commands.validate", "The document beside the calibrated model; held out."),
    "sensitivity": ("fupin.commands.sensitivity", "What drives the answer of a sweep."),
    "discover": ("fupin.commands.discover", "Where plans of a sweep fail; how robust they are."),
    "merge": ("fupin.commands.merge", "Put shards of a sweep together."),
    "verify": ("fupin.commands.verify", "Recompute the hashes of a result; rerun some of it."),
    "import": ("fupin.commands.import_table", "A table of money by county as a plan."),
    "places": ("fupin.commands.places", "What counties are called, and what a name means."),
    "export": ("fupin.commands.export", "A result as a workbook or as CSV files."),
    "compare": (
        "fupin.commands.compare",
        "Plans beside a base, as twins: differences, cost, whom.",
    ),
    "allocate": (
        "fupin.commands.allocate",
        "A better division of a plan's money, checked on unseen luck.",
    ),
    "report": (
        "fupin.commands.report",
        "A run or a comparison as one HTML file, in two languages.",
    ),
    "brief": (
        "fupin.commands.brief",
        "Two A4 pages on a run or a comparison, as HTML or PDF.",
    ),
    "diff": ("fupin.commands.diff", "What differs between two scenarios, in plain words."),
    "explain": ("fupin.commands.explain", "One household's two lives, with and without the plan."),
    "check": ("fupin.commands.check", "Check scenario files without running them."),
    "schema": ("fupin.commands.schema", "Print the JSON Schema of scenario files, for editors."),
    "new": ("fupin.commands.new", "Write a new scenario file that extends another."),
    "list": ("fupin.commands.list", "List the scenarios that come with fupin."),
    "programmes": ("fupin.commands.programmes", "The programmes: budget, mechanism, evidence."),
    "view": ("fupin.commands.view", "Watch a scenario month by month in the browser."),
    "population": (
        "fupin.commands.population",
        "The synthetic province beside census and yearbook.",
    ),
    "parameters": ("fupin.commands.parameters", "List parameters; write the parameter book."),
}


TESTED = ((3, 12),)
"""Versions of Python that every test runs with."""


class _LazyGroup(click.Group):
    """A click group that imports a command's module only when the command is used."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        check_words(args)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fupin")
def cli() -> None:
    """fupin (扶贫): what an allocation of anti-poverty money does in Hebei Province.

    Start with: fupin run fupin:2009-document
    """


def check_words(words: Sequence[str]) -> None:
    """Refuse words of a command line that say nothing, or that no file could hold as text.

    An empty option would else count as one that is not given, an empty path as this folder.

    Raises:
        InputError: a word, or the value of an option, is empty; a path is not UTF-8.
    """
    for before, word in zip(["", *words], words, strict=False):
        name, _, value = word.partition("=") if word.startswith("--") else (before, "", word)
        if not word.strip() or (word.startswith("--") and "=" in word and not value.strip()):
            what = name if name.startswith("--") else "An argument"
            raise InputError(f"{what} is empty.", "Write a value, or leave it out.")
        if _not_utf8(word):
            raise InputError(
                f"{word!r} is not UTF-8, and results could not name it.",
                "Rename the file or the folder, or let it be reached by another name.",
            )
    with contextlib.suppress(OSError):
        here = str(Path.cwd())
        if words and _not_utf8(here):
            raise InputError(
                f"This folder's name is not UTF-8: {here!r}.", "Work in another folder."
            )


def _not_utf8(text: str) -> bool:
    """Whether a word of the system could not be decoded: Python keeps its bytes as surrogates."""
    return any("\udc80" <= character <= "\udcff" for character in text)


def say_untested(version: tuple[int, int]) -> None:
    """Say at the start that this Python was not tried, before anything fails because of it."""
    if version not in TESTED:
        tried = " and ".join(f"{major}.{minor}" for major, minor in TESTED)
        click.echo(
            f"fupin: Python {version[0]}.{version[1]} was not tested; fupin is with {tried}.",
            err=True,
        )


def keep_bytecode() -> None:
    """Keep bytecode in fupin's cache where Python was told to write none beside sources.

    Else this process and every worker compile two thousand modules anew: half of a short run.
    """
    if sys.dont_write_bytecode:
        folder = str(paths.cache() / "bytecode")
        sys.pycache_prefix, sys.dont_write_bytecode = folder, False
        os.environ["PYTHONPYCACHEPREFIX"] = folder  # worker processes
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _let_go_of_output() -> None:
    """Keep the interpreter from failing once more, with what could not be written, at its end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Entry point: runs the command line and turns InputError into exit code 2."""
    try:
        interruption.forget()
        interruption.listen()
        keep_bytecode()
        write_what_can_be_written()
        say_untested(sys.version_info[:2])
        # Imports make a million objects that stay: collecting among them costs a fifth of a second.
        gc.set_threshold(100_000, 50, 50)
        # Without standalone mode click returns the code of `ctx.exit(n)` instead of raising.
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except InputError as error:
        click.echo(f"fupin: {error}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("fupin: stopped.", err=True)
        sys.exit(1)
    except click.ClickException as error:  # a wrong option or argument
        error.show()
        sys.exit(2)
    except OSError as error:
        # A full disk, a folder without permission: no fault of the program, and it has a name.
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"fupin: {where}{error.strerror or error}.", err=True)
        _let_go_of_output()
        sys.exit(1)
    except MemoryError:
        click.echo(
            "fupin: not enough memory. --sample 0.05 needs less, and so do fewer --workers.",
            err=True,
        )
        sys.exit(1)
    finally:
        gc.freeze()  # or the interpreter would, on its way out, search a million objects for cycles
