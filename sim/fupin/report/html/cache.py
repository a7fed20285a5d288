"""Texts that take long to make, kept in fupin's cache."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path


def kept(file: Path, make: Callable[[], str]) -> str:
    """The content of a file, made and written if there is none.

    Written beside and renamed, so that nobody reads half of it; where the cache cannot be written
    to, the text is made every time.
    """
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        text = make()
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
    return text
