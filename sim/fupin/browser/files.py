"""What can be downloaded: the plan as a file, and tables as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fupin.browser.changes import scenario_text
from fupin.browser.measures import MEASURES
from fupin.browser.page_model import month_at
from fupin.browser.pins import Known, label_of
from fupin.browser.scene import Scene
from fupin.browser.setup import Served, Setup
from fupin.model import MONTHLY_REPORTERS

KINDS = ("plan", "months", "counties", "pins")


def download(
    kind: str,
    served: Served,
    setup: Setup,
    scene: Scene,
    pinned: Sequence[tuple[Setup, Known | None]],
) -> dict[str, str]:
    """One file: its name, text and media type.

    Args:
        kind: one of KINDS.
    """
    name = setup.plan.name
    if kind == "plan":
        text = plan_text(served, setup)
        return {"name": f"{name}.yaml", "text": text, "kind": "application/yaml"}
    rows = (
        {"months": _months, "counties": _counties}[kind](scene)
        if kind != "pins"
        else _pins(scene, pinned)
    )
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    # Excel reads Chinese in a CSV only behind this mark.
    return {"name": f"{name}-{kind}.csv", "text": "\ufeff" + out.getvalue(), "kind": "text/csv"}


def plan_text(served: Served, setup: Setup) -> str:
    """The plan as a scenario file that says the changes; as its own file where there are none."""
    if not setup.changes.any:
        return setup.base.files[0].read_text(encoding="utf-8")
    file = Path(served.folder.path) / f"{setup.plan.name}.yaml"
    return scenario_text(setup.base, setup.changes, file)


def _months(scene: Scene) -> list[list[Any]]:
    model = scene.model
    worlds = [("plan", model), *((("beside", model.twin),) if model.twin is not None else ())]
    names = [name for name in MONTHLY_REPORTERS if name != "calendar"]
    rows: list[list[Any]] = [["world", "month", *names]]
    for world, one in worlds:
        columns = one.datacollector.model_vars
        rows += [
            [world, str(month_at(model, k)), *(columns[name][k] for name in names)]
            for k in range(scene.life.lived + 1)
        ]
    return rows


def _counties(scene: Scene) -> list[list[Any]]:
    model, table = scene.model, scene.model.frame.counties
    rows: list[list[Any]] = [
        ["month", "county", "name", "name_zh", "prefecture", "prefecture_zh", "key_status"]
        + [f"{key}{end}" for key in MEASURES for end in ("", "_beside")]
    ]
    for row, code in enumerate(table.code):
        numbers: list[Any] = []
        for key in MEASURES:
            beside = model.numbers_beside(scene.at, key)
            both = (model.numbers(scene.at, key), beside)
            numbers += ["" if one is None else _plain(one.counties[row]) for one in both]
        rows.append([
            str(scene.month), int(code), table.name_en[row], table.name_zh[row],
            table.prefecture_en[row], table.prefecture_zh[row], table.key_status[row], *numbers,
        ])  # fmt: skip
    return rows


def _pins(scene: Scene, pinned: Sequence[tuple[Setup, Known | None]]) -> list[list[Any]]:
    keys = ("person_years_out", "lifted", "additional_jobs")
    rows: list[list[Any]] = [
        ["plan", "person_years_out", "lifted", "additional_jobs", "yuan_delivered", "draws"]
        + [f"{key}_{end}" for key in keys for end in ("mean", "low", "high")]
    ]
    for setup, known in pinned:
        if known is None:
            continue
        one, ensemble = known.figures, known.ensemble
        row: list[Any] = [label_of(scene.say, setup), one.years_out, one.lifted, one.jobs, one.yuan]
        row.append("" if ensemble is None else ensemble.draws)
        for key in keys:
            found = ensemble.outcome(key) if ensemble is not None else None
            row += ["", "", ""] if found is None else [found[e] for e in ("mean", "low", "high")]
        rows.append(row)
    return rows


def _plain(value: float) -> Any:
    return "" if value != value else round(float(value), 4)
