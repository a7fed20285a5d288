"""The card of a county or of one of its villages: its numbers and its households' incomes."""

from __future__ import annotations

from html import escape

import numpy as np
import numpy.typing as npt

from fupin.browser import svg
from fupin.browser.ensemble import COUNTY_MEASURES
from fupin.browser.measures import MEASURES
from fupin.browser.record import BIN, BINS, Record
from fupin.browser.scene import Scene
from fupin.browser.tables import figures_table
from fupin.browser.units import cell
from fupin.model import PovertyModel
from fupin.population.counties import TERRAINS
from fupin.words.language import Language

MOST_VILLAGES = 400
"""Villages that a card offers; a county has fewer in the usual sample."""


def county_names(model: PovertyModel, say: Language) -> list[str]:
    """Names of all units, unique: the prefecture stands with each."""
    table = model.frame.counties
    if say.chinese:
        return [f"{n}（{p}）" for n, p in zip(table.name_zh, table.prefecture_zh, strict=True)]
    return [f"{n} ({p})" for n, p in zip(table.name_en, table.prefecture_en, strict=True)]


def villages_of(scene: Scene, county: int) -> npt.NDArray[np.int64]:
    """Rows of a county's villages, the ones with the largest registered share first."""
    rows = scene.model.counties[county].villages
    share = scene.model.numbers(scene.at, "registered").villages[rows]
    return np.asarray(rows[np.lexsort((rows, -np.nan_to_num(share)))][:MOST_VILLAGES], np.int64)


def village_name(model: PovertyModel, say: Language, row: int, share: float) -> str:
    """`No. 12: 34% registered`; villages are synthetic and have no other name."""
    number = int(model.frame.villages.id[row]) % 10_000
    return say("card.village_name", number=number, share=say.number(share))


def card(scene: Scene, county: int, village: int | None) -> str:
    """The card as HTML.

    Args:
        county: row of the county table.
        village: row of a village of the county; None shows all of them.
    """
    model, say = scene.model, scene.say
    rows = model.counties[county].villages
    parts = [_about(model, say, county, village)]
    if rows.size == 0:
        return "".join([*parts, f'<p class="note">{escape(say("card.no_villages"))}</p>'])
    if village is None:
        parts.append(_standing(scene, county))
    shown = rows if village is None else np.array([village])
    parts += [_distribution(scene, shown), _measures(scene, county, village)]
    if village is None:
        parts.append(_money(scene, county))
    return "".join(parts)


def _standing(scene: Scene, county: int) -> str:
    """Persons on the register and truly poor, and the county's place among all."""
    model, say = scene.model, scene.say
    share = model.numbers(scene.at, "registered").counties
    known = np.isfinite(share)
    rank = 1 + int((share[known] > share[county]).sum())
    measured = model.measured.get(scene.year, model.at_start)
    poor = int(model.sum_by_county(measured.village_income_poor * model.villages.weight)[county])
    listed = int(model.sum_by_county(measured.village_registered * model.villages.weight)[county])
    words = [
        say("card.standing", registered=say.people(listed), poor=say.people(poor),
            year=scene.year, rank=rank, all=int(known.sum()))
    ]  # fmt: skip
    status = model.frame.counties.key_status[county]
    if status != "none" and share[county] < float(np.median(share[known])):
        words.append(say("card.why_low"))
    return f"<p>{escape(' '.join(words))}</p>"


def _about(model: PovertyModel, say: Language, county: int, village: int | None) -> str:
    table, villages = model.frame.counties, model.frame.villages
    name = county_names(model, say)[county]
    if village is None:
        rows = model.counties[county].villages
        weight = model.villages.weight[rows]
        people = int((_persons_by_village(model, rows) * weight).sum())
        facts = [
            say(f"terrain.{TERRAINS[int(table.terrain[county])]}"),
            say(f"card.key_{table.key_status[county]}"),
        ]
        listed = int(weight[model.world.village_list.listed[rows]].sum())
        facts.append(
            say("card.people", people=say.number(people), villages=say.number(int(weight.sum())),
                listed=say.number(listed))
        )  # fmt: skip
    else:
        number = int(villages.id[village]) % 10_000
        name = f"{name}, {say('card.village')} {number}"
        here = model.village_agents[village]
        facts = [
            say("card.listed" if here.listed else "card.not_listed"),
            say("card.people_village",
                people=say.number(int(_persons_by_village(model, np.array([village]))[0])),
                households=say.number(here.last - here.first)),
        ]  # fmt: skip
        if here.weight > 1:
            facts.append(say("card.stands_for", weight=here.weight))
    text = "；".join(facts) if say.chinese else ", ".join(facts)
    return f"<h3>{escape(name)}</h3><p>{escape(text)}</p>"


