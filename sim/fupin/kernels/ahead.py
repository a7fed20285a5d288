"""Compiling before the first run, in two processes at once.

Numba compiles what is called, one kernel after another: 16 s of a first run on one core while the
other core waits. `first-run.txt` beside this module lists the kernels that a run needs, with the
types of their arguments and how long they took; each process takes about half of that time. What
the list lacks is compiled when it is called, as ever (`tests/kernels/record_first_run.py`
writes the list).
"""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from numba import types

from fupin import processes

LIST = Path(__file__).with_name("first-run.txt")


@dataclass(frozen=True)
class Compilation:
    """One kernel for one set of argument types.

    Attributes:
        milliseconds: how long it took where the list was written: only to share the work out.
        kernel: module and name, "fupin.livelihood.month._live".
        signature: the types as `written` writes them.
    """

    milliseconds: int
    kernel: str
    signature: str

    def do(self) -> None:
        """Compile, or load what is compiled already."""
        module, name = self.kernel.rsplit(".", 1)
        dispatcher = getattr(importlib.import_module(module), name)
        dispatcher.compile(read(self.signature))


def read(signature: str) -> tuple[types.Type, ...]:
    """The types of a signature that `fupin.kernels.jit.written` wrote.

    The text is a file of this package, trusted as its code.
    """
    found: tuple[types.Type, ...] = eval(signature, dict(vars(types)) | {"named": _named})
    return found


def _named(kinds: tuple[types.Type, ...], path: str) -> types.Type:
    module, name = path.rsplit(".", 1)
    return types.BaseTuple.from_types(kinds, getattr(importlib.import_module(module), name))


def listed() -> list[Compilation]:
    """What a first run compiles, in the order of the list."""
    rows = (line.split(maxsplit=2) for line in LIST.read_text("utf-8").splitlines())
    return [Compilation(int(ms), kernel, signature) for ms, kernel, signature in rows]


def halves(compilations: Sequence[Compilation]) -> tuple[list[Compilation], list[Compilation]]:
    """Two parts that take about as long: the longest first, each to the part with less so far."""
    parts: tuple[list[Compilation], list[Compilation]] = ([], [])
    for compilation in sorted(compilations, key=lambda c: -c.milliseconds):
        min(parts, key=lambda part: sum(c.milliseconds for c in part)).append(compilation)
    return parts


def compile_first_run() -> None:
    """Compile what a run needs in this process and one more.

    Where the other fails, its half is compiled when it is called.
    """
    other = subprocess.Popen(
        other_process(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for compilation in halves(listed())[0]:
            compilation.do()
        other.wait()
    finally:
        other.kill()
        other.wait()


def other_process() -> list[str]:
    """The command of the process that does the other half."""
    return processes.python("from fupin.kernels.ahead import other_half; other_half()")


def other_half() -> None:
    """Compile what `compile_first_run` leaves to the other process."""
    for compilation in halves(listed())[1]:
        compilation.do()
