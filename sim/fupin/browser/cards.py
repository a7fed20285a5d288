"""The card of a county or of one of its villages: its numbers and its households' incomes."""

from __future__ import annotations

from html import escape

import numpy as np
import numpy.typing as npt

from fupin.browser import svg
from fupin.browser.measures import MEASURES, values_of
from fupin.browser.page_model import PageModel
from fupin.browser.tables import figures_table
from fupin.model import PovertyModel
from fupin.population.counties import TERRAINS
from fupin.words.language import Language

BIN, BINS = 400.0, 20
"""Yuan; incomes above BIN x BINS lie in the last column."""

MOST_VILLAGES = 400
"""Villages that a card offers; a county has fewer in the usual sample."""


def county_names(model: PovertyModel, say: Language) -> list[str]:
    """Names of all units, unique: the prefecture stands with each."""
    table = model.frame.counties
    if say.chinese:
        return [f"{n}（{p}）" for n, p in zip(table.name_zh, table.prefecture_zh, strict=True)]
    return [f"{n} ({p})" for n, p in zip(table.name_en, table.prefecture_en, strict=True)]


def villages_of(model: PovertyModel, county: int) -> npt.NDArray[np.int64]:
    """Rows of a county's villages, the ones with the largest registered share first."""
    rows = model.counties[county].villages
    share = values_of(model, "registered").villages[rows]
    return np.asarray(rows[np.lexsort((rows, -np.nan_to_num(share)))][:MOST_VILLAGES], np.int64)


def village_name(model: PovertyModel, say: Language, row: int, share: float) -> str:
    """`No. 12: 34% registered`; villages are synthetic and have no other name."""
    number = int(model.frame.villages.id[row]) % 10_000
    return say("card.village_name", number=number, share=say.number(share))


def card(model: PageModel, say: Language, county: int, village: int | None) -> str:
    """The card as HTML.

    Args:
        county: row of the county table.
        village: row of a village of the county; None shows all of them.
    """
    rows = model.counties[county].villages
    parts = [_about(model, say, county, village)]
    if rows.size == 0:
        return "".join([*parts, f'<p class="note">{escape(say("card.no_villages"))}</p>'])
    shown = rows if village is None else np.array([village])
    parts += [_distribution(model, say, shown), _measures(model, say, county, village)]
    if village is None:
        parts.append(_money(model, say, county))
    return "".join(parts)


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
        listed = int(weight[np.asarray(villages.listed)[rows]].sum())
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
    model: PovertyModel, villages: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Households by income of the last settled year: (registered, others), weighted, (BINS,)."""
    offsets, h = model.villages.offsets, model.households
    found = np.zeros((2, BINS))
    for v in villages:
        here = slice(offsets[v], offsets[v + 1])
        column = np.clip(h.income[here] // BIN, 0, BINS - 1).astype(np.int64)
        listed = h.registered[here] > 0
        weight = int(model.villages.weight[v])
        found[0] += weight * np.bincount(column[listed], minlength=BINS)
        found[1] += weight * np.bincount(column[~listed], minlength=BINS)
    return found[0], found[1]


def _distribution(model: PageModel, say: Language, villages: npt.NDArray[np.integer]) -> str:
    registered, others = income_columns(model, villages)
    outline = difference = None
    if model.twin is not None:
        beside = sum(income_columns(model.twin, villages), np.zeros(BINS))
        outline = (say("beside"), beside)
        difference = svg.Difference(
            say("difference"), registered + others - beside,
            lambda v: say.number(v, 0, signed=True),
        )  # fmt: skip
    line = model.line_of_last_december
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


def _measures(model: PageModel, say: Language, county: int, village: int | None) -> str:
    rows = []
    for key, measure in MEASURES.items():
        numbers = []
        for one in (model, model.twin):
            if one is not None:
                values = values_of(one, key)
                numbers.append(
                    float(values.counties[county] if village is None else values.villages[village])
                )
        cells = [say.number(value, measure.decimals) for value in numbers]
        if len(numbers) == 2:
            cells.append(say.number(numbers[0] - numbers[1], measure.decimals + 1, signed=True))
        rows.append((say(f"measure.{key}"), cells))
    heads = [say("card.measure"), say("plan")]
    if model.twin is not None:
        heads += [say("beside"), say("difference")]
    return figures_table(heads, rows)


def _money(model: PageModel, say: Language, county: int) -> str:
    def delivered(one: PovertyModel) -> npt.NDArray[np.int64]:
        return one.ledger.delivered[:, county, : one.ledger.month].sum(axis=1)

    now = delivered(model)
    beside = delivered(model.twin) if model.twin is not None else None
    rows = []
    for i, programme in enumerate(model.plan.programmes.all()):
        if not (now[i] or (beside is not None and beside[i])):
            continue
        cells = [say.millions(float(now[i]))]
        if beside is not None:
            cells += [say.millions(float(beside[i])),
                      say.millions(float(now[i] - beside[i]), signed=True)]  # fmt: skip
        rows.append((say.programme(programme), cells))
    if not rows:
        return ""
    heads = [say("card.money"), say("plan")]
    if beside is not None:
        heads += [say("beside"), say("difference")]
    return figures_table(heads, rows)
