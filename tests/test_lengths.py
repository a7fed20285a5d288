"""A module can be read in one sitting."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin import paths

MOST_LINES = 400
HERE = Path(__file__).parent


@pytest.mark.parametrize("folder", [paths.PACKAGE, HERE], ids=["fupin", "tests"])
def test_no_module_is_longer_than_a_reader_can_hold(folder: Path) -> None:
    """Code of others that is kept word for word is as long as they made it."""
    lengths = {
        file.relative_to(folder).as_posix(): len(file.read_text("utf-8").splitlines())
        for file in sorted(folder.rglob("*.py"))
        if "vendored" not in file.parts
    }
    assert len(lengths) > 100
    assert {file: lines for file, lines in lengths.items() if lines > MOST_LINES} == {}
