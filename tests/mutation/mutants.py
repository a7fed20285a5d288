"""Mutants of a module: its source with one small fault each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation.operators import operators


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        operator: name of the kind of fault.
        line: where it begins, from 1.
        before: that line as it is, without indentation.
        after: that line with the fault; empty where a decorator was taken away.
        source: the whole module with the fault.
    """

    operator: str
    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant that means something else than the source and than the others before it.

    Annotations and type aliases are never run and so never mutated.
    """
    tree = get_ast(source)
    nodes = list(ast_nodes(tree))
    seen = {_meaning(source)}
    for name, operator in operators().items():
        places = [place for node in nodes for place in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(places):
            mutated = mutate_code(source, operator, occurrence)
            meaning = _meaning(mutated) if mutated else None
            if mutated is None or meaning is None or meaning in seen:
                continue
            seen.add(meaning)
            yield Mutant(name, start[0], *_line(source, mutated, start[0]), mutated)


class _WithoutTypes(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        self.generic_visit(node)
        return node

    def visit_Module(self, node: ast.Module) -> ast.AST:
        # An alias of types: `Counties = int | slice`.
        node.body = [s for s in node.body if not (isinstance(s, ast.Assign) and _is_type(s.value))]
        self.generic_visit(node)
        return node


def _is_type(value: ast.expr) -> bool:
    names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
    return isinstance(value, ast.BinOp) and names <= {"int", "slice", "np", "npt"}


def _meaning(source: str) -> str | None:
    """What a source does, whatever its spaces and types; None where it is no Python."""
    try:
        return ast.dump(_WithoutTypes().visit(ast.parse(source)))
    except SyntaxError:
        return None


def _line(source: str, mutated: str, line: int) -> tuple[str, str]:
    """A line in both, without indentation; "" where the mutant lacks it."""
    old, new = source.splitlines(), mutated.splitlines()
    decorator = old[line - 1].strip().startswith("@")
    return old[line - 1].strip(), "" if decorator else new[line - 1].strip()


def lines_of_statement(source: str, line: int) -> range:
    """Lines of the smallest statement around a line; of a loop or branch only its head."""
    best = range(line, line + 1)
    size = len(source)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        if first <= line <= max(last, node.lineno) and last - first < size:
            best, size = range(first, max(last, node.lineno) + 1), last - first
    return best


def read(module: Path) -> list[Mutant]:
    """The mutants of a file."""
    return list(mutants(module.read_text(encoding="utf-8")))
