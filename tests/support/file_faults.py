"""What can happen to a file, each as a function that does it; one list for all tests of faults.

`link` needs the environment variable FUPIN_TEST_MINE to name a file that must stay as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes() or b"x")
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _link(file: Path) -> None:
    """To a file that is not ours and must stay as it is."""
    file.unlink()
    file.symlink_to(os.environ["FUPIN_TEST_MINE"])


def _folder(file: Path) -> None:
    file.unlink()
    (file / "below").mkdir(parents=True)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _closed(file: Path) -> None:
    file.chmod(0)


FAULTS: dict[str, Callable[[Path], None]] = {
    "flip": _flip, "cut": _cut, "empty": _empty, "link": _link, "folder": _folder, "pipe": _pipe,
    "closed": _closed,
}  # fmt: skip
