"""What is imported by a name in a text, which the linter of imports does not see."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import fupin
import pytest
from fupin import paths

PYPROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
(CONTRACT,) = PYPROJECT["tool"]["importlinter"]["contracts"]
ROOMS = [re.findall(r"\w+", layer) for layer in CONTRACT["layers"]]
_NAME = re.compile(r"(?<![\w./])fupin((?:\.[a-z_]\w*)+)(?::(\w+))?(?! *\()", re.A)

_FROM = re.compile(r"from (fupin(?:\.\w+)+) import (\w+)")

UPWARDS: dict[tuple[str, str], str] = {
    ("scenario/outside.py", "fupin.programmes"): "what a group of entry points is called",
}
"""(file, module above it) -> why. Nothing is imported into the process that names it."""

KERNELS_AHEAD = "kernels/first-run.txt"
"""The list of kernels to compile before a first run. The room of kernels defines only how; the list
says which, by name, and is written by a script. It may name any room that lies under the model."""


def rank(module: str) -> int:
    """Place of a module's room, 0 for the lowest."""
    room = module.split(".")[1]
    (found,) = [i for i, rooms in enumerate(reversed(ROOMS)) if room in rooms]
    return found


def module_of(file: Path) -> str:
    """Name of the module of a file of the package."""
    parts = file.relative_to(paths.PACKAGE).with_suffix("").parts
    return ".".join(("fupin", *parts)).removesuffix(".__init__")


def texts(file: Path) -> Iterator[str]:
    """Texts of a module; docstrings and what follows a value as its description left out."""
    tree = ast.parse(file.read_text("utf-8"))
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node.value


def named() -> Iterator[tuple[str, str, str | None]]:
    """(file, module, function or None) of every name in a text of the package."""
    for file in sorted(paths.PACKAGE.rglob("*.py")):
        for text in texts(file):
            place = file.relative_to(paths.PACKAGE).as_posix()
            for module, function in _FROM.findall(text):
                yield place, module, function
            for inside, function in _NAME.findall(text):
                yield place, f"fupin{inside}", function or None


def exists(module: str) -> bool:
    """Whether there is such a module, without importing it."""
    place = paths.PACKAGE.joinpath(*module.split(".")[1:])
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def defines(module: str, name: str) -> bool:
    """Whether a module defines a function at its top, without importing it."""
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)


def test_the_names_are_found() -> None:
    """Commands, the simulator, the page: the three ways in which modules are named in texts."""
    found = {(file, module) for file, module, _ in named()}
    assert ("cli.py", "fupin.commands.run") in found
    assert ("engine/run_ids.py", "fupin.lives.one_run") in found
    assert ("browser/app.py", "fupin.browser.app") in found
    assert ("kernels/ahead.py", "fupin.kernels.ahead", "other_half") in set(named())


def test_every_name_in_a_text_is_one() -> None:
    for file, module, function in named():
        if not exists(module):  # module.attribute
            module, _, function = module.rpartition(".")
        assert exists(module), (file, module)
        if function is not None:
            assert defines(module, function), (file, module, function)


def test_names_in_texts_lead_downwards_too() -> None:
    upwards = {
        (file, module)
        for file, module, _ in named()
        if rank(module) > rank(module_of(paths.PACKAGE / file))
    }
    assert upwards == set(UPWARDS)


def test_kernels_to_compile_ahead_are_ours_and_under_the_model() -> None:
    modules = {
        name.rsplit(".", 1)[0]
        for name in re.findall(r"fupin[\w.]+", (paths.PACKAGE / KERNELS_AHEAD).read_text("utf-8"))
    }
    assert len(modules) > 5
    for module in modules:
        assert exists(module), module
        assert rank(module) < rank("fupin.model"), module


def test_entry_points_are_functions() -> None:
    for group in ({"scripts": PYPROJECT["project"]["scripts"]},
                  PYPROJECT["project"].get("entry-points", {})):  # fmt: skip
        for points in group.values():
            for target in points.values():
                module, _, function = target.partition(":")
                assert exists(module), target
                assert not function or defines(module, function) or "." in function, target


def test_commands_hold_a_command() -> None:
    from fupin.cli import COMMANDS

    for module, _ in COMMANDS.values():
        assert exists(module)
        assert defines(module, "command")


def test_tools_that_name_the_package_find_it() -> None:
    tools = PYPROJECT["tool"]
    assert "fupin" in tools["mypy"]["packages"] and tools["coverage"]["run"]["source"] == ["fupin"]
    assert (Path(__file__).parents[1] / tools["mypy"]["mypy_path"] / "fupin") == paths.PACKAGE
    with pytest.raises(RuntimeWarning):  # the filter of warnings makes an error of ours alone
        warnings.warn_explicit("overflow", RuntimeWarning, "works.py", 1, "fupin.state.works")
    with pytest.warns(RuntimeWarning):
        warnings.warn_explicit("overflow", RuntimeWarning, "lib.py", 1, "numpy.lib")


def test_the_contract_has_no_exceptions() -> None:
    """No ignored import, no wildcard; type checkers' imports count; every room has its place."""
    assert "ignore_imports" not in CONTRACT
    assert CONTRACT["exhaustive"] and "exhaustive_ignores" not in CONTRACT
    assert PYPROJECT["tool"]["importlinter"]["exclude_type_checking_imports"] is False
    assert not [layer for layer in CONTRACT["layers"] if "*" in layer]
    assert [layer for layer in CONTRACT["layers"] if "model" in layer and "agents" in layer]
    assert len({room for rooms in ROOMS for room in rooms}) == sum(map(len, ROOMS))


def test_the_package_itself_imports_no_room() -> None:
    """What `import fupin` would bring stands above everything that says `from fupin import`."""
    assert fupin.__file__ is not None
    tree = ast.parse(Path(fupin.__file__).read_text("utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [n for n in at_once if isinstance(n, ast.ImportFrom) and n.level]
    names = [a.name for n in at_once for a in n.names] + [
        n.module or "" for n in at_once if isinstance(n, ast.ImportFrom)
    ]
    assert not [name for name in names if name.startswith("fupin")]


@pytest.mark.parametrize("text", ["see fupin.model:Poverty", "fupin.engine.many", "'fupin.cli'"])
def test_the_pattern_sees_a_name(text: str) -> None:
    assert _NAME.search(text)


@pytest.mark.parametrize("text", ["pip install fupin", "fupin: stopped.", "/x/fupin.cli", "fupin."])
def test_the_pattern_sees_no_name_where_there_is_none(text: str) -> None:
    assert not _NAME.search(text)
