"""Writes the list of kernels that a first run compiles (`sim/fupin/kernels/first-run.txt`).

Run it when kernels that a run calls were added, removed, or take other types:
`uv run python -m tests.kernels.record_first_run`. `tests/kernels/test_ahead.py` says when.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from fupin.kernels import ahead
from fupin.kernels.jit import written
from numba.core import event

SCENARIO, SAMPLE, FRAME_SEED = "scenarios/2009-document.yaml", 0.02, 20091231


class Compilations(event.Listener):
    """Notes each kernel that Python has called and that was compiled for it."""

    def __init__(self) -> None:
        self._open: list[tuple[float, set[Any]]] = []
        self.found: list[ahead.Compilation] = []

    def on_start(self, event: Any) -> None:
        self._open.append((time.perf_counter(), set(event.data["dispatcher"].overloads)))

    def on_end(self, event: Any) -> None:
        start, before = self._open.pop()
        if self._open:
            return  # a helper, compiled for the kernel that calls it
        dispatcher, took = event.data["dispatcher"], time.perf_counter() - start
        function = dispatcher.py_func
        for signature in set(dispatcher.overloads) - before:
            self.found.append(
                ahead.Compilation(
                    max(1, round(1000 * took)),
                    f"{function.__module__}.{function.__name__}",
                    written(signature),
                )
            )


def compilations_of(command: list[str]) -> list[ahead.Compilation]:
    """What this process compiles while it builds a frame and runs, with nothing cached."""
    from fupin.cli import cli
    from fupin.population.frame import load_frame

    listener = Compilations()
    with event.install_listener("numba:compile", listener):
        load_frame(SAMPLE, FRAME_SEED)  # else the command would build it in another process
        result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    return listener.found


def main() -> None:
    """Compile everything anew and write the list."""
    import os

    if "FUPIN_CACHE" not in os.environ:
        sys.exit("FUPIN_CACHE must name an empty folder.")
    with tempfile.TemporaryDirectory() as folder:
        run = ["run", SCENARIO, "--seeds", "1", "--draws", "1", "--sample", str(SAMPLE), "--quiet"]
        found = compilations_of([*run, "--out", str(Path(folder) / "out")])
    rows = sorted(found, key=lambda c: (c.kernel, c.signature))
    text = "".join(f"{c.milliseconds} {c.kernel} {c.signature}\n" for c in rows)
    ahead.LIST.write_text(text, "utf-8")
    sys.stdout.write(f"{len(rows)} kernels\n")


if __name__ == "__main__":
    main()
