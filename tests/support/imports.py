"""What modules import, by Python's own parser: slow, and another way than `fupin.files.sources`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fupin import paths


def module_of(file: Path, package: Path = paths.PACKAGE) -> str:
    """Name of the module of a file."""
    parts = file.relative_to(package).with_suffix("").parts
    return ".".join(("fupin", *parts)).removesuffix(".__init__")


@cache
def modules(package: Path = paths.PACKAGE) -> dict[str, Path]:
    """Every module of the package by name."""
    return {module_of(file, package): file for file in sorted(package.rglob("*.py"))}


def _statements(node: ast.AST, everywhere: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            yield from _statements(ast.Module(child.orelse, []), everywhere)
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif everywhere or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _statements(child, everywhere)


@cache
def direct(file: Path, everywhere: bool = True) -> set[str]:
    """Names of ours that a file imports; what only a type checker imports does not count."""
    known, found = modules(), set()
    for statement in _statements(ast.parse(file.read_text("utf-8")), everywhere):
        if isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        else:
            base = statement.module or ""
            names = [base, *(f"{base}.{alias.name}" for alias in statement.names)]
        found |= {name for name in names if name in known}
    return found


def closure(*roots: str, everywhere: bool = True) -> set[str]:
    """The roots and all modules that they import, at any remove, with the packages around them."""
    known = modules()
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        file = known[name]
        waiting += direct(file, everywhere and file.name != "__init__.py")
    return found
