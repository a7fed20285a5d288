"""What the page starts in a process of its own: a full run, or a search for a better division.

The question comes as one line of JSON on standard input, and every line of standard output is JSON:

    {"done": 3, "total": 20, "left": 61.2}     how far the runs are, and the seconds that are left
    {"tell": "The check: ..."}                 what goes on
    {"refused": "..."}                         a mistake of the user; the exit code is 2
    {"finished": true}                         the folder is written
"""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.errors import InputError

if TYPE_CHECKING:
    from fupin.api.display import Display
    from fupin.engine.session import Progress


def main() -> None:
    """Do what standard input asks."""
    asked = json.loads(sys.stdin.readline())
    try:
        if asked["kind"] == "run":
            run(asked)
        else:
            search(asked)
    except InputError as error:
        _say({"refused": f"{error.message} {error.instead or ''}".strip()})
        sys.exit(2)
    _say({"finished": True})


def run(asked: dict[str, Any]) -> None:
    """`fupin run` of a plan, with its report."""
    from fupin.api.plan import Plan
    from fupin.api.plan_result import run_plan
    from fupin.api.work import Work
    from fupin.report.html.page import write_report
    from fupin.scenario.schema import Scenario

    plan = Plan.of(Scenario.model_validate(asked["plan"]))
    work = Work.of(draws=asked.get("draws"), fresh=asked.get("fresh", False))
    result = run_plan(plan, work, _display())
    result.save(Path(asked["folder"]))
    write_report(Path(asked["folder"]))


def search(asked: dict[str, Any]) -> None:
    """`fupin allocate` of a plan."""
    from fupin.api.allocating import asked_of, check_of
    from fupin.api.allocation_result import allocate_plan
    from fupin.api.plan import Plan
    from fupin.api.work import Work
    from fupin.results.asked import SEARCHED
    from fupin.scenario.schema import Scenario

    plan = Plan.of(Scenario.model_validate(asked["plan"]))
    question = asked_of(plan, asked["question"])
    work = Work.of(draws=SEARCHED[0], seeds=SEARCHED[1])
    draws, seeds = check_of(work, asked.get("check_draws"), None)
    result = allocate_plan(plan, question, work, draws, seeds, _display())
    result.save(Path(asked["folder"]))


def _display() -> Display:
    from fupin.api.display import Display

    def on_progress(progress: Progress) -> None:
        left = progress.seconds_left
        _say({"done": progress.done, "total": progress.total, "left": left})

    def tell(line: str) -> None:
        _say({"tell": line})

    return Display(
        warn=tell,
        tell=tell,
        runs=lambda: nullcontext(on_progress),
        points=lambda total: nullcontext(lambda done: None),
    )


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
