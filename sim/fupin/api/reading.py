"""`fupin.read`: any folder of results as the object that was saved there."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from fupin.api.allocation_result import AllocationResult
from fupin.api.attribution_result import AttributionResult
from fupin.api.comparison_result import ComparisonResult
from fupin.api.plan import Plan, plan_of_file
from fupin.api.plan_result import PlanResult
from fupin.api.sweep_result import SweepResult
from fupin.errors import InputError
from fupin.files.integrity import altered, only_intact, read_json
from fupin.results.draws import Draw
from fupin.scenario.stored import stored_scenario
from fupin.store.folder import StoredFolder


def read(
    folder: str | os.PathLike[str],
) -> PlanResult | ComparisonResult | SweepResult | AllocationResult | AttributionResult:
    """A result from its folder; warns where files were altered since they were written.

    Args:
        folder: of `save`, or of `fupin run`, `compare`, `sweep`, `allocate` or `attribute`.

    Raises:
        InputError: no such folder, no result, or one that cannot be read.
    """
    from fupin.allocation.attribution_folder import is_attribution, read_attribution
    from fupin.allocation.folder import PLAN_FILE, is_allocation, read_allocation
    from fupin.comparison.folder import is_comparison, read_comparison
    from fupin.store.folder import SUMMARY_FILE, read_result
    from fupin.sweeps.folder import SWEEP_FILE

    place = Path(folder)
    if not place.is_dir():
        raise InputError(f"There is no folder {place}.", "Give the folder of a result.")
    with only_intact(place):
        found: PlanResult | ComparisonResult | SweepResult | AllocationResult | AttributionResult
        stored: StoredFolder
        if (place / SWEEP_FILE).is_file():
            found = SweepResult(place, read_json(place / SUMMARY_FILE))
        elif is_allocation(place):
            searched = read_allocation(place)
            stored = searched
            proposal = place / PLAN_FILE
            found = AllocationResult(
                _plan(stored.run["scenario"]),
                plan_of_file(proposal) if proposal.is_file() else None,
                *_runs(stored),
                searched.allocation,
                stored=searched,
            )
        elif is_attribution(place):
            shared = read_attribution(place)
            stored, base = shared, _plan(shared.run["scenario"])
            found = AttributionResult(base, *_runs(stored), shared.attribution, stored=shared)
        elif is_comparison(place):
            stored = read_comparison(place)
            base, *plans = (_plan(one) for one in (stored.run["scenario"], *stored.run["plans"]))
            found = ComparisonResult(base, plans, *_runs(stored), stored.comparison, stored=stored)
        else:
            stored = read_result(place)
            plan = _plan(stored.run["scenario"])
            found = PlanResult(plan, *_runs(stored), stored.summary, stored=stored)
    if wrong := altered(place):
        shown = ", ".join(wrong[:5]) + (" and more" if len(wrong) > 5 else "")
        warnings.warn(f"{place}: altered since it was written: {shown}", stacklevel=2)
    return found


def _plan(content: object) -> Plan:
    return Plan.of(stored_scenario(content))


def _runs(stored: StoredFolder) -> tuple[list[Draw], list[int]]:
    draws = [Draw.of_record(one) for one in stored.run["draws"]]
    return draws, list(stored.run["seeds"])
