"""Break the modules that everything rests on, and see whether tests notice.

    uv run python -m tests.mutation [MODULE...] [--json FILE] [--again FILE]

Each fault is made in a copy of the project. Prints mutants that survived, then a table. See
docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.mutation import table
from tests.mutation.bench import Bench, BenchError, Found
from tests.mutation.mutants import read
from tests.mutation.plan import ROOT, Target, chosen


def main(arguments: list[str] | None = None) -> int:
    """Break, test, print; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("module", nargs="*", help="such as ledger or measures (all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every mutant there")
    parser.add_argument(
        "--again", type=Path, metavar="FILE", help="only those that survived in such a file"
    )
    asked = parser.parse_args(arguments)
    try:
        targets = chosen(asked.module)
    except ValueError as error:
        parser.error(str(error))
    only = _survivors(asked.again) if asked.again else None
    every: list[Found] = []
    rows = []
    try:
        for target in targets:
            found = _judge(target, only)
            every += found
            rows.append(table.row(target.name, found))
            for one in [] if only else table.not_equivalent(target.name, found):
                print(f"{target.name}: listed as equivalent and is not: {one}")
            if asked.json:
                asked.json.write_text(_as_text(every), encoding="utf-8")
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    print(table.text([*rows, table.row("all", every)]))
    return 0


def _judge(target: Target, only: set[tuple[str, str, str]] | None) -> list[Found]:
    listed = table.equivalents().get(target.name, [])
    wanted = [
        m for m in read(ROOT / target.module)
        if only is None or (target.name, m.before, m.after) in only
    ]  # fmt: skip
    found = []
    if not wanted:
        return found
    with Bench(target) as bench:
        print(
            f"{target.name}: {len(wanted)} mutants, {bench.clean_seconds:.1f} s a trial",
            file=sys.stderr,
        )
        for one in bench.judge(wanted):
            found.append(one)
            if one.outcome not in ("killed", "timeout"):
                _say(one, table.is_equivalent(listed, one.mutant))
    return found


def _say(one: Found, equivalent: bool) -> None:
    m = one.mutant
    note = ", equivalent" if equivalent else ""
    print(f"{one.target}:{m.line}: {one.outcome}{note} ({m.operator})", flush=True)
    print(f"    {m.before}\n    {m.after}", flush=True)


def _as_text(found: list[Found]) -> str:
    rows = [asdict(f) for f in found]
    for entry in rows:
        del entry["mutant"]["source"]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _survivors(file: Path) -> set[tuple[str, str, str]]:
    return {
        (entry["target"], entry["mutant"]["before"], entry["mutant"]["after"])
        for entry in json.loads(file.read_text(encoding="utf-8"))
        if entry["outcome"] not in ("killed", "timeout")
    }


if __name__ == "__main__":
    sys.exit(main())
