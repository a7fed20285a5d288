"""Full runs and searches that the page starts: processes of their own, and what they leave."""

from __future__ import annotations

import json
import secrets
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fupin import paths, processes
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.schema import Scenario
from fupin.store.folder import default_folder

_PROGRAM = "from fupin.browser.job import main; main()"

Kind = Literal["run", "search"]


@dataclass(eq=False)
class Work:
    """One run or search.

    Attributes:
        kind: which of the two.
        plan: what it is of.
        folder: where the result goes.
        process: `fupin.browser.job`.
        token: names it in the address of its report; cannot be guessed.
        started: seconds of the monotonic clock.
        done, total, left: runs that are made, runs in all, and seconds that are left if known.
        told: the last line on what goes on.
        refused: what is wrong with the question, or "".
        errors: the end of what it wrote to standard error.
    """

    kind: Kind
    plan: Scenario
    folder: Path
    process: subprocess.Popen[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    started: float = field(default_factory=time.monotonic)
    done: int = 0
    total: int = 0
    left: float | None = None
    told: str = ""
    refused: str = ""
    errors: str = ""

    @property
    def going(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether it has ended without a result."""
        return not self.going and self.process.returncode != 0

    @property
    def seconds(self) -> int:
        """How long it has run, or how long ago it was started."""
        return round(time.monotonic() - self.started)

    def stop(self) -> None:
        """End it; what it ran is kept for the next."""
        if self.going:
            self.process.terminate()

    def report(self, chinese: bool = False) -> Path | None:
        """The report that the run has written, if it has; the Chinese one is written on demand."""
        file = self.folder / "report.html"
        if not file.is_file():
            return None
        if chinese:
            from fupin.report.html.page import write_report

            return write_report(self.folder, "zh")
        return file

    def found(self) -> dict[str, Any] | None:
        """What a search has found (`allocation.json`); None where there is none yet."""
        file = self.folder / "allocation.json"
        if not file.is_file():
            return None
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return content


class Runs:
    """The runs of this page's server, so that it can serve their reports and nothing else.

    Args:
        home: where result folders go; the usual place if None.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._runs: dict[str, Work] = {}

    def _folder(self, name: str) -> Path:
        return default_folder(self._home or paths.results(), name)

    def start(self, plan: Scenario, **more: Any) -> Work:
        """A full run of a plan, with the draws and seeds of `fupin run`.

        Args:
            more: `draws` and `fresh`, as of `fupin.run`.
        """
        return self._start("run", plan, self._folder(plan.name), more)

    def search(self, plan: Scenario, question: Mapping[str, Any], **more: Any) -> Work:
        """Look for a better division of a plan's money.

        Args:
            question: keys of `allocate:`; what it does not say is as the plan has it.
            more: `check_draws`.
        """
        folder = self._folder(f"allocate-{plan.name}")
        return self._start("search", plan, folder, {"question": dict(question), **more})

    def _start(self, kind: Kind, plan: Scenario, folder: Path, more: Mapping[str, Any]) -> Work:
        process = subprocess.Popen(
            processes.python(_PROGRAM), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        work = Work(kind, plan, folder, process)
        asked = {"kind": kind, "plan": scenario_mapping(plan), "folder": str(folder), **more}
        assert process.stdin is not None
        process.stdin.write(json.dumps(asked, ensure_ascii=False) + "\n")
        process.stdin.close()
        for listen in (_follow, _drain):
            threading.Thread(target=listen, args=(work,), daemon=True).start()
        self._runs[work.token] = work
        return work

    def of(self, token: str) -> Work | None:
        """The run of a token."""
        return self._runs.get(token)

    def stop(self) -> None:
        """End the runs that still go on; what they ran is kept for the next."""
        for work in self._runs.values():
            work.stop()


def _follow(work: Work) -> None:
    assert work.process.stdout is not None
    for line in work.process.stdout:
        try:
            message = json.loads(line)
        except ValueError:  # a library that prints
            continue
        if "total" in message:
            work.done, work.total, work.left = (message[k] for k in ("done", "total", "left"))
        work.told = message.get("tell", work.told)
        work.refused = message.get("refused", work.refused)


def _drain(work: Work) -> None:
    # A full pipe would stop the run; the last lines say why it failed.
    assert work.process.stderr is not None
    for line in work.process.stderr:
        work.errors = (work.errors + line)[-2000:]
