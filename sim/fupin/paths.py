"""Where data lies: the only module that knows.

In a checkout the folders `scenarios/`, `calibration/` and `results/` stand beside `sim/`; in an
installed wheel the first two lie inside the package and results go to the working directory.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parents[1]
NOWHERE = Path(os.devnull)
"""In the place of a folder that cannot be: nothing can be made in it."""


def _in_checkout() -> bool:
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "scenarios").is_dir()


def scenarios() -> Path:
    """Folder of the scenario files that come with fupin."""
    return _CHECKOUT / "scenarios" if _in_checkout() else PACKAGE / "_data" / "scenarios"


def calibration() -> Path:
    """Folder of targets, priors and posteriors."""
    return _CHECKOUT / "calibration" if _in_checkout() else PACKAGE / "_data" / "calibration"


def parameters() -> Path:
    """Folder of the parameter files."""
    return PACKAGE / "parameters"


def population_data() -> Path:
    """Folder of the county tables."""
    return PACKAGE / "population" / "data"


def results() -> Path:
    """Default folder for result folders."""
    return _CHECKOUT / "results" if _in_checkout() else Path.cwd() / "results"


def cache() -> Path:
    """Folder for what can be made again: frames, levels, compiled kernels.

    FUPIN_CACHE names another folder; `~` in it is the user's own, also where no shell reads it.
    """
    named = os.environ.get("FUPIN_CACHE") or platformdirs.user_cache_dir("fupin")
    folder = Path(os.path.expanduser(named))  # noqa: PTH111 - Path.expanduser raises
    # A user without a home has none for a cache either: a folder called ~ would be a surprise.
    return NOWHERE / "fupin" if folder.parts[0].startswith("~") else folder
