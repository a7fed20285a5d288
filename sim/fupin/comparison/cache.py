"""Worlds that were lived before, by the content that they follow from.

A cache and no record: a file that is missing or not what was kept means that the world is lived
again (`fupin.files.kept`), and the oldest files go when all together are too large.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.files import kept
from fupin.scenario.names import NAMES

if TYPE_CHECKING:
    import numpy.typing as npt

    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario

MOST_BYTES = 2 * 2**30
"""Of all worlds together; one of the default sample takes 16 MB."""

_NAMES = (*NAMES, "allocate")


def world_key(version: str, frame: str, plan: Scenario, draw: Draw, seed: int) -> str:
    """Hash of all that a world follows from: 40 hexadecimal digits.

    Args:
        version: fingerprint of the model's sources and numeric packages.
        frame: fingerprint of the population.
        plan: names, title and description do not count.
        draw: its values, places and luck count, its label does not.
        seed: run seed.
    """
    from fupin.scenario.dump import scenario_mapping

    content = scenario_mapping(plan)
    for name in _NAMES:
        content.pop(name, None)
    of_draw = {name: value for name, value in draw.record().items() if name != "label"}
    whole = [version, frame, content, of_draw, seed]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


@dataclass(frozen=True)
class WorldCache:
    """A folder of worlds.

    Attributes:
        folder: made when the first world is kept.
        most_bytes: the least recently used worlds go beyond this.
    """

    folder: Path
    most_bytes: int = MOST_BYTES

    def get(self, key: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays that were kept under a key; None where there are none that can be read."""
        import numpy as np

        file = self._file(key)
        content = kept.read(file, kept.WORLDS)
        if content is None:
            return None
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            self.forget(key)
            return None
        with contextlib.suppress(OSError):
            os.utime(file)
        return arrays

    def forget(self, key: str) -> None:
        """A world that was kept in another form: the next one takes its place."""
        kept.mend(self._file(key), kept.WORLDS, "of another form")

    def put(self, key: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Keep arrays under a key; a disk that is full or refuses is no error."""
        import numpy as np

        stream = io.BytesIO()
        np.savez(stream, **dict(arrays))  # type: ignore[arg-type]
        if kept.write(self._file(key), kept.WORLDS, stream.getvalue()):
            self._trim()

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.world"

    def _trim(self) -> None:
        """Other processes may remove the same files: what is gone is gone."""
        kept.sweep_up(self.folder)
        found: list[tuple[float, int, Path]] = []
        for file in self.folder.glob("[!.]*"):
            with contextlib.suppress(OSError):
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
        excess = sum(size for _, size, _ in found) - self.most_bytes
        for _, size, file in sorted(found):
            if excess <= 0:
                return
            with contextlib.suppress(OSError):
                file.unlink()
            excess -= size
