"""What all tests share: modules in tests/support can be imported, also by worker processes."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "support"))

os.environ["FUPIN_LANG"] = "en"  # whatever the machine speaks; also in processes that tests start
# Developers search anew each time. What decides on a landing tries the same examples every time, or
# a change would be refused for what another one did. How long one takes is up to the machine.
settings.register_profile("developers", derandomize=False, deadline=None, print_blob=True)
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "developers"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """A test that lacks a tool fails where all must be installed."""
    from no_skips import failing_if_left_out

    return failing_if_left_out((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """So does a module."""
    from no_skips import failing_if_left_out

    return failing_if_left_out((yield))


@pytest.fixture(autouse=True, scope="session")
def _all_is_imported() -> None:
    """Every module is there before a test puts something in the place of a function.

    The project imports late. A module that is imported while a function is patched takes the
    patched one by name and keeps it, and later tests of the same process fail for it.
    """
    import fupin

    for module in pkgutil.walk_packages(fupin.__path__, "fupin."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.fixture(autouse=True, scope="session")
def _live_the_period_alone(_all_is_imported: None) -> Iterator[None]:
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


@pytest.fixture(autouse=True, scope="session")
def _models_have_the_values_of_the_files() -> Iterator[None]:
    """Models of tests have the values of the parameter files and the seed's luck.

    Tests hold what programmes do against those values. That a model without a draw is the central
    row of the posterior is a test of its own.
    """
    from fupin import model
    from fupin.results.draws import CENTRAL

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "central_draw", lambda: CENTRAL)
        yield


@pytest.fixture(autouse=True)
def _each_test_speaks_for_itself() -> Iterator[None]:
    """A command that a test runs in its own process with `--lang` leaves no language behind."""
    from fupin.words import choice

    yield
    choice.speak(None)
