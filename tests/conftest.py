"""What all tests share: modules in tests/support can be imported, also by worker processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))


@pytest.fixture(autouse=True, scope="session")
def _live_the_period_alone() -> Iterator[None]:
    """Plans of tests are lived to the end of their period, unless they say a horizon.

    Four years more cost as much as the plan itself four times over, and most tests ask about the
    months of the money.
    """
    from fupin.scenario import schema

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "DEFAULT_HORIZON", 1)
        yield


@pytest.fixture(autouse=True, scope="session")
def _compile_once() -> Iterator[None]:
    """Runs that are verified use the kernels of all tests: to compile takes half a minute each."""
    from fupin.verify import again

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(again, "COMPILES_ANEW", False)
        yield
