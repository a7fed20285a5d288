"""Mutants on the bench: a copy of the project in which one file after another is broken."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.mutation.mutants import Mutant, lines_of_statement
from tests.mutation.plan import ROOT, Target

NEEDED = ("sim", "tests", "scenarios", "calibration", "pyproject.toml")
"""What tests read; the copy has nothing else, so that nothing else can be changed."""

NO_TEST = "no test"


class BenchError(Exception):
    """Tests that fail before anything is broken, or that cannot be run."""


@dataclass(frozen=True)
class Found:
    """What became of a mutant.

    Attributes:
        target: name of the module.
        mutant: the fault.
        outcome: killed, timeout, survived, or "no test" where no test runs the line.
        seconds: of the processor that it took.
        by: the test that failed.
    """

    target: str
    mutant: Mutant
    outcome: str
    seconds: float = 0.0
    by: str = ""


def _copy(folder: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=leave)
        else:
            shutil.copy(source, folder / name)


class Bench:
    """One module of a copy of the project, and a process that tries its tests.

    Use it in a `with`; the copy goes with it.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._closing = contextlib.ExitStack()
        self.folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory()))
        _copy(self.folder)
        self.file = self.folder / target.module
        self.source = self.file.read_text(encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.trial", *target.arguments],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.clean_seconds = 0.0
        self.lines: frozenset[int] = frozenset()

    def _environment(self) -> dict[str, str]:
        # Coverage that is on here would meet that of the clean run in the same process.
        leave = ("PYTHONDONTWRITEBYTECODE", "COVERAGE_", "COV_CORE_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(leave)}
        return kept | {
            # Before the checkout, where fupin is installed from.
            "PYTHONPATH": os.pathsep.join([str(self.folder / "sim"), str(self.folder)]),
            "NUMBA_DISABLE_JIT": "1",
            "FUPIN_CACHE": str(self.folder / "cache"),
            "OPENBLAS_NUM_THREADS": "1",  # a fork has one thread
            "COVERAGE_CORE": "sysmon",
        }

    def __enter__(self) -> Self:
        found = self._ask(seconds=600, lines_of=self.target.module)
        if found["outcome"] != "survived":
            self.__exit__()
            raise BenchError(f"{self.target.name}: tests fail as it is\n{found.get('said', '')}")
        self.lines = frozenset(found["lines"])
        if not self.lines:
            self.__exit__()
            raise BenchError(f"{self.target.name}: its tests run nothing of it")
        # Once more with libraries and bytecode at hand: how long a trial takes.
        self.clean_seconds = self.trial(self.source)["seconds"]
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._closing.close()

    def _ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise BenchError(f"{self.target.name}: the tests' process has ended")
        found: dict[str, Any] = json.loads(answer)
        return found

    def trial(self, source: str, seconds: float | None = None) -> dict[str, Any]:
        """What the tests say of a source in place of the module's own, in so many seconds."""
        if seconds is None:
            seconds = 10 + 10 * self.clean_seconds if self.clean_seconds else 600
        Path(importlib.util.cache_from_source(str(self.file))).unlink(missing_ok=True)
        self.file.write_text(source, encoding="utf-8")
        try:
            return self._ask(seconds=seconds)
        finally:
            self.file.write_text(self.source, encoding="utf-8")

    def judge(self, mutants: Iterable[Mutant]) -> Iterator[Found]:
        """Try each mutant, but those on lines that no test runs."""
        for mutant in mutants:
            if not self.lines & set(lines_of_statement(self.source, mutant.line)):
                yield Found(self.target.name, mutant, NO_TEST)
                continue
            found = self.trial(mutant.source)
            yield Found(self.target.name, mutant, found["outcome"], found["seconds"], found["by"])
