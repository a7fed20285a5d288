"""The text of a new scenario file: valid as it stands, with what can be changed as comments."""

from __future__ import annotations

import os
from pathlib import Path

from fupin.scenario import library
from fupin.scenario.amounts import format_yuan
from fupin.scenario.load import Resolved
from fupin.scenario.places import county_index
from fupin.scenario.programmes import PROGRAMMES


def starter_text(name: str, base: Resolved, out: Path) -> str:
    """A commented scenario file that extends another and changes nothing yet.

    Args:
        name: the scenario's name.
        base: the scenario to extend.
        out: where the file will lie, so that `extends` can be relative to it.
    """
    scenario = base.scenario
    year = scenario.period.years[0]
    somewhere = county_index().prefectures[0]
    lines = [
        f"name: {quoted(name)}",
        f"extends: {quoted(reference(base.files[0], out))}",
        f"title: {quoted(name)}",
        "",
        "# Whatever is not written here is as in the scenario that this file extends.",
        "# Take the # away from a line to change it, and see `fupin check` for what it says.",
        "",
        f"# period: {{start: {year}-01, end: {year}-12}}",
        "# counting: register        # or task, survey, quota",
        "# weather: historical       # or mean, or chance",
        "",
        "# Amounts are yuan a year: 30540000, 30.54 million, 3054万. By year, quarter or month:",
        f"# {{{year}: 30 million}}, {{{year}Q1: 10 million, {year}-06: 2 million}}.",
        "# A programme may also have from, to, counties, prefectures, unit_cost, places_per_month.",
        "# programmes:",
    ]
    for programme in PROGRAMMES:
        yuan = scenario.programmes.of(programme.key).budget_in(year, scenario.fiscal_year_start)
        value = f"{{budget: {format_yuan(yuan).replace(',', '')}}}" if yuan else "off"
        lines.append(f"#   {programme.key}: {value}  # {programme.title}, {programme.money} money")
    lines += [
        "",
        "# One programme can absorb what the others take more or less of its money class:",
        "# balance: village_advancement",
        "",
        "# shocks:",
        f"#   bad_summer: {{drought: {{prefectures: [{somewhere}], from: {year}-06, months: 4, "
        "severity: 0.4}}",
        "",
    ]
    return "\n".join(lines)


def reference(base: Path, out: Path) -> str:
    """How a file at `out` names its base: a relative path, or fupin:NAME from elsewhere."""
    if library.is_ours(base) and not library.is_ours(out.parent):
        return library.OURS + library.our_name(base.resolve())
    return Path(os.path.relpath(base.resolve(), out.parent.resolve())).as_posix()


def quoted(text: str) -> str:
    """Text in double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
