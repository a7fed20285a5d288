"""The command `fupin`: a table of commands, each in its own module, imported when it is called.

Exit codes: 0 done, 2 bad input (one message, nothing written), 130 stopped by Ctrl-C (143 by
SIGTERM), 1 anything else.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from fupin import interruption, paths
from fupin.commands.help import group_help, speak, tell, with_language
from fupin.errors import InputError
from fupin.processes import keep_freed_memory
from fupin.terminal import write_what_can_be_written
from fupin.words import choice

# command -> (module that holds `command`, one line for `fupin --help`). The line stands here so
# that `--help` imports none of the modules.
COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("fupin.commands.list", "List the scenarios that come with fupin."),
    "programmes": (
        "fupin.commands.programmes",
        "Describe the programmes: budget, mechanism, evidence.",
    ),
    "places": ("fupin.commands.places", "Say what counties are called, and what a name means."),
    "new": ("fupin.commands.new", "Write a new scenario file that extends another."),
    "import": ("fupin.commands.import_table", "Make a plan from a table of money by county."),
    "check": ("fupin.commands.check", "Check scenario files without running them."),
    "diff": ("fupin.commands.diff", "Say in plain words what differs between two scenarios."),
    "view": ("fupin.commands.view", "Open a page in the browser: watch a plan and change it."),
    "run": ("fupin.commands.run", "Simulate a plan; write its result and a report."),
    "compare": (
        "fupin.commands.compare",
        "Compare plans with a base: differences, cost, who gains.",
    ),
    "allocate": (
        "fupin.commands.allocate",
        "Look for a better division of a plan's money, and check it.",
    ),
    "attribute": (
        "fupin.commands.attribute",
        "What each programme of a plan did, in shares that add up.",
    ),
    "report": (
        "fupin.commands.report",
        "Write any result as one HTML file, with charts.",
    ),
    "brief": (
        "fupin.commands.brief",
        "Write two A4 pages on a result, as HTML or PDF.",
    ),
    "explain": (
        "fupin.commands.explain",
        "Tell one household's two lives, with and without the plan.",
    ),
    "export": ("fupin.commands.export", "Write a result as a workbook or as CSV files."),
    "sweep": ("fupin.commands.sweep", "Run a design of many points; go on after a stop."),
    "sensitivity": ("fupin.commands.sensitivity", "Say what drives the answer of a sweep."),
    "discover": ("fupin.commands.discover", "Say where plans of a sweep fail."),
    "merge": ("fupin.commands.merge", "Join the shards of a sweep."),
    "verify": ("fupin.commands.verify", "Recompute the hashes of a result; rerun some of it."),
    "validate": (
        "fupin.commands.validate",
        "Show the document beside the calibrated model.",
    ),
    "calibrate": (
        "fupin.commands.calibrate",
        "Fit the uncertain parameters to what is known.",
    ),
    "population": (
        "fupin.commands.population",
        "Show the synthetic province beside census and yearbook.",
    ),
    "parameters": (
        "fupin.commands.parameters",
        "List parameters and figures with their sources.",
    ),
    "schema": ("fupin.commands.schema", "Print the JSON Schema of scenario files, for editors."),
}

GROUPS: dict[str, tuple[str, ...]] = {
    "Plan": ("list", "programmes", "places", "new", "import", "check", "diff", "view"),
    "Compare": ("run", "compare", "allocate", "attribute", "report", "brief", "explain", "export"),
    "Explore": ("sweep", "sensitivity", "discover", "merge"),
    "Audit": ("verify", "validate", "calibrate", "population", "parameters", "schema"),
}
"""What a user wants to do -> the commands for it, in the order of `fupin --help`."""


def grouped() -> dict[str, list[str]]:
    """Heading -> commands that there are; a command without a group stands under More."""
    found = {
        heading: [name for name in names if name in COMMANDS] for heading, names in GROUPS.items()
    }
    known = {name for names in GROUPS.values() for name in names}
    found["More"] = [name for name in COMMANDS if name not in known]
    return {heading: names for heading, names in found.items() if names}


TESTED = ((3, 12), (3, 13))
"""Versions of Python that every test runs with."""


READER_LEFT = 141
"""Exit code where nobody reads any more (`| head -1`), that of SIGPIPE: 1 could mean damage."""


@contextlib.contextmanager
def _reader_that_leaves() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _let_go_of_output()
        raise click.exceptions.Exit(READER_LEFT) from None
    except SystemExit as end:  # rich ends the process by itself, with 1
        if isinstance(end.__context__, BrokenPipeError):
            raise click.exceptions.Exit(READER_LEFT) from None
        raise


class _LazyGroup(click.Group):
    """A click group that imports a command's module only when the command is used."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        check_words(args)
        return super().resolve_command(ctx, args)

    def make_context(self, *words: Any, **more: Any) -> click.Context:
        with _reader_that_leaves():
            return super().make_context(*words, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _reader_that_leaves():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return with_language(cmd_name, command)

    def get_help(self, ctx: click.Context) -> str:
        if choice.language() == "zh":
            return group_help(self, ctx, grouped())
        return super().get_help(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, names in grouped().items():
            with formatter.section(heading):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fupin")
@click.option(
    choice.OPTION, metavar="en|zh", expose_value=False, callback=speak,
    help="Language of tables, messages and help. [default: that of the environment]",
)  # fmt: skip
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
            with contextlib.suppress(UnicodeError):  # it is, and Python was told another encoding
                text = os.fsencode(word).decode("utf-8")
                raise InputError(
                    f"{text!r} is UTF-8, and Python reads it as {sys.getfilesystemencoding()}.",
                    "export PYTHONUTF8=1",
                )
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


def check_compiler(environment: Mapping[str, str]) -> None:
    """Numbers that the compiler reads from the environment, before it is imported and fails.

    Raises:
        InputError: one is no number that it takes.
    """
    for name, least in (("NUMBA_NUM_THREADS", 1), ("NUMBA_DISABLE_JIT", 0)):
        text = environment.get(name, str(least))
        if not (text.isascii() and text.isdigit() and int(text) >= least):
            raise InputError(
                f"The environment variable {name} is {text!r}, and no number from {least} on.",
                f"unset {name}",
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


def open_what_is_closed() -> None:
    """Let standard streams that are closed (`>&-`) lead nowhere.

    The first file that is opened would else be what this process and its children print into.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


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
        open_what_is_closed()
        interruption.forget()
        interruption.listen()
        wanted = choice.of_words(sys.argv[1:])
        choice.speak(wanted if wanted in ("en", "zh") else None)  # also for help
        keep_bytecode()
        write_what_can_be_written()
        say_untested(sys.version_info[:2])
        check_compiler(os.environ)
        if sys.argv[1:2] and not sys.argv[1].startswith("-"):
            keep_freed_memory()
        # Imports make a million objects that stay: collecting among them costs a fifth of a second.
        gc.set_threshold(100_000, 50, 50)
        # Without standalone mode click returns the code of `ctx.exit(n)` instead of raising.
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except InputError as error:
        from fupin.words.messages import in_language

        click.echo(f"fupin: {in_language(error)}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        from fupin.words.messages import told

        click.echo(f"fupin: {told('stopped.')}", err=True)
        sys.exit(interruption.exit_code())
    except click.ClickException as error:  # a wrong option or argument
        tell(error)
        sys.exit(2)
    except OSError as error:
        # A full disk, a folder without permission: no fault of the program, and it has a name.
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"fupin: {where}{error.strerror or error}.", err=True)
        _let_go_of_output()
        sys.exit(2 if error.errno in (errno.ENAMETOOLONG, errno.ELOOP) else 1)  # a wrong name
    except MemoryError:
        from fupin.words.messages import told

        few = "--sample 0.05 needs less, and so do fewer --workers."
        click.echo(f"fupin: {told('not enough memory.', few)}", err=True)
        sys.exit(1)
    finally:
        gc.freeze()  # or the interpreter would, on its way out, search a million objects for cycles
