"""The ways in which code is broken: cosmic-ray's operators, and three that it lacks.

Of cosmic-ray's left out are replacements of another kind (`+` by `&`): they nearly always end in a
TypeError that any test catches, and would only make the figures look better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from cosmic_ray import plugins
from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Name

Position = tuple[tuple[int, int], tuple[int, int]]

_ARITHMETIC = ("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow")
_BITWISE = ("RShift", "LShift", "BitOr", "BitAnd", "BitXor")


class ReplaceAugmentedAssignment(Operator):
    """`a += b` becomes `a -= b` and `a = b`; the like of other assignments."""

    ways: ClassVar[dict[str, tuple[str, ...]]] = {
        "+=": ("-=", "="), "-=": ("+=", "="), "*=": ("+=", "="), "/=": ("*=", "="),
        "|=": ("&=", "="), "&=": ("|=", "="), "^=": ("|=", "="),
    }  # fmt: skip

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        if node.type == "operator":
            for _ in self.ways.get(node.value, ()):
                yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.value = self.ways[node.value][index]
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return Example("x += 1", "x -= 1"), Example("x += 1", "x = 1", occurrence=1)


class DropStatement(Operator):
    """A statement that is there for what it does becomes `pass`: a call, an entry, a refusal."""

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        if node.parent is None or node.parent.type != "simple_stmt":
            return
        call = node.type == "atom_expr" and node.children[-1].type == "trailer"
        refusal = node.type == "raise_stmt"
        entry = node.type == "expr_stmt" and (
            node.children[0].type == "atom_expr"
            or (node.children[1].type == "operator" and node.children[1].value != "=")
        )
        if call or refusal or entry:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        first = node.get_first_leaf()
        return Name("pass", first.start_pos, prefix=first.prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return Example("f(x)\n", "pass\n"), Example("a[0] = x\n", "pass\n")


class ReplaceWordOperation(Operator):
    """`add(a, b)` becomes `xor(a, b)`: operations of kernels are calls (`fupin.kernels.words`)."""

    families = (("add", "mul", "xor", "shift_right", "shift_left"), ("add64", "mul64"))

    def _others(self, node: Any) -> list[str]:
        if node.type != "atom_expr" or node.children[0].type != "name":
            return []
        if node.children[1].type != "trailer" or node.children[1].children[0].value != "(":
            return []
        name = node.children[0].value
        known = node.get_root_node().get_used_names()
        return [o for f in self.families if name in f for o in f if o != name and o in known]

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        for _ in self._others(node):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.children[0].value = self._others(node)[index]
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("from w import add, xor\nadd(a, b)", "from w import add, xor\nxor(a, b)"),)


OWN = (ReplaceAugmentedAssignment, DropStatement, ReplaceWordOperation)


def _of_one_kind(name: str) -> bool:
    """Whether a replacement of a binary operator is by one of its kind; true of other operators."""
    pair = re.search(r"ReplaceBinaryOperator_(\w+)_(\w+)", name)
    return pair is None or any(
        pair[1] in kind and pair[2] in kind for kind in (_ARITHMETIC, _BITWISE)
    )


def operators() -> dict[str, Operator]:
    """Every operator by name, in a fixed order."""
    found: dict[str, Operator] = {}
    for name in plugins.operator_names():
        kind = plugins.get_operator(name)
        if not kind.arguments() and _of_one_kind(name):
            found[name.partition("/")[2]] = kind()
    return found | {kind.__name__: kind() for kind in OWN}
