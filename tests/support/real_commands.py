"""The real command in processes of their own, on a very small sample: what faults are done to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

FAULTS = int(os.environ.get("FUPIN_FAULTS", "15"))
"""How many kills of each command the slow tests make."""

SMALL = ["--sample", "0.005", "--draws", "central", "--seeds", "3", "--workers", "1"]
RUN = ["run", "fupin:2009-document", *SMALL]
COMPARE = ["compare", "fupin:2009-document", "fupin:plans/more-training", *SMALL]
SWEEP = """\
scenario: fupin:2009-document
sample: 0.005
twins: off
seeds: 3
factors: {register.review_probability: [0.3, 0.4]}
"""


def fupin(home: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """`fupin ...` as a process; like those of a terminal it can be interrupted."""
    known = {**os.environ, "FUPIN_CACHE": str(home.parent / "cache"), "COLUMNS": "100"}
    return subprocess.Popen(
        [sys.executable, "-c", "from fupin.cli import main; main()", *words],
        cwd=home, env={**known, **environment}, text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def done(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code and outputs."""
    out, err = process.communicate(timeout=1200)  # of a machine with much else to do
    return process.returncode, out, err


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a result but those that hold a time."""
    return {
        f.relative_to(folder).as_posix(): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.name not in ("run.json", "report.html") and "store" not in f.parts
    }
