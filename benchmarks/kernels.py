"""Nanoseconds a value for the arithmetic that household loops are made of, beside memory copy.

    uv run python benchmarks/kernels.py [--rounds 31] [--village 304]

Every loop runs village by village over a scratch buffer, as the model does. The measurements take
turns, so that a busy moment of the machine falls on all alike; medians and the lowest are printed,
and the ratio to copying one float32 (read and written) through main memory in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from fupin.kernels import arithmetic
from fupin.kernels.jit import kernel
from fupin.randomness import draw, fill_normals, fill_uniforms, stream, village_key

VILLAGES = 2_000
COPIED = 1 << 25  # float32 values: 128 MiB, beyond every cache


@kernel
def _draws(key, villages, scratch):  # type: ignore[no-untyped-def]
    for v in range(villages):
        low, high = village_key(key, v, 24_108, 0)
        for j in range(scratch.size):
            scratch[j] = draw(low, high, j)


@kernel
def _uniforms(key, villages, scratch):  # type: ignore[no-untyped-def]
    for v in range(villages):
        low, high = village_key(key, v, 24_108, 0)
        fill_uniforms(low, high, scratch)


@kernel
def _normals(key, villages, scratch):  # type: ignore[no-untyped-def]
    for v in range(villages):
        low, high = village_key(key, v, 24_108, 0)
        fill_normals(low, high, scratch)


@kernel
def _normals_in_one_loop(key, villages, scratch):  # type: ignore[no-untyped-def]
    for v in range(villages):
        low, high = village_key(key, v, 24_108, 0)
        for j in range(scratch.size):
            scratch[j] = arithmetic.normal(draw(low, high, j))


@kernel
def _exps(villages, x, scratch):  # type: ignore[no-untyped-def]
    for _ in range(villages):
        for j in range(scratch.size):
            scratch[j] = arithmetic.exp(x[j])


@kernel
def _logs(villages, x, scratch):  # type: ignore[no-untyped-def]
    for _ in range(villages):
        for j in range(scratch.size):
            scratch[j] = arithmetic.log(x[j])


@kernel
def _logistics(villages, x, scratch):  # type: ignore[no-untyped-def]
    for _ in range(villages):
        for j in range(scratch.size):
            scratch[j] = arithmetic.logistic(x[j])


def _works(village: int) -> dict[str, tuple[Callable[[], object], int]]:
    """What is measured: name -> (work, values that it makes)."""
    key = stream(1, "benchmark")
    words = np.empty(village, np.uint32)
    floats = np.empty(village, np.float32)
    x = np.linspace(0.1, 9, village, dtype=np.float32)
    source, target = np.ones(COPIED, np.float32), np.zeros(COPIED, np.float32)
    made = VILLAGES * village
    return {
        "memory copy": (lambda: np.copyto(target, source), COPIED),
        "draw": (lambda: _draws(key, VILLAGES, words), made),
        "uniform, with its draw": (lambda: _uniforms(key, VILLAGES, floats), made),
        "normal, with its draw": (lambda: _normals(key, VILLAGES, floats), made),
        "the same in one loop": (lambda: _normals_in_one_loop(key, VILLAGES, floats), made),
        "exp": (lambda: _exps(VILLAGES, x, floats), made),
        "log": (lambda: _logs(VILLAGES, x, floats), made),
        "logistic": (lambda: _logistics(VILLAGES, x, floats), made),
    }


def measure(village: int, rounds: int) -> dict[str, list[float]]:
    """Nanoseconds a value, one figure a round, by name of the work."""
    works = _works(village)
    for work, _ in works.values():  # compile, and touch all memory
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, values) in works.items():
            start = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - start) / values * 1e9)
    return times


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--village", type=int, default=304, help="households a village")
    chosen = parser.parse_args()
    times = measure(chosen.village, chosen.rounds)
    copy = statistics.median(times["memory copy"])
    print(f"{'':24}{'median ns':>10}{'lowest ns':>11}{'x copy':>8}")
    for name, each in times.items():
        median = statistics.median(each)
        print(f"{name:24}{median:10.2f}{min(each):11.2f}{median / copy:8.2f}")
    print(
        f"memory copy: {8 / copy:.1f} GB/s read and written; villages of {chosen.village} "
        f"households, {chosen.rounds} rounds"
    )


if __name__ == "__main__":
    main()
