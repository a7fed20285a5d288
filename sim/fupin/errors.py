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

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = str(self.file)
            if self.line is not None:
                place += f":{self.line}"
                if self.column is not None:
                    place += f":{self.column}"
            place += ": "
        hint = f" {self.instead}" if self.instead else ""
        message = self.message if len(self.message) <= LONGEST else self.message[:LONGEST] + "..."
        return _on_one_line(f"{place}{message}{hint}")


def _on_one_line(text: str) -> str:
    """Text that cannot move a cursor, break a line or be half a character, whatever it quotes."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
