"""With the compiler off the same people live the same lives, in plain Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_life import MEMBERS, VILLAGES, lived

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The same life compiled (here) and in plain Python (in a process of its own)."""
    out = tmp_path_factory.mktemp("plain") / "life.npz"
    path = os.pathsep.join([str(ROOT / "tests" / "support"), str(ROOT)])
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tiny_life", str(out)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path},
    )
    with np.load(out) as stored:
        return lived(), dict(stored)


def test_the_compiler_was_on_here_and_off_there(both):
    compiled, plain = both
    assert compiled["compiled"].all()
    assert not plain["compiled"].any()


def test_integers_match_exactly_and_floats_to_four_digits(both):
    compiled, plain = both
    assert compiled.keys() == plain.keys()
    integers = 0
    for name, column in compiled.items():
        if name == "compiled":
            continue
        assert column.dtype == plain[name].dtype, name
        if column.dtype.kind in "iub":
            np.testing.assert_array_equal(column, plain[name], name)
            integers += 1
        else:
            np.testing.assert_allclose(column, plain[name], rtol=1e-4, atol=1e-5, err_msg=name)
    assert integers > 15


def test_something_happened_in_this_life(both):
    life = both[0]
    assert life["size"].size == VILLAGES * MEMBERS
    assert 0 < life["registered"].sum() < life["size"].size
    assert life["flows"][5] > 0 or life["flows"][6] > 0  # somebody left or entered the register
    assert (life["hit"] > 0).any()
    assert life["migrants"].any()
    assert life["taken"].sum() > 0
