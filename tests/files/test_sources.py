"""Whatever something kept depends on is in its key: each file is edited, and each key changes.

Which files these are is asked of Python's parser (`tests/support/imports.py`), not of a list.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fupin import paths
from fupin.files.sources import hash_of_sources, imported, imports_of
from fupin.kernels.jit import sources_hash
from fupin.livelihood.levels import levels_hash
from fupin.population.frame import frame_folder
from fupin.population.sample import parse_sample
from fupin.store.versions import NOT_THE_MODEL, sources_apart, sources_fingerprint
from imports import closure, direct, module_of, modules

MODULES = modules()
PACKAGE = paths.PACKAGE
SIMULATION = ("fupin.lives.one_run", "fupin.engine.worker")


def with_kernels() -> set[str]:
    """Modules that define compiled code, or say how code is compiled."""
    found = {name for name in MODULES if name.startswith("fupin.kernels")}
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = {ast.unparse(decorator) for decorator in node.decorator_list}
                if names & {"kernel", "inline", "helper"}:
                    found.add(name)
    return found


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package."""
    copy = tmp_path_factory.mktemp("sources") / "fupin"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def unseen(package: Path, files: set[Path], key: Callable[[], str]) -> list[str]:
    """Files whose edit leaves a key as it was."""
    before, missed = key(), []
    assert key() == before
    for file in sorted(files):
        copy = package / file.relative_to(PACKAGE)
        content = copy.read_bytes()
        copy.write_bytes(content + b"\n# a change\n")
        if key() == before:
            missed.append(file.relative_to(PACKAGE).as_posix())
        copy.write_bytes(content)
    assert key() == before
    return missed


def files_of(names: set[str]) -> set[Path]:
    return {MODULES[name] for name in names}


@pytest.mark.parametrize("everywhere", [True, False])
def test_imports_are_those_that_the_parser_finds(everywhere: bool) -> None:
    for name, file in MODULES.items():
        found = imports_of(file.read_bytes(), everywhere) & set(MODULES)
        assert found == direct(file, everywhere), name


@pytest.mark.parametrize(
    ("root", "everywhere"),
    [(SIMULATION[0], True), ("fupin.livelihood.levels", False), ("fupin.cli", True)],
)
def test_closures_are_those_that_the_parser_finds(root: str, everywhere: bool) -> None:
    found = imported([MODULES[root]], everywhere=everywhere)
    assert {module_of(file) for file in found} == closure(root, everywhere=everywhere)


def test_an_edit_of_any_source_of_kernels_changes_their_folder(package: Path) -> None:
    files = files_of(closure(*with_kernels(), everywhere=False))
    assert len(files) > 30
    assert unseen(package, files, lambda: sources_hash.__wrapped__(package)) == []


def test_an_edit_of_any_source_of_levels_changes_their_key(package: Path) -> None:
    """The core, the works of history, and who hands them in."""
    names = closure("fupin.livelihood.levels", "fupin.state.roster", "fupin.state.works")
    files = files_of(names | {"fupin.world.start"}) | {paths.parameters() / "province.yaml"}
    assert len(files) > 40
    assert unseen(package, files, lambda: levels_hash(package)) == []


def test_an_edit_of_any_source_of_a_frame_changes_its_folder(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {*paths.population_data().iterdir(), paths.parameters() / "province.yaml"}
    monkeypatch.setattr(paths, "PACKAGE", package)
    files = files_of(closure("fupin.population.frame")) | data
    assert len(files) > 20

    def key() -> str:
        return frame_folder(parse_sample("default"), 1).name

    assert unseen(package, files, key) == []


def test_an_edit_of_any_source_of_a_run_changes_its_version(package: Path) -> None:
    parameters = set(paths.parameters().glob("*.yaml")) | set(paths.population_data().iterdir())
    files = files_of(closure(*SIMULATION)) | parameters
    assert len(files) > 120

    def key() -> str:
        return sources_fingerprint(package, leave_out=NOT_THE_MODEL)

    assert unseen(package, files, key) == []


def test_an_edit_of_what_is_no_part_of_the_model_changes_no_version(package: Path) -> None:
    files = {file for name, file in MODULES.items() if name.split(".")[1:2] == ["report"]}

    def key() -> str:
        return sources_fingerprint(package, leave_out=NOT_THE_MODEL)

    assert len(unseen(package, files, key)) == len(files) > 20


def test_a_function_apart_from_the_model_brings_its_own_sources() -> None:
    """Moments of a run are counted by a room that no run imports."""
    assert sources_apart(SIMULATION[0]) == []
    names = closure("fupin.calibration.moments")
    wanted = {name for name in names if [*name.split("."), ""][1] in NOT_THE_MODEL}
    assert {"fupin.calibration.moments", "fupin.calibration.panel"} <= wanted
    assert {module_of(file) for file in sources_apart("fupin.calibration.moments")} == wanted
    assert sources_apart("quick_runs") == [Path(__file__).parents[1] / "support" / "quick_runs.py"]


EXAMPLE = b'''"""How to use it:

    from fupin.docstring import nothing
"""
from __future__ import annotations

import fupin.plain
from fupin import first, second  # no, third
from fupin.many import (
    a,  # fupin.comment
    b as c,
)

if TYPE_CHECKING:
    from fupin.types import Typed

    from fupin.more_types import MoreTyped

try:
    from fupin.tried import it
except ImportError:
    pass


def f() -> None:
    """from fupin.other import docstring"""
    if TYPE_CHECKING:
        from fupin.hidden import x
    from fupin.inside import y
'''


def test_what_counts_as_an_import() -> None:
    at_once = {
        "fupin.plain", "fupin", "fupin.first", "fupin.second", "fupin.many", "fupin.many.a",
        "fupin.many.b",
    }  # fmt: skip
    inside = {"fupin.tried", "fupin.tried.it", "fupin.inside", "fupin.inside.y"}
    assert imports_of(EXAMPLE) == at_once | inside
    assert imports_of(EXAMPLE, everywhere=False) - inside == at_once


def test_a_circle_ends_and_a_missing_name_is_none_of_ours(tmp_path: Path) -> None:
    package = tmp_path / "fupin"
    (package / "room").mkdir(parents=True)
    for name, text in (
        ("__init__", "def __getattr__(name):\n    from fupin import lazy\n"),
        ("lazy", ""),
        ("one", "from fupin.room.two import thing\nimport numpy\n"),
        ("room/__init__", ""),
        ("room/two", "def f():\n    from fupin.one import other, fupin_less\n"),
    ):
        (package / f"{name}.py").write_text(text)
    found = imported([package / "one.py"], package)
    assert [f.relative_to(package).as_posix() for f in found] == [
        "__init__.py", "one.py", "room/__init__.py", "room/two.py",
    ]  # fmt: skip
    before = hash_of_sources(found, package)
    (package / "one.py").rename(package / "three.py")
    assert hash_of_sources([package / "three.py", *found[:1], *found[2:]], package) != before
