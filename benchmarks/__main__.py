"""Measure fupin and its peers on this machine and print one table.

    uv run --extra bench python -m benchmarks [--quick | --full] [--rounds 5] [--json FILE]

See docs/speed.md for what each figure is.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks import plan, table, timing
from benchmarks.runner import JobFailed, Task, measure


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.splitlines()[0]
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small samples: a minute or two")
    size.add_argument("--full", action="store_true", help="also the full province")
    parser.add_argument("--rounds", type=int, help="turns (5; with --quick 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    chosen = parser.parse_args(arguments)
    turns = chosen.rounds if chosen.rounds is not None else 2 if chosen.quick else 5
    if turns < 1:
        parser.error("--rounds must be at least 1")
    wanted = plan.tasks(chosen.quick, chosen.full)
    for name, module in plan.PEERS.items():
        if not plan.has_peer(name):
            print(
                f"{module} is not installed and left out: uv run --extra bench ...", file=sys.stderr
            )
    try:
        measure(plan.prepared(wanted), 1, _say)
        measured = measure(wanted, turns, _say)
    except JobFailed as error:
        print(error, file=sys.stderr)
        return 1
    shown, laws, about = table.rows(measured), table.growth(measured), timing.machine()
    print(table.text(shown, laws, about, turns))
    if chosen.json:
        data = table.as_data(shown, laws, about, measured)
        chosen.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0


def _say(turn: int, task: Task) -> None:
    print(f"turn {turn}: {task.name}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
