"""What a terminal, a pipe or a file as standard output can take."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

HANDLER = "fupin"

_PLAIN = {
    "–": "-", "—": "-", "−": "-", "×": "x", "·": ".", "≈": "~", "±": "+/-", "…": "...", "→": "->",
    "‘": "'", "’": "'", "“": '"', "”": '"', "≤": "<=", "≥": ">=", "\u202f": " ", "\xa0": " ",
    "─": "-", "━": "-", "│": "|",
}  # fmt: skip


def write_what_can_be_written() -> None:
    """Let standard output and error replace characters that their encoding does not have.

    Without this an ASCII terminal ends a run with an error when its tables are printed. Punctuation
    becomes the nearest that there is, anything else \\uXXXX, which is also what JSON would say.
    """
    codecs.register_error(HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # absent where a test listens
        if reconfigure is not None:
            reconfigure(errors=HANDLER)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c) or _escaped(c) for c in text), error.end


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (int.from_bytes(units[i : i + 2]) for i in range(0, len(units), 2))
    return "".join(f"\\u{unit:04x}" for unit in pairs)


def short(path: Path) -> Path:
    """A path as seen from the working folder, if it lies below."""
    try:
        return path.absolute().relative_to(Path.cwd())
    except ValueError:
        return path
