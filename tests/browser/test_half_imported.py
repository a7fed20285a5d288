"""A click is not lost to a pandas that another thread imports at that moment."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

pytest.importorskip("solara", reason="the extra `view` is not installed")

import solara
from fupin.browser import half_imported
from reacton import utils


@pytest.fixture
def half(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A pandas that has begun to be imported: a module without its classes."""
    monkeypatch.setattr(utils, "import_item", utils.import_item)
    spec = importlib.util.spec_from_loader("pandas", loader=None)
    assert spec is not None
    spec._initializing = True  # type: ignore[attr-defined]
    module = ModuleType("pandas")
    module.__spec__ = spec
    monkeypatch.setitem(sys.modules, "pandas", module)
    yield module


def drawn() -> list[int]:
    """A component that is drawn twice, the second time as its state changes."""
    seen = []

    @solara.component
    def Counter() -> None:
        count, set_count = solara.use_state(0)
        solara.use_effect(lambda: set_count(1), [])
        seen.append(count)

    _, context = solara.render(Counter(), handle_error=False)
    context.close()
    return seen


def test_reacton_by_itself_loses_the_click(half: ModuleType) -> None:
    """If this passes no more, reacton has mended it, and `half_imported` can go."""
    with pytest.raises(AttributeError):
        drawn()


def test_a_state_changes_while_pandas_is_imported(half: ModuleType) -> None:
    half_imported.tolerate()
    assert drawn()[-1] == 1


def test_what_is_wholly_imported_is_found() -> None:
    assert half_imported.import_item("fractions") is sys.modules.get("fractions")
    assert half_imported.import_item("pathlib.Path") is sys.modules["pathlib"].Path
    assert half_imported.import_item("no.such.module") is None
    assert half_imported.import_item("sys.no_such") is None
