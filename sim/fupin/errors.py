"""Errors that are the user's to mend: one clear message, exit code 2."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LONGEST = 600
"""Characters of a message that are shown."""


@dataclass
class InputError(Exception):
    """Something that the user wrote cannot be used.

    Attributes:
        message: what was found, in one sentence.
        instead: what to write instead, or None where nothing is known.
        file: the file that holds the mistake, or None (a command-line option, say).
        line: line number, counted from 1.
        column: column number, counted from 1.
    """

    message: str
    instead: str | None = None
    file: Path | str | None = None
    line: int | None = None
    column: int | None = None

    def __reduce__(self) -> tuple[type[InputError], tuple[object, ...]]:
        # Exceptions with fields lose them on the way between processes unless told how.
        return InputError, (self.message, self.instead, self.file, self.line, self.column)

    def _render_traceback_(self) -> list[str]:
        # What IPython shows in a notebook: who made a slip needs the message and no stack.
        return [f"fupin: {self}"]

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = str(self.file)
            if self.line is not None:
                place += f":{self.line}"
                if self.column is not None:
                    place += f":{self.column}"
            place += ": "
        message = self.message if len(self.message) <= LONGEST else self.message[:LONGEST] + "..."
        return _on_one_line(place + sentences(*filter(None, (message, self.instead))))


def sentences(*texts: str) -> str:
    """Texts one after the other: with a space between them, and none after a Chinese full stop."""
    found = ""
    for text in texts:
        found += text if not found or found.endswith("。") else f" {text}"
    return found


@dataclass(frozen=True)
class Wording:
    """How messages name an option: as it is typed, as an argument in Python, or within a file.

    Attributes:
        python: True for an argument of a function.
        file: True for a key of a file, which messages name in front of all that they say.
    """

    python: bool
    file: bool = False

    def __call__(self, option: str, value: object = None) -> str:
        """`--seeds`, `--seeds 5`; in Python `seeds=`, `seeds="3,7-9"`; in a file `seeds`, `5`."""
        if self.file:
            return option if value is None else str(value)
        if not self.python:
            return f"--{option}" if value is None else f"--{option} {value}"
        text = value if isinstance(value, str) else repr(value)
        if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
            text = f'"{value}"'
        return f"{_ARGUMENTS.get(option, option)}={'' if value is None else text}"

    def given(self, option: str, value: object) -> str:
        """An option with a value that cannot be used, quoted."""
        if self.file:
            return repr(value)
        between = "" if self.python else " "
        return f"{self(option)}{between}{value!r}"

    def either(self, typed: str, called: str) -> str:
        """Advice that differs between the two."""
        return called if self.python else typed


_ARGUMENTS = {"out": "folder", "output": "path", "lang": "language"}
"""Options that functions know under another name."""

COMMAND_LINE, PYTHON = Wording(python=False), Wording(python=True)
IN_FILE = Wording(python=False, file=True)


def _on_one_line(text: str) -> str:
    """Text that cannot move a cursor, break a line or be half a character, whatever it quotes."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
