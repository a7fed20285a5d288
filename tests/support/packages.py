"""Packages with a programme, installed into a folder without any tool."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "programmes" / "example_package"
POINT = "tree_planting = fupin_trees:PROGRAMME"


def installed(site: Path, point: str = POINT, name: str = "fupin-trees") -> Path:
    """A folder that holds the example package as it is after its installation.

    Args:
        site: the folder, which may hold other packages.
        point: line of its entry points.
        name: of the distribution.
    """
    if not (site / "fupin_trees").exists():
        shutil.copytree(EXAMPLE / "fupin_trees", site / "fupin_trees")
    about = site / f"{name.replace('-', '_')}-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
    (about / "entry_points.txt").write_text(f"[fupin.programmes]\n{point}\n")
    return site


def fupin_with(site: Path | None, home: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, output and messages of `fupin ...` in a folder, with a folder of packages."""
    path = {} if site is None else {"PYTHONPATH": str(site)}
    made = subprocess.run(
        [sys.executable, "-c", "from fupin.cli import main; main()", *words],
        cwd=home, env={**os.environ, "COLUMNS": "200", **path}, text=True, encoding="utf-8",
        capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    return made.returncode, made.stdout, made.stderr
