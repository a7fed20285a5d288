"""What the documentation names is there: files, modules, what blocks of Python import."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import fupin
import pytest
from documented import PAGES, ROOT, blocks
from packages import EXAMPLE

EVERYWHERE = [*PAGES, ROOT / "docs" / "parameters.md", ROOT / "tests" / "old_results" / "README.md"]
_FILE = re.compile(r"(?<![\w/:-])(?:sim|tests|benchmarks|docs|scenarios|calibration)/[\w./*-]*\w")
_MODULE = re.compile(r"(?<![\w/.:-])fupin(?:\.[A-Za-z_]\w*)+(?![\w/])")
PLACEHOLDER = re.compile(r"KEY|NAME|\.\.\.")


def exists(name: str) -> bool:
    """Whether a path, a pattern of paths, or `path/of/module.attribute` is in the checkout."""
    if any(ROOT.glob(name)) or (ROOT / f"{name}.py").is_file():
        return True
    module, _, attribute = name.rpartition(".")
    file = ROOT / f"{module}.py"
    return file.is_file() and bool(
        re.search(rf"^\s*(?:def|class) {attribute}\b|^{attribute}\b", file.read_text("utf-8"), re.M)
    )


def resolves(name: str) -> bool:
    """Whether a dotted name is a module of ours or something in one."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[n:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


def imported(block: str) -> Iterator[tuple[str, str]]:
    """(module, name in it or "") of every import of a block."""
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


@pytest.mark.parametrize("page", EVERYWHERE, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    named = set(_FILE.findall(page.read_text("utf-8")))
    missing = [n for n in sorted(named) if not PLACEHOLDER.search(n) and not exists(n)]
    assert missing == []


@pytest.mark.parametrize("page", EVERYWHERE, ids=lambda page: page.name)
def test_modules_that_a_page_names_are_there(page: Path) -> None:
    named = set(_MODULE.findall(page.read_text("utf-8"))) - {"fupin.py"}  # a reader's own file
    assert [name for name in sorted(named) if not resolves(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_blocks_of_python_import_is_there(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLE)  # the package that one of the pages writes
    for block in blocks(page, "python"):
        for module, name in imported(block):
            found = importlib.import_module(module)
            if name and not hasattr(found, name):
                importlib.import_module(f"{module}.{name}")


def test_nobody_names_the_package_as_it_was_called() -> None:
    for page in EVERYWHERE:
        text = page.read_text("utf-8")
        assert not re.search(r"(?:from|import) sim\b|\bsim\.\w+\.\w+|python -m sim\b", text), page


def test_names_are_told_from_what_is_none() -> None:
    assert exists("sim/fupin/errors.InputError") and exists("sim/fupin/errors")
    assert not exists("sim/fupin/errors.Nothing") and not exists("sim/fupin/nothing.py")
    assert resolves("fupin.errors.InputError") and resolves("fupin.run") and fupin.run
    assert not resolves("fupin.errors.Nothing") and not resolves("fupin.nothing")
