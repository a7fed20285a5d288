"""What broken files of a grammar do not reach, a fuzzer that watches coverage may.

FUPIN_FUZZ_SECONDS=600 uv run --with atheris pytest -m slow -s tests/faults/test_coverage_fuzz.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = int(os.environ.get("FUPIN_FUZZ_SECONDS", "60"))


@pytest.mark.slow
def test_no_input_that_coverage_leads_to_is_anything_else(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not among the tested extras; --with atheris")
    harness = Path(__file__).with_name("coverage_fuzz.py")
    done = subprocess.run(
        [sys.executable, str(harness), str(tmp_path), f"-max_total_time={SECONDS}"],
        capture_output=True, text=True, errors="replace", check=False, cwd=tmp_path,
        timeout=10 * SECONDS + 600,
    )  # fmt: skip
    left = [Path(f"/tmp/fupin-{file.name}") for file in tmp_path.glob("*-*") if file.is_file()]
    for kept in left:
        shutil.copy(tmp_path / kept.name.removeprefix("fupin-"), kept)
    assert done.returncode == 0 and not left, (left, done.stderr[-3000:])
    loaded, refused = map(int, (tmp_path / "found.txt").read_text().split())
    reached = [line for line in done.stderr.splitlines() if " cov: " in line]
    print(f"\n{SECONDS} s: {loaded:,} loaded, {refused:,} refused; {reached[0]} -> {reached[-1]}")
    assert loaded and refused
    assert sorted(file.name for file in (tmp_path / "mine").iterdir()) == [
        "2009-document.yaml", "mine.yaml",
    ]  # fmt: skip
