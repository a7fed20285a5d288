"""A pinned plan keeps its range while the page looks for another's."""

from __future__ import annotations

import pytest

pytest.importorskip("solara", reason="the extra `view` is not installed")

from fupin.browser.ensemble import Ensemble
from fupin.browser.pins import Figures, Known, kept


def test_a_known_range_is_not_lost_while_none_is_known() -> None:
    figures = Figures(1.0, 2.0, 3.0, 4.0)
    range_, other = Ensemble(True, {}, {}), Ensemble(False, {}, {})
    before = Known(figures, range_)
    newer = Figures(5.0, 6.0, 7.0, 8.0)
    found = kept(Known(newer, None), before)
    assert found.figures == newer and found.ensemble is range_
    assert kept(Known(newer, other), before).ensemble is other
    assert kept(Known(newer, None), None).ensemble is None
