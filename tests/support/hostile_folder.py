"""A folder whose files are called like modules that fupin needs.

Each of them leaves a mark where it is imported, and fails: so that what is imported and forgiven is
noticed, too.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

NAMES = ("sim", "fupin", "numpy", "json", "pickle", "click", "yaml", "numba", "pyarrow", "uvicorn")


class Hostile:
    """A folder that is the working directory, with a file for each of NAMES.

    Attributes:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._marks = folder.with_name("marks")
        for name in NAMES:
            (folder / f"{name}.py").write_text(
                f"open({str(self._marks)!r}, 'a').write('{name} ')\n"
                f"raise RuntimeError('the {name}.py of the working directory')\n"
            )

    def imported(self) -> set[str]:
        """Names of the files that were imported so far."""
        return set(self._marks.read_text().split()) if self._marks.exists() else set()

    def does(self, *command: str, env: dict[str, str] | None = None) -> str:
        """What a command prints that ends well here; `env` in place of the environment."""
        done = subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
