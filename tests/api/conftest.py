"""One small run, comparison and sweep in Python, and the same by the command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import fupin
import pytest
from fupin.api import ComparisonResult, Plan, PlanResult, SweepResult
from fupin.commands.compare import Options as CompareOptions
from fupin.commands.compare import compare_scenarios
from fupin.commands.run import Options as RunOptions
from fupin.commands.run import run_scenario
from fupin.commands.sweep import Options as SweepOptions
from fupin.commands.sweep import run_sweep

SWEEP = """\
name: how-much
scenario: more.yaml
twins: off
sample: 0.005
seeds: 2
factors: {programmes.skills_training.budget: [30 million, 61 million], recognition: [on, off]}
"""


@dataclass(frozen=True)
class Both:
    """Results of Python, and the folders that the commands wrote for the same."""

    home: Path
    plan: Plan
    more: Plan
    run: PlanResult
    comparison: ComparisonResult
    sweep: SweepResult

    def folder(self, kind: str) -> Path:
        """Of the command."""
        return self.home / kind


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    home = tmp_path_factory.mktemp("api")
    plan = fupin.load("2009-document")
    more = plan.with_(name="more", programmes={"skills_training": {"budget": 80.54e6}})
    more.save(home / "more.yaml")
    (home / "how-much.yaml").write_text(SWEEP, encoding="utf-8")
    small = {"seeds": "2", "draws": "prior:8", "sample": "0.005", "workers": 1, "quiet": True}
    document, file = "fupin:2009-document", str(home / "more.yaml")
    run_scenario(RunOptions(scenario=file, out=home / "run", **small))  # type: ignore[arg-type]
    compare_scenarios(
        CompareOptions(base=document, plans=(file,), out=home / "comparison", **small)  # type: ignore[arg-type]
    )
    run_sweep(SweepOptions(sweep=home / "how-much.yaml", out=home / "sweep", workers=1, quiet=True))
    here = {"seeds": 2, "draws": "prior:8", "sample": 0.005, "workers": 1}
    factors = {
        "programmes.skills_training.budget": [30e6, "61 million"],
        "recognition": ["on", False],
    }
    said = {"name": "how-much", "scenario": more, "twins": False, "sample": 0.005, "seeds": 2}
    return Both(
        home,
        plan,
        more,
        fupin.run(more, **here),  # type: ignore[arg-type]
        fupin.compare(plan, more, **here),  # type: ignore[arg-type]
        fupin.sweep({**said, "factors": factors}, folder=home / "python", workers=1),
    )
