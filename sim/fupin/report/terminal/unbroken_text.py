"""Text of rich that keeps a number and its Chinese unit on one line, also in cells of tables."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.containers import Lines
from rich.text import Text

from fupin.words.unbroken import pieces


class UnbrokenText(Text):
    """A text that wraps by `fupin.words.unbroken`; without wide letters as any other text."""

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """As of `Text.wrap`."""
        if options.get("no_wrap") or self.cell_len == len(self.plain):
            return super().wrap(console, width, **options)
        found = Lines()
        for paragraph in self.split(allow_blank=True):
            room, at, breaks = 0, 0, []
            for piece in pieces(paragraph.plain):
                size = cell_len(piece.rstrip())
                if room and room + size > width:
                    breaks.append(at)
                    room = 0
                room += cell_len(piece)
                at += len(piece)
            for line in paragraph.divide(breaks):
                line.rstrip_end(width)
                found.extend(Text.wrap(line, console, width, **options))
        return found
