"""The cache of compiled code sees edits to helpers and constants; plain Python gives the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from fupin import paths
from fupin.kernels import jit

ROOT = paths.PACKAGE.parents[1]

# A kernel in one file, a helper that it uses in another, a constant of that helper in a third.
USER = """
import numpy as np
from fupin.kernels.jit import kernel
from fupin.helper import changed

@kernel
def fill(out):
    for i in range(out.size):
        out[i] = changed(np.float32(i))

out = np.empty(3, np.float32)
fill(out)
print(out.tolist(), sum(fill.stats.cache_hits.values()))
"""
HELPER = """
from fupin.kernels.jit import inline
from fupin.kernels.words import f32
from fupin.constants import STEP

@inline
def changed(x):
    return x * f32(2.0) + f32(STEP)
"""


def _python(folder: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_edit_to_a_helper_or_its_constant_in_another_file_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "fupin"
    for name in ("kernels", "files"):
        shutil.copytree(paths.PACKAGE / name, package / name)
    for name in ("__init__.py", "paths.py", "processes.py", "errors.py"):
        shutil.copy(paths.PACKAGE / name, package / name)
    (package / "helper.py").write_text(HELPER)
    (package / "constants.py").write_text("STEP = 1.0\n")
    (package / "user.py").write_text(USER)

    def run() -> str:
        return _python(
            tmp_path,
            "-c",
            "import fupin.user",
            PYTHONPATH=str(tmp_path),
            FUPIN_CACHE=str(tmp_path / "cache"),
        ).strip()

    assert run() == "[1.0, 3.0, 5.0] 0"
    assert run() == "[1.0, 3.0, 5.0] 1"  # nothing changed: compiled code is taken from disk
    (package / "constants.py").write_text("STEP = 9.0\n")
    (package / "helper.py").write_text(HELPER.replace("2.0", "4.0"))
    assert run() == "[9.0, 13.0, 17.0] 0"
    assert len(list((tmp_path / "cache" / "kernels").iterdir())) == 2


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    code = "import numpy as np; from fupin.kernels.columns import exp; print(exp([0.0]))"
    out = _python(
        tmp_path, "-c", code, PYTHONPATH=str(ROOT), FUPIN_CACHE=str(tmp_path / "file" / "cache")
    )
    assert out.split() == ["[1.]"]


def test_every_file_with_kernels_and_what_it_imports_is_in_the_hash() -> None:
    sources = {file.relative_to(paths.PACKAGE).as_posix() for file in jit.kernel_sources()}
    # kernels of the month take constants and helpers from these, at one and at two removes
    assert {"state/households.py", "livelihood/rates.py", "kernels/words.py"} <= sources
    assert not any(f.startswith(("commands/", "report/", "store/")) for f in sources)
    with_kernels = [
        file
        for file in paths.PACKAGE.rglob("*.py")
        if re.search(r"^@(kernel|inline)\b", file.read_text(), re.M)
    ]
    assert len(with_kernels) >= 5
    for file in with_kernels:
        assert file in jit.kernel_sources()


def test_with_the_compiler_off_words_are_equal_and_floats_agree(tmp_path: Path) -> None:
    script = tmp_path / "both.py"
    script.write_text("""
import sys
import numpy as np
from fupin import randomness
from fupin.kernels import arithmetic, columns
from fupin.kernels.jit import COMPILED, kernel

@kernel
def logistic(x, out):
    for i in range(x.size):
        out[i] = arithmetic.logistic(x[i])

ids = 130_700_000_000 + np.arange(20) * 977
where = dict(village_ids=np.repeat(ids, 20), numbers=np.tile(np.arange(20), 20))
filled, even = np.empty(100, np.float32), np.empty(100, np.float32)
low, high = randomness.village_key(randomness.stream(3, "b"), 1307_0000, 24_100, 2)
randomness.fill_normals(low, high, filled)
randomness.fill_uniforms(low, high, even)
x = np.concatenate([np.linspace(-90, 90, 501), [np.nan, np.inf, -np.inf]]).astype(np.float32)
y = np.concatenate([np.geomspace(1e-37, 1e37, 501), [0, 1, np.inf, np.nan]]).astype(np.float32)
share = np.empty(x.size, np.float32)
logistic(x, share)
np.savez(
    sys.argv[1], compiled=COMPILED, keys=np.array([low, high], np.uint32),
    words=randomness.words(7, "a", month=24_109, slot=3, **where),
    uniforms=randomness.uniforms(7, "a", month=24_109, **where),
    normals=randomness.normals(7, "a", month=24_109, **where),
    filled=filled, even=even, share=share, exp=columns.exp(x), log=columns.log(y),
)
""")
    results = []
    for off in ("0", "1"):
        target = tmp_path / f"{off}.npz"
        _python(
            tmp_path,
            "-W",
            "error::RuntimeWarning",
            str(script),
            str(target),
            PYTHONPATH=str(ROOT),
            NUMBA_DISABLE_JIT=off,
        )
        results.append(np.load(target))
    compiled, plain = results
    assert compiled["compiled"] and not plain["compiled"]
    for name in ("keys", "words"):
        assert compiled[name].dtype == plain[name].dtype == np.uint32
        assert (compiled[name] == plain[name]).all()
    for name in ("uniforms", "normals", "filled", "even", "share", "exp", "log"):
        assert plain[name].dtype == np.float32
        np.testing.assert_allclose(plain[name], compiled[name], rtol=1e-5, atol=1e-6)


def _exp(folder: Path) -> tuple[str, str]:
    """What a process says that calls one kernel: result and hits of the cache, and complaints."""
    code = (
        "import numpy as np; from fupin.kernels import columns;"
        "print(columns.exp(np.zeros(1, np.float32)), sum(columns._exp.stats.cache_hits.values()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FUPIN_CACHE": str(folder / "cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


def test_a_damaged_kernel_is_compiled_anew_with_one_line(tmp_path: Path) -> None:
    assert _exp(tmp_path) == ("[1.] 0", "")
    (file,) = (tmp_path / "cache" / "kernels").rglob("*.kernel")
    good = file.read_bytes()
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    for damaged in (bytes(flipped), good[:-9], b""):
        file.write_bytes(damaged)
        said, complaint = _exp(tmp_path)
        assert said == "[1.] 0"
        assert complaint.startswith("fupin: compiled kernels were damaged")
        assert complaint.count("\n") == 1
    assert _exp(tmp_path) == ("[1.] 1", "")
    folder = file.parent
    shutil.rmtree(folder)
    folder.write_text("no folder")
    said, complaint = _exp(tmp_path)
    assert said == "[1.] 0" and complaint.count("\n") == 1
    assert _exp(tmp_path) == ("[1.] 1", "")