def _persons_by_village(
    model: PovertyModel, rows: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    offsets, size = model.villages.offsets, model.households.size
    return np.array([size[offsets[v] : offsets[v + 1]].sum(dtype=np.int64) for v in rows], np.int64)


def income_columns(
    record: Record, year: int, villages: npt.NDArray[np.integer], weight: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Households by income of a settled year: (registered, others), weighted, (BINS,) each.

    Args:
        villages: rows.
        weight: of all villages.
    """
    incomes = record.incomes_at(year)[villages].astype(np.float64)
    found = (incomes * weight[villages][:, None, None]).sum(axis=0)
    return found[0], found[1]


def _distribution(scene: Scene, villages: npt.NDArray[np.integer]) -> str:
    model, say = scene.model, scene.say
    weight = model.villages.weight
    registered, others = income_columns(model.record, scene.year, villages, weight)
    outline = difference = None
    if model.twin is not None:
        two = income_columns(model.record_beside, scene.year, villages, weight)
        beside = two[0] + two[1]
        outline = (say("beside"), beside)
        difference = svg.Difference(
            say("difference"), registered + others - beside,
            lambda v: say.number(v, 0, signed=True),
            say.colon,
        )  # fmt: skip
    line = model.measured.get(scene.year, model.at_start).line
    most = BIN * BINS
    labels = [(at, say.number(at)) for at in np.arange(0.0, most, 2000.0)]
    chart = svg.column_chart(
        say("card.distribution"),
        svg.Scale(0.0, most, [*labels, (most, f"≥ {say.number(most)}")]),
        [
            (say("card.registered"), registered, svg.BLUE),
            (say("card.others"), others, "#a9cbe0"),
        ],
        say.number,
        outline,
        (line, say("card.line", line=say.number(line))),
        difference,
        say("card.distribution_axis"),
    )
    legend = (
        f'<p class="legend"><i style="background:{svg.BLUE}"></i>{escape(say("card.registered"))}'
        f'<i style="background:#a9cbe0"></i>{escape(say("card.others"))}</p>'
    )
    return chart + legend


def _measures(scene: Scene, county: int, village: int | None) -> str:
    model, say, known = scene.model, scene.say, scene.ensemble
    rows, ranges = [], known is not None and bool(known.counties) and village is None
    for key, measure in MEASURES.items():
        both = (model.numbers(scene.at, key), model.numbers_beside(scene.at, key))
        numbers = [
            float(one.counties[county] if village is None else one.villages[village])
            for one in both
            if one is not None
        ]
        cells = [say.number(value, measure.decimals) for value in numbers]
        if len(numbers) == 2:
            cells.append(say.number(numbers[0] - numbers[1], measure.decimals + 1, signed=True))
        if ranges:
            cells.insert(1, _range(scene, key, county, measure.decimals))
        rows.append((say(f"measure.{key}"), cells))
    heads = [say("card.measure"), say("plan")]
    if ranges:
        assert known is not None
        heads.append(say("card.range", draws=known.draws))
    if model.twin is not None:
        heads += [say("beside"), say("difference")]
    hint = (
        "" if ranges or village is not None else f'<p class="note">{escape(say("card.alone"))}</p>'
    )
    return figures_table(heads, rows) + hint


def _range(scene: Scene, key: str, county: int, decimals: int) -> str:
    """Range over draws of a county's number in the year that is settled."""
    known = scene.ensemble
    found = None if known is None else known.counties.get((key, scene.year))
    if found is None or key not in COUNTY_MEASURES or not np.isfinite(found[0][county]):
        return "·"
    low, high = (scene.say.number(float(end[county]), decimals) for end in found)
    return f"{low}–{high}"


def _money(scene: Scene, county: int) -> str:
    model, say = scene.model, scene.say

    def delivered(one: PovertyModel) -> npt.NDArray[np.int64]:
        return one.ledger.delivered[:, county, : scene.at].sum(axis=1)

    now = delivered(model)
    beside = delivered(model.twin) if model.twin is not None else None
    rows = []
    for i, programme in enumerate(model.plan.programmes.all()):
        if not (now[i] or (beside is not None and beside[i])):
            continue
        cells = [cell(say, float(now[i]))]
        if beside is not None:
            cells += [cell(say, float(beside[i])),
                      cell(say, float(now[i] - beside[i]), signed=True)]  # fmt: skip
        rows.append((say.programme(programme), cells))
    if not rows:
        return ""
    heads = [say("card.money"), say("plan")]
    if beside is not None:
        heads += [say("beside"), say("difference")]
    return figures_table(heads, rows)
