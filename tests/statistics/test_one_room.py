"""Quantiles, levels and the t of an interval come from `fupin.statistics`: sources are read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import fupin
import pytest

PACKAGE = Path(fupin.__file__).parent
ROOM = "statistics"

QUANTILES = {
    "quantile", "nanquantile", "percentile", "nanpercentile", "quantiles", "mquantiles",
    "scoreatpercentile", "ppf", "isf", "NormalDist", "inv_cdf",
    "stdtrit", "stdtridf", "nctdtrit", "ndtri", "ndtri_exp", "chdtri", "fdtri", "btdtri",
    "betaincinv", "gammaincinv", "bdtri", "stdtr", "stats",
}  # fmt: skip
"""Functions of numpy, scipy, pandas and the standard library that make quantiles and tests."""

OF_SCIPY_STATS = {"qmc", "chisquare"}
"""What others may import of it: designs, and a test of counts. Not t, norm, sem, ttest_1samp."""

NORMAL = (0.6745, 1.2816, 1.645, 1.96, 2.3263, 2.5758)
"""Normal quantiles that people write by heart: of 50, 80, 90, 95, 98 and 99%."""

ENDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.9, 0.95, 0.975, 0.99, 0.995}
"""Shares that a call of a quantile may not have as a number: the ends of an interval are named."""

A_LEVEL = ("LEVEL", "SURE", "CONFIDENCE", "ALPHA", "SIGNIFICANCE")
"""What a second level would be called."""

PRIOR = "the quantile function of a prior: a design needs values, nobody an interval"
EXCEPTIONS = {
    ("parameters/distribution.py", "ndtri"): PRIOR,
    ("parameters/distribution.py", "betaincinv"): PRIOR,
    ("parameters/prior.py", "quantile"): PRIOR,
    ("sweeps/factors.py", "quantile"): PRIOR,
    ("calibration/inputs.py", "quantile"): PRIOR,
    ("calibration/space.py", "quantile"): PRIOR,
    ("calibration/space.py", "ndtri"): "every prior becomes standard normal: a change of variable",
    ("calibration/diagnostics.py", "quantile"): PRIOR + "; its other calls are the room's",
    ("allocation/propose.py", "level"): "a weight of noisy pairs, and no interval",
    ("calibration/moments.py", "ndtri"): "the spread of incomes from shares below two lines",
}
"""(module, name) -> why it is no interval of runs."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if not name.startswith(f"{ROOM}/"):
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def findings(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """(name, line, what is wrong) of everything that belongs into the room."""
    mine = {  # names that come from the room
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"fupin.{ROOM}")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in QUANTILES:
            yield node.attr, node.lineno, f"calls .{node.attr}"
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("fupin"):
            of_stats = node.module == "scipy.stats"
            for alias in node.names:
                if alias.name in QUANTILES or (of_stats and alias.name not in OF_SCIPY_STATS):
                    yield alias.name, node.lineno, f"imports {alias.name} of {node.module}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            if any(abs(abs(node.value) - z) < 6e-4 for z in NORMAL):
                yield str(node.value), node.lineno, f"writes {node.value}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in mine and ("quantile" in node.func.id or "sided" in node.func.id):
                for argument in [*node.args, *(word.value for word in node.keywords)]:
                    if isinstance(argument, ast.Constant) and argument.value in ENDS:
                        yield node.func.id, node.lineno, f"writes {argument.value} in a quantile"
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                named = isinstance(target, ast.Name) and target.id.strip("_").endswith(A_LEVEL)
                if named and isinstance(node.value.value, float):
                    yield "level", node.lineno, f"has a level of its own, {node.value.value}"


def test_nobody_else_makes_quantiles_or_levels() -> None:
    found = [(name, *one) for name, tree in sources() for one in findings(tree)]
    wrong = [f"{name}:{line} {what}" for name, key, line, what in found
             if (name, key) not in EXCEPTIONS]  # fmt: skip
    advice = "fupin.statistics has quantile, central_interval, LEVEL, ENDS, two_sided_t and others"
    assert not wrong, "\n".join([advice, *wrong])
    used = {(name, key) for name, key, _, _ in found}
    assert set(EXCEPTIONS) <= used, f"exceptions that nobody needs: {set(EXCEPTIONS) - used}"


@pytest.mark.parametrize(
    "line",
    [
        "low = np.quantile(runs, 0.05)",
        "from numpy import percentile",
        "half = 1.645 * error",
        "half = -1.959964 * error",
        "z = stats.norm.ppf(share)",
        "from scipy.special import stdtrit as student",
        "middle = frame['lifted'].quantile(q)",
        "from statistics import quantiles",
        "from scipy.stats import t as student",
        "from scipy import stats",
        "LEVEL = 0.90",
        "_CONFIDENCE: float = 0.95",
        "from fupin.statistics.quantiles import quantile\nlow = quantile(runs, 0.05)",
        "from fupin.statistics.confidence import two_sided_t\nt = two_sided_t(3, level=0.95)",
    ],
)
def test_the_test_sees(line: str) -> None:
    assert list(findings(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "from fupin.statistics.quantiles import quantile\nlow = quantile(runs, ENDS[0])",
        "third = quantile(runs, 1 / 3)",
        "SHARE = 0.95",
        "LEVELS = ('a', 'b')",
        "middle = np.median(runs)",
    ],
)
def test_and_leaves_alone(line: str) -> None:
    assert not list(findings(ast.parse(line)))
