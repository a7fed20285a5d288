"""Where commands that faults are done to work, and small disks of their own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from real_commands import SWEEP


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the commands work, with caches of runs of their own beside the shared rest."""
    from fupin import paths

    cache = tmp_path / "cache"
    cache.mkdir()
    for shared in paths.cache().iterdir():
        if shared.name not in ("runs", "worlds"):
            (cache / shared.name).symlink_to(shared)
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "tiny.yaml").write_text(SWEEP, encoding="utf-8")
    return folder


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Makes a small disk of its own; only root can."""
    made: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"disk{len(made)}"
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.run(words, capture_output=True).returncode:
            pytest.skip("no permission to mount a small disk")
        made.append(folder)
        return folder

    yield mount
    for folder in made:
        subprocess.run(["umount", "-l", str(folder)], check=False)
