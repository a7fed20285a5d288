"""The money of a proposal as a table that `fupin import` reads back: text, and a workbook."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from fupin.errors import InputError
from fupin.scenario.plan_table import PlanTable, csv_text, table_of_plan, write_workbook
from fupin.scenario.programme_names import CHINESE
from fupin.scenario.schema import Scenario

_WHEN = (1980, 1, 1, 0, 0, 0)
"""Time that entries of a workbook bear, so that the same money is the same bytes."""

_DATE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def money_table(base: Scenario, plan: Scenario) -> PlanTable:
    """Money of a proposal, programmes in columns and counties in rows.

    A programme that loses all its money stands there with 0: whoever reads the table into the base
    would find it unchanged otherwise.
    """
    table = table_of_plan(plan)
    active = {programme.key for programme in plan.programmes.active()}
    lost = [p.key for p in base.programmes.active() if p.key not in active]
    heading = [*table.heading, *(CHINESE[key][0] for key in lost)]
    rows = [[*row, *([0 if k == 0 else None] * len(lost))] for k, row in enumerate(table.rows)]
    return replace(table, heading=heading, rows=rows)


def money_files(base: Scenario, plan: Scenario) -> dict[str, bytes]:
    """Files of the table by name; the workbook where openpyxl is installed."""
    table = money_table(base, plan)
    found = {"plan.csv": csv_text(table).encode("utf-8")}
    with tempfile.TemporaryDirectory(prefix="fupin-") as home:
        file = Path(home) / "plan.xlsx"
        try:
            write_workbook(table, file)
        except InputError:  # openpyxl is not installed; the text holds the same
            return found
        found[file.name] = _without_times(file)
    return found


def _without_times(file: Path) -> bytes:
    """A workbook as bytes that do not depend on when it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _DATE.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            new.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
