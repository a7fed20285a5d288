"""Names of files for packages that read more into a name than a file.

Arrow and xarray take `~name/x` for somebody's home and `con:/x` for an address, where they are
folders of the working directory. A result went to another place then, or ended in a traceback.
"""

from __future__ import annotations

from pathlib import Path


def exact(file: Path) -> str:
    """The name of a file, absolute, so that nothing but a file can be read into it."""
    return str(file.absolute())
