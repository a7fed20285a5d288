"""Full runs that the page starts: `fupin run` in a process of its own, and the report it leaves."""

from __future__ import annotations

import secrets
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from fupin import paths, processes
from fupin.store.folder import default_folder

_PROGRAM = "from fupin.cli import main; main()"


@dataclass
class FullRun:
    """One run of a scenario file.

    Attributes:
        token: names it in the address of its report; cannot be guessed.
        folder: where the result goes.
        process: `fupin run`.
        started: seconds of the monotonic clock.
    """

    folder: Path
    process: subprocess.Popen[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    started: float = field(default_factory=time.monotonic)
    errors: str = ""

    @property
    def going(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether it has ended without a result."""
        return not self.going and self.process.returncode != 0

    def report(self, chinese: bool = False) -> Path | None:
        """The report that the run has written, if it has; the Chinese one is written on demand."""
        file = self.folder / "report.html"
        if not file.is_file():
            return None
        if chinese:
            from fupin.report.html.page import write_report

            return write_report(self.folder, "zh")
        return file


class FullRuns:
    """The runs of this page's server, so that it can serve their reports and nothing else."""

    def __init__(self) -> None:
        self._runs: dict[str, FullRun] = {}

    def start(self, file: Path, options: tuple[str, ...] = ()) -> FullRun:
        """Start `fupin run` on a scenario file.

        Args:
            options: more options of the command.
        """
        folder = default_folder(paths.results(), file.stem)
        words = ("run", str(file), "--quiet", "--out", str(folder), *options)
        process = subprocess.Popen(
            processes.python(_PROGRAM, *words),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
        run = FullRun(folder, process)
        threading.Thread(target=_drain, args=(run,), daemon=True).start()
        self._runs[run.token] = run
        return run

    def of(self, token: str) -> FullRun | None:
        """The run of a token."""
        return self._runs.get(token)

    def stop(self) -> None:
        """End the runs that still go on; what they ran is kept for the next."""
        for run in self._runs.values():
            if run.going:
                run.process.terminate()


def _drain(run: FullRun) -> None:
    # A full pipe would stop the run; the last lines say why it failed.
    assert run.process.stderr is not None
    for line in run.process.stderr:
        run.errors = (run.errors + line)[-2000:]
