"""What the batch engine costs: scaling, overhead, memory of the parent.

    uv run python benchmarks/engine.py            everything (some minutes)
    uv run python benchmarks/engine.py scaling    or overhead, or memory

Scaling and overhead are ratios of times taken in the same session, alternately, medians of several
rounds; read them as such on a machine that does other work too.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RUNS = 24
RUN_SECONDS = 0.5
ROUNDS = 3
RECORDED = 100_000


def burn(loops: int) -> int:
    """Pure arithmetic in the interpreter."""
    total = 0
    for i in range(loops):
        total = (total * 31 + i) & 0xFFFFFFFF
    return total


def run(scenario: Any, draw: Any, seed: int) -> dict[str, float | None]:
    """A run that computes and does nothing else; 126 numbers come back, as of the simulator."""
    total = burn(scenario["loops"])
    return {f"outcome_{i}": float(total % (i + 2)) for i in range(126)}


def loops_for(seconds: float) -> int:
    """How many loops take so many seconds of this processor."""
    burn(200_000)
    begun = time.process_time()
    burn(2_000_000)
    return int(2_000_000 * seconds / (time.process_time() - begun))


def loop_process(loops: int) -> None:
    """What one of two bare processes does."""
    burn(loops)


def bare(loops: int, processes: int) -> float:
    """Seconds for RUNS runs of pure loop shared by bare processes, their start included."""
    context = multiprocessing.get_context("spawn")
    begun = time.perf_counter()
    workers = [
        context.Process(target=loop_process, args=(loops * RUNS // processes,))
        for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - begun


def engine(loops: int, workers: int) -> float:
    """Seconds for the same through the engine with a store on the disk, start included."""
    from fupin.engine.many import run_many
    from fupin.engine.run_ids import Point

    points = [Point({"loops": loops, "n": n}) for n in range(RUNS)]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        done = run_many(points, [1], function=_name(), folder=Path(folder), workers=workers)
        seconds = time.perf_counter() - begun
    assert done.table.num_rows == RUNS
    return seconds


def _name() -> str:
    return "engine:run"  # workers find this file by its own name, whatever was started


def scaling() -> dict[str, float]:
    """Gain of two workers through the engine beside that of two bare processes."""
    loops = loops_for(RUN_SECONDS)
    rounds = []
    for _ in range(ROUNDS):
        one, two = bare(loops, 1), bare(loops, 2)
        alone, pooled = engine(loops, 1), engine(loops, 2)
        rounds.append((one / two, alone / pooled))
    bare_gain = statistics.median(r[0] for r in rounds)
    engine_gain = statistics.median(r[1] for r in rounds)
    share = statistics.median(r[1] / r[0] for r in rounds)
    return {"bare_gain": bare_gain, "engine_gain": engine_gain, "engine_over_bare": share}


def overhead() -> dict[str, float]:
    """Processor time of everything beside the runs, as a share of that of the runs.

    All processes' user and system time over that of the same runs in a plain loop; what a pool
    spends once at its start is left out by taking the difference of a long and a short sweep.
    """
    loops = loops_for(RUN_SECONDS)
    found: dict[str, list[float]] = {"here": [], "two_workers": []}
    for _ in range(ROUNDS):
        plain = _cpu("plain", loops, RUNS)
        for name, workers in (("here", 1), ("two_workers", 2)):
            most, few = (_cpu(str(workers), loops, n) for n in (RUNS + 8, 8))
            found[name].append((most - few) / plain - 1)
    return {name: statistics.median(values) for name, values in found.items()}


def _cpu(how: str, loops: int, runs: int) -> float:
    """Processor seconds of a process, and of its children, that does so many runs."""
    command = [sys.executable, __file__, "--cpu", how, str(loops), str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def cpu(how: str, loops: int, runs: int) -> None:
    """Does it, in a process of its own, and prints the processor seconds."""
    from fupin.engine.many import run_many
    from fupin.engine.run_ids import Point

    if how == "plain":
        begun = time.process_time()
        for _ in range(runs):
            run({"loops": loops}, None, 1)
        print(time.process_time() - begun)
        return
    points = [Point({"loops": loops, "n": n}) for n in range(runs)]
    with tempfile.TemporaryDirectory() as folder:
        run_many(points, [1], function=_name(), folder=Path(folder), workers=int(how))
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(sum(usage.ru_utime + usage.ru_stime for usage in usages))


SWEEP = f"""\
name: hundred-thousand
scenario: fupin:2009-document
sample: 0.01
factors:
  register.review_probability: {{range: [0.2, 0.6]}}
  livelihood.persistence: {{distribution: prior}}
  programmes.skills_training.budget: {{range: [15 million, 90 million]}}
design: sobol
points: {RECORDED // 10}
seeds: 10
"""


def memory() -> dict[str, float]:
    """Largest memory of a `fupin sweep` that finds all of its 100,000 runs recorded."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
        seconds = {}
        for step in ("fill", "sweep"):
            begun = time.perf_counter()
            command = [sys.executable, __file__, "--memory", step, home]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds[step] = time.perf_counter() - begun
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    last = json.loads(done.stdout.splitlines()[-1])
    return {
        "runs": last["runs"],
        "parent_mb": last["peak_kb"] / 1024,
        "seconds": seconds["sweep"],
        "folder_mb": size / 2**20,
    }


def fill(home: Path) -> None:
    """Record made-up numbers under the true ids of all runs, as workers would send them."""
    from fupin.engine.many import job_of
    from fupin.engine.run_ids import index_runs
    from fupin.engine.run_tables import programme_columns
    from fupin.results.outcome import OUTCOMES
    from fupin.store.record import Record, encode
    from fupin.store.runs import RunStore
    from fupin.sweeps.file import load_sweep

    sweep = load_sweep(home / "sweep.yaml")
    job = job_of(settings={"twins": sweep.twins})
    index = index_runs(sweep.points, sweep.draws, sweep.seeds, job)
    names = [*OUTCOMES, *programme_columns()]
    with RunStore(home / "out" / "store") as store:
        for start in range(0, len(index), 250):
            payloads = []
            for n in range(start, min(start + 250, len(index))):
                numbers = {name: (n * 7919 + k) % 100_003 / 7 for k, name in enumerate(names)}
                payloads.append(encode(Record(index.run_at(n), 0.5, numbers)))
            store.append(payloads)


def again(home: Path) -> None:
    """The command itself, in this process, whose memory is then printed."""
    import fupin

    found = fupin.sweep(home / "sweep.yaml", folder=home / "out", workers=2, progress=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print()
    print(json.dumps({"runs": found.summary["runs"], "peak_kb": peak}))


def main() -> None:
    """See the head of the module."""
    sys.path.insert(0, str(Path(__file__).parent))
    arguments = sys.argv[1:]
    if arguments[:1] == ["--cpu"]:
        cpu(arguments[1], int(arguments[2]), int(arguments[3]))
        return
    if arguments[:1] == ["--memory"]:
        {"fill": fill, "sweep": again}[arguments[1]](Path(arguments[2]))
        return
    for name in arguments or ["scaling", "overhead", "memory"]:
        found = {"scaling": scaling, "overhead": overhead, "memory": memory}[name]()
        print(name, json.dumps({key: round(value, 3) for key, value in found.items()}), flush=True)


if __name__ == "__main__":
    main()
