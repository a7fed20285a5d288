"""Ctrl-C and SIGTERM: heard once, and not forgotten.

Python raises KeyboardInterrupt wherever the main thread is. Where that is inside a library that
drops every exception (the imports of several do), the interruption is lost and the run goes on for
hours. So it is noted too, and whoever works for long looks at the note between two pieces of work.

A process that ends because of a signal has the exit code that shells give it: 130 after Ctrl-C, 143
after SIGTERM. So a script that calls fupin can tell being stopped from having failed.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

PATIENCE = 1.0
"""Seconds in which another signal is the same one: batch systems and shells send several."""

_first: float | None = None
_signal = int(signal.SIGINT)


def listen() -> None:
    """Note Ctrl-C from now on; where it is ignored (`nohup`), or is another's, it stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, ask)


def exit_code() -> int:
    """Exit code of a process that was asked to end: 128 and the number of the signal."""
    return 128 + _signal


def ask(number: int = signal.SIGINT, *_: Any) -> None:
    """The handler of a signal: note it, and raise KeyboardInterrupt.

    Whoever asks again after a while cannot wait: the process ends at once, as if it was killed,
    which harms no result.
    """
    global _first, _signal
    if _first is None:
        _first, _signal = time.monotonic(), int(number)
        raise KeyboardInterrupt
    if time.monotonic() - _first > PATIENCE:
        os.write(2, b"fupin: stopped at once.\n")
        os._exit(exit_code())


def check() -> None:
    """Raise KeyboardInterrupt where somebody has asked for it and nothing came of it."""
    if _first is not None:
        raise KeyboardInterrupt


def forget() -> None:
    """Begin anew: of use to who calls commands one after the other in one process."""
    global _first, _signal
    _first, _signal = None, int(signal.SIGINT)
