"""Break the modules that everything rests on, and see whether tests notice.

    uv run python -m tests.mutation [MODULE...] [--record FILE]

Each fault is made in a copy of the project. Prints mutants that survived, then a table. With
`--record` every mutant is written to a file, a line of JSON each; what was caught according to
that file is not tried again, so that a run goes on after a stop or after a new test. A mutant is
known by its whole source: after an edit of a module all of it is tried. See docs/reliability.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.mutation import table
from tests.mutation.bench import Bench, BenchError, Found
from tests.mutation.mutants import Mutant, read
from tests.mutation.plan import ROOT, Target, chosen

CAUGHT = ("killed", "timeout")


def main(arguments: list[str] | None = None) -> int:
    """Break, test, print; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("module", nargs="*", help="such as ledger or measures (all)")
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="write mutants there; what it has stands"
    )
    asked = parser.parse_args(arguments)
    try:
        targets = chosen(asked.module)
    except ValueError as error:
        parser.error(str(error))
    every: list[Found] = []
    rows = []
    try:
        for target in targets:
            found = _judge(target, asked.record)
            every += found
            rows.append(table.row(target.name, found))
            for one in table.not_equivalent(target.name, found):
                print(f"{target.name}: listed as equivalent and is not: {one}")
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    print(table.text([*rows, table.row("all", every)]))
    return 0


def _judge(target: Target, record: Path | None) -> list[Found]:
    """Every mutant of a module with what became of it, in the order in which they are made."""
    listed = table.equivalents().get(target.name, [])
    made = read(ROOT / target.module)
    known = _caught(record, target, made)
    wanted = [m for m in made if m not in known]
    tried = {}
    if wanted:
        with Bench(target) as bench:
            work = f"{bench.clean_seconds:.1f} s of work where nothing fails"
            print(f"{target.name}: {len(wanted)} of {len(made)} mutants, {work}", file=sys.stderr)
            for one in bench.judge(wanted):
                tried[one.mutant] = one
                if record is not None:
                    with record.open("a", encoding="utf-8") as file:
                        file.write(_as_text(one))
                if one.outcome not in CAUGHT:
                    _say(one, table.is_equivalent(listed, one.mutant))
    return [(known | tried)[m] for m in made]


def _say(one: Found, equivalent: bool) -> None:
    m = one.mutant
    note = ", equivalent" if equivalent else ""
    print(f"{one.target}:{m.line}: {one.outcome}{note} ({m.operator})", flush=True)
    print(f"    {m.before}\n    {m.after}", flush=True)


def _as_text(one: Found) -> str:
    entry = {"target": one.target, "fault": _key(one.mutant), **asdict(one.mutant)}
    del entry["source"]
    entry |= {"outcome": one.outcome, "seconds": one.seconds, "by": one.by}
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _key(mutant: Mutant) -> str:
    return hashlib.blake2b(mutant.source.encode(), digest_size=8).hexdigest()


def _caught(record: Path | None, target: Target, made: list[Mutant]) -> dict[Mutant, Found]:
    """Mutants that were caught according to a record."""
    if record is None or not record.exists():
        return {}
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    caught = {entry["fault"]: entry for entry in lines if entry["outcome"] in CAUGHT}
    return {
        m: Found(target.name, m, e["outcome"], e["seconds"], e["by"])
        for m in made
        if (e := caught.get(_key(m))) is not None and e["target"] == target.name
    }


if __name__ == "__main__":
    sys.exit(main())
