"""Tables of `fupin calibrate` keep every word and digit, however long names and numbers are."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import pytest
from fupin import paths
from fupin.report.terminal import calibration
from fupin.results.posterior_table import MANIFEST, is_calibrated
from rich.console import Console

pytestmark = pytest.mark.skipif(not is_calibrated(), reason="no posterior is committed yet")


def _larger(value: Any) -> Any:
    """The same with numbers ten times as large."""
    if isinstance(value, dict):
        return {key: _larger(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_larger(one) for one in value]
    return 10 * value if isinstance(value, (int, float)) and not isinstance(value, bool) else value


@pytest.mark.parametrize("width", [72, 80, 120])
@pytest.mark.parametrize("larger", [False, True])
def test_no_table_of_a_calibration_is_cut(width: int, larger: bool) -> None:
    manifest = json.loads((paths.calibration() / MANIFEST).read_text("utf-8"))
    if larger:
        parts = ("fits", "emulators", "learned", "ridge")
        manifest |= {part: _larger(copy.deepcopy(manifest[part])) for part in parts}
    console = Console(width=width, file=io.StringIO(), highlight=False, no_color=True)
    calibration.print_calibration(console, manifest)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    for word in ("learned", "conflict"):
        assert word in text
