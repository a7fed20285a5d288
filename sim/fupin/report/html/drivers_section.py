"""The section on what drives the answer, from `drivers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fupin.report.html import vega
from fupin.report.html.drivers import FEWEST, Drivers
from fupin.report.html.parts import Block, Chart, Note, Row, Section, Table
from fupin.report.html.shared import source
from fupin.words.language import Language
from fupin.words.numbers import rounded


def drivers_section(
    say: Language,
    found: Sequence[Drivers],
    titles: Mapping[str, str],
    names: Sequence[str],
    command: str,
) -> Section:
    """What drives the answer.

    Args:
        titles: key of an outcome -> its name.
        names: tables that the numbers come from.
        command: what gives more draws.
    """
    title = say("section.drivers")
    if not found:
        note = Note(say("drivers.too_few", n=FEWEST), command)
        return Section("drivers", title, say("drivers.lead"), [note])
    rows, table = [], []
    for one in found:
        table.append(Row([titles[one.outcome]], heading=True))
        for driver in one.found:
            sure = abs(driver.strength) > one.by_chance
            grade = say(f"grade.{driver.grade}") if driver.grade else "?"
            text = rounded(driver.strength, 2)
            rows.append(
                {
                    "name": driver.parameter, "outcome": one.outcome, "value": driver.strength,
                    "low": None, "high": None, "text": text, "told": sure, "grade": grade,
                }
            )  # fmt: skip
            beyond = say("drivers.beyond") if sure else say("drivers.within")
            table.append(Row([driver.parameter, text, beyond, grade], dim=not sure))
    first = found[0]
    params = [
        vega.select("outcome", {d.outcome: titles[d.outcome] for d in found},
                    say("choose.outcome"), "drivers")
    ]  # fmt: skip
    spec = vega.intervals(
        rows, axis=say("drivers.axis"), name=say("drivers.strength"), params=params,
        filters=["datum.outcome === outcome"],
    )  # fmt: skip
    # In pixels: charts fit the page, which one whose height follows its rows cannot.
    spec["height"] = 26 * max(len(one.found) for one in found)
    bounds = {"values": [{"at": -first.by_chance}, {"at": first.by_chance}]}
    spec["layer"].insert(
        0,
        {
            "data": bounds,
            "mark": {"type": "rule", "color": vega.VERMILION, "strokeDash": [5, 4]},
            "encoding": {"x": {"field": "at", "type": "quantitative"}},
        },
    )
    spec["layer"].append(
        {
            "mark": {"type": "text", "align": "left", "fontSize": 11, "color": vega.GREY},
            "encoding": {
                "x": {"value": {"expr": "width"}},
                "y": {"field": "name", "type": "nominal", "sort": None},
                "text": {"field": "grade", "type": "nominal"},
            },
        }
    )
    beyond_chance = sum(abs(d.strength) > one.by_chance for one in found for d in one.found)
    chart = Chart(
        id="drivers",
        title=say("drivers.chart"),
        unit=say("drivers.unit"),
        source=source(say, *names),
        summary=say("drivers.summary", parameter=first.found[0].parameter,
                    strength=rounded(first.found[0].strength, 2), outcome=titles[first.outcome],
                    sure=beyond_chance),
        spec=spec,
        numbers=Table(
            say("drivers.chart"),
            [say(f"column.{k}") for k in ("parameter", "correlation", "chance", "grade")],
            "lrll",
            table,
        ),
        controls=len(found) > 1,
    )  # fmt: skip
    chance = Note(
        say("drivers.chance", bound=rounded(first.by_chance, 2), draws=first.draws,
            parameters=first.parameters)
    )  # fmt: skip
    blocks: list[Block] = [chart, chance]
    return Section("drivers", title, say("drivers.lead"), blocks)
